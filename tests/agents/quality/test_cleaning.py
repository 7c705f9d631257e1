"""Cleaning: planted faults are mended and counted, the rest is left alone and told, and the program does the same."""

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.quality.cleaning_dates import day_of
from agents.quality.cleaning_fill import fill_edits
from agents.quality.cleaning_plan import clean
from agents.quality.cleaning_request import Request, request_from, wants_preview
from agents.quality.cleaning_script import script_of
from agents.quality.cleaning_service import CleaningParams, Done, requested, run_cleaning
from agents.quality.cleaning_story import findings_of, kpis_of, summary_of, tables_of, warnings_of
from agents.quality.tables import Table, read_table
from mesh.errors import BadInputError
from mesh.results import Column, DatasetRef

TODAY = dt.date(2026, 1, 1)
SEMANTICS: dict[str, Any] = {
    "id": "identifier",
    "day": "date",
    "city": "category",
    "shop": "category",
    "sales": "measure",
    "qty": "count",
    "note": "text",
}
ROWS = 300


def frame(rows: int = ROWS) -> pd.DataFrame:
    """A table without a fault: a row per day and shop."""
    rng = np.random.default_rng(5)
    return pd.DataFrame(
        {
            "id": np.arange(rows) + 1,
            "day": pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(rows) // 3, "D"),
            "shop": np.resize(["A", "B", "C"], rows),
            "city": rng.choice(["Seoul", "Busan", "Daegu"], rows),
            "sales": np.round(rng.normal(500, 40, rows), 2),
            "qty": rng.poisson(9, rows) + 1,
            "note": [f"note number {n}" for n in rng.integers(0, 10**9, rows)],
        }
    )


def dirty() -> pd.DataFrame:
    """The same with 2 repeated rows, 3 spellings, 4 disguised and 5 plain missing values and 1 outlier."""
    table = frame()
    table.loc[[10, 20, 30], "city"] = ["SEOUL", "busan ", "Daegu "]
    table.loc[[40, 50, 60, 70], "city"] = "N/A"
    table.loc[[80, 90, 100, 110, 120], "sales"] = np.nan
    table.loc[130, "sales"] = 90_000.0
    return pd.concat([table, table.iloc[[5, 200]]], ignore_index=True)


def stored(table: pd.DataFrame, folder: Path) -> tuple[Path, DatasetRef]:
    path = folder / "data.parquet"
    table.to_parquet(path, index=False)
    columns = [Column(name=n, type="string", semantic=SEMANTICS.get(n, "unknown")) for n in table.columns]
    return path, DatasetRef(
        id="ds", name="shop", uri="x", columns=columns, rows=len(table), bytes=1, sha256="0"
    )


def cleaned(table: pd.DataFrame, folder: Path, request: Request | None = None) -> tuple[Done, pd.DataFrame]:
    path, dataset = stored(table, folder)
    before = path.read_bytes()
    done = run_cleaning(path, dataset, request or Request(), folder, TODAY, "en")
    assert path.read_bytes() == before
    json.dumps(done.data, allow_nan=False)
    result = folder / "cleaned.parquet"
    return done, pd.read_parquet(result if result.exists() else path)


def change(done: Done, kind: str, column: str | None = None) -> dict[str, Any]:
    return next(c for c in done.data["changes"] if (c["kind"], c["column"]) == (kind, column))


def table_of(table: pd.DataFrame, folder: Path) -> Table:
    path, dataset = stored(table, folder)
    return read_table(path, dataset.columns)


def test_what_is_sure_is_mended_and_the_rest_is_left_alone_and_told(tmp_path: Path) -> None:
    done, result = cleaned(dirty(), tmp_path)

    assert len(result) == ROWS
    assert done.data["rows_removed"] == change(done, "duplicate_rows")["count"] == 2
    assert change(done, "string_variants", "city")["count"] == 3
    assert result.loc[[10, 20, 30], "city"].tolist() == ["Seoul", "Busan", "Daegu"]
    assert change(done, "disguised_missing", "city") == change(done, "disguised_missing", "city") | {
        "action": "empty",
        "count": 4,
    }
    assert result["city"].isna().sum() == 4
    assert done.data["cells_changed"] == 7
    assert result["sales"].isna().sum() == 5
    assert result["sales"].max() == 90_000
    left = {(item["column"], item["why"]): item["count"] for item in done.data["left_alone"]}
    assert left == {("sales", "outliers_left"): 1, ("city", "missing_left"): 4, ("sales", "missing_left"): 5}


def test_the_report_proves_it_with_the_same_measures_before_and_after(tmp_path: Path) -> None:
    done, _ = cleaned(dirty(), tmp_path)
    data = done.data

    assert data["score_after"] > data["score_before"]
    assert data["score_formula_before"].startswith("100 × completeness × uniqueness × validity × consistency")
    assert data["issues_before"]["duplicate_rows"] == 2
    assert "duplicate_rows" not in data["issues_after"]
    city = next(entry for entry in data["columns"] if entry["column"] == "city")
    assert (city["before"]["distinct"], city["after"]["distinct"]) == (7, 3)
    assert (city["before"]["missing"], city["after"]["missing"]) == (0, 4)


def test_every_changed_cell_and_removed_row_is_in_the_files(tmp_path: Path) -> None:
    cleaned(dirty(), tmp_path)
    changes = pd.read_parquet(tmp_path / "changes.parquet")

    assert changes.loc[changes["kind"] == "string_variants", ["row", "before", "after"]].values.tolist() == [
        [11, "SEOUL", "Seoul"],
        [21, "busan ", "Busan"],
        [31, "Daegu ", "Daegu"],
    ]
    assert changes.loc[changes["kind"] == "duplicate_rows", "row"].tolist() == [301, 302]
    assert changes.loc[changes["kind"] == "disguised_missing", "row"].tolist() == [41, 51, 61, 71]
    assert len(pd.read_csv(tmp_path / "changes.csv")) == len(changes) == 9
    assert len(pd.read_csv(tmp_path / "cleaned.csv")) == ROWS


def test_clean_data_is_left_as_it_is(tmp_path: Path) -> None:
    done, _ = cleaned(frame(), tmp_path)

    assert done.data["changes"] == []
    assert not (tmp_path / "cleaned.parquet").exists()
    assert summary_of({**done.data, "preview": False}, "en") == "Nothing was changed. No error was found."


def test_missing_values_are_filled_by_middle_mean_and_most_frequent(tmp_path: Path) -> None:
    table = frame()
    table["qty"] = table["qty"].astype("Int64")
    table.loc[:3, ["sales", "qty", "city"]] = pd.NA
    middle, mean = (cleaned(table, tmp_path, Request(missing=how))[1] for how in ("median_mode", "mean_mode"))

    assert middle.loc[:3, "sales"].tolist() == [pytest.approx(float(np.median(table["sales"].dropna())))] * 4
    assert middle.loc[:3, "qty"].tolist() == [round(float(np.median(table["qty"].dropna().astype(int))))] * 4
    assert middle.loc[:3, "city"].tolist() == [table["city"].mode()[0]] * 4
    assert mean.loc[0, "sales"] == pytest.approx(table["sales"].mean())


def test_values_are_interpolated_within_their_shop_and_not_beyond_its_ends(tmp_path: Path) -> None:
    table = frame()
    table["sales"] = 10.0 * (table.index // 3) + 1000 * (table.index % 3)
    expected = table["sales"].copy()
    holes = [0, 30, 33, 61, 299]
    table.loc[holes, "sales"] = np.nan

    done, result = cleaned(table, tmp_path, Request(missing="interpolate"))

    assert result.loc[[30, 33, 61], "sales"].tolist() == pytest.approx(expected[[30, 33, 61]].tolist())
    assert result.loc[[0, 299], "sales"].isna().all()
    assert change(done, "missing", "sales")["count"] == 3


@pytest.mark.parametrize(
    ("column", "how", "why"),
    [
        ("id", "median_mode", "identifier"),
        ("note", "median_mode", "no_middle"),
        ("day", "median_mode", "no_middle"),
        ("city", "interpolate", "not_a_quantity"),
    ],
)
def test_columns_that_cannot_be_filled_say_why(tmp_path: Path, column: str, how: Any, why: str) -> None:
    table = frame()
    table[column] = table[column].where(table.index > 5)

    _, refused = fill_edits(table_of(table, tmp_path), how)

    assert [(item.column, item.why, item.count) for item in refused] == [(column, why, 6)]


def test_a_column_that_is_mostly_empty_is_not_filled_nor_does_it_cost_rows(tmp_path: Path) -> None:
    table = frame()
    table["sales"] = table["sales"].where(table.index < 100)
    table["qty"] = table["qty"].where(table.index > 0)

    _, refused = fill_edits(table_of(table, tmp_path), "median_mode")
    _, dropped = cleaned(table, tmp_path, Request(missing="drop_rows"))

    assert [(item.column, item.why) for item in refused] == [("sales", "mostly_missing")]
    assert len(dropped) == ROWS - 1


def test_outliers_are_flagged_clipped_or_dropped_on_request(tmp_path: Path) -> None:
    table = frame()
    table.loc[130, "sales"] = 90_000.0
    rest = table["sales"].drop(index=130)

    flagged, clipped, dropped = (
        cleaned(table, tmp_path, Request(outliers=how))[1] for how in ("flag", "clip", "drop_rows")
    )

    assert np.flatnonzero(flagged["sales_outlier"]).tolist() == [130]
    assert flagged["sales"].tolist() == table["sales"].tolist()
    assert clipped.loc[130, "sales"] == rest.max()
    assert dropped["sales"].tolist() == rest.tolist()


def test_dates_in_several_notations_become_dates_where_they_are_certain(tmp_path: Path) -> None:
    table = frame()
    days = table["day"].dt.strftime("%Y-%m-%d")
    days[[3, 4, 5, 6]] = ["2025/01/02", "2025년 1월 2일", "Jan 2, 2025", "2025.1.3"]
    table["day"] = days.astype(object)

    done, result = cleaned(table, tmp_path)

    assert change(done, "format_deviation", "day")["count"] == 4
    assert done.data["cells_changed"] == 4
    assert done.data["changes"][-1]["action"] == "convert"
    assert [column.type for column in done.columns if column.name == "day"] == ["date"]
    assert result["day"].tolist() == [stamp.date() for stamp in frame()["day"]]
    files = [str(tmp_path / name) for name in ("clean.py", "data.parquet", "again.parquet")]
    subprocess.run([sys.executable, *files], check=True, capture_output=True)
    assert (
        pq.read_table(files[2])
        .column("day")
        .equals(pq.read_table(tmp_path / "cleaned.parquet").column("day"))
    )


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024/2/9", dt.date(2024, 2, 9)),
        ("2024년 12월 31일", dt.date(2024, 12, 31)),
        ("March 5, 2024", dt.date(2024, 3, 5)),
        ("25/12/2024", dt.date(2024, 12, 25)),
        ("12/25/2024", dt.date(2024, 12, 25)),
        ("05/05/2024", dt.date(2024, 5, 5)),
        ("03/04/2024", None),
        ("2024-13-45", None),
        ("soon", None),
    ],
)
def test_a_day_is_read_only_where_it_is_certain(text: str, day: dt.date | None) -> None:
    assert day_of(text) == day


def test_only_repairs_that_are_sure_enough_are_made(tmp_path: Path) -> None:
    done, result = cleaned(dirty(), tmp_path, Request(min_confidence=0.97))

    assert result.loc[10, "city"] == "SEOUL"
    assert {item["why"] for item in done.data["left_alone"] if item["kind"] == "string_variants"} == {
        "unsure"
    }


def test_only_what_was_asked_for_is_done(tmp_path: Path) -> None:
    done, result = cleaned(dirty(), tmp_path, request_from("Remove the duplicate rows"))

    assert [c["kind"] for c in done.data["changes"]] == ["duplicate_rows"]
    assert result.loc[10, "city"] == "SEOUL"
    assert "not_requested" in {item["why"] for item in done.data["left_alone"]}


REQUESTS = [
    Request(),
    Request(missing="median_mode", outliers="flag"),
    Request(missing="interpolate", outliers="clip"),
    Request(missing="drop_rows", outliers="drop_rows", min_confidence=0.5),
    Request(missing="mean_mode", kinds=frozenset()),
]


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: f"{request.missing}-{request.outliers}")
def test_the_program_makes_the_same_table(tmp_path: Path, request_: Request) -> None:
    cleaned(dirty(), tmp_path, request_)
    files = [str(tmp_path / name) for name in ("clean.py", "data.parquet", "again.parquet")]
    subprocess.run([sys.executable, *files], check=True, capture_output=True)

    again, once = (
        pq.read_table(tmp_path / f"{name}.parquet").replace_schema_metadata(None)
        for name in ("again", "cleaned")
    )
    assert again.schema == once.schema
    assert again.equals(once)


def test_a_name_with_quotes_and_backslashes_leaves_the_program_whole() -> None:
    name = 'C:\\new """{sales}"""'
    script = script_of(name, [], f"{name}-clean.py")

    assert script is not None
    names: dict[str, Any] = {"__name__": "clean"}
    exec(compile(script, "clean.py", "exec"), names)
    assert names["clean"](frame(3)).equals(frame(3))


_CELLS = {
    "city": st.sampled_from(["Seoul", "Seoul", "Seoul", "seoul", "Busan", "Busan", "N/A", None]),
    "sales": st.one_of(st.none(), st.floats(90, 110), st.sampled_from([-999.0, 1e6])),
    "qty": st.integers(0, 6),
}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.fixed_dictionaries(_CELLS), min_size=8, max_size=40),
    st.sampled_from(REQUESTS),
)
def test_cleaning_twice_changes_nothing_more(
    tmp_path: Path, records: list[dict[str, Any]], request_: Request
) -> None:
    table = table_of(pd.DataFrame(records * 2), tmp_path)

    once = clean(table, request_, "en", TODAY)
    twice = clean(once.draft.table, request_, "en", TODAY)

    assert once.complete
    assert [(edit.kind, edit.column, len(edit)) for edit in twice.draft.log] == []


def test_a_table_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="nothing to clean"):
        cleaned(frame().head(0), tmp_path)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Clean the data", Request()),
        ("데이터를 정제해줘", Request()),
        ("Clean the data and then forecast sales", Request()),
        ("Remove duplicates", Request(frozenset(), 0.5, duplicates="exact", repeats_named=True)),
        ("Remove near duplicates", Request(frozenset(), 0.5, duplicates="near", repeats_named=True)),
        ("중복을 제거해줘", Request(frozenset(), 0.5, duplicates="exact", repeats_named=True)),
        ("Clip the outliers", Request(frozenset(), 0.5, outliers="clip", duplicates="leave")),
        ("이상치를 표시해줘", Request(frozenset(), 0.5, outliers="flag", duplicates="leave")),
        ("이상치를 제거해줘", Request(frozenset(), 0.5, outliers="drop_rows", duplicates="leave")),
        ("Clean the data and remove outliers", Request(outliers="drop_rows")),
        ("데이터를 정제하고 결측치를 평균으로 채워줘", Request(missing="mean_mode")),
        ("Tidy up the table, interpolate missing values", Request(missing="interpolate")),
    ],
)
def test_a_question_says_what_to_clean(question: str, expected: Request) -> None:
    assert request_from(question) == expected


def test_two_wishes_in_one_question_are_both_heard() -> None:
    found = request_from("중복을 제거하고 결측치를 채워줘")

    assert (found.duplicates, found.missing, found.outliers) == ("exact", "median_mode", "leave")
    assert "string_variants" not in (found.kinds or ())


def test_a_question_can_ask_for_a_preview() -> None:
    assert wants_preview("Preview the cleaning of this table")
    assert wants_preview("정제하면 무엇이 바뀌는지 미리 보여줘")
    assert not wants_preview("데이터를 정제해줘")


def test_parameters_win_over_the_question() -> None:
    params = CleaningParams(missing="drop_rows", kinds=["possible_typo"], min_confidence=0.7)
    found = requested(params, "Clean the data and fill missing values")

    assert found == Request(frozenset({"possible_typo"}), 0.7, "drop_rows", "leave", "exact")


def test_the_story_is_told_in_both_languages(tmp_path: Path) -> None:
    done, _ = cleaned(dirty(), tmp_path, Request(missing="median_mode", outliers="clip"))
    data = {**done.data, "preview": False}

    assert summary_of(data, "en").startswith(
        "17 cells changed and 2 rows removed; the quality score goes from "
    )
    assert summary_of({**data, "preview": True}, "en").startswith("This is a preview")
    assert "원본은 그대로" in summary_of(data, "ko")
    texts = [item.text for item in findings_of(data, "en")]
    assert "2 rows removed that repeat an earlier row exactly." in texts
    assert "3 values of city corrected, such as 'SEOUL' to 'Seoul'." in texts
    assert any(text.startswith("5 missing values of sales filled with the median ") for text in texts)
    assert warnings_of(data, "en") == ["9 values were filled in: they are estimates, not observations."]
    assert [kpi.text for kpi in kpis_of(data, "ko")][2:] == ["17", "2"]
    assert len(tables_of(data, "ko")[0].rows) == len(data["changes"])
