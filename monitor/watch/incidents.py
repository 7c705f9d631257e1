"""Which alerts the watch holds open, and which of them are due to be sent. Pure.

An incident opens when a service dies and closes once it has been well for a while, so that a service that dies and comes
back between two looks is still seen to have died. While open it is sent again and again: the alert manager takes silence
for an end.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

WELL_FOR = timedelta(seconds=5)
RESEND_EVERY = timedelta(seconds=60)
WAITING_MAX = 1000
ALERTNAME = "ServiceDown"


@dataclass
class Incident:
    """One death of a service. `sent_at` is when the alert manager last took it as it now is."""

    service: str
    started_at: datetime
    detail: str = ""
    ended_at: datetime | None = None
    sent_at: datetime | None = None
    well_since: datetime | None = None

    def as_alert(self, generator_url: str) -> dict[str, Any]:
        """The incident as Alertmanager's v2 API takes it."""
        alert: dict[str, Any] = {
            "labels": {"alertname": ALERTNAME, "service": self.service, "severity": "critical"},
            "annotations": {
                "summary": f"The service {self.service} is down.",
                "description": self.detail or "It stopped answering.",
            },
            "startsAt": self.started_at.isoformat(),
            "generatorURL": generator_url,
        }
        if self.ended_at is not None:
            alert["endsAt"] = self.ended_at.isoformat()
        return alert


class Incidents:
    """The open incidents by service, and the closed ones that the alert manager does not know to be over yet."""

    def __init__(self) -> None:
        self._open: dict[str, Incident] = {}
        self._closed: list[Incident] = []

    def adopt(self, service: str, started_at: datetime) -> None:
        """Take over an alert that an earlier run of the watch left firing."""
        if service not in self._open:
            self._open[service] = Incident(service, started_at)

    def died(self, service: str, at: datetime, detail: str) -> None:
        """A service was seen to have died. One that is open already stays open from its first death on."""
        incident = self._open.setdefault(service, Incident(service, at))
        incident.detail, incident.well_since = detail, None

    def looked(self, service: str, *, well: bool, now: datetime) -> bool:
        """A service was looked at; True when that closed its incident."""
        incident = self._open.get(service)
        if incident is None:
            return False
        if not well:
            incident.well_since = None
            return False
        incident.well_since = incident.well_since or now
        if now - incident.well_since < WELL_FOR:
            return False
        self.close(service, now)
        return True

    def close(self, service: str, now: datetime) -> None:
        """End a service's incident, also because the service is not watched any more."""
        incident = self._open.pop(service, None)
        if incident is not None:
            incident.ended_at, incident.sent_at = now, None
            self._closed = [*self._closed, incident][-WAITING_MAX:]

    def due(self, now: datetime) -> list[Incident]:
        """What the alert manager should be told now, in the order in which it happened."""
        open_due = [
            incident
            for incident in self._open.values()
            if incident.sent_at is None or now - incident.sent_at >= RESEND_EVERY
        ]
        return [*self._closed, *open_due]

    def sent(self, incidents: list[Incident], now: datetime) -> None:
        """The alert manager took these."""
        for incident in incidents:
            incident.sent_at = now
        self._closed = [incident for incident in self._closed if incident.sent_at is None]
