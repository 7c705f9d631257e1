import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from agents.eda.series_service import analyze_series
from mesh.errors import BadInputError
from mesh.language import Language
from mesh.results import Column
from tests.agents.eda.prose import unresolved

Table = tuple[pd.DataFrame, list[Column]]
Writer = Callable[[pd.DataFrame], Path]


@pytest.fixture
def visits() -> Table:
    """400 days with a weekly season, a shift of 25 on 8 September, and one wild day."""
    days = pd.date_range("2023-01-01", periods=400)
    place = np.arange(400)
    values = 100 + 10 * np.sin(2 * np.pi * place / 7) + np.random.default_rng(97).normal(0, 4, 400)
    values += 25 * (place >= 250)
    values[77] += 60
    columns = [
        Column(name="day", type="date", semantic="date"),
        Column(name="visits", type="number", semantic="measure"),
    ]
    return pd.DataFrame({"day": days, "visits": values}), columns


@pytest.mark.parametrize(
    ("goal", "language"),
    [
        ("Are there change points or anomalies in visits?", "en"),
        ("방문자 수의 변화점과 이상 시점을 찾아줘", "ko"),
    ],
)
def test_what_was_planted_is_said_first(
    visits: Table, parquet: Writer, goal: str, language: Language
) -> None:
    frame, columns = visits
    result = analyze_series(parquet(frame), columns, goal, language)
    report = result.outputs[0].data
    assert report is not None
    json.dumps(report, allow_nan=False)
    (series,) = report["series"]
    assert [
        abs((pd.Timestamp(s["label"]) - pd.Timestamp("2023-09-08")).days) <= 2 for s in series["shifts"]
    ] == [True]
    assert [row["label"] for row in series["anomalies"]["rows"]] == ["2023-03-19"]
    assert series["stationarity"]["verdict"] == "stationary"
    assert report["time"]["measures"][0]["name"] == "visits"
    assert "2023-09" in result.summary
    assert "2023-03-19" in result.summary
    assert unresolved(result) == []


def test_noise_is_said_to_show_nothing(parquet: Writer) -> None:
    days = pd.date_range("2023-01-01", periods=300)
    frame = pd.DataFrame({"day": days, "v": np.random.default_rng(98).normal(50, 5, 300)})
    columns = [
        Column(name="day", type="date", semantic="date"),
        Column(name="v", type="number", semantic="intensive"),
    ]
    result = analyze_series(parquet(frame), columns, "change points and anomalies of v", "en")
    assert result.summary.startswith(
        "v has no shift of level beyond trend and season. No period of v lies outside"
    )


def test_a_short_series_is_said_to_be_short(parquet: Writer) -> None:
    frame = pd.DataFrame({"day": pd.date_range("2024-01-01", periods=6), "v": [1.0, 3, 2, 5, 4, 6]})
    columns = [
        Column(name="day", type="date", semantic="date"),
        Column(name="v", type="number", semantic="measure"),
    ]
    result = analyze_series(parquet(frame), columns, "시계열 분석", "ko")
    assert any("분해할 수 없습니다" in found.text for found in result.findings)


def test_no_dates_is_an_error_that_names_the_columns(parquet: Writer) -> None:
    frame = pd.DataFrame({"v": [1.0, 2.0]})
    with pytest.raises(BadInputError, match="v \\(measure\\)"):
        analyze_series(parquet(frame), [Column(name="v", type="number", semantic="measure")], "series", "en")
