"""Rules beside thresholds: changes, silence, ranges, windows in a row; read from sentences, and at work on events."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agents.realtime.alerting import alert_text
from agents.realtime.live_watch import LiveWatch
from agents.realtime.rule_reading import read_request, read_rule
from agents.realtime.rules import rule_text
from agents.realtime.watch_asking import WatchParams, spec_of
from agents.realtime.watch_models import StreamAlert
from mesh.language import detect_language
from mesh.streams.event import Event

START = datetime(2024, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "comparison", "threshold", "window_s"),
    [
        ("평균이 20% 이상 증가하면 알려줘", ">=", 20, None),
        ("Alert when the average rises by more than 20%", ">", 20, None),
        ("5분 평균이 이전 5분보다 20% 넘게 오르면 알려줘", ">", 20, 300),
        ("Notify me if sales drop by 30% compared with the previous hour", "<=", -30, 3600),
        ("매출이 전 시간보다 30% 이상 떨어지면 알려줘", "<=", -30, 3600),
        ("Tell me about a 15% increase of the 10 minute sum", ">=", 15, 600),
        ("Alert when the sum doubles", ">=", 100, None),
        ("건수가 두 배가 되면 알려줘", ">=", 100, None),
        ("alert when traffic halves", "<=", -50, None),
    ],
)
def test_a_change_is_read(text: str, comparison: str, threshold: float, window_s: float | None) -> None:
    asked = read_request(text)
    assert asked.rule is not None
    assert (asked.rule.change, asked.rule.comparison, asked.rule.threshold) == (True, comparison, threshold)
    assert asked.window_s == window_s
    for language in ("en", "ko"):
        said = rule_text(asked.rule, "load", "5 minutes", "ko" if language == "ko" else "en")
        assert read_rule(said) == asked.rule


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("10분 동안 이벤트가 없으면 알려줘", 600),
        ("Alert me if no events arrive for 10 minutes", 600),
        ("Warn me when a sensor is silent for 5 minutes", 300),
        ("30초간 데이터가 안 들어오면 경보", 30),
        ("tell me when the device stops sending for an hour", 3600),
    ],
)
def test_silence_is_read(text: str, seconds: float) -> None:
    rule = read_request(text).rule
    assert rule is not None
    assert (rule.statistic, rule.threshold) == ("silence", seconds)


@pytest.mark.parametrize(
    ("text", "statistic", "threshold", "window_s", "by"),
    [
        ("humidity drops under 40%", "mean", 40, None, None),
        ("습도가 40% 아래로 떨어지면", "mean", 40, None, None),
        ("p99 latency is above 1.5 seconds", "quantile", 1.5, None, None),
        ("응답 시간이 3초를 넘으면 알려줘", "mean", 3, None, None),
        ("Tell me when there are more than 10 errors per minute", "count", 10, 60, None),
        ("Notify me when a user makes more than 10 requests in a minute", "count", 10, 60, "user"),
        ("에러가 1분에 10번 넘게 발생하면 알려줘", "count", 10, 60, None),
        ("For each server alert when max cpu goes over 90", "max", 90, None, "server"),
        ("센서마다 10초 평균이 3을 넘으면", "mean", 3, 10, "센서"),
        ("1시간 합계가 5천만원을 넘으면", "sum", 5e7, 3600, None),
        ("the half an hour average is above 7", "mean", 7, 1800, None),
        ("no more than 5 events in 10 minutes", "count", 5, 600, None),
    ],
)
def test_levels_counts_keys_and_lengths_are_told_apart(
    text: str, statistic: str, threshold: float, window_s: float | None, by: str | None
) -> None:
    asked = read_request(text)
    assert asked.rule is not None
    assert not asked.rule.change
    assert (asked.rule.statistic, asked.rule.threshold) == (statistic, threshold)
    assert (asked.window_s, asked.by) == (window_s, by)


def test_a_range_and_windows_in_a_row_are_read() -> None:
    for text in ("온도가 20도에서 30도 사이를 벗어나면", "alert when temperature is outside 20 to 30"):
        rule = read_request(text).rule
        assert rule is not None
        assert (rule.comparison, rule.threshold, rule.upper) == ("outside", 20, 30)
        assert [rule.holds(level) for level in (19.0, 20.0, 25.0, 30.0, 31.0)] == [
            True,
            False,
            False,
            False,
            True,
        ]
    for text in (
        "값이 100을 3번 연속 넘으면 알려줘",
        "alert when the value exceeds 100 three times in a row",
    ):
        rule = read_request(text).rule
        assert rule is not None
        assert (rule.comparison, rule.threshold, rule.in_a_row) == (">", 100, 3)


def watched(text: str) -> LiveWatch:
    return LiveWatch.new(spec_of(text, detect_language(text), WatchParams(), [], text))


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def again(watch: LiveWatch) -> LiveWatch:
    """The watch as its agent finds it after a kill."""
    parts = [(name, part) for name, part in watch.changed_parts().items() if part is not None]
    return LiveWatch.from_state(watch.spec, watch.state(), parts)


def events(*readings: tuple[float, Any], **fields: Any) -> list[Event]:
    return [Event("", after(at), {"value": value, **fields}) for at, value in readings]


def told(watch: LiveWatch, given: list[Event], now_s: float) -> list[StreamAlert]:
    return watch.take(given, after(now_s))


def test_a_change_is_measured_from_the_window_before_of_each_key() -> None:
    watch = watched("Alert when the 1-minute average for each sensor rises by at least 50%")
    assert told(watch, events((0, 10.0), (60, 12.0), sensor="a"), 60) == []
    watch = again(watch)
    (alert,) = told(watch, events((120, 30.0), (180, 18.0), sensor="a"), 180)
    assert (alert.key, alert.level) == ("a", 150.0)  # from 12 to 30
    assert "150%" in alert_text(watch, alert)
    (ended,) = told(watch, events((240, 18.0), sensor="a"), 240)  # from 30 to 18
    assert ended.ends_at is not None


def test_windows_in_a_row_are_counted_over_a_restart() -> None:
    watch = watched("1분 평균이 100을 3번 연속 넘으면 알려줘")
    assert told(watch, events((0, 120), (60, 130), (120, 90), (180, 120), (240, 120)), 240) == []
    watch = again(watch)
    assert told(watch, events((300, 150)), 300) == []
    (alert,) = told(watch, events((360, 1)), 360)
    assert alert.level == 150


def test_silence_is_told_once_and_ends_with_the_next_event() -> None:
    watch = watched("Warn me when a sensor is silent for 5 minutes")
    watch.since = START
    told(watch, events((0, 1), sensor="a") + events((0, 1), sensor="b"), 0)
    told(watch, events((200, 1), sensor="b"), 200)
    assert not watch.closes_by(after(299)) or watch.idle(after(299)) == []
    alerts = [alert for alert in watch.idle(after(301)) if alert.kind == "rule"]
    assert [(alert.key, alert.level) for alert in alerts] == [("a", 301.0)]
    assert "No event has come for 5 minutes (a): nothing since 2024-03-01 UTC." in alert_text(
        watch, alerts[0]
    )
    assert watch.idle(after(303)) == []
    (ended,) = told(watch, events((400, 1), sensor="a"), 400)
    assert (ended.key, ended.ends_at) == ("a", after(400))


def test_a_stream_that_never_begins_is_silent_and_an_agent_that_was_down_heard_nothing() -> None:
    watch = watched("10분 동안 이벤트가 없으면 알려줘")
    watch.since = START
    assert watch.idle(after(599)) == []
    watch = again(watch)
    watch.since = after(10_000)
    assert watch.idle(after(10_599)) == []
    (alert,) = watch.idle(after(10_600))
    assert alert.key == ""
    assert "이벤트가 없습니다" in alert_text(watch, alert)
