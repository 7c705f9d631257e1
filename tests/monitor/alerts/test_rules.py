"""Identity, matching, merging and silencing, without a server."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh.errors import InvalidRequestError
from monitor.alerts.labels import checked_labels, fingerprint
from monitor.alerts.lifecycle import merged, received, state_of
from monitor.alerts.matchers import Matcher, parse_matcher
from monitor.alerts.models import Alert, MatcherModel, PostedAlert, PostedSilence, Silence
from monitor.alerts.silencing import can_change, checked_silence, expired

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TIMEOUT = 5 * MINUTE


def report(start: int | None = None, end: int | None = None, *, at: int = 0) -> Alert:
    """A report received `at` minutes after NOW, with times in minutes after NOW."""
    posted = PostedAlert(
        labels={"alertname": "A"},
        starts_at=None if start is None else NOW + start * MINUTE,
        ends_at=None if end is None else NOW + end * MINUTE,
    )
    return received(posted, NOW + at * MINUTE, TIMEOUT)


def span(alert: Alert) -> tuple[float, float]:
    return (alert.starts_at - NOW) / MINUTE, (alert.ends_at - NOW) / MINUTE


def test_fingerprints_are_those_of_prometheus() -> None:
    """The expected values are those of prometheus/common, model/signature_test.go."""
    assert int(fingerprint({}), 16) == 14695981039346656037
    assert (
        int(fingerprint({"name": "garland, briggs", "fear": "love is not enough"}), 16) == 5799056148416392346
    )


@given(st.dictionaries(st.text(min_size=1), st.text(), min_size=1), st.randoms(use_true_random=False))
def test_the_fingerprint_does_not_depend_on_the_order_of_labels(
    labels: dict[str, str], shuffle: random.Random
) -> None:
    items = list(labels.items())
    shuffle.shuffle(items)
    assert fingerprint(dict(items)) == fingerprint(labels)


def test_empty_labels_are_no_labels() -> None:
    assert checked_labels({"a": "1", "b": ""}) == {"a": "1"}
    for bad in ({}, {"a": ""}, {"": "x"}, {"a": "\x00"}):
        with pytest.raises(InvalidRequestError):
            checked_labels(bad)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('alertname="ServiceDown"', Matcher("alertname", "ServiceDown")),
        ('service=~"a|b"', Matcher("service", "a|b", is_regex=True)),
        ("{service!=hub}", Matcher("service", "hub", is_equal=False)),
        ('x !~ "a.*"', Matcher("x", "a.*", is_regex=True, is_equal=False)),
        ('"a b"="say \\"hi\\""', Matcher("a b", 'say "hi"')),
        ('a=""', Matcher("a", "")),
    ],
)
def test_matchers_are_read_as_they_are_written(text: str, expected: Matcher) -> None:
    assert parse_matcher(text) == expected


@pytest.mark.parametrize("text", ["", "alertname", '="x"', 'a=~"("', 'a="unclosed'])
def test_a_bad_matcher_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequestError):
        parse_matcher(text)


def test_regular_expressions_are_anchored_and_linear() -> None:
    labels = {"service": "hub-1"}
    assert parse_matcher('service=~"hub.*"').matches(labels)
    assert not parse_matcher('service=~"hub"').matches(labels)
    assert parse_matcher('service!~"hub"').matches(labels)
    assert parse_matcher('absent=""').matches(labels)
    assert not parse_matcher('s=~"(a+)+b"').matches({"s": "a" * 5000})


def test_a_report_without_times_starts_now_and_times_out() -> None:
    assert (span(report()), report().is_timeout) == ((0, 5), True)
    assert (span(report(-3)), report(-3).is_timeout) == ((-3, 5), True)
    assert (span(report(None, -2)), report(None, -2).is_timeout) == ((-2, -2), False)
    with pytest.raises(InvalidRequestError, match="before it starts"):
        report(0, -1)


def test_the_zero_time_of_go_is_no_time() -> None:
    posted = PostedAlert.model_validate({"labels": {"a": "b"}, "endsAt": "0001-01-01T00:00:00Z"})
    assert posted.ends_at is None


@pytest.mark.parametrize(
    ("first", "then", "expected"),
    [
        (report(0), report(at=1), (0, 6)),
        (report(0, 10), report(0, 3, at=3), (0, 3)),
        (report(0), report(0, 2, at=2), (0, 2)),
        (report(0, 30), report(0, at=1), (0, 30)),
        (report(0, 2), report(20, at=20), (20, 25)),
        (report(-1, 1), report(0, 4), (-1, 4)),
    ],
)
def test_reports_of_one_occurrence_come_together(
    first: Alert, then: Alert, expected: tuple[int, int]
) -> None:
    assert span(merged(first, then, then.updated_at)) == expected


def silence(start: int, end: int, value: str = "A") -> PostedSilence:
    matcher = MatcherModel(name="alertname", value=value, is_regex=False)
    return PostedSilence(
        matchers=[matcher],
        starts_at=NOW + start * MINUTE,
        ends_at=NOW + end * MINUTE,
        created_by="kim",
        comment="",
    )


def kept(start: int, end: int, value: str = "A") -> Silence:
    return checked_silence(silence(start, end, value), "s", min(NOW, NOW + start * MINUTE))


def test_an_alert_is_active_then_suppressed_then_resolved() -> None:
    alert = report(0, 10)
    covering = [kept(2, 6)]
    states = [state_of(alert, covering, NOW + minute * MINUTE) for minute in (0, 2, 5, 6, 9, 10)]
    assert states == ["active", "suppressed", "suppressed", "active", "active", "resolved"]
    assert state_of(alert, [kept(-5, 6, "B")], NOW) == "active"


def test_senseless_silences_are_refused() -> None:
    for start, end in [(5, 5), (5, 1), (-5, -1)]:
        with pytest.raises(InvalidRequestError):
            checked_silence(silence(start, end), "s", NOW)
    with pytest.raises(InvalidRequestError, match="empty text"):
        checked_silence(silence(0, 5, value=""), "s", NOW)
    assert checked_silence(silence(-60, 5), "s", NOW).starts_at == NOW


def test_history_is_not_rewritten_by_changing_a_silence() -> None:
    working, waiting, over = kept(-5, 5), kept(5, 9), kept(-9, -5)
    assert can_change(working, silence(-5, 50), NOW)
    assert not can_change(working, silence(-4, 50), NOW)
    assert not can_change(working, silence(-5, 50, value="B"), NOW)
    assert can_change(waiting, silence(6, 9), NOW)
    assert not can_change(over, silence(-9, 9), NOW)
    assert expired(waiting, NOW).ends_at == expired(waiting, NOW).starts_at == NOW
