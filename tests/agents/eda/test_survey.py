from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from agents.eda.change_service import explain_change
from agents.eda.group_service import compare
from agents.eda.series_service import analyze_series
from agents.eda.service import explore
from agents.eda.survey import SAMPLE_ROWS, survey
from mesh.errors import BadInputError
from mesh.results import Column, SkillResult
from mesh.tabular.sheet import read_sheet
from tests.agents.eda.prose import unresolved

ROWS = SAMPLE_ROWS + 40_000
COLUMNS = [
    Column(name="day", type="date", semantic="date"),
    Column(name="region", type="string", semantic="category"),
    Column(name="revenue", type="number", semantic="measure"),
    Column(name="age", type="number", semantic="intensive"),
    Column(name="note", type="string", semantic="text"),
]


@pytest.fixture(scope="module")
def large() -> pd.DataFrame:
    """More rows than a sample has: two years of days, Seoul sells twice as much, ages rise with revenue."""
    rng = np.random.default_rng(5)
    region = rng.choice(["Busan", "Jeju", "Seoul"], ROWS)
    revenue = rng.gamma(4, 10, ROWS) * np.where(region == "Seoul", 2, 1)
    frame = pd.DataFrame(
        {
            "day": pd.Timestamp("2022-01-01") + pd.to_timedelta(rng.integers(0, 730, ROWS), unit="D"),
            "region": region,
            "revenue": revenue,
            "age": 40 + 0.1 * revenue + rng.normal(0, 5, ROWS),
            "note": pd.Series(np.arange(ROWS)).astype(str),
        }
    )
    frame.loc[::7, "age"] = np.nan
    return frame


@pytest.fixture(scope="module")
def path(large: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "large.parquet"
    large.to_parquet(path)
    return path


def report_of(result: SkillResult) -> dict[str, Any]:
    data = result.outputs[0].data
    assert data is not None
    return data


def test_a_large_table_is_counted_and_added_up_in_full(large: pd.DataFrame, path: Path) -> None:
    result = explore(path, COLUMNS, "Analyse the data", "en")
    report = report_of(result)
    assert report["rows"] == ROWS
    columns = {record["name"]: record for record in report["columns"]}
    assert columns["revenue"]["sum"] == pytest.approx(large["revenue"].sum(), rel=1e-11)
    assert columns["revenue"]["median"] == pytest.approx(large["revenue"].median(), rel=1e-11)
    assert columns["age"]["missing"] == int(large["age"].isna().sum())
    assert columns["note"]["distinct"] == ROWS
    (table,) = [b for b in report["breakdowns"] if b["measure"] == "revenue"]
    sums = large.groupby("region")["revenue"].agg(["sum", "size"])
    for row in table["rows"]:
        assert row["value"] == pytest.approx(sums.loc[row["name"], "sum"], rel=1e-11)
        assert row["n"] == sums.loc[row["name"], "size"]
    points = report["time"]["measures"][0]["series"]
    by_month = large.groupby(large["day"].dt.to_period("M"))["revenue"].sum()
    assert [point["value"] for point in points] == pytest.approx(by_month.tolist(), rel=1e-11)


@pytest.mark.parametrize(
    ("goal", "language", "said"), [("Analyse", "en", "drawn at random"), ("분석해줘", "ko", "무작위로 뽑은")]
)
def test_what_rests_on_a_sample_is_said(
    large: pd.DataFrame, path: Path, goal: str, language: Any, said: str
) -> None:
    result = explore(path, COLUMNS, goal, language)
    report = report_of(result)
    assert report["bounds"]["sample_rows"] == SAMPLE_ROWS
    assert "correlations" in report["bounds"]["sampled"]
    assert said in result.warnings[0]
    assert f"{SAMPLE_ROWS:,}" in result.warnings[0]
    assert unresolved(result) == []
    found = {(c["a"], c["b"], c["method"]): c for c in report["correlations"]}["revenue", "age", "pearson"]
    assert found["n"] < SAMPLE_ROWS
    assert found["value"] == pytest.approx(large["revenue"].corr(large["age"]), abs=0.01)


def test_the_same_file_gives_the_same_sample(path: Path) -> None:
    first, second = survey(path, COLUMNS), survey(path, COLUMNS)
    assert (first.sheet.numeric["revenue"] == second.sheet.numeric["revenue"]).all()
    assert first.sheet.rows == SAMPLE_ROWS


def test_focused_analyses_of_a_large_table_rest_on_every_row(large: pd.DataFrame, path: Path) -> None:
    compared = compare(path, COLUMNS, "Does revenue differ between regions?", None, None, "en")
    (test,) = report_of(compared)["group_tests"]
    assert {g["name"]: g["n"] for g in test["groups"]} == large["region"].value_counts().to_dict()
    explained = explain_change(path, COLUMNS, "Why did revenue change in February 2023?", None, "en")
    months = large.groupby(large["day"].dt.strftime("%Y-%m"))["revenue"].sum()
    assert report_of(explained)["change"]["change"] == pytest.approx(
        months["2023-02"] - months["2023-01"], rel=1e-9
    )
    taken_apart = analyze_series(path, COLUMNS, "daily revenue series", "en")
    points = report_of(taken_apart)["time"]["measures"][0]["series"]
    assert sum(point["value"] for point in points) == pytest.approx(large["revenue"].sum(), rel=1e-11)
    for result in (compared, explained, taken_apart):
        assert report_of(result)["bounds"] is None
        assert not any("drawn at random" in warning for warning in result.warnings)


def test_a_small_table_is_not_sampled(
    shop: tuple[pd.DataFrame, list[Column]], parquet: Callable[..., Path]
) -> None:
    frame, columns = shop
    report = report_of(explore(parquet(frame), columns, "Analyse", "en"))
    assert report["bounds"] is None


def test_only_the_columns_asked_for_are_read(tmp_path: Path) -> None:
    path = tmp_path / "wide.parquet"
    pd.DataFrame({"a": [1.0, 2.0], "b": ["x", "y"]}).to_parquet(path)
    sheet = read_sheet(path, [Column(name="a", type="number", semantic="measure")])
    assert sheet.numeric["a"].tolist() == [1.0, 2.0]
    assert sheet.levels == {}
    with pytest.raises(BadInputError, match="no column c"):
        read_sheet(path, [Column(name="c", type="number", semantic="measure")])
    assert pq.read_metadata(path).num_rows == sheet.rows
