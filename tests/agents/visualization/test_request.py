from collections.abc import Callable

import pytest

from agents.visualization.scene import Scene

Maker = Callable[..., Scene]


@pytest.mark.parametrize(
    ("goal", "form"),
    [
        ("지역별 매출을 막대그래프로 보여줘", "bar"),
        ("매출 분포를 히스토그램으로", "histogram"),
        ("가격과 수량의 산점도를 그려줘", "scatter"),
        ("scatter of price against quantity", "scatter"),
        ("a box plot of revenue by region", "box"),
        ("매출을 파이 차트로", "pie"),
        ("요일별 히트맵", "heatmap"),
        ("stacked bars of monthly sales", "stacked"),
        ("매출을 분석해줘", None),
        ("prices on a sunny day", None),
    ],
)
def test_the_form_asked_for(scene_of: Maker, goal: str, form: str | None) -> None:
    assert scene_of(goal).request.form == form


@pytest.mark.parametrize(
    ("goal", "exact"),
    [
        ("draw monthly sales by region", True),
        ("월별 매출을 시각화해줘", True),
        ("지역별 매출을 막대그래프로 그려줘", True),
        ("매출 데이터를 분석하고 그래프로 보여줘", False),
        ("draw charts of the data", False),
        ("analyse the sales data and build a forecast model", False),
    ],
)
def test_only_a_question_for_one_chart_is_exact(scene_of: Maker, goal: str, exact: bool) -> None:
    assert scene_of(goal).request.exact is exact


def test_columns_are_in_the_order_of_mention_and_against_turns_it(scene_of: Maker) -> None:
    assert scene_of("수량과 가격의 산점도").request.measures == ("quantity", "unit_price")
    assert scene_of("scatter of price against quantity").request.measures == ("quantity", "unit_price")


def test_period_and_top_are_read(scene_of: Maker) -> None:
    request = scene_of("월별 매출 상위 3개 지역 그래프").request
    assert (request.grain, request.top) == ("MS", 3)
