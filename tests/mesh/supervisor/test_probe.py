"""What counts as ready."""

import pytest

from mesh.supervisor.probe import says_ready


@pytest.mark.parametrize(
    ("reply", "ready"),
    [
        (b'HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n{"ready": true}', True),
        (b'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nf\r\n{"ready": true}\r\n0\r\n\r\n', True),
        (b'HTTP/1.1 200 OK\r\n\r\n{"ready": false}', False),
        (b'HTTP/1.1 200 OK\r\n\r\n{"ready": "yes"}', False),
        (b'HTTP/1.1 503 Service Unavailable\r\n\r\n{"ready": true}', False),
        (b"HTTP/1.1 200 OK\r\n\r\nhello", False),
        (b"HTTP/1.1 200 OK\r\n\r\n[true]", False),
        (b"SSH-2.0-OpenSSH", False),
        (b"", False),
    ],
)
def test_only_a_200_whose_json_says_ready(reply: bytes, ready: bool) -> None:
    assert says_ready(reply) is ready
