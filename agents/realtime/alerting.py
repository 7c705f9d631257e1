"""Hands alerts of watches to the alert manager, in Alertmanager's v2 API, until it has taken them."""

from datetime import timedelta
from typing import Any

import httpx

from mesh.errors import UnavailableError
from mesh.language import say

from .durations import duration_text
from .live_watch import LiveWatch, StreamAlert, now_utc
from .rules import rule_text
from .watch_setup import iso
from .wording import length_text

ALERTNAME = "StreamWatch"
TELL_AGAIN_S = 60.0
_KEPT_FIRING = timedelta(seconds=5 * TELL_AGAIN_S)
_DEADLINE_S = 2.0


class AlertSender:
    """Sends to the alert manager at `url`; `source_url` is this agent's address, both with a trailing slash."""

    def __init__(self, http: httpx.AsyncClient, url: str, source_url: str) -> None:
        self._http = http
        self._api = url + "api/v2/alerts"
        self._source_url = source_url

    async def send(self, alerts: list[tuple[LiveWatch, StreamAlert]]) -> None:
        """Reports alerts as they are now. Raises: UnavailableError."""
        body = [posted_alert(watch, alert, self._source_url) for watch, alert in alerts]
        try:
            response = await self._http.post(self._api, json=body, timeout=_DEADLINE_S)
        except httpx.HTTPError as error:
            raise UnavailableError(
                f"The alert manager at {self._api} cannot be reached: {error!r}."
            ) from error
        if not response.is_success:
            raise UnavailableError(f"The alert manager at {self._api} answered {response.status_code}.")


def posted_alert(watch: LiveWatch, alert: StreamAlert, source_url: str) -> dict[str, Any]:
    """An alert as the v2 API takes it. Labels stay the same while it fires, so that it is one alert there and not many."""
    spec = watch.spec
    ends_at = alert.ends_at or now_utc() + _KEPT_FIRING
    key = {"key": alert.key} if alert.key else {}
    return {
        "labels": {
            "alertname": ALERTNAME,
            "severity": "warning",
            "watch": spec.id,
            "kind": alert.kind,
            **key,
        },
        "annotations": {"summary": alert_text(watch, alert), "question": spec.question},
        "startsAt": alert.starts_at.isoformat(),
        "endsAt": ends_at.isoformat(),
        "generatorURL": f"{source_url}watches/{spec.id}",
    }


def alert_text(watch: LiveWatch, alert: StreamAlert) -> str:
    """What happened, to whom, and what is usual there."""
    spec = watch.spec
    language = spec.language
    what = watch.column or say(language, en="the events", ko="이벤트")
    if spec.rule is not None:
        condition = rule_text(spec.rule, watch.column, watched_length(watch), language)
    else:
        condition = say(
            language, en="{v} is unlike the windows before", ko="{v}(이/가) 이전 윈도우와 다름", v=what
        )
    text = say(
        language,
        en="{c}{k}: {level:,.6g} in the window from {start} to {end} UTC.",
        ko="{c}{k}: {start}부터 {end}(UTC)까지의 윈도우에서 {level:,.6g}입니다.",
        c=condition[:1].upper() + condition[1:],
        k=f" ({alert.key})" if alert.key else "",
        level=alert.level,
        start=iso(alert.window_start_s),
        end=iso(alert.window_end_s),
    )
    if alert.usual is None:
        return text
    return (
        text
        + " "
        + say(
            language,
            en="Usual is {u:,.6g}, between {low:,.6g} and {high:,.6g}.",
            ko="평소에는 {u:,.6g}, 범위는 {low:,.6g}~{high:,.6g}입니다.",
            u=alert.usual,
            low=alert.usual_low,
            high=alert.usual_high,
        )
    )


def watched_length(watch: LiveWatch) -> str:
    """How long a watch's windows are, in words."""
    spec = watch.spec
    if spec.gap_s is not None:
        return say(
            spec.language,
            en="a session (gap {g})",
            ko="세션(간격 {g})",
            g=duration_text(spec.gap_s),
        )
    return length_text(spec.size_s, spec.language)
