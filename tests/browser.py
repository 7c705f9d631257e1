"""A real browser for tests: Chromium without a window, driven over its DevTools protocol."""

import base64
import itertools
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import connect
from websockets.sync.connection import Connection

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
)
_WAIT_S = 60.0


def chromium() -> str:
    """The browser's program. Raises: RuntimeError that says what to install."""
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return found
    raise RuntimeError(
        "The browser tests need Chromium. Install it (Debian: apt-get install chromium; macOS: brew install --cask chromium)."
    )


class Tab:
    """One page of a browser: opens addresses, runs scripts, and remembers every request and error of the page."""

    def __init__(self, socket: Connection) -> None:
        self._socket = socket
        self._ids = itertools.count(1)
        self.requests: list[str] = []
        self.errors: list[str] = []
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        """The result of one DevTools command. Raises: RuntimeError when the browser refuses it."""
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = self._read()
            if message.get("id") == number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                result: dict[str, Any] = message["result"]
                return result

    def open(
        self, address: str, *, width: int = 1280, height: int = 900, media: str = "", dark: bool = False
    ) -> None:
        """Loads a page in a window of this size and waits for its load event."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.send("Emulation.setEmulatedMedia", media=media, features=[scheme])
        self.send("Page.navigate", url=address)
        while self._read().get("method") != "Page.loadEventFired":
            pass

    def run(self, script: str) -> Any:
        """The value of a JavaScript expression; a promise is awaited. Raises: RuntimeError when it throws."""
        reply = self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in reply:
            raise RuntimeError(str(reply["exceptionDetails"].get("exception", {}).get("description")))
        return reply["result"].get("value")

    def until(self, condition: str) -> None:
        """Waits until a JavaScript expression is true."""
        self.run(
            f"new Promise(done => {{ const look = () => ({condition}) ? done() : requestAnimationFrame(look); look(); }})"
        )

    def picture(self) -> bytes:
        """The whole page as PNG."""
        size = self.send("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        reply = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        return base64.b64decode(reply["data"])

    def pdf(self) -> bytes:
        """The page as it prints."""
        reply = self.send("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        return base64.b64decode(reply["data"])

    def _read(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self._socket.recv(timeout=_WAIT_S))
        params = message.get("params", {})
        match message.get("method"):
            case "Network.requestWillBeSent":
                self.requests.append(params["request"]["url"])
            case "Runtime.exceptionThrown":
                self.errors.append(str(params["exceptionDetails"]))
            case "Log.entryAdded" if params["entry"]["level"] == "error":
                self.errors.append(params["entry"]["text"])
        return message


@contextmanager
def browser_tab() -> Iterator[Tab]:
    """A tab of a browser that is closed at the end, with a profile of its own."""
    with tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True) as profile:
        command = [chromium(), *_QUIET, f"--user-data-dir={profile}", "about:blank"]
        with subprocess.Popen(
            command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        ) as process:
            try:
                port = _port(process)
                with connect(_address(port), max_size=None) as socket:
                    yield Tab(socket)
            finally:
                process.terminate()
                process.wait(timeout=_WAIT_S)


def _port(process: subprocess.Popen[str]) -> int:
    """The port that the browser says it listens on."""
    for line in process.stderr or ():
        if "DevTools listening on" in line:
            return int(line.partition("127.0.0.1:")[2].partition("/")[0])
    raise RuntimeError("Chromium ended before it listened.")


def _address(port: int) -> str:
    import httpx

    targets = httpx.get(f"http://127.0.0.1:{port}/json/list").json()
    return str(next(target["webSocketDebuggerUrl"] for target in targets if target["type"] == "page"))


def page_address(path: Path) -> str:
    """A file's address."""
    return path.resolve().as_uri()
