"""What every service measures, in the Prometheus client's default registry."""

import time

from prometheus_client import Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HTTP_REQUESTS = Counter("mesh_http_requests_total", "HTTP requests answered.", ["method", "status"])
HTTP_SECONDS = Histogram(
    "mesh_http_request_seconds",
    "Time to the start of an HTTP response, in seconds.",
    ["method"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
SKILL_CALLS = Counter("mesh_skill_calls_total", "Skill calls ended, by outcome.", ["skill", "outcome"])
SKILL_SECONDS = Histogram(
    "mesh_skill_seconds",
    "Duration of a skill call, in seconds.",
    ["skill"],
    buckets=(0.01, 0.05, 0.1, 0.5, 1, 5, 15, 30, 60, 300),
)
STARTED = Gauge("mesh_started_time_seconds", "When the service started, in seconds since the epoch.")


class HttpMetrics:
    """ASGI middleware: counts and times responses."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Measures one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()

        async def measured(message: Message) -> None:
            if message["type"] == "http.response.start":
                HTTP_REQUESTS.labels(scope["method"], str(message["status"])).inc()
                HTTP_SECONDS.labels(scope["method"]).observe(time.perf_counter() - begun)
            await send(message)

        await self._app(scope, receive, measured)
