"""Alerts on served models, handed to the alert manager in Alertmanager's v2 API until it has taken them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import structlog

from .endpoint import Endpoint
from .verdict_story import decay_finding, drift_finding, rollback_finding

TELL_AGAIN_S = 60.0
_KEPT_FIRING = timedelta(seconds=5 * TELL_AGAIN_S)
_DEADLINE_S = 2.0
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class ServingAlert:
    """Something to be told of an endpoint; name, model and version make it one alert however often it is told."""

    name: str
    severity: str
    model: str
    version: int
    summary: str
    url: str

    @property
    def key(self) -> tuple[str, str, int]:
        """What makes it the same alert."""
        return self.name, self.model, self.version

    def posted(self, since: datetime, ends: datetime) -> dict[str, Any]:
        """The alert as the v2 API takes it."""
        labels = {"alertname": self.name, "severity": self.severity}
        return {
            "labels": {**labels, "model": self.model, "version": str(self.version)},
            "annotations": {"summary": self.summary},
            "startsAt": since.isoformat(),
            "endsAt": ends.isoformat(),
            "generatorURL": self.url,
        }


def alerts_of(endpoint: Endpoint) -> list[ServingAlert]:
    """What is wrong with an endpoint under watch, as it is known now."""
    watch = endpoint.watch
    if watch is None:
        return []
    found = []
    if watch.decay is not None and watch.decayed:
        found.append(
            ("ModelDecay", "critical", endpoint.version, decay_finding(watch.decay, watch.language).text)
        )
    if watch.drift is not None and watch.drift["drifted"]:
        found.append(
            ("ModelDrift", "warning", endpoint.version, drift_finding(watch.drift, watch.language).text)
        )
    if watch.rolled_back is not None:
        text = rollback_finding(watch.rolled_back, endpoint.name, watch.language).text
        found.append(("ModelRolledBack", "warning", watch.rolled_back["from"], text))
    return [
        ServingAlert(name, severity, endpoint.name, version, text, f"{endpoint.url}health")
        for name, severity, version, text in found
    ]


class AlertSender:
    """Tells the alert manager at `url` (with a trailing slash) what fires, every minute again, and what has ended."""

    def __init__(self, http: httpx.AsyncClient, url: str) -> None:
        self._http = http
        self._api = url + "api/v2/alerts"
        self._firing: dict[tuple[str, str, int], tuple[ServingAlert, datetime]] = {}
        self._told_at: datetime | None = None

    async def tell(self, alerts: list[ServingAlert]) -> None:
        """Has the alert manager know of `alerts` and of no others; what it could not be told is told the next time."""
        now = datetime.now(UTC)
        wanted = {alert.key: alert for alert in alerts}
        ended = [known for key, known in self._firing.items() if key not in wanted]
        told = {key: alert for key, (alert, _) in self._firing.items()}
        due = self._told_at is None or (now - self._told_at).total_seconds() >= TELL_AGAIN_S
        if told == wanted and not (wanted and due):
            return
        since = {key: self._firing[key][1] if key in self._firing else now for key in wanted}
        body = [alert.posted(since[key], now + _KEPT_FIRING) for key, alert in wanted.items()]
        body += [alert.posted(begun, now) for alert, begun in ended]
        try:
            (await self._http.post(self._api, json=body, timeout=_DEADLINE_S)).raise_for_status()
        except httpx.HTTPError as error:
            _log.warning("alerts_not_told", alerts=len(body), error=repr(error))
            return
        self._firing = {key: (alert, since[key]) for key, alert in wanted.items()}
        self._told_at = now
