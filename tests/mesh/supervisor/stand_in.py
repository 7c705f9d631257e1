"""A mesh of stand-in services: real processes on real ports that answer /health. Run as a script.

    python stand_in.py HOME NAME=PORT[:KIND] ...

KIND is `fine` (default), `broken` (exits at once), `stubborn` (ignores SIGTERM), `parent` (starts a child of
its own in another process group and writes its id to HOME/child), `alerts` (also keeps what is posted to it in
HOME/alerts), `early` or `late` (writes to HOME/KIND whether the supervisor had prepared before the start).
"""

import functools
import json
import os
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from mesh.supervisor.keeper import keep
from mesh.supervisor.program import Program
from mesh.supervisor.restart import RestartPolicy
from mesh.supervisor.supervisor import Supervision, Supervisor

POLICY = RestartPolicy(base_s=0.05, cap_s=0.2, stable_s=0.5, crash_limit=4, window_s=300)


class Handler(BaseHTTPRequestHandler):
    """Answers GET with readiness and remembers what is posted."""

    home = Path()

    def do_GET(self) -> None:
        self._answer({"live": True, "ready": True})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        (self.home / "alerts.new").write_bytes(body)
        (self.home / "alerts.new").replace(self.home / "alerts")
        self._answer({})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

    def _answer(self, body: dict[str, object]) -> None:
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def serve(home: Path, port: int, kind: str) -> None:
    if kind in ("early", "late"):
        (home / kind).write_text(os.environ.get("PREPARED", "no"))
    if kind == "broken":
        sys.stderr.write("the model file is missing\n")
        raise SystemExit(3)
    if kind == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if kind == "parent":
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)
            time.sleep(600)
            os._exit(0)
        (home / "child").write_text(str(child))
    Handler.home = home
    HTTPServer(("127.0.0.1", port), Handler).serve_forever()


def prepare() -> None:
    os.environ["PREPARED"] = "yes"


def main() -> int:
    home = Path(sys.argv[1])
    programs, alerts_port = [], None
    for argument in sys.argv[2:]:
        name, _, rest = argument.partition("=")
        number, _, kind = rest.partition(":")
        serving = functools.partial(serve, home, int(number), kind)
        programs.append(Program(name, serving, int(number), early=kind == "early"))
        if kind == "alerts":
            alerts_port = int(number)
    keeper = os.getpid()

    def supervise(lifeline: int) -> int:
        how = Supervision(
            home,
            policy=POLICY,
            grace_s=0.5,
            alerts_port=alerts_port,
            keeper=keeper,
            lifeline=lifeline,
            prepare=prepare,
        )
        return Supervisor(programs, how).run()

    return keep(home, supervise)


if __name__ == "__main__":
    sys.exit(main())
