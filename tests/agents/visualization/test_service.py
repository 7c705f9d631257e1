import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.image
import pandas as pd
import pytest
from plotly.graph_objects import Figure

from agents.visualization.service import Drawing, Order, draw
from mesh.errors import BadInputError
from mesh.language import detect_language
from mesh.results import MAX_DATA_BYTES, Column

Table = tuple[pd.DataFrame, list[Column]]
Writer = Callable[[pd.DataFrame], Path]
NUMBER = re.compile(r"(?<![\w.-])\d[\d,]*(?:\.\d+)?%?")


@pytest.fixture
def drawn(shop: Table, parquet: Writer, tmp_path: Path) -> Callable[..., list[Drawing]]:
    """Draws the answer to a question into a fresh folder."""
    path = parquet(shop[0])

    def make(goal: str, **inputs: dict[str, Any]) -> list[Drawing]:
        folder = tmp_path / f"out-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        return draw(Order(path, shop[1], goal, detect_language(goal), "shop", inputs, folder, 8))

    return make


@pytest.mark.parametrize("goal", ["그래프로 보여줘", "visualise the data"])
def test_every_chart_is_complete(drawn: Callable[..., list[Drawing]], goal: str) -> None:
    for drawing in drawn(goal):
        data = json.loads(json.dumps(drawing.data, allow_nan=False))
        assert {"kind", "title", "plotly", "alt", "table", "reason"} <= set(data)
        assert len(json.dumps(data)) < MAX_DATA_BYTES / 4
        assert data["title"]
        assert data["alt"]
        assert detect_language(data["reason"]) == detect_language(goal)
        assert 0 < len(data["table"]["rows"]) <= 200
        assert all(len(row) == len(data["table"]["columns"]) for row in data["table"]["rows"])


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in _leaves(item)]
    if isinstance(value, list | tuple):
        return [leaf for item in value for leaf in _leaves(item)]
    return [value]


def _unresolved(data: dict[str, Any]) -> list[str]:
    """Number tokens of a chart's texts that neither its evidence nor its table holds, as rounded in print."""
    facts = _leaves([data["evidence"], data["table"]])
    numbers = [abs(float(f)) for f in facts if isinstance(f, int | float) and not isinstance(f, bool)]
    words = " ".join(f for f in facts if isinstance(f, str))
    missing = []
    for text in (data["title"], data["subtitle"], data["alt"], data.get("warning", "")):
        for token in NUMBER.findall(text):
            digits, percent = token.rstrip("%").replace(",", ""), token.endswith("%")
            wanted = float(digits) / (100 if percent else 1)
            unit = 10.0 ** -(len(digits.partition(".")[2]) + (2 if percent else 0))
            if not any(abs(n - wanted) <= 0.5000001 * unit for n in numbers) and digits not in words:
                missing.append(f"{token} in {text}")
    return missing


@pytest.mark.parametrize(
    "goal",
    [
        *(
            "Show sales over time",
            "월별 지역별 매출을 선그래프로",
            "bar chart of revenue by region, only 2023",
        ),
        *(
            "요일별 매출 히트맵",
            "histogram of revenue",
            "scatter of price against quantity",
            "매출을 큰 숫자로",
        ),
        *("단가 분포를 지역별 박스플롯으로", "waterfall of quarterly revenue", "파레토 차트로 지역별 매출"),
    ],
)
def test_the_title_of_a_chart_is_a_finding_with_its_numbers(
    drawn: Callable[..., list[Drawing]], goal: str
) -> None:
    (drawing,) = drawn(goal)
    assert drawing.finding is not None
    assert drawing.finding.text.startswith(drawing.data["title"])
    assert ("(date 2023)" in drawing.finding.text) == ("only 2023" in goal)
    stated = {"title": drawing.finding.text, "subtitle": "", "alt": "", "table": []}
    assert _unresolved(stated | {"evidence": drawing.finding.evidence}) == []


def test_a_title_that_only_names_a_chart_is_no_finding(drawn: Callable[..., list[Drawing]]) -> None:
    for goal in ("monthly revenue and quantity as lines", "지역별 매출 막대그래프, 제목은 '요약'으로 해줘"):
        (drawing,) = drawn(goal)
        assert drawing.finding is None


@pytest.mark.parametrize(
    "goal",
    [
        "그래프로 보여줘",
        "visualise the data",
        "weekly sales by region as bars",
        "매출 상위 3개 지역 막대그래프",
        "pie chart of sales by region",
        "scatter of price against quantity",
        "daily revenue as a line chart",
    ],
)
def test_every_number_in_the_texts_is_in_the_data(
    drawn: Callable[..., list[Drawing]], forecast: dict[str, Any], classifier: dict[str, Any], goal: str
) -> None:
    for drawing in [*drawn(goal), *drawn(goal, forecast=forecast, model=classifier)]:
        assert _unresolved(drawing.data) == []


def test_the_figures_are_valid_plotly(
    drawn: Callable[..., list[Drawing]], forecast: dict[str, Any], classifier: dict[str, Any]
) -> None:
    drawings = drawn("visualise the data", forecast=forecast, model=classifier)
    for drawing in [
        *drawings,
        *drawn("pie chart of sales by region"),
        *drawn("area chart of monthly sales by region"),
    ]:
        figure = Figure(drawing.data["plotly"])
        assert len(figure.data) >= 1
        points = sum(len(trace.x) for trace in figure.data if getattr(trace, "x", None) is not None)
        assert points <= 3000


def test_the_pictures_are_large_and_not_empty(
    drawn: Callable[..., list[Drawing]], forecast: dict[str, Any], classifier: dict[str, Any]
) -> None:
    for drawing in drawn("그래프로 보여줘", forecast=forecast, model=classifier):
        pixels = matplotlib.image.imread(drawing.png)
        assert pixels.shape[:2] == (900, 1600)
        inked = (pixels[:, :, :3].min(axis=2) < 0.95).mean()
        assert 0.005 < inked < 0.9


def test_the_page_uses_the_shared_script_and_no_other_address(drawn: Callable[..., list[Drawing]]) -> None:
    (drawing,) = drawn("월별 매출을 시각화해줘")
    page = drawing.html.read_text(encoding="utf-8")
    assert page.count(" src=") == page.count(' src="data:image/png;base64,') + 1
    assert '<script src="/assets/plotly.min.js" ' in page
    assert "http://" not in page
    assert "https://" not in page
    assert '<html lang="ko">' in page


def test_text_from_the_data_cannot_leave_its_place(parquet: Writer, tmp_path: Path) -> None:
    evil = "</script><script>alert(1)</script>"
    frame = pd.DataFrame({"kind": [evil, "b", "c"] * 4, "sales": [float(v) for v in range(12)]})
    columns = [
        Column(name="kind", type="string", semantic="category"),
        Column(name="sales", type="number", semantic="measure"),
    ]
    order = Order(parquet(frame), columns, "bar chart of sales by kind", "en", "x", {}, tmp_path, 3)
    for drawing in draw(order):
        page = drawing.html.read_text(encoding="utf-8")
        assert "<script>alert" not in page
        assert "<script>alert" not in json.dumps(drawing.data["plotly"])


def test_the_same_question_draws_the_same_charts(drawn: Callable[..., list[Drawing]]) -> None:
    first, second = drawn("scatter of price against quantity"), drawn("scatter of price against quantity")
    assert [d.data for d in first] == [d.data for d in second]
    assert [d.png.read_bytes() for d in first] == [d.png.read_bytes() for d in second]


def test_progress_goes_forward(shop: Table, parquet: Writer, tmp_path: Path) -> None:
    heard: list[float] = []
    order = Order(parquet(shop[0]), shop[1], "show charts", "en", "shop", {}, tmp_path, 3)
    draw(order, progress=lambda fraction, _message: heard.append(fraction))
    assert heard == sorted(heard)
    assert heard[-1] <= 1


@pytest.mark.parametrize(
    "values", [[1.0], [None, None], [3.0, 3.0, 3.0], [-5.0, 2.0, -1.0, 4.0, 0.0, 8.0, -2.0, 1.0]]
)
def test_odd_columns_draw_or_say_why(parquet: Writer, tmp_path: Path, values: list[float | None]) -> None:
    frame = pd.DataFrame(
        {
            "x": pd.Series(values, dtype="float64"),
            "k": [f"group {i % 2} 한글 漢字 ☃" for i in range(len(values))],
            "d": pd.date_range("2024-01-01", periods=len(values), freq="D"),
        }
    )
    columns = [
        Column(name="x", type="number", semantic="measure"),
        Column(name="k", type="string", semantic="category"),
        Column(name="d", type="datetime", semantic="date"),
    ]
    order = Order(parquet(frame), columns, "그려줘", "ko", "x", {}, tmp_path, 8)
    drawings = draw(order)
    assert drawings
    for drawing in drawings:
        json.dumps(drawing.data, allow_nan=False)


def test_nothing_to_draw_is_an_error(parquet: Writer, tmp_path: Path) -> None:
    frame = pd.DataFrame({"note": ["a", "b"]})
    columns = [Column(name="note", type="string", semantic="text")]
    with pytest.raises(BadInputError, match="Nothing in this dataset can be drawn"):
        draw(Order(parquet(frame), columns, "draw", "en", "x", {}, tmp_path, 3))
