"""Liveness, readiness and start-up of a service, and its metrics."""

import os
import time
from collections.abc import Callable, Sequence

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route


class Health:
    """The state behind `/health`. `waiting_for` says why the service is not ready, or None.

    `entered` is set when the agent's own start has succeeded, `started` while the service takes calls.
    """

    def __init__(self, service: str, version: str, waiting_for: Callable[[], str | None]) -> None:
        self._service = service
        self._version = version
        self._waiting_for = waiting_for
        self._begun = time.time()
        self.entered = False
        self.started = False

    def routes(self) -> Sequence[BaseRoute]:
        """`/health` with everything, one path per probe, and `/metrics`."""
        return [
            Route("/health", self._all),
            Route("/health/{probe:str}", self._one),
            Route("/metrics", _metrics),
        ]

    def _state(self) -> dict[str, object]:
        waiting_for = self._waiting_for() if self.started else "start-up"
        return {
            "service": self._service,
            "version": self._version,
            "live": True,
            "started": self.started,
            "ready": self.started and waiting_for is None,
            "waiting_for": waiting_for,
            "uptime_s": round(time.time() - self._begun, 3),
            "pid": os.getpid(),
        }

    async def _all(self, _: Request) -> Response:
        state = self._state()
        return JSONResponse(state, 200 if state["ready"] else 503)

    async def _one(self, request: Request) -> Response:
        state = self._state()
        probe = request.path_params["probe"]
        if probe not in ("live", "ready", "started"):
            return JSONResponse({"detail": "The probes are live, ready and started."}, 404)
        return JSONResponse(state, 200 if state[probe] else 503)


async def _metrics(_: Request) -> Response:
    return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
