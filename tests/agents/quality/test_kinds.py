"""Each kind of error put into a table by itself: which rows are found, and what is proposed."""

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from agents.quality.assessment import assess_file, assess_into
from agents.quality.detection import detect, silent
from agents.quality.issues import Issue, Report
from agents.quality.tables import Table, read_table
from mesh.errors import BadInputError
from mesh.results import Column

TODAY = dt.date(2026, 1, 1)


def written(frame: pd.DataFrame, tmp_path: Path) -> tuple[Path, list[Column]]:
    path = tmp_path / "kinds.parquet"
    frame.to_parquet(path, index=False)
    return path, [Column(name=name, type="string") for name in frame.columns]


def table_of(frame: pd.DataFrame, tmp_path: Path) -> Table:
    return read_table(*written(frame, tmp_path))


def issues(frame: pd.DataFrame, tmp_path: Path, kind: str, target: str | None = None) -> list[Issue]:
    table = table_of(frame, tmp_path)
    found = detect(table, Report("en", 5, table.rows), TODAY, silent, target).issues
    return [issue for issue in found if issue.kind == kind]


def rows_of(issue: Issue) -> list[int]:
    assert issue.affected is not None
    return list(np.flatnonzero(issue.affected))


@pytest.mark.parametrize(
    ("factor", "mean", "sigma"),
    [(1000.0, 70.0, 12.0), (0.001, 70.0, 12.0), (100.0, 5.0, 0.8), (1 / 2.54, 170.0, 9.0)],
)
def test_a_share_in_another_unit_is_found_and_brought_back(
    factor: float, mean: float, sigma: float, tmp_path: Path
) -> None:
    rng = np.random.default_rng(4)
    right = rng.normal(mean, sigma, 800).clip(mean / 3)
    mixed, rows = right.copy(), np.sort(rng.choice(800, 30, replace=False))
    mixed[rows] *= factor
    (found,) = issues(pd.DataFrame({"amount": mixed}), tmp_path, "unit_mixup")

    assert rows_of(found) == rows.tolist()
    assert found.repair.values is not None
    assert found.repair.values.to_pylist() == pytest.approx(right[rows].tolist())


def test_codes_that_happen_to_be_ten_times_another_are_no_mixed_units(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"area": rng.choice([48058, 41911, 22382, 4524], 400, p=[0.3, 0.3, 0.2, 0.2])})
    assert issues(frame, tmp_path, "unit_mixup") == []


def test_a_typing_error_is_found_beside_other_spellings(tmp_path: Path) -> None:
    names = ["Seoul", "Busan", "Daegu", "Incheon"] * 60
    frame = pd.DataFrame({"city": [*names, "incheon", "BUSAN", "Seuol"]})
    (found,) = issues(frame, tmp_path, "possible_typo")

    assert rows_of(found) == [242]
    assert found.examples == [{"value": "Seuol", "usual": "Seoul"}]


def test_a_value_that_does_not_fit_its_weekday_is_found_though_it_is_ordinary(tmp_path: Path) -> None:
    rng = np.random.default_rng(8)
    days = pd.date_range("2023-01-02", periods=400)
    visits = np.where(days.day_of_week >= 5, 300.0, 100.0) + rng.normal(0, 4, 400)
    wednesday, saturday = 100, 208
    visits[[wednesday, saturday]] = [300.0, 100.0]
    frame = pd.DataFrame({"day": days, "visits": visits})
    (found,) = issues(frame, tmp_path, "contextual_outliers")

    assert (days[wednesday].day_of_week, days[saturday].day_of_week) == (2, 5)
    assert rows_of(found) == [wednesday, saturday]
    assert found.examples[0]["expected"] == pytest.approx(100, abs=10)
    assert issues(frame, tmp_path, "outliers") == []


def test_a_row_that_breaks_a_correlation_is_found_though_no_value_is_far(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    size = rng.normal(170, 9, 1000)
    frame = pd.DataFrame({"size": size, "mass": size * 0.9 - 85 + rng.normal(0, 1, 1000)})
    frame.loc[[10, 600], ["size", "mass"]] = [[180.0, 60.0], [160.0, 79.0]]
    (found,) = issues(frame, tmp_path, "unusual_rows")

    assert rows_of(found) == [10, 600]
    assert issues(frame, tmp_path, "outliers") == []


def test_columns_that_give_the_target_away_are_leakage(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    gone = rng.random(500) < 0.3
    frame = pd.DataFrame(
        {
            "months": rng.integers(1, 70, 500),
            "ratio": np.where(rng.random(500) < 0.1, np.inf, rng.random(500)),
            "reason": np.where(gone, rng.choice(["price", "moved"], 500), "none yet"),
            "left_on": pd.Series(
                pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 300, 500), "D")
            ).where(gone),
            "gone": np.where(gone, "Yes", "No"),
        }
    )

    assert {issue.column for issue in issues(frame, tmp_path, "leakage", "gone")} == {"reason", "left_on"}
    assert issues(frame, tmp_path, "leakage") == []
    with pytest.raises(BadInputError, match="months, ratio, reason, left_on, gone"):
        assess_file(*written(frame, tmp_path), "en", 5, TODAY, target="lost")


def test_zero_heights_and_days_that_never_come_stand_for_missing_ones(tmp_path: Path) -> None:
    rng = np.random.default_rng(6)
    frame = pd.DataFrame(
        {
            "height_cm": rng.normal(170, 9, 200).round(1),
            "ends": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 900, 200), "D"),
        }
    ).astype({"ends": "datetime64[us]"})
    frame.loc[[4, 9], "height_cm"] = 0.0
    frame.loc[[7], "ends"] = pd.Timestamp(9999, 12, 31)

    assert rows_of(issues(frame, tmp_path, "disguised_missing")[0]) == [4, 9]
    assert rows_of(issues(frame, tmp_path, "placeholder_date")[0]) == [7]


def test_a_date_before_the_one_that_it_always_follows_is_found_whatever_it_is_called(tmp_path: Path) -> None:
    rng = np.random.default_rng(6)
    first = pd.Series(pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 900, 300), "D"))
    frame = pd.DataFrame({"quoted": first, "paid": first + pd.to_timedelta(rng.integers(1, 30, 300), "D")})
    frame.loc[[12], "paid"] = first[12] - pd.Timedelta(days=3)
    (found,) = issues(frame, tmp_path, "reversed_period")

    assert (found.column, rows_of(found)) == ("paid", [12])


def test_spellings_of_one_place_are_one_value(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"지역": ["서울"] * 40 + ["부산"] * 30 + ["서울시", "서울특별시", "부산 ", "Ｂｕｓａｎ"]}
    )
    (found,) = issues(frame, tmp_path, "string_variants")

    assert rows_of(found) == [70, 71, 72]
    assert found.repair.values is not None
    assert found.repair.values.to_pylist() == ["서울", "서울", "부산"]


def test_a_code_of_a_place_is_its_name_only_among_places(tmp_path: Path) -> None:
    states = pd.DataFrame({"where": ["NY", "LA"] * 30 + ["New York"]})
    teams = pd.DataFrame({"team": ["NY", "LA"] * 5 + ["Tigers", "Lions"] * 16 + ["New York"]})

    assert [rows_of(issue) for issue in issues(states, tmp_path, "string_variants")] == [[60]]
    assert issues(teams, tmp_path, "string_variants") == []


def test_the_files_hold_every_wrong_cell_and_every_outlier_with_its_row(tmp_path: Path) -> None:
    rng = np.random.default_rng(9)
    frame = pd.DataFrame({"amount": rng.normal(50, 5, 300), "city": ["Seoul", "Busan"] * 150})
    frame.loc[[8, 200], "amount"] = [900.0, -700.0]
    frame.loc[20, "city"] = "busan"
    path, columns = written(frame, tmp_path)
    found = assess_into(tmp_path, path, columns, "en", 5, TODAY)
    cells: list[dict[str, Any]] = pq.read_table(found.cell_errors).to_pylist()

    assert [(c["row"], c["column"], c["kind"]) for c in cells] == [
        (9, "amount", "outliers"),
        (201, "amount", "outliers"),
        (21, "city", "string_variants"),
    ]
    assert cells[2]["repair"] == "Busan"
    assert found.outlier_rows is not None
    rows = pq.read_table(found.outlier_rows.path)
    assert rows.column_names == ["row", "column", "value", "reason", "amount", "city"]
    assert rows["amount"].to_pylist() == [900.0, -700.0]
    assert [c.name for c in found.outlier_rows.columns] == rows.column_names
