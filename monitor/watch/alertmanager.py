"""Talks to the alert manager in Alertmanager's v2 API."""

from datetime import datetime
from typing import Any

import httpx

from mesh.errors import UnavailableError

from .incidents import ALERTNAME, Incident

_DEADLINE_S = 1.0


class AlertManager:
    """The alert manager at `url`, which ends in a slash. `source_url` is where an alert's reader finds the watch."""

    def __init__(self, http: httpx.AsyncClient, url: str, source_url: str) -> None:
        self._http = http
        self._api = url + "api/v2/alerts"
        self._source_url = source_url

    async def send(self, incidents: list[Incident]) -> None:
        """Report incidents as they are now. Raises: UnavailableError."""
        await self._request("POST", json=[incident.as_alert(self._source_url) for incident in incidents])

    async def firing(self) -> list[dict[str, Any]]:
        """Every alert that fires, as the API tells it. Raises: UnavailableError."""
        told = (await self._request("GET")).json()
        return [item for item in told if isinstance(item, dict)] if isinstance(told, list) else []

    async def firing_deaths(self) -> dict[str, datetime]:
        """Since when each service is said to be down. Raises: UnavailableError."""
        return {
            str(alert["labels"]["service"]): datetime.fromisoformat(alert["startsAt"])
            for alert in await self.firing()
            if alert["labels"].get("alertname") == ALERTNAME and "service" in alert["labels"]
        }

    async def _request(self, method: str, **content: Any) -> httpx.Response:
        try:
            response = await self._http.request(method, self._api, timeout=_DEADLINE_S, **content)
        except httpx.HTTPError as error:
            raise UnavailableError(
                f"The alert manager at {self._api} cannot be reached: {error!r}."
            ) from error
        if not response.is_success:
            raise UnavailableError(f"The alert manager at {self._api} answered {response.status_code}.")
        return response
