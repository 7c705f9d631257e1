"""Joins between tables: against counts by pandas, against foreign keys that the data were made with, and never a row too many."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.ingestion.contract import NamedFile, Options
from agents.ingestion.job import run_load
from agents.ingestion.relating import Sheet, Wish
from agents.ingestion.relating_job import CombinedTable, run_combine, run_propose
from agents.ingestion.relating_names import name_score
from agents.ingestion.relating_wording import combination_warnings, keys_text
from mesh.errors import BadInputError, NeedsInputError
from mesh.results import Column

Frame = dict[str, list[Any]]


def sheet(folder: Path, name: str, frame: Frame) -> Sheet:
    """The table as ingestion loads it from CSV."""
    path, target = folder / f"{name}.csv", folder / f"{name}.parquet"
    pd.DataFrame(frame).to_csv(path, index=False)
    loaded = run_load([NamedFile(path, path.name)], path.name, target, folder, Options(), "en")
    return Sheet(name, target, loaded.columns, loaded.rows)


def sheets(folder: Path, **frames: Frame) -> list[Sheet]:
    return [sheet(folder, name, frame) for name, frame in frames.items()]


def proposed(found: list[Sheet], folder: Path, *on: str) -> list[dict[str, Any]]:
    return list(run_propose(found, folder, on, "en")["proposals"])


def combined(found: list[Sheet], folder: Path, **wish: Any) -> tuple[CombinedTable, pd.DataFrame]:
    made = run_combine(found, folder / "out.parquet", folder, Wish(**wish), "en")
    frame = pd.read_parquet(folder / "out.parquet")
    assert list(frame.columns) == [column.name for column in made.columns]
    assert len(frame) == made.rows
    return made, frame


CUSTOMERS: Frame = {
    "id": list(range(101, 141)),
    "city": ["Seoul", "Busan", "Daegu", "Jeju"] * 10,
    "credit": [n * 10 for n in range(40)],
}
ORDERS: Frame = {
    "order_no": list(range(1, 201)),
    "customer_id": [101 + n % 37 for n in range(199)] + [999],
    "revenue": [n * 1.5 for n in range(200)],
}


def test_a_foreign_key_is_found_with_its_numbers(tmp_path: Path) -> None:
    best, *_ = proposed(sheets(tmp_path, customers=CUSTOMERS, orders=ORDERS), tmp_path)
    assert (best["left"], best["right"], keys_text(best)) == ("orders", "customers", "customer_id = id")
    assert best["cardinality"] == "n:1"
    assert best["safe"]
    assert best["of_left"]["match_rate"] == 199 / 200
    assert best["of_left"]["orphan_examples"] == ["999"]
    assert (best["of_right"]["matched"], best["of_right"]["orphans"]) == (37, 3)


def test_a_join_keeps_every_row_in_order_and_fills_what_matches(tmp_path: Path) -> None:
    made, frame = combined(sheets(tmp_path, customers=CUSTOMERS, orders=ORDERS), tmp_path)
    expected = pd.DataFrame(ORDERS).merge(
        pd.DataFrame(CUSTOMERS), left_on="customer_id", right_on="id", how="left"
    )
    assert list(frame["order_no"]) == ORDERS["order_no"]
    assert list(frame["city"].fillna("")) == list(expected["city"].fillna(""))
    assert "id" not in frame.columns
    assert made.report["rows"] == {"before": 200, "after": 200}
    left, right, *_ = combination_warnings(made.report, "en")
    assert "1 rows of orders" in left
    assert "999" in left
    assert "3 rows of customers" in right


def test_what_is_repeated_by_a_join_adds_up_no_more(tmp_path: Path) -> None:
    found = sheets(tmp_path, customers=CUSTOMERS, orders=ORDERS)
    columns = [
        column.model_copy(update={"semantic": "measure"}) if column.name == "credit" else column
        for column in found[0].columns
    ]
    made, _ = combined([Sheet("customers", found[0].path, columns, found[0].rows), found[1]], tmp_path)
    meanings = {column.name: column.semantic for column in made.columns}
    assert meanings["credit"] == "intensive"
    assert any("credit" in warning for warning in combination_warnings(made.report, "ko"))


@pytest.mark.parametrize(
    ("left", "right", "coercions"),
    [
        ([f"{n:05d}" for n in range(1, 61)], list(range(1, 61)), {"type", "zero_padding"}),
        ([f"Model {n:c}" for n in range(65, 90)], [f"model  {n:c}" for n in range(65, 90)], {"case_space"}),
    ],
)
def test_keys_written_differently_are_matched_and_said(
    tmp_path: Path, left: list[Any], right: list[Any], coercions: set[str]
) -> None:
    found = sheets(
        tmp_path,
        sales={"part": left * 2, "amount": [n * 1.25 for n in range(2 * len(left))]},
        parts={"part": right, "colour": ["red", "blue"] * (len(right) // 2) + ["red"] * (len(right) % 2)},
    )
    best = proposed(found, tmp_path)[0]
    assert keys_text(best) == "part"
    assert set(best["keys"][0]["coercions"]) == coercions
    assert best["of_left"]["match_rate"] == 1
    _, frame = combined(found, tmp_path)
    assert frame["colour"].notna().all()


def test_equal_numbers_without_a_name_are_no_key(tmp_path: Path) -> None:
    found = sheets(
        tmp_path,
        visits={"visit_id": list(range(1, 51)), "room": [1 + n % 5 for n in range(50)]},
        films={"film_id": list(range(1, 51)), "title": [f"T{n}x" for n in range(50)]},
    )
    assert not any(item["safe"] for item in proposed(found, tmp_path))
    with pytest.raises(NeedsInputError, match="By which key"):
        combined(found, tmp_path)


def test_a_key_that_repeats_on_both_sides_is_never_joined(tmp_path: Path) -> None:
    found = sheets(
        tmp_path,
        sales={"region": ["N", "N", "S", "E"] * 5, "amount": list(range(20))},
        staff={"region": ["N", "S", "S", "E"] * 5, "person": [f"p{n}" for n in range(20)]},
    )
    assert proposed(found, tmp_path)[0]["cardinality"] == "n:m"
    with pytest.raises(NeedsInputError, match="n:m"):
        combined(found, tmp_path)
    with pytest.raises(NeedsInputError, match="multiply rows"):
        combined(found, tmp_path, on=("region",))


def test_two_columns_together_may_be_the_key(tmp_path: Path) -> None:
    days = [f"2024-01-{day:02d}" for day in range(1, 21)]
    found = sheets(
        tmp_path,
        sales={
            "date": days * 3,
            "shop": ["Aa"] * 20 + ["Bb"] * 20 + ["Cc"] * 20,
            "revenue": [n * 1.1 for n in range(60)],
        },
        weather={
            "shop": ["Aa", "Bb", "Cc"] * 20,
            "date": [day for day in days for _ in range(3)],
            "rain": ["y", "n"] * 30,
        },
    )
    best = proposed(found, tmp_path)[0]
    assert {key["left"] for key in best["keys"]} == {"date", "shop"}
    assert best["cardinality"] == "1:1"
    _, frame = combined(found, tmp_path)
    assert frame["rain"].notna().all()


def test_equally_good_keys_are_asked_about_until_the_question_names_one(tmp_path: Path) -> None:
    codes = [f"A{n:c}{n:c}" for n in range(65, 85)]
    found = sheets(
        tmp_path,
        flights={
            "origin_airport": codes * 3,
            "target_airport": (codes[3:] + codes[:3]) * 3,
            "delay": list(range(60)),
        },
        airports={"airport": codes, "country": ["KR", "JP", "US", "DE"] * 5},
    )
    with pytest.raises(NeedsInputError, match=r"origin_airport.*target_airport"):
        combined(found, tmp_path)
    made, _ = combined(found, tmp_path, goal="Average delay by country of the target airport")
    assert keys_text(made.report["joins"][0]) == "target_airport = airport"
    made, _ = combined(found, tmp_path, on=("origin_airport=airport",))
    assert keys_text(made.report["joins"][0]) == "origin_airport = airport"


def test_tables_of_one_schema_are_stacked_with_their_source(tmp_path: Path) -> None:
    found = sheets(
        tmp_path,
        january={"Region": ["N", "S"], "amount": [1, 2]},
        february={"amount": [2.5, 3.5, 4.5], "region": ["N", "S", "E"]},
    )
    made, frame = combined(found, tmp_path)
    assert list(frame["source"]) == ["january"] * 2 + ["february"] * 3
    assert frame["amount"].tolist() == [1, 2, 2.5, 3.5, 4.5]
    assert list(frame["Region"]) == ["N", "S", "N", "S", "E"]
    assert made.report["rows"]["after"] == 5


def test_months_are_stacked_before_they_are_joined(tmp_path: Path) -> None:
    months: dict[str, Frame] = {
        name: {"model": ["Swift", "Urban", "Trail"] * 4, "sold": list(range(start, start + 12))}
        for name, start in (("march", 1), ("april", 50))
    }
    specs: Frame = {"model": ["Swift", "Urban", "Trail"], "category": ["Road", "City", "Mountain"]}
    made, frame = combined(sheets(tmp_path, specs=specs, **months), tmp_path)
    assert made.rows == 24
    assert frame.groupby("category")["sold"].sum().to_dict() == {
        "City": sum(range(2, 12, 3)) + sum(range(51, 61, 3)) + 0,
        "Mountain": sum(range(3, 13, 3)) + sum(range(52, 62, 3)),
        "Road": sum(range(1, 11, 3)) + sum(range(50, 60, 3)),
    }


def test_a_chain_of_tables_is_joined_from_the_one_that_reaches_all(tmp_path: Path) -> None:
    found = sheets(
        tmp_path,
        regions={"region_id": [10, 20], "region_name": ["West", "East"]},
        cities={
            "city_id": [1, 2, 3, 4],
            "region_id": [10, 10, 20, 20],
            "city_name": ["A1", "B1", "C1", "D1"],
        },
        sales={"city_id": [1, 2, 3, 4, 4, 4], "amount": [5.5, 6.5, 7.5, 8.5, 1.5, 2.5]},
    )
    made, frame = combined(found, tmp_path)
    assert made.report["root"] == "sales"
    assert list(frame["region_name"]) == ["West", "West", "East", "East", "East", "East"]


def test_wrong_wishes_say_what_is_wrong(tmp_path: Path) -> None:
    found = sheets(tmp_path, customers=CUSTOMERS, orders=ORDERS)
    with pytest.raises(BadInputError, match="No table has the column nope"):
        combined(found, tmp_path, on=("nope",))
    with pytest.raises(BadInputError, match="cannot be stacked"):
        combined(found, tmp_path, how="stack")
    with pytest.raises(NeedsInputError, match="joins nothing"):
        combined(found, tmp_path, on=("revenue=city",))


@pytest.mark.parametrize(
    ("left", "right", "tables", "least", "most"),
    [
        ("bike_model", "bike_model", ("", ""), 1, 1),
        ("CustomerID", "customer_no", ("", ""), 0.9, 1),
        ("customer_id", "id", ("orders", "customers"), 0.9, 1),
        ("고객ID", "고객번호", ("", ""), 0.9, 1),
        ("billing_country", "Country", ("", ""), 0.6, 0.8),
        ("InvoiceLineId", "InvoiceId", ("", ""), 0.1, 0.5),
        ("id", "id", ("a", "b"), 0.4, 0.59),
        ("price", "city", ("", ""), 0, 0),
        ("album_id", "id", ("tracks", "artists"), 0, 0),
    ],
)
def test_names_speak_for_a_key(
    left: str, right: str, tables: tuple[str, str], least: float, most: float
) -> None:
    assert least <= name_score(left, right, *tables) <= most
    assert name_score(right, left, *tables[::-1]) == name_score(left, right, *tables)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    facts=st.lists(st.one_of(st.none(), st.sampled_from("abcdefgh")), min_size=1, max_size=40),
    keys=st.lists(st.sampled_from("abcdefghij"), min_size=1, max_size=10),
)
def test_no_join_changes_the_number_of_rows(tmp_path: Path, facts: list[str | None], keys: list[str]) -> None:
    tables = []
    for name, frame in {
        "facts": pd.DataFrame({"key": pd.Series(facts, dtype="str"), "n": range(len(facts))}),
        "looks": pd.DataFrame({"key": pd.Series(keys, dtype="str"), "w": range(len(keys))}),
    }.items():
        path = tmp_path / f"{name}.parquet"
        frame.to_parquet(path, index=False)
        columns = [Column(name="key", type="string", semantic="category")]
        columns.append(Column(name=str(frame.columns[1]), type="integer", semantic="measure"))
        tables.append(Sheet(name, path, columns, len(frame)))
    try:
        made, frame = combined(tables, tmp_path, on=("key",))
    except NeedsInputError:
        known = set(facts) & set(keys)
        repeated = len(set(keys)) < len(keys)
        present = [key for key in facts if key is not None]
        assert not known or (repeated and len(set(present)) < len(present))
        return
    root = next(table for table in tables if table.name == made.report["root"])
    assert made.rows == root.rows
    measure = root.columns[1].name
    assert list(frame[measure]) == list(range(root.rows))
