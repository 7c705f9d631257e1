"""Questions on hotel stays, a café's orders and pets, with SQL written by hand; an empty one may not be answered."""

import contextlib
import csv
import io
from dataclasses import dataclass
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from agents.nlp.answering import DATA_FILE, answer_question
from mesh.errors import NeedsInputError
from mesh.language import detect_language

QUESTIONS = Path(__file__).parent / "questions"
STAYS = (
    "booking_id:identifier guest_id:identifier check_in:date room_type:category channel:category rooms:count "
    "revenue:measure cost:measure rating:intensive cancelled:boolean check_out:date gender:category age:intensive country:geo"
)
CAFE = (
    "주문번호:identifier 주문일자:date 회원번호:identifier 나이:intensive 성별:category 지점:category 품목:category "
    "수량:count 금액:measure 할인액:measure 만족도:intensive 수령일:date"
)
PETS = (
    "name:text species:category city:geo weekday:category year:category weight_kg:measure body_length:measure age:intensive "
    "visits:count fee:measure adopted:boolean"
)
GUESSED = {"weight_kg", "body_length"}
"""Columns of which nothing but the type says that they are measures."""
_TYPES = {"i": "integer", "f": "number", "M": "datetime", "b": "boolean"}


@dataclass(frozen=True)
class Asked:
    """A table on disk, its columns as a dataset's reference describes them, and the frame."""

    path: Path
    columns: list[dict[str, Any]]
    frame: pd.DataFrame


def _stays() -> pd.DataFrame:
    rng, n = np.random.default_rng(1), 800
    guests = pd.DataFrame(
        {
            "guest_id": np.arange(1, 151),
            "gender": rng.choice(["Male", "Female"], 150),
            "age": rng.integers(12, 88, 150),
            "country": rng.choice(["Korea", "Japan", "USA"], 150),
        }
    )
    stays = pd.DataFrame(
        {
            "booking_id": np.arange(n),
            "guest_id": rng.integers(1, 151, n),
            "check_in": pd.Timestamp("2022-01-01") + pd.to_timedelta(rng.integers(0, 1095, n), "D"),
            "room_type": rng.choice(["Single", "Double", "Suite"], n),
            "channel": rng.choice(["Web", "Agent", "Phone"], n),
            "rooms": rng.integers(1, 4, n),
            "revenue": rng.integers(50, 900, n).astype(float),
            "cost": rng.integers(20, 300, n).astype(float),
            "rating": rng.integers(1, 11, n) / 2,
            "cancelled": rng.choice(["Yes", "No"], n, p=[0.1, 0.9]),
        }
    )
    stays["check_out"] = stays["check_in"] + pd.to_timedelta(rng.integers(1, 12, n), "D")
    return stays.merge(guests, on="guest_id")


def _cafe() -> pd.DataFrame:
    rng, n = np.random.default_rng(2), 700
    orders = pd.DataFrame(
        {
            "주문번호": np.arange(n),
            "주문일자": pd.Timestamp("2022-01-01") + pd.to_timedelta(rng.integers(0, 1095, n), "D"),
            "회원번호": rng.integers(1, 90, n),
            "나이": rng.integers(15, 75, n),
            "성별": rng.choice(["남성", "여성"], n),
            "지점": rng.choice(["강남점", "홍대점", "잠실점"], n),
            "품목": rng.choice(["커피", "케이크", "쿠키", "샌드위치"], n),
            "수량": rng.integers(1, 6, n),
            "금액": rng.integers(3, 60, n) * 1000,
            "할인액": rng.integers(0, 5, n) * 500,
            "만족도": rng.integers(1, 6, n),
        }
    )
    orders["수령일"] = orders["주문일자"] + pd.to_timedelta(rng.integers(0, 6, n), "D")
    return orders


def _pets() -> pd.DataFrame:
    rng, n = np.random.default_rng(4), 120
    species = rng.choice(["Dog", "Cat", "Rabbit", "Bird"], n, p=[0.4, 0.35, 0.2, 0.05])
    return pd.DataFrame(
        {
            "name": [f"Pet{chr(97 + k // 26)}{chr(97 + k % 26)}" for k in range(n)],
            "species": species,
            "city": rng.choice(["Seoul", "Busan", "Daegu"], n),
            "weekday": rng.choice(["Mon", "Tue", "Sun"], n, p=[0.2, 0.3, 0.5]),
            "year": rng.choice([2021, 2022, 2023], n),
            "weight_kg": (rng.gamma(4, 3, n) + np.where(species == "Dog", 9, 0)).round(3),
            "body_length": rng.uniform(20, 90, n).round(2),
            "age": np.where(rng.random(n) < 0.1, np.nan, (rng.permutation(n) + 1) / 10),
            "visits": rng.integers(0, 6, n),
            "fee": rng.permutation(n) + 10.5,
            "adopted": rng.random(n) < np.where(species == "Dog", 0.8, 0.3),
        }
    )


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Asked]:
    """The tables `stays`, `cafe` and `pets`."""
    folder, tables = tmp_path_factory.mktemp("asked"), {}
    for name, described, frame in (
        ("stays", STAYS, _stays()),
        ("cafe", CAFE, _cafe()),
        ("pets", PETS, _pets()),
    ):
        meaning = dict(pair.split(":") for pair in described.split())
        columns = [
            {
                "name": c,
                "type": _TYPES.get(frame[c].dtype.kind, "string"),
                "semantic": meaning[c],
                "confidence": 0.4 if c in GUESSED else 0.9,
            }
            for c in meaning
        ]
        frame[list(meaning)].to_parquet(folder / f"{name}.parquet", index=False)
        tables[name] = Asked(folder / f"{name}.parquet", columns, frame)
    return tables


def _questions(name: str) -> list[tuple[str, str, str]]:
    with (QUESTIONS / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return [(name, row["question"], row["sql"]) for row in csv.DictReader(file, delimiter="\t")]


ALL = [*_questions("stays"), *_questions("cafe"), *_questions("pets")]


@pytest.mark.parametrize(("table", "question", "sql"), ALL, ids=[question for _, question, _ in ALL])
def test_the_rows_are_those_of_the_sql_written_by_hand(
    asked: dict[str, Asked], table: str, question: str, sql: str
) -> None:
    answer = _answer(asked[table], question)
    if not sql:
        assert answer["abstained"]
        return
    database = duckdb.connect()
    database.register("data", asked[table].frame)
    expected = [list(row) for row in database.execute(sql).fetchall()]
    assert expected
    assert not answer["abstained"], answer["answer"]
    assert _holds(answer["rows"], expected), answer["sql"]
    assert _run(answer["pandas"], asked[table].path) == (answer["columns"], _plain(answer["rows"]))


def _answer(table: Asked, question: str) -> dict[str, Any]:
    try:
        return answer_question(
            question,
            table.path,
            table.columns,
            detect_language(question),
            name=table.path.name,
            max_rows=2000,
        )
    except NeedsInputError as asked_back:
        return {"abstained": True, "answer": str(asked_back)}


def _holds(given: list[list[Any]], expected: list[list[Any]]) -> bool:
    """True when some columns of `given`, in some order, hold exactly the rows of `expected`, in any order."""
    wanted, comparable = sorted(map(_comparable, expected)), [_comparable(row) for row in given]
    return len(given) == len(expected) and any(
        sorted(tuple(row[n] for n in chosen) for row in comparable) == wanted
        for chosen in permutations(range(len(given[0])), len(expected[0]))
    )


def _run(code: str, path: Path) -> tuple[list[str], list[list[Any]]]:
    """Columns and rows of what the pandas code makes of the file."""
    made: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(code.replace(repr(DATA_FILE), repr(str(path))), made)
    result: pd.DataFrame = made["result"]
    return list(result.columns), _plain(result.astype(object).to_numpy().tolist())


def _plain(rows: list[list[Any]]) -> list[list[Any]]:
    """Rows whose numbers are equal to nine digits when they are equal, and whose missing values are None."""
    return [
        [None if pd.isna(v) else f"{v:.9g}" if isinstance(v, int | float) else str(v) for v in row]
        for row in rows
    ]


def _comparable(row: list[Any]) -> tuple[str, ...]:
    return tuple(f"{v:.9g}" if isinstance(v, int | float) else str(v) for v in row)


def test_a_denial_that_could_be_taken_two_ways_is_not_answered(asked: dict[str, Asked]) -> None:
    answer = _answer(asked["stays"], "guests without Suite")
    assert answer["abstained"]
    assert "never" in answer["answer"]
    clear = _answer(asked["stays"], "guests not from Korea")
    assert {row[0] for row in clear["rows"]} == set(asked["stays"].frame.query("country != 'Korea'").guest_id)


def test_pandas_code_unites_spellings_and_reads_plain_dates(tmp_path: Path) -> None:
    path = tmp_path / "spelled.parquet"
    frame = pd.DataFrame(
        {
            "region": ["Seoul", "SEOUL", "seoul ", "Seoul", "Busan", None],
            "amount": [1.0, 2.0, 4.0, 8.0, 14.0, 5.0],
            "sent": [date(2024, 1, day) for day in (1, 2, 3, 4, 8, 9)],
            "arrived": [date(2024, 1, day) for day in (3, 5, 3, 8, 9, 9)],
        }
    )
    frame.to_parquet(path, index=False)
    described = "region:string:geo amount:number:measure sent:date:date arrived:date:date"
    columns = [dict(zip(("name", "type", "semantic"), c.split(":"), strict=True)) for c in described.split()]
    for question, rows in [
        ("total amount by region", [["Seoul", "15"], ["Busan", "14"], [None, "5"]]),
        ("amount in seoul", [["15"]]),
        ("average days from sent to arrived in Seoul", [["2.25"]]),
        ("amount by week", [["2024-01-01", "15"], ["2024-01-08", "19"]]),
    ]:
        answer = answer_question(question, path, columns, "en")
        assert _plain(answer["rows"]) == rows
        assert _run(answer["pandas"], path) == (answer["columns"], rows)
