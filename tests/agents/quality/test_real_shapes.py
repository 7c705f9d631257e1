"""Shapes of real tables that look like errors and are none, and errors that hide in such shapes."""

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from agents.quality.assessment import assess, assess_file
from agents.quality.bounds import bounds_of
from agents.quality.cleaning_plan import clean
from agents.quality.cleaning_request import request_from
from agents.quality.detection import silent
from agents.quality.issues import Issue
from agents.quality.tables import Table, read_table
from mesh.results import Column

TODAY = dt.date(2026, 1, 1)
Meaning = dict[str, str] | None


def table_of(frame: pd.DataFrame, tmp_path: Path, meaning: Meaning = None) -> Table:
    path = tmp_path / "shape.parquet"
    frame.to_parquet(path, index=False)
    columns = [
        Column.model_validate({"name": c, "type": "string", "semantic": (meaning or {}).get(c, "unknown")})
        for c in frame.columns
    ]
    return read_table(path, columns)


def issues(frame: pd.DataFrame, tmp_path: Path, meaning: Meaning = None) -> list[Issue]:
    return assess(table_of(frame, tmp_path, meaning), "en", 5, TODAY, silent).issues


def kinds(frame: pd.DataFrame, tmp_path: Path, meaning: Meaning = None) -> set[str]:
    return {issue.kind for issue in issues(frame, tmp_path, meaning)}


def rows_of(found: list[Issue], kind: str) -> list[int]:
    (issue,) = (issue for issue in found if issue.kind == kind)
    assert issue.affected is not None
    return list(np.flatnonzero(issue.affected))


def test_one_thing_asked_twice_may_change(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    first = rng.choice(["rural", "urban", "suburban", "inner city"], 800)
    moved = rng.choice(800, 30, replace=False)
    later = first.copy()
    later[moved] = rng.choice(["rural", "urban"], 30)

    found = kinds(pd.DataFrame({"home_2001": first, "home_2002": later}), tmp_path)
    assert "dependency_violation" not in found


def test_values_that_pass_through_zero_are_not_negative_by_mistake(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    logarithms = np.r_[rng.normal(2.0, 1.1, 600)]
    returned = np.r_[rng.gamma(3, 10, 600), [-31.0, -28.0, -40.0]]
    meaning = {"amount": "measure"}

    assert 0 < (logarithms < 0).mean() < 0.05
    assert "negative" not in kinds(pd.DataFrame({"amount": logarithms}), tmp_path, meaning)
    assert "negative" in kinds(pd.DataFrame({"amount": returned}), tmp_path, meaning)
    assert "negative" in kinds(pd.DataFrame({"amount": [0.0] * 199 + [-5.0]}), tmp_path, meaning)


def test_an_id_that_every_patient_has_twice_is_no_broken_key(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    eyes = pd.DataFrame({"id": np.repeat(np.arange(200), 2), "risk": rng.normal(9, 2, 400)})

    assert "duplicate_key" not in kinds(eyes, tmp_path, {"id": "identifier"})


def survey(rows: int = 2000) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    return pd.DataFrame({f"q{i}": rng.choice(["yes", "no", "unsure"], rows) for i in range(5)})


def test_equal_answers_to_few_questions_are_no_errors_and_stay_unless_asked(tmp_path: Path) -> None:
    table = table_of(survey(), tmp_path)
    found = assess(table, "en", 5, TODAY, silent)
    (issue,) = found.issues

    assert (issue.kind, issue.severity, issue.evidence["by_chance"]) == ("duplicate_rows", "low", True)
    assert found.data["score"] == 100
    cleaned = clean(table, request_from("clean the data"), "en", TODAY)
    assert cleaned.draft.table.rows == 2000
    asked = clean(table, request_from("remove the duplicates"), "en", TODAY)
    assert asked.draft.table.rows == len(survey().drop_duplicates())


def test_repeated_records_of_many_columns_are_errors(tmp_path: Path) -> None:
    frame = survey().assign(amount=np.random.default_rng(5).normal(50, 9, 2000))
    (issue,) = issues(pd.concat([frame, frame.iloc[[7, 9]]], ignore_index=True), tmp_path)

    assert (issue.kind, issue.severity, issue.count) == ("duplicate_rows", "medium", 2)


def test_two_equal_values_are_no_second_unit(tmp_path: Path) -> None:
    months = np.r_[np.random.default_rng(6).normal(30, 8, 400).clip(5), [0.03, 0.03]]

    assert "unit_mixup" not in kinds(pd.DataFrame({"months": months}), tmp_path)


def test_names_that_occur_once_each_may_be_two_names(tmp_path: Path) -> None:
    names = [f"District {chr(65 + i // 26)}{chr(65 + i % 26)}" for i in range(200)]
    once = pd.DataFrame({"district": [*names, "West Side Union", "Westside Union"]})
    often = pd.DataFrame({"district": [*names, *["West Side Union"] * 3, "Westside Union"]})

    assert "string_variants" not in kinds(once, tmp_path)
    assert rows_of(issues(often, tmp_path), "string_variants") == [203]


@pytest.mark.parametrize(("code", "semantic"), [(-999, "measure"), (999, "category")])
def test_a_code_for_missing_is_found_among_zeros_and_among_codes(
    code: int, semantic: str, tmp_path: Path
) -> None:
    rng = np.random.default_rng(7)
    hours = np.where(rng.random(500) < 0.4, 0, rng.integers(1, 4000, 500))
    values = hours if semantic == "measure" else rng.integers(1, 6, 500)
    values[[20, 40, 60]] = code
    found = issues(pd.DataFrame({"answer": values}), tmp_path, {"answer": semantic})

    assert rows_of(found, "disguised_missing") == [20, 40, 60]


def test_an_outlier_shows_where_most_rows_have_nothing(tmp_path: Path) -> None:
    rng = np.random.default_rng(8)
    wage = np.where(rng.random(600) < 0.6, 0.0, np.round(rng.normal(4.0, 0.7, 600).clip(2), 2))
    wage[[5, 50]] = 90.0
    found = issues(pd.DataFrame({"wage": wage}), tmp_path, {"wage": "measure"})

    assert rows_of(found, "outliers") == [5, 50]


def test_a_record_entered_again_with_a_misspelt_category_is_found(tmp_path: Path) -> None:
    rng = np.random.default_rng(9)
    frame = pd.DataFrame(
        {
            "id": np.arange(400),
            "score": rng.normal(0, 1, 400),
            "income": rng.integers(2_000, 9_000, 400),
            "school": rng.choice(["mixed", "girls", "boys"], 400),
        }
    )
    again = frame.iloc[[3, 8]].assign(id=[900, 901], school=lambda f: f["school"].str.upper())

    found = issues(pd.concat([frame, again], ignore_index=True), tmp_path, {"id": "identifier"})
    assert rows_of(found, "near_duplicates") == [400, 401]


def test_numbers_among_words_are_found(tmp_path: Path) -> None:
    sex = np.random.default_rng(10).choice(["female", "male"], 300).tolist()
    sex[17], sex[90] = "45000", "3.5"
    ages = ["20-29", "30-39", "40-49", "65"] * 75

    assert rows_of(issues(pd.DataFrame({"sex": sex}), tmp_path), "mixed_types") == [17, 90]
    assert "mixed_types" not in kinds(pd.DataFrame({"ages": ages}), tmp_path)


def people(rows: int = 500) -> pd.DataFrame:
    rng = np.random.default_rng(11)
    return pd.DataFrame(
        {
            "region": rng.choice(["north", "south", "east"], rows),
            "sex": rng.choice(["female", "male"], rows),
            "answer": rng.choice(["yes", "no"], rows),
            "income": np.round(rng.normal(40_000, 6_000, rows)),
            "age": rng.integers(20, 70, rows).astype(float),
            "children": rng.integers(0, 5, rows).astype(float),
        }
    )


@pytest.mark.parametrize("step", [1, -1], ids=["right", "left"])
def test_a_row_whose_values_slipped_into_the_next_column_is_found(step: int, tmp_path: Path) -> None:
    frame = people().astype(object)
    row = frame.iloc[50].tolist()
    moved = [None, *row[:-1]] if step == 1 else [*row[1:], None]
    numeric = ("income", "age", "children")
    frame.iloc[50] = [
        None if name in numeric and isinstance(value, str) else value
        for name, value in zip(frame.columns, moved, strict=True)
    ]
    frame["region"], frame["sex"], frame["answer"] = (frame[c].astype("string") for c in frame.columns[:3])
    frame = frame.astype(dict.fromkeys(numeric, float))
    table = table_of(frame, tmp_path)
    found = assess(table, "en", 5, TODAY, silent)

    assert rows_of(found.issues, "shifted_rows") == [50]
    assert {cell.row for cell in found.cells if cell.kind == "shifted_rows"} == {50}


def test_columns_that_grow_from_year_to_year_are_not_shifted(tmp_path: Path) -> None:
    size = np.exp(np.random.default_rng(12).normal(10, 1.5, 300))
    years = pd.DataFrame({f"y{2000 + i}": np.round(size * 1.02**i) for i in range(20)})

    assert "shifted_rows" not in kinds(years, tmp_path)
    assert "shifted_rows" not in kinds(people(), tmp_path)


def test_cells_that_loading_emptied_are_told_with_what_they_held(tmp_path: Path) -> None:
    prices = [None if row in (3, 4, 9) else float(row) for row in range(40)]
    table = table_of(pd.DataFrame({"price": prices}), tmp_path)
    emptied = tmp_path / "emptied.parquet"
    cells = {"row": [4, 5, 10], "column": ["price"] * 3, "text": ["N/A", "abc", "—"]}
    pq.write_table(pa.table(cells), emptied)
    found = assess(table, "en", 5, TODAY, silent, None, emptied)

    assert {(c.row, c.kind, c.value) for c in found.cells} == {
        (3, "disguised_missing", "N/A"),
        (4, "unreadable", "abc"),
        (9, "disguised_missing", "—"),
    }
    plain = assess_file(tmp_path / "shape.parquet", [table["price"].column], "en", 5, TODAY)
    assert found.data["score"] == plain["score"]


def test_days_without_a_visit_are_no_gaps_and_a_day_without_sales_is_one(tmp_path: Path) -> None:
    rng = np.random.default_rng(13)
    days = np.datetime64("2023-01-01") + np.arange(900)
    visits = pd.DataFrame({"visit": np.sort(rng.choice(days, 1800)), "size": rng.normal(9, 2, 1800)})
    shops = pd.DataFrame({"day": np.repeat(np.delete(days, [100, 200, 201]), 2), "shop": ["A", "B"] * 897})
    busy = pd.DataFrame({"day": np.repeat(np.delete(days, 300), rng.poisson(20, 899) + 1)})

    assert "date_gaps" not in kinds(visits, tmp_path)
    assert [i.count for i in issues(shops, tmp_path) if i.kind == "date_gaps"] == [3]
    assert [i.count for i in issues(busy, tmp_path) if i.kind == "date_gaps"] == [1]


def test_it_is_said_when_not_every_suspicious_row_was_held_against_its_neighbours(tmp_path: Path) -> None:
    table = table_of(people(), tmp_path)

    assert bounds_of(table, "en", 4_000) == []
    assert "first 5,000 suspicious rows" in bounds_of(table, "en", 6_000)[0]


def test_tiny_shares_follow_no_rule_by_being_tiny(tmp_path: Path) -> None:
    shares = np.random.default_rng(14).gamma(0.5, 0.001, (200, 4))
    shares[:6] *= 200
    tiny = pd.DataFrame(shares, columns=["a", "b", "c", "d"])

    assert "broken_rule" not in kinds(tiny, tmp_path, dict.fromkeys("abcd", "measure"))
