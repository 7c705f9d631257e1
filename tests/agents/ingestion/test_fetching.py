"""Sources on the web: what is fetched, and what is refused before a connection is made."""

import http.server
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import anyio
import pytest

from agents.ingestion.fetching import Fetched, Limits, fetch
from agents.ingestion.refusal import SourceRefused
from mesh.errors import BadInputError, ForbiddenError, NotFoundError, TooLargeError, UnavailableError

CSV = b"a,b\n" + b"1,2\n" * 5000


class _Files(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        answers = {
            "/data.csv": (200, {"Content-Type": "text/csv"}, CSV),
            "/named": (200, {"Content-Disposition": 'attachment; filename="../evil/sales.csv"'}, CSV),
            "/page": (200, {"Content-Type": "text/html; charset=utf-8"}, b"<html>"),
            "/moved": (302, {"Location": "/data.csv"}, b""),
            "/inside": (302, {"Location": "http://169.254.169.254/latest/meta-data"}, b""),
            "/file": (302, {"Location": "file:///etc/passwd"}, b""),
            "/loop": (302, {"Location": "/loop"}, b""),
            "/login": (401, {}, b""),
            "/busy": (503, {}, b""),
        }
        status, headers, body = answers.get(self.path.split("?")[0], (404, {}, b""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Nothing: tests print no access log."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Files) as server:
        thread = threading.Thread(target=partial(server.serve_forever, poll_interval=0.01))
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def get(url: str, folder: Path, *, allowed: bool = True, size: int = 10**6) -> tuple[Fetched, list[float]]:
    seen: list[float] = []

    async def progress(fraction: float) -> None:
        seen.append(fraction)

    async def run() -> Fetched:
        hosts = ["127.0.0.1"] if allowed else []
        return await fetch(url, folder, Limits(20, size, hosts), progress)

    return anyio.run(run), seen


def test_a_file_is_fetched_with_progress_in_bytes(port: int, tmp_path: Path) -> None:
    fetched, seen = get(f"http://127.0.0.1:{port}/data.csv?token=secret", tmp_path)

    assert fetched.path.read_bytes() == CSV
    assert fetched.name == "data.csv"
    assert "secret" not in fetched.address
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_the_name_a_server_gives_never_leaves_the_folder(port: int, tmp_path: Path) -> None:
    fetched, _ = get(f"http://127.0.0.1:{port}/named", tmp_path)

    assert fetched.name == "sales.csv"
    assert fetched.path.parent == tmp_path


def test_a_redirect_is_followed_to_an_allowed_host(port: int, tmp_path: Path) -> None:
    assert get(f"http://127.0.0.1:{port}/moved", tmp_path)[0].path.read_bytes() == CSV


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/x",
        "http://localhost:1/x",
        "http://[::1]:1/x",
        "http://[::ffff:127.0.0.1]:1/x",
        "http://10.0.0.1/x",
        "http://192.168.1.1/x",
        "http://172.16.0.1/x",
        "http://169.254.169.254/latest/meta-data",
        "http://0.0.0.0/x",
        "http://2130706433/x",
        "http://0x7f000001/x",
        "http://user:secret@127.0.0.1/x",
        "ftp://127.0.0.1/x",
        "file:///etc/passwd",
    ],
)
def test_hosts_that_are_not_public_are_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(ForbiddenError):
        get(url, tmp_path, allowed=False)


@pytest.mark.parametrize("path", ["inside", "file"])
def test_a_redirect_to_a_forbidden_place_is_refused(port: int, tmp_path: Path, path: str) -> None:
    with pytest.raises(ForbiddenError):
        get(f"http://127.0.0.1:{port}/{path}", tmp_path)


@pytest.mark.parametrize(
    ("path", "error", "words"),
    [
        ("gone", NotFoundError, "Check the address"),
        ("login", BadInputError, "needs a login"),
        ("busy", UnavailableError, "Try again"),
        ("page", BadInputError, "web page"),
        ("loop", BadInputError, "redirects more than"),
    ],
)
def test_answers_that_are_no_file_are_explained(
    port: int, tmp_path: Path, path: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        get(f"http://127.0.0.1:{port}/{path}", tmp_path)


@pytest.mark.parametrize(
    ("path", "words"), [("login", "로그인이 필요합니다"), ("page", "웹 페이지입니다"), ("loop", "5번 넘게")]
)
def test_answers_that_are_no_file_are_explained_in_korean(
    port: int, tmp_path: Path, path: str, words: str
) -> None:
    with pytest.raises(SourceRefused) as refused:
        get(f"http://127.0.0.1:{port}/{path}", tmp_path)
    assert words in refused.value.spoken("ko").message


def test_a_file_over_the_limit_is_refused(port: int, tmp_path: Path) -> None:
    with pytest.raises(TooLargeError):
        get(f"http://127.0.0.1:{port}/data.csv", tmp_path, size=100)
