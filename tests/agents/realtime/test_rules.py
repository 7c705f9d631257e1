"""Rules as people say them in both languages, and back in words."""

import pytest

from agents.realtime.fields import key_field
from agents.realtime.rule_reading import read_request, read_rule
from agents.realtime.rules import Rule, rule_text
from agents.realtime.watch_asking import WatchParams, spec_of, watch_to_stop
from agents.realtime.window import Window
from mesh.errors import BadInputError


@pytest.mark.parametrize(
    ("text", "rule", "window_s", "by"),
    [
        ("5분 평균이 100을 넘으면 알려줘", ("mean", ">", 100), 300, None),
        ("alert when the 5-minute average exceeds 100", ("mean", ">", 100), 300, None),
        ("온도의 1분 평균이 30도 이상이면 경보", ("mean", ">=", 30), 60, None),
        ("1분간 오류가 50건 이상이면 알려줘", ("count", ">=", 50), 60, None),
        ("Tell me when more than 50 events arrive per minute", ("count", ">", 50), 60, None),
        ("notify me if the 10 minute max goes above 80.5 for each sensor", ("max", ">", 80.5), 600, "sensor"),
        ("센서별로 1시간 합계가 1만을 넘으면 알려줘", ("sum", ">", 10_000), 3600, "센서"),
        ("전력이 20 아래로 떨어지면 알려줘", ("mean", "<", 20), None, None),
        ("10초 평균이 5 이하로 내려가면", ("mean", "<=", 5), 10, None),
        ("warn if power drops below -5", ("mean", "<", -5), None, None),
        ("매출 합계가 1,500,000원 미만이면", ("sum", "<", 1_500_000), None, None),
        ("alert when the 5 min minimum is at most 3", ("min", "<=", 3), 300, None),
        ("if the average over 5 minutes is over 12", ("mean", ">", 12), 300, None),
        ("응답 시간이 200ms를 넘으면 알려줘", ("mean", ">", 200), None, None),
        ("the standard deviation in 30 seconds reaches 2", ("std", ">=", 2), 30, None),
    ],
)
def test_a_rule_is_read(
    text: str, rule: tuple[str, str, float], window_s: float | None, by: str | None
) -> None:
    asked = read_request(text)
    assert asked.rule is not None
    assert (asked.rule.statistic, asked.rule.comparison, asked.rule.threshold) == rule
    assert (asked.window_s, asked.by) == (window_s, by)


@pytest.mark.parametrize(
    ("text", "statistic", "share", "items"),
    [
        ("Alert when the 95th percentile of latency exceeds 200 in 5 minutes", "quantile", 0.95, None),
        ("latency p99가 1분 동안 300을 넘으면 알려줘", "quantile", 0.99, None),
        ("응답 시간의 99.9 백분위수가 300을 넘으면", "quantile", 0.999, None),
        ("1분 중앙값이 10 아래로 떨어지면 알려줘", "quantile", 0.5, None),
        ("5분 동안 고유 사용자 수가 100명을 넘으면 알려줘", "distinct", None, "사용자"),
        ("alert when more than 50 distinct users appear per minute", "distinct", None, "users"),
        ("watch the top 5 products per 5 minutes, sum above 3", "sum", None, "products"),
        ("상위 3개 상품을 보고 10분 합계가 5를 넘으면", "sum", None, "상품을"),
    ],
)
def test_quantiles_and_items_are_read(
    text: str, statistic: str, share: float | None, items: str | None
) -> None:
    asked = read_request(text)
    assert asked.rule is not None
    assert (asked.rule.statistic, asked.rule.share, asked.items) == (statistic, share, items)
    for language in ("en", "ko"):
        said = rule_text(asked.rule, "load", "5 minutes", "ko" if language == "ko" else "en")
        assert read_rule(said) == asked.rule


@pytest.mark.parametrize(
    ("word", "field"),
    [
        ("users", "user_id"),
        ("사용자가", "user_id"),
        ("국가", "country"),
        ("product", "product"),
        ("moon", None),
    ],
)
def test_a_word_finds_its_field(word: str, field: str | None) -> None:
    assert key_field(word, ["id", "user_id", "product", "country"]) == field


@pytest.mark.parametrize("text", ["watch the stream", "스트림을 감시해줘", "5분 평균", "the last 10 minutes"])
def test_a_sentence_without_a_condition_has_no_rule(text: str) -> None:
    assert read_request(text).rule is None
    with pytest.raises(BadInputError, match="no condition"):
        read_rule(text)


def test_a_rule_is_said_back_in_both_languages() -> None:
    rule = Rule(statistic="mean", comparison=">", threshold=1500.5)
    assert rule_text(rule, "power", "5 minutes", "en") == (
        "the average of power in a window of 5 minutes is above 1,500.5"
    )
    assert rule_text(rule, "power", "5분", "ko") == "5분 윈도우의 power 평균이 1,500.5 초과"


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("comparison", [">", ">=", "<", "<="])
def test_a_rule_said_back_is_read_as_the_same_rule(language: str, comparison: str) -> None:
    rule = Rule.model_validate({"statistic": "sum", "comparison": comparison, "threshold": 42})
    window = "5 minutes" if language == "en" else "5분"
    said = rule_text(rule, None, window, "en" if language == "en" else "ko")
    assert read_rule(said) == rule


def test_a_rule_holds_by_the_level_of_a_window() -> None:
    window = Window(0, 60)
    assert Rule(statistic="mean", comparison=">", threshold=1).level(window) is None
    for value, item in ((1.0, "a"), (2.0, "b"), (6.0, "a")):
        window.add(value, item)
    levels = {"mean": 3.0, "sum": 9.0, "min": 1.0, "max": 6.0, "count": 3.0, "std": 7**0.5, "distinct": 2.0}
    for statistic, wanted in levels.items():
        rule = Rule.model_validate({"statistic": statistic, "comparison": ">=", "threshold": wanted - 1e-9})
        level = rule.level(window)
        assert level == pytest.approx(wanted)
        assert level is not None
        assert rule.holds(level)
    # Between the 2nd and the 3rd of three values, as pandas has it: 2 + (6 - 2) * 0.5.
    assert Rule(statistic="quantile", comparison=">", threshold=1, share=0.75).level(window) == 4.0
    assert not Rule(statistic="mean", comparison="<", threshold=3).holds(3.0)
    # An event without a value is an event.
    window.add(None, None)
    assert Rule(statistic="count", comparison=">", threshold=1).level(window) == 4.0


def test_parameters_go_before_words_and_a_named_connection_is_used() -> None:
    params = WatchParams(window="30s", by="device", allowed_lateness="5s")
    spec = spec_of(
        "Alert when the 5 minute average of plant-2 exceeds 7", "en", params, ["plant", "plant-2"], "m1"
    )
    assert (spec.size_s, spec.by, spec.lateness_s, spec.connection) == (30, "device", 5, "plant-2")
    assert spec.id == spec_of("anything", "en", params, [], "m1").id
    assert spec_of("5분 평균이 7을 넘으면", "ko", WatchParams(), ["plant"], "m2").connection is None
    with pytest.raises(BadInputError, match="slide"):
        spec_of("watch", "en", WatchParams(window="1m", slide="2m"), [], "m3")


@pytest.mark.parametrize(
    ("text", "ids", "wanted"),
    [
        ("w-2 감시를 멈춰줘", ["w-1", "w-2"], "w-2"),
        ("Stop the watch", ["w-1"], "w-1"),
        ("감시를 꺼줘", ["w-1"], "w-1"),
        ("Stop the watch", ["w-1", "w-2"], None),
        ("스트림을 감시해줘", ["w-1"], None),
        ("Stop the watch", [], None),
    ],
)
def test_only_a_watch_that_is_plainly_meant_is_stopped(text: str, ids: list[str], wanted: str | None) -> None:
    assert watch_to_stop(text, ids) == wanted
