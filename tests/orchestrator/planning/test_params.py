from typing import Any

import pytest

from orchestrator.planning.params import params_from
from orchestrator.planning.skills import SkillView


def schema_of(skills: list[SkillView], skill_id: str) -> dict[str, Any]:
    return next(skill.params_schema for skill in skills if skill.skill_id == skill_id)


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        ("predict churn", {}),
        ("Build a classification model", {"task": "classification"}),
        ("회귀 모델을 만들어줘", {"task": "regression"}),
        (
            "Forecast sales for the next 3 months",
            {"task": "forecast", "horizon": 3, "horizon_unit": "month"},
        ),
        ("다음 3개월 매출을 예측해줘", {"horizon": 3, "horizon_unit": "month"}),
        ("향후 여섯 주 판매량을 예측해줘", {"horizon": 6, "horizon_unit": "week"}),
        ("predict demand 12 periods ahead", {"horizon": 12}),
        ("compare classification and regression", {}),
        ("predict who buys 3 items", {}),
        ("Forecast sales for the next 999 days", {"task": "forecast", "horizon_unit": "day"}),
    ],
)
def test_only_what_is_said_becomes_a_parameter(
    goal: str, expected: dict[str, Any], skills: list[SkillView]
) -> None:
    assert params_from(goal, schema_of(skills, "train_model"), {}) == expected


def test_three_months_are_not_three_periods_of_unknown_length() -> None:
    periods = {"properties": {"horizon": {"type": "integer", "description": "Forecast horizon in periods."}}}
    months = {"properties": {"horizon_months": {"type": "integer", "description": "Forecast horizon."}}}
    assert params_from("forecast the next 3 months", periods, {}) == {}
    assert params_from("forecast the next 3 periods", periods, {}) == {"horizon": 3}
    assert params_from("forecast the next 3 months", months, {}) == {"horizon_months": 3}
    assert params_from("forecast the next 3 weeks", months, {}) == {}


def test_a_kind_of_chart_is_taken_from_either_language(skills: list[SkillView]) -> None:
    schema = schema_of(skills, "draw_charts")
    assert params_from("막대 그래프로 그려줘", schema, {}) == {"kind": "bar"}
    assert params_from("draw a heatmap", schema, {}) == {"kind": "heatmap"}
    assert params_from("draw the pipeline of barcodes", schema, {}) == {}


def test_a_count_is_taken_only_by_a_field_for_it() -> None:
    top = {"properties": {"top_n": {"type": "integer"}, "limit": {"type": "integer"}}}
    assert params_from("상위 5개 매장", top, {}) == {"top_n": 5}
    assert params_from("top 10 stores", top, {}) == {"top_n": 10}


def test_what_the_order_sets_wins_and_what_the_schema_refuses_is_left_out(skills: list[SkillView]) -> None:
    schema = schema_of(skills, "train_model")
    assert params_from("classification", schema, {"task": "regression"}) == {"task": "regression"}
    assert params_from("predict", schema, {"horizon": -1, "other": 1}) == {}


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        ("Load the sheet 'Costs' and summarise it", {"sheet": "Costs"}),
        ('Read the worksheet named "Q1 2024"', {"sheet": "Q1 2024"}),
        ("'비용' 시트를 불러와줘", {"sheet": "비용"}),
        ("‘매출’이라는 시트를 분석해줘", {"sheet": "매출"}),
        ("analyse sheet 2", {"sheet": 2}),
        ("Open the second sheet", {"sheet": 2}),
        ("세 번째 시트를 열어줘", {"sheet": 3}),
        ("2번째 표를 보여줘", {"table": 2}),
        ("Load the table 'Costs'", {"table": "Costs"}),
        ("Import the Excel sheet", {}),
        ("엑셀 시트를 읽어줘", {}),
        ("Show a table of the sales", {}),
    ],
)
def test_a_sheet_or_table_is_taken_when_it_is_named_or_counted(goal: str, expected: dict[str, Any]) -> None:
    choice = {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]}
    assert params_from(goal, {"properties": {"sheet": choice, "table": choice}}, {}) == expected
