"""What is served, how it is tried out and watched: one folder per endpoint, whose `endpoint.json` is the truth of it.

The agent writes it; the scorer's process reads it when it starts and when it is sent SIGHUP. Beside it lie the log of the traffic
and `versions/<number>`: the model's description and files, and rows that it was trained on.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from mesh.language import Language
from mesh.results import Model

Mode = Literal["shadow", "split"]
SPEC, TRAFFIC, VERSIONS = "endpoint.json", "traffic.db", "versions"
PORT_IN_USE = 98
"""The exit status of a scorer's process that cannot listen on its port."""


class Trial(Model):
    """A challenger beside the champion. `since` is the request after which it began; `verdict` stays once there is one.

    In `shadow` the challenger scores what the champion answers, unseen by the caller; in `split` it answers a `share` itself.
    """

    version: int
    mode: Mode
    share: float = Field(default=0.5, gt=0, lt=1)
    since: int = 0
    least: int = 100
    alpha: float = 0.05
    promote: bool = False
    language: Language = "en"
    verdict: dict[str, Any] | None = None

    @property
    def winner(self) -> str | None:
        """`champion` or `challenger` once it is proved."""
        found = self.verdict["verdict"] if self.verdict is not None else None
        return found if found in ("champion", "challenger") else None


class Watch(Model):
    """Drift is judged per `window` of rows, decay after every label, both from request `since` on.

    `drift` is of the last of `windows` windows, which ended with request `drift_since`; `decay` stays once it is proved.
    """

    since: int = 0
    window: int = 500
    alpha: float = 0.05
    margin: float = 0.0
    rollback: bool = False
    language: Language = "en"
    drift_since: int = 0
    windows: int = 0
    drift: dict[str, Any] | None = None
    decay: dict[str, Any] | None = None
    rolled_back: dict[str, Any] | None = None

    @property
    def decayed(self) -> bool:
        """Whether decay is proved."""
        return self.decay is not None and self.decay["verdict"] == "decayed"


class Endpoint(Model):
    """A registered model at a port of 127.0.0.1. `version` is the one that answers, the champion of a trial.

    An endpoint that `follows` the registry's champion changes with it. Each change has a `revision`.
    """

    name: str
    port: int
    version: int
    revision: int = 1
    follows: bool = True
    trial: Trial | None = None
    watch: Watch | None = None

    @property
    def url(self) -> str:
        """Where it is reached, with a trailing slash."""
        return f"http://127.0.0.1:{self.port}/"

    def arm_of(self, key: str) -> int:
        """The version that answers a caller with this key: always the same one during a trial."""
        trial = self.trial
        if trial is None or trial.mode != "split":
            return self.version
        digest = hashlib.sha256(f"{self.name}:{trial.version}:{trial.since}:{key}".encode()).digest()
        drawn = int.from_bytes(digest[:8], "big") / 2**64
        return trial.version if drawn < trial.share else self.version

    def with_version(self, version: int, last: int) -> "Endpoint":
        """With another champion after request `last`: a trial is over, a watch knows nothing of the new version yet, and what it
        knew of the one before is the registry's history.

        The windows go on being counted: their false alarms add up over all versions.
        """
        if version == self.version:
            return self
        known = {"since": last, "drift_since": last, "drift": None, "decay": None, "rolled_back": None}
        watch = self.watch.model_copy(update=known) if self.watch is not None else None
        return self.model_copy(update={"version": version, "trial": None, "watch": watch})

    def following(self, follows: bool) -> "Endpoint":
        """With or without following the champion."""
        return self.model_copy(update={"follows": follows})

    def with_trial(self, trial: Trial | None, last: int) -> "Endpoint":
        """With a trial that begins after request `last`, or without one."""
        begun = trial.model_copy(update={"since": last}) if trial is not None else None
        return self.model_copy(update={"trial": begun})

    def with_watch(self, watch: Watch | None, last: int) -> "Endpoint":
        """With a watch of what is served after request `last`, or without one."""
        begun = watch.model_copy(update={"since": last, "drift_since": last}) if watch is not None else None
        return self.model_copy(update={"watch": begun})


class EndpointFolders:
    """The folders of all endpoints, below `root`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def folder(self, name: str) -> Path:
        """An endpoint's folder; a model's name may be too long for one."""
        return self._root / hashlib.sha256(name.encode()).hexdigest()[:16]

    def versions(self, name: str) -> Path:
        """The folder with a folder for each version that was fetched, by its number."""
        return self.folder(name) / VERSIONS

    def all(self) -> Iterator[Endpoint]:
        """Every endpoint that is to be served."""
        for path in sorted(self._root.glob(f"*/{SPEC}")):
            yield read_endpoint(path.parent)

    def save(self, endpoint: Endpoint) -> None:
        """Writes an endpoint whole, so that a reader sees the old or the new one."""
        path = self.folder(endpoint.name) / SPEC
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        with part.open("w", encoding="utf-8") as file:
            file.write(endpoint.model_dump_json())
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)

    def forget(self, name: str) -> None:
        """Has an endpoint not be served again; what it scored stays on disk."""
        (self.folder(name) / SPEC).unlink(missing_ok=True)


def read_endpoint(folder: Path) -> Endpoint:
    """The endpoint in a folder."""
    return Endpoint.model_validate_json((folder / SPEC).read_text(encoding="utf-8"))
