"""What the watch knows of a service."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from mesh.results import Model

State = Literal["unknown", "up", "degraded", "down"]


class Target(Model):
    """Something to watch. `url` ends in a slash; `card_url` answers also when there is no `/health`."""

    name: str
    title: str
    url: str
    card_url: str
    kind: Literal["service", "agent"]
    version: str = ""


class Probe(Model):
    """One look at a target. `answered` is False when nothing came back; `refused` says that nobody listens there."""

    answered: bool
    ready: bool
    seconds: float
    refused: bool = False
    detail: str = ""
    version: str = ""
    uptime_s: float | None = None
    pid: int | None = None


class Point(Model):
    """One probe in the recent past; `ms` is None when it failed."""

    at: datetime
    state: State
    ms: float | None


class ServiceView(Model):
    """A service as people and programs see it. Latencies are of `/health`, in milliseconds."""

    name: str
    title: str
    kind: Literal["service", "agent"]
    url: str
    card_url: str
    port: int | None
    version: str
    state: State
    detail: str
    latency_ms: float | None
    latency_ewma_ms: float | None
    uptime_s: float | None
    last_change: datetime | None
    last_seen: datetime | None
    consecutive_failures: int
    history: list[Point] = Field(default_factory=list)


class Overview(Model):
    """Every service, by kind and port."""

    time: datetime
    services: list[ServiceView]
