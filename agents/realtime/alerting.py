"""Hands alerts of watches to the alert manager, in Alertmanager's v2 API, until it has taken them."""

from datetime import timedelta
from typing import Any

import httpx

from mesh.errors import UnavailableError
from mesh.language import Language, say

from .durations import duration_text
from .live_watch import LiveWatch, now_utc
from .rules import rule_text
from .watch_models import StreamAlert
from .watch_setup import iso
from .wording import length_text

ALERTNAME = "StreamWatch"
TELL_AGAIN_S = 60.0
_KEPT_FIRING = timedelta(seconds=5 * TELL_AGAIN_S)
_DEADLINE_S = 2.0
MAX_RARITY = 1_000_000


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
    language = watch.spec.language
    key = f" ({alert.key})" if alert.key else ""
    if alert.kind == "drift":
        return _moved_text(watch, alert, key)
    condition, rule = condition_text(watch), watch.spec.rule
    if rule is not None and rule.statistic == "silence":
        return say(
            language,
            en="{c}{k}: nothing since {start} UTC.",
            ko="{c}{k}: {start}(UTC) 이후 이벤트가 없습니다.",
            c=condition[:1].upper() + condition[1:],
            k=key,
            start=iso(round(alert.window_start_s)),
        )
    what = condition[:1].upper() + condition[1:] if watch.spec.rule else unlike_text(watch)
    text = say(
        language,
        en="{c}{k}: {level:,.6g}{unit} in the window from {start} to {end} UTC.",
        ko="{c}{k}: {start}부터 {end}(UTC)까지의 윈도우에서 {level:,.6g}{unit}입니다.",
        unit="%" if rule is not None and rule.change else "",
        c=what,
        k=key,
        level=alert.level,
        start=iso(alert.window_start_s),
        end=iso(alert.window_end_s),
    )
    if alert.usual is not None:
        text += " " + say(
            language,
            en="Usual at this time is {u:,.6g}, between {low:,.6g} and {high:,.6g}.",
            ko="이 시각에는 평소 {u:,.6g}, 범위는 {low:,.6g}~{high:,.6g}입니다.",
            u=alert.usual,
            low=alert.usual_low,
            high=alert.usual_high,
        )
    if alert.once_in is not None:
        text += " " + say(
            language,
            en="{about} one window in {n:,.0f} strays as far.",
            ko="이만큼 벗어나는 윈도우는 {n:,.0f}개 중 {about}입니다.",
            n=min(alert.once_in, MAX_RARITY),
            about=say(language, en="About", ko="하나쯤")
            if alert.once_in < MAX_RARITY
            else say(language, en="Less than", ko="하나 미만"),
        )
    return text


def _moved_text(watch: LiveWatch, alert: StreamAlert, key: str) -> str:
    return say(
        watch.spec.language,
        en="The level of {v}{k} {d} from {before:,.6g} to {after:,.6g}, {n:,} windows before {end} UTC ({test}).",
        ko="{v}{k} 수준이 {end}(UTC) 기준 {n:,}개 윈도우 전부터 {before:,.6g}에서 {after:,.6g}(으로/로) {d} ({test}).",
        v=watched_field(watch),
        k=key,
        d=_direction(alert, watch.spec.language),
        before=alert.usual,
        after=alert.level,
        n=alert.since,
        end=iso(alert.window_end_s),
        test=alert.test,
    )


def _direction(alert: StreamAlert, language: Language) -> str:
    if alert.usual is not None and alert.level > alert.usual:
        return say(language, en="rose", ko="올라갔습니다")
    return say(language, en="fell", ko="내려갔습니다")


def watched_field(watch: LiveWatch) -> str:
    """The field whose values are watched, in words."""
    return watch.column or say(watch.spec.language, en="the number of events", ko="이벤트 수")


def unlike_text(watch: LiveWatch) -> str:
    """What an anomaly is, in words."""
    v = watched_field(watch)
    return say(watch.spec.language, en="{v} is unlike what is usual", ko="{v}(이/가) 평소와 다름", v=v)


def condition_text(watch: LiveWatch) -> str:
    """When a watch alerts, in its language."""
    spec = watch.spec
    length = watched_length(watch)
    if spec.rule is None:
        return say(
            spec.language,
            en="a window of {w} is unlike what is usual at its time, or the level moves for good",
            ko="{w} 윈도우가 그 시각의 평소와 다르거나 수준이 바뀜",
            w=length,
        )
    what = watch.column
    if spec.rule.statistic == "distinct":
        what = watch.items or spec.items or say(spec.language, en="items", ko="항목")
    return rule_text(spec.rule, what, length, spec.language)


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
