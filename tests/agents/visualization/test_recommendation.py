from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from agents.visualization.axis_scale import axis_limits, value_range
from agents.visualization.recommendation import recommend
from agents.visualization.rules import RULES
from agents.visualization.scene import Scene
from agents.visualization.spec import Bars, Boxes, Cells, Chart, Density, Line, Points, Slices

Maker = Callable[..., Scene]
GOALS = (
    "매출 데이터를 그래프로 보여줘",
    "visualise the data",
    "draw monthly sales by region",
    "지역별 월 매출을 막대그래프로 보여줘",
    "지역별 가격을 막대그래프로",
    "monthly unit price as an area chart",
    "bar chart of revenue by region and promotion",
    "파레토 차트로 지역별 매출",
    "pie chart of price by region",
)


def _charts(scene: Scene) -> list[Chart]:
    return recommend(scene, 8)


@pytest.mark.parametrize(
    ("goal", "kind"),
    [
        ("지역별 월 매출을 막대그래프로 보여줘", "bar"),
        ("draw monthly sales by region", "line"),
        ("scatter of price against quantity", "scatter"),
        ("매출 분포를 히스토그램으로 그려줘", "histogram"),
        ("box plot of revenue by region", "box"),
        ("제품이 아니라 지역별 매출 비중을 원그래프로", "pie"),
        ("heat map of sales by weekday", "heatmap"),
        ("stacked area chart of monthly sales by region", "area"),
        ("pareto chart of sales by region", "pareto"),
    ],
)
def test_a_question_for_one_chart_gets_exactly_that(scene_of: Maker, goal: str, kind: str) -> None:
    charts = _charts(scene_of(goal))
    assert [chart.kind for chart in charts] == [kind]


def test_an_open_question_gets_several_different_charts(scene_of: Maker) -> None:
    charts = _charts(scene_of("visualise the data"))
    assert 3 <= len(charts) <= 8
    assert len({(chart.kind, chart.title) for chart in charts}) == len(charts)
    assert charts[0].kind == "line"


@pytest.mark.parametrize("goal", GOALS)
def test_bars_and_areas_start_at_zero(scene_of: Maker, goal: str) -> None:
    for chart in _charts(scene_of(goal)):
        if any(isinstance(mark, Bars) for mark in chart.marks) or chart.kind in {"area", "histogram"}:
            axis = chart.x if chart.horizontal else chart.y
            assert axis.zero
            low, high = axis_limits(axis, value_range(chart, "x" if chart.horizontal else "y"))
            assert low == 0 < high


@pytest.mark.parametrize("goal", GOALS)
def test_an_intensive_measure_is_never_summed(scene_of: Maker, goal: str) -> None:
    # every price is between 4 and 6: any sum of them would be larger
    for chart in _charts(scene_of(goal)):
        about_price = any("unit price" in text.lower() for text in (chart.title, chart.subtitle))
        if (
            about_price
            and chart.kind in {"bar", "line", "area", "pie", "pareto", "heatmap"}
            and not chart.y.order
        ):
            assert max(value_range(chart, "y")) <= 6
        if about_price and chart.horizontal:
            assert max(value_range(chart, "x")) <= 6


def test_shares_of_an_intensive_measure_are_refused_with_a_reason(scene_of: Maker) -> None:
    (chart,) = _charts(scene_of("pie chart of price by region"))
    assert chart.kind == "bar"
    assert "does not add up" in chart.warning
    assert not any(isinstance(mark, Slices) for mark in chart.marks)


def test_a_pie_carries_a_warning_and_few_slices(scene_of: Maker) -> None:
    (chart,) = _charts(scene_of("pie chart of sales by region"))
    (slices,) = chart.marks
    assert isinstance(slices, Slices)
    assert len(slices.names) <= 6
    assert "hard to compare" in chart.warning


def test_a_line_over_unordered_categories_becomes_bars_with_a_warning(scene_of: Maker) -> None:
    scene = scene_of("지역별 매출을 선그래프로")
    charts = _charts(scene)
    assert charts[0].kind == "line"
    assert charts[0].x.kind == "time"


@pytest.mark.parametrize("goal", GOALS)
def test_categories_are_limited_and_the_rest_is_named(scene_of: Maker, goal: str) -> None:
    scene = scene_of(goal)
    for chart in _charts(scene):
        for mark in chart.marks:
            if isinstance(mark, Bars) and chart.horizontal:
                assert len(mark.x) <= 15
        if len(chart.marks) > 2 and all(isinstance(mark, Bars | Line) for mark in chart.marks):
            assert len(chart.marks) <= 6
    if scene.request.form is None and not scene.request.exact:
        ranking = next(chart for chart in _charts(scene) if chart.kind == "bar")
        (bars,) = ranking.marks
        assert isinstance(bars, Bars)
        assert bars.x[-1] == ("기타" if scene.language == "ko" else "Other")


def test_a_coloured_scatter_of_many_rows_is_a_said_sample(scene_of: Maker) -> None:
    (chart,) = _charts(scene_of("scatter of price against quantity coloured by promotion"))
    assert sum(len(mark.x) for mark in chart.marks if isinstance(mark, Points)) == 3000
    assert "at random" in chart.warning


@pytest.mark.parametrize("goal", GOALS)
def test_time_runs_forward(scene_of: Maker, goal: str) -> None:
    for chart in _charts(scene_of(goal)):
        for mark in chart.marks:
            if chart.x.kind == "time" and isinstance(mark, Line):
                assert list(mark.x) == sorted(mark.x, key=str)
        if chart.x.order and chart.x.order[0].startswith("2022-"):
            assert list(chart.x.order) == sorted(chart.x.order)


def test_the_parts_of_a_stack_add_up_to_the_whole(scene_of: Maker, shop: Any) -> None:
    (chart,) = _charts(scene_of("지역별 월 매출을 막대그래프로 보여줘"))
    frame = shop[0]
    total = sum(sum(v for v in mark.y if v is not None) for mark in chart.marks if isinstance(mark, Bars))
    assert total == pytest.approx(frame["revenue"].sum())
    assert chart.bars == "stack"


def test_the_ranking_is_the_sum_by_hand(scene_of: Maker, shop: Any) -> None:
    (chart,) = _charts(scene_of("bar chart of revenue by region"))
    (bars,) = chart.marks
    assert isinstance(bars, Bars)
    expected = shop[0].groupby("region")["revenue"].sum().sort_values(ascending=False)
    assert list(bars.x[:11]) == expected.index[:11].tolist()
    assert list(bars.y[:11]) == pytest.approx(expected.iloc[:11].tolist())
    assert bars.y[11] == pytest.approx(expected.iloc[11:].sum())


def test_a_mean_of_the_rest_is_the_mean_of_its_rows(scene_of: Maker, shop: Any) -> None:
    (chart,) = _charts(scene_of("bar chart of unit price by region"))
    (bars,) = chart.marks
    assert isinstance(bars, Bars)
    frame = shop[0]
    rest = frame[~frame["region"].isin(bars.x)]
    assert bars.y[bars.x.index("Other")] == pytest.approx(rest["unit_price"].mean())


def test_the_heat_map_is_the_mean_of_daily_sums(scene_of: Maker, shop: Any) -> None:
    (chart,) = _charts(scene_of("heat map of sales by weekday"))
    (cells,) = chart.marks
    assert isinstance(cells, Cells)
    daily = shop[0].groupby("date")["revenue"].sum()
    mondays_in_march = daily[(daily.index.day_of_week == 0) & (daily.index.month == 3)]
    assert cells.z[0][2] == pytest.approx(mondays_in_march.mean())


def test_box_numbers_are_numpys(scene_of: Maker, shop: Any) -> None:
    (chart,) = _charts(scene_of("box plot of revenue by promotion"))
    (boxes,) = chart.marks
    assert isinstance(boxes, Boxes)
    frame = shop[0]
    sample = frame.loc[frame["promotion"] == boxes.names[0], "revenue"].to_numpy()
    assert (boxes.q1[0], boxes.median[0], boxes.q3[0]) == pytest.approx(
        tuple(np.quantile(sample, [0.25, 0.5, 0.75]))
    )


def test_a_scatter_of_many_rows_counts_them_in_cells_and_says_so(scene_of: Maker, shop: Any) -> None:
    (chart,) = _charts(scene_of("scatter of price against quantity"))
    (cells,) = [mark for mark in chart.marks if isinstance(mark, Density)]
    assert sum(map(sum, cells.counts)) + chart.evidence["beyond"] == len(shop[0])
    assert "too many for dots" in chart.warning
    expected = np.corrcoef(shop[0]["unit_price"], shop[0]["quantity"])[0, 1]
    assert chart.evidence["pearson"] == pytest.approx(expected)
    assert (chart.x.title, chart.y.title) == ("Quantity", "Unit price")


def test_a_forecast_comes_first_with_both_bands(scene_of: Maker, forecast: dict[str, Any]) -> None:
    charts = _charts(scene_of("매출을 예측하고 보여줘", forecast=forecast))
    assert charts[0].kind == "forecast"
    assert [getattr(mark, "name", "") for mark in charts[0].marks] == ["95% 구간", "80% 구간", "실제", "예측"]
    assert charts[0].title == "Revenue 예측 합계 7,800,000(6,900,000 ~ 8,700,000)"


def test_a_model_gets_its_charts(scene_of: Maker, classifier: dict[str, Any]) -> None:
    charts = {chart.kind: chart for chart in _charts(scene_of("build a model", model=classifier))}
    assert {"leaderboard", "importance", "roc"} <= set(charts)
    # trapezoids: 0.5 * (0 + 1) / 2 + 0.5 * 1
    assert charts["roc"].evidence["area"] == pytest.approx(0.75)


def test_every_rule_says_why_in_both_languages() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.en.endswith(".")
        assert rule.ko.endswith("다.")


def test_the_reason_is_in_the_language_of_the_question(scene_of: Maker) -> None:
    assert all(chart.reason.endswith("다.") for chart in _charts(scene_of("그래프로 보여줘")))
    assert all(not chart.reason.endswith("다.") for chart in _charts(scene_of("show charts")))


def test_the_top_is_exactly_as_many(scene_of: Maker) -> None:
    (chart,) = _charts(scene_of("매출 상위 3개 지역을 막대그래프로 보여줘"))
    (bars,) = chart.marks
    assert isinstance(bars, Bars)
    assert bars.x == ("City A", "City B", "City C")
    assert chart.warning == "나머지 12개 항목은 표시하지 않았습니다."
