from collections.abc import Callable
from typing import Any

import pytest

from agents.visualization.palette import SERIES, series_color
from agents.visualization.plotly_figure import plotly_figure
from agents.visualization.raster_text import fit_text, width_of
from agents.visualization.recommendation import recommend
from agents.visualization.scene import Scene
from agents.visualization.time_ticks import day_number, time_ticks


def test_plotly_says_what_the_chart_says(scene_of: Callable[..., Scene]) -> None:
    (chart,) = recommend(scene_of("bar chart of revenue by region"), 8)
    figure = plotly_figure(chart, "en")
    (bars,) = chart.marks
    assert figure["data"][0]["x"] == list(bars.y)  # type: ignore[union-attr]
    assert figure["layout"]["yaxis"]["categoryarray"] == list(chart.y.order)
    assert figure["layout"]["xaxis"]["range"][0] == 0
    assert chart.title in figure["layout"]["title"]["text"]


def test_dates_are_iso_and_the_axis_is_a_date_axis(scene_of: Callable[..., Scene]) -> None:
    (chart,) = recommend(scene_of("draw monthly sales by region"), 8)
    figure = plotly_figure(chart, "en")
    assert figure["data"][0]["x"][:2] == ["2022-01-01", "2022-02-01"]
    assert figure["layout"]["xaxis"]["type"] == "date"


def test_a_forecast_band_is_filled_between_its_bounds(
    scene_of: Callable[..., Scene], forecast: dict[str, Any]
) -> None:
    chart = recommend(scene_of("forecast", forecast=forecast), 1)[0]
    traces = plotly_figure(chart, "en")["data"]
    assert [t.get("fill") for t in traces] == [None, "tonexty", None, "tonexty", None, None]
    assert traces[0]["y"][0] == 1.1e6
    assert traces[1]["y"][0] == 1.5e6


def test_the_palette_is_okabe_and_itos() -> None:
    assert set(SERIES) <= {"#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#F0E442"}
    assert series_color(99) not in SERIES


@pytest.mark.parametrize(
    ("first", "last", "language", "texts"),
    [
        ("2020-01-01", "2020-06-01", "en", ["Jan\n2020", "Feb", "Mar", "Apr", "May", "Jun"]),
        ("2020-01-01", "2020-06-01", "ko", ["1월\n2020년", "2월", "3월", "4월", "5월", "6월"]),
        ("2010-01-01", "2018-01-01", "en", [str(year) for year in range(2010, 2019)]),
    ],
)
def test_time_ticks(first: str, last: str, language: Any, texts: list[str]) -> None:
    assert time_ticks([day_number(first), day_number(last)], language)[1] == texts


def test_hangul_counts_double_and_long_text_is_cut() -> None:
    assert width_of("매출 a") == 6
    assert fit_text("one two three", 7, 2) == "one two\nthree"
    assert fit_text("abcdefghij", 5, 1) == "abcd…"
