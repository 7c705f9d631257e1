from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from agents.visualization.recommendation import recommend
from agents.visualization.scene import Scene
from agents.visualization.service import Drawing, Order, draw
from mesh.language import detect_language
from mesh.results import Column

Maker = Callable[..., Scene]
Writer = Callable[[pd.DataFrame], Path]
NORMAL = np.random.default_rng(1).normal(size=60)


@pytest.fixture
def drawn_of(parquet: Writer, tmp_path: Path) -> Callable[..., list[Drawing]]:
    """Charts of a frame whose columns are measures, but for categories (text) and dates."""

    def draw_it(frame: pd.DataFrame, goal: str, **inputs: dict[str, Any]) -> list[Drawing]:
        columns = []
        for name in frame:
            dated = pd.api.types.is_datetime64_any_dtype(frame[name])
            number = pd.api.types.is_numeric_dtype(frame[name])
            kind = (
                ("datetime", "date") if dated else ("number", "measure") if number else ("string", "category")
            )
            columns.append(Column.model_validate({"name": name, "type": kind[0], "semantic": kind[1]}))
        return draw(Order(parquet(frame), columns, goal, detect_language(goal), "x", inputs, tmp_path, 8))

    return draw_it


@pytest.mark.parametrize("goal", ["draw the data", "scatter of huge against v", "huge 히스토그램을 그려줘"])
def test_numbers_beyond_computation_are_left_out_and_said_to_be(
    drawn_of: Callable[..., list[Drawing]], goal: str
) -> None:
    frame = pd.DataFrame(
        {"huge": [1e300 * (1 + i) for i in range(60)], "sign": [1.7e308, -1.7e308] * 30, "v": NORMAL}
    )
    drawings = drawn_of(frame, goal)
    assert "huge, sign" in drawings[0].data["warning"]


def test_a_model_of_such_numbers_is_not_drawn(drawn_of: Callable[..., list[Drawing]]) -> None:
    model = {"target": "v", "metric": "rmse", "holdout": {"actual_vs_predicted": [[1e300, -1e300]] * 9}}
    kinds = [drawing.data["kind"] for drawing in drawn_of(pd.DataFrame({"v": NORMAL}), "draw", model=model)]
    assert kinds == ["histogram"]


@pytest.mark.parametrize(
    ("values", "title"),
    [
        ([1.0], "v is 1 in 1 of 1 rows"),
        ([2.0, 1.0, 2.0], "v is 2 in 2 of 3 rows"),
        ([5.0] * 30, "v is 5 in 30 of 30 rows"),
        ([1e300, 2e300], "v has a value in 2 of 2 rows"),
    ],
)
def test_a_table_with_numbers_always_has_a_chart(
    drawn_of: Callable[..., list[Drawing]], values: list[float], title: str
) -> None:
    (drawing,) = drawn_of(pd.DataFrame({"v": values}), "draw the data")
    assert drawing.data["title"] == title
    assert drawing.png.stat().st_size > 0


def test_a_column_that_cannot_be_drawn_gives_way_to_one_that_can(
    drawn_of: Callable[..., list[Drawing]],
) -> None:
    frame = pd.DataFrame({"a": 5.0, "b": 6.0, "c": 7.0, "v": NORMAL})
    assert "histogram" in [drawing.data["kind"] for drawing in drawn_of(frame, "draw the data")]


def test_months_that_are_not_drawn_are_said_to_be_missing(drawn_of: Callable[..., list[Drawing]]) -> None:
    undated = pd.DataFrame({"v": NORMAL, "group": ["a", "b", "c"] * 20})
    korean = drawn_of(undated, "월별 그래프를 그려줘")[0].data["warning"]
    assert "날짜로 읽을 수 있는 열이 없어 월별 그래프는 그릴 수 없습니다" in korean
    one_day = pd.DataFrame({"date": pd.Timestamp("2024-01-01"), "v": NORMAL})
    assert "All rows have the same date" in drawn_of(one_day, "draw monthly v")[0].data["warning"]
    assert "nothing is drawn by month" in drawn_of(undated, "draw monthly v")[0].data["warning"]
    yearly = pd.DataFrame({"date": pd.date_range("2000-01-01", periods=20, freq="YS"), "v": NORMAL[:20]})
    assert "drawn by year" in drawn_of(yearly, "draw monthly v")[0].data["warning"]
    one_month = pd.DataFrame({"date": pd.date_range("2024-01-01", periods=20), "v": NORMAL[:20]})
    assert "do not show the data by month" in drawn_of(one_month, "draw monthly v")[0].data["warning"]


def test_months_that_are_drawn_need_no_warning(
    drawn_of: Callable[..., list[Drawing]], scene_of: Maker
) -> None:
    (chart,) = recommend(scene_of("draw monthly sales by region"), 8)
    assert chart.warning == ""
    named = pd.DataFrame({"month": ["Jan", "Feb", "Mar"] * 20, "v": NORMAL})
    assert "warning" not in drawn_of(named, "bar chart of v by month")[0].data


@pytest.mark.parametrize(
    ("goal", "word"), [("draw monthly v", "unchanged"), ("월별 v를 그려줘", "변화 없음")]
)
def test_a_change_that_prints_as_nothing_is_neither_a_rise_nor_a_fall(
    drawn_of: Callable[..., list[Drawing]], goal: str, word: str
) -> None:
    dates = pd.date_range("2022-01-01", "2023-12-01", freq="MS")
    frame = pd.DataFrame({"date": dates, "v": [1000.0 + i % 12 for i in range(23)] + [1012.0]})
    assert word in drawn_of(frame, goal)[0].data["title"]


def test_models_are_called_by_their_labels(
    scene_of: Maker, classifier: dict[str, Any], forecast: dict[str, Any]
) -> None:
    labelled = [row | {"label": f"The {row['model']}"} for row in classifier["leaderboard"]]
    report = classifier | {"leaderboard": labelled}
    scene = scene_of("모델을 그래프로 보여줘", model=report, forecast=forecast | {"model": "GBM"})
    charts = {chart.kind: chart for chart in recommend(scene, 20)}
    assert charts["leaderboard"].y.order == ("The GBM", "The Prior")
    assert charts["leaderboard"].title.startswith("The GBM 모델이 가장 우수")
    assert "주홍색" in charts["leaderboard"].subtitle
    assert charts["importance"].subtitle == "The GBM의 변수 중요도"
    assert charts["forecast"].subtitle.endswith("· The GBM")
