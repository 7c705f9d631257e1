"""What the watch itself measures."""

from prometheus_client import REGISTRY, CollectorRegistry, Gauge, Histogram, generate_latest

from .condition import Condition

_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0)


class WatchMetrics:
    """Gauges and a histogram per service, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._up = Gauge("mesh_service_up", "1 when the service is up.", ["service"], registry=self._registry)
        self._probe_s = Histogram(
            "mesh_service_probe_seconds",
            "Duration of health probes that were answered, in seconds.",
            ["service"],
            buckets=_BUCKETS_S,
            registry=self._registry,
        )
        self._scraped = Gauge(
            "mesh_service_scrape_up",
            "1 when the service gave its metrics.",
            ["service"],
            registry=self._registry,
        )
        self._rejected = Gauge(
            "mesh_service_scrape_rejected_lines",
            "Lines of the scrape before that were malformed or typed differently elsewhere.",
            ["service"],
            registry=self._registry,
        )

    def probed(self, condition: Condition, seconds: float | None) -> None:
        """A service was probed; `seconds` is None when it did not answer."""
        name = condition.target.name
        self._up.labels(name).set(1 if condition.state == "up" else 0)
        if seconds is not None:
            self._probe_s.labels(name).observe(seconds)

    def scraped(self, service: str, *, answered: bool) -> None:
        """A service was asked for its metrics."""
        self._scraped.labels(service).set(1 if answered else 0)

    def rejected(self, service: str, lines: int) -> None:
        """So many lines of a service's metrics could not be passed on; told with the next scrape."""
        self._rejected.labels(service).set(lines)

    def forget(self, service: str) -> None:
        """A service is not watched any more."""
        for metric in (self._up, self._probe_s, self._scraped, self._rejected):
            if (service,) in metric._metrics:  # noqa: SLF001 - the client offers no other look
                metric.remove(service)

    def own_text(self) -> str:
        """The exposition of these metrics."""
        return generate_latest(self._registry).decode()

    def process_text(self) -> str:
        """The exposition of what every service measures, for the watch's own process."""
        return generate_latest(REGISTRY).decode()
