"""One non-blocking look at whether a program is ready, so that the supervisor never waits for a slow one."""

import json
import socket

from .program import Program

TIMEOUT_S = 2.0
_REPLY_LIMIT = 64 * 1024


class Probe:
    """Drive it with `advance` whenever its socket is ready, until `done`; then `ready` says what it found.

    The socket stays open until `close`, so that a selector can let go of it first.
    """

    def __init__(self, program: Program, host: str, started: float) -> None:
        self.name = program.name
        self.deadline = started + TIMEOUT_S
        self.done = False
        self.ready = False
        self.wants_write = True
        self._reply = b""
        self._http = program.port is not None
        address: tuple[str, int] | str
        if program.port is not None:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            address = (host, program.port)
        else:
            family, address = socket.AF_UNIX, str(program.socket)
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.setblocking(False)  # noqa: FBT003 - its only parameter
        try:
            self.socket.connect(address)
        except BlockingIOError:
            return
        except OSError:
            self._finish(ready=False)

    def advance(self) -> None:
        """Send or read what can be sent or read without waiting."""
        try:
            if self.wants_write:
                self._connected()
            else:
                self._read()
        except BlockingIOError:
            return
        except OSError:
            self._finish(ready=False)

    def close(self) -> None:
        """Give up, or clean up."""
        self.done = True
        self.socket.close()

    def _connected(self) -> None:
        if self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self._finish(ready=False)
        elif self._http:
            self.socket.send(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            self.wants_write = False
        else:
            self._finish(ready=True)

    def _read(self) -> None:
        received = self.socket.recv(_REPLY_LIMIT)
        self._reply += received
        if not received or len(self._reply) > _REPLY_LIMIT:
            self._finish(ready=says_ready(self._reply))

    def _finish(self, *, ready: bool) -> None:
        self.done, self.ready = True, ready


def says_ready(reply: bytes) -> bool:
    """Whether a whole HTTP reply to GET /health is a 200 whose JSON object has `"ready": true`."""
    head, _, body = reply.partition(b"\r\n\r\n")
    words = head.split(b"\r\n", 1)[0].split()
    if len(words) < 2 or words[1] != b"200":
        return False
    try:
        health = json.loads(body[body.find(b"{") : body.rfind(b"}") + 1])
    except ValueError:
        return False
    return isinstance(health, dict) and health.get("ready") is True
