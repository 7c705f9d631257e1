"""Events pushed to an edge over HTTP on this machine, as they are pushed to a watch."""

import json
import threading
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from mesh.streams.event import Event

from .sent_events import events_in

MAX_BODY_BYTES = 8 << 20


def listen(port: int, take: Callable[[Sequence[Event]], int]) -> ThreadingHTTPServer:
    """Serves `POST /events` on 127.0.0.1 in a thread; the reply comes when `take` has the events on disk. Port 0 picks a free
    one.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            if self.path != "/events":
                self._reply(404, {"detail": "Events go to /events."})
                return
            size = int(self.headers.get("Content-Length") or 0)
            kind = (self.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
            if kind not in {"application/json", "application/x-ndjson"}:
                self._reply(415, {"detail": "Send application/json or application/x-ndjson."})
            elif not 0 < size <= MAX_BODY_BYTES:
                self._reply(413, {"detail": f"Send a body of 1 to {MAX_BODY_BYTES:,} bytes."})
            else:
                self._take(self.rfile.read(size), lines=kind == "application/x-ndjson")

        def _take(self, body: bytes, *, lines: bool) -> None:
            try:
                events = events_in(body, lines=lines)
            except ValueError as error:
                self._reply(400, {"detail": f"{error}; nothing of this batch was counted."})
                return
            accepted = take(events)
            self._reply(200, {"accepted": accepted, "duplicates": len(events) - accepted})

        def _reply(self, status: int, body: dict[str, object]) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing is logged per request."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
