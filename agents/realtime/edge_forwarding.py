"""Sends an edge's batches to its watch, oldest first, until the watch has taken them."""

import http.client
import json
import threading
from typing import Any
from urllib.parse import urlsplit

from .edge_spool import Spool

DEADLINE_S = 10.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 30.0


class RefusedError(Exception):
    """The watch says that sending again will not help."""


class Watch:
    """A watch of the agent by its address, `http://…/watches/ID`."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url.rstrip("/"))
        self._host = parts.netloc
        self._path = parts.path
        self._kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection

    def form(self) -> dict[str, Any]:
        """How the watch cuts its windows. Raises: OSError, RefusedError."""
        return self._call("GET", "/form", None)

    def send(self, batch: dict[str, Any]) -> dict[str, Any]:
        """Hands over a batch; one that it has already is taken as well. Raises: OSError, RefusedError."""
        return self._call("POST", "/panes", json.dumps(batch))

    def _call(self, method: str, what: str, body: str | None) -> dict[str, Any]:
        connection = self._kind(self._host, timeout=DEADLINE_S)
        try:
            connection.request(method, self._path + what, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            text = response.read().decode("utf-8", "replace")
        except http.client.HTTPException as error:
            raise OSError(f"the watch cannot be talked to: {error!r}") from error
        finally:
            connection.close()
        if response.status in (408, 425, 429) or response.status >= 500:
            raise OSError(f"the watch answered {response.status}")
        if response.status >= 300:
            raise RefusedError(f"The watch refuses ({response.status}): {text[:500]}")
        return dict(json.loads(text))


class Forwarder:
    """Sends what waits in the spool; `refusal` is why the watch takes no more, once it does not."""

    def __init__(self, spool: Spool, watch: Watch) -> None:
        self._spool = spool
        self._watch = watch
        self._stopping = threading.Event()
        self._new = threading.Event()
        self.refusal: str | None = None

    def wake(self) -> None:
        """There may be a new batch."""
        self._new.set()

    def stop(self) -> None:
        """Ends `run` soon."""
        self._stopping.set()
        self._new.set()

    def run(self) -> None:
        """Sends batches as they come, with pauses that grow while the watch cannot be reached, until it is stopped."""
        pause_s = _FIRST_PAUSE_S
        while not self._stopping.is_set():
            self._new.clear()
            try:
                self.send_all()
                pause_s = _FIRST_PAUSE_S
                self._new.wait(1.0)
            except OSError:
                self._stopping.wait(pause_s)
                pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
            except RefusedError as error:
                self.refusal = str(error)
                return

    def send_all(self) -> None:
        """Sends all that waits. Raises: OSError, RefusedError; what was not taken stays."""
        while batch := self._spool.next_batch():
            self._watch.send(batch)
            self._spool.forget_batch(batch["number"])
