from collections.abc import Callable
from datetime import date

import pytest

from agents.visualization.column_words import COLUMN_WORDS
from agents.visualization.moments import stretches
from agents.visualization.request import Filter
from agents.visualization.scene import Scene
from mesh.tabular.lexicon import CONCEPTS, concepts_of

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


@pytest.mark.parametrize(
    ("text", "first", "last", "months"),
    [
        ("from march to june 2023", "2023-03-01", "2023-06-30", ()),
        ("2023년 3월부터 6월까지", "2023-03-01", "2023-06-30", ()),
        ("between march and june 2023", "2023-03-01", "2023-06-30", ()),
        ("2022년 11월부터 2월까지", "2022-11-01", "2023-02-28", ()),
        ("november to february 2023", "2022-11-01", "2023-02-28", ()),
        ("2023년 1분기와 2분기", "2023-01-01", "2023-06-30", ()),
        ("march and june 2023", "2023-03-01", "2023-06-30", (3, 6)),
    ],
)
def test_months_take_the_year_of_those_they_are_named_with(
    text: str, first: str, last: str, months: tuple[int, ...]
) -> None:
    whole, *single = stretches(text, date(2023, 12, 31))
    assert (whole.op, [day.isoformat() for day in whole.days]) == ("between", [first, last])
    assert tuple(month for part in single for month in part.months) == months


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("11월부터 2월까지", (11, 12, 1, 2)),
        ("from november to february", (11, 12, 1, 2)),
        ("in november and february", (11, 2)),
        ("3월과 6월", (3, 6)),
        ("sales may rise", ()),
    ],
)
def test_months_without_a_year_run_on_into_the_next(text: str, months: tuple[int, ...]) -> None:
    assert [month for part in stretches(text, None) for month in part.months] == list(months)


def test_a_limit_is_written_out_in_full() -> None:
    assert Filter("revenue", ">", (1_000_000.0,)).text() == "revenue > 1,000,000"
    assert Filter("revenue", "<=", (0.25,)).text() == "revenue <= 0.25"


def test_words_for_columns_say_what_the_shared_concepts_do_not() -> None:
    said = {
        word: [set(CONCEPTS[name][0]) for name in concepts_of(word)] for row in COLUMN_WORDS for word in row
    }
    covered = [
        row for row in COLUMN_WORDS if all(set(row) <= set().union(*said[word], {word}) for word in row)
    ]
    assert covered == []
