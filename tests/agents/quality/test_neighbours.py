"""Rows that are nearly the same, and rows that only look alike."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from agents.quality.detection import find_row_errors
from agents.quality.neighbours import similarity
from agents.quality.tables import read_table
from mesh.results import Column
from tests.agents.quality.dirtying import words


def people(rows: int = 400) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    return pd.DataFrame(
        {
            "id": np.arange(rows) + 1,
            "name": [f"{a} {b}" for a, b in zip(words(rng, rows), words(rng, rows), strict=True)],
            "address": [
                f"{n} {s} Street" for n, s in zip(rng.integers(1, 300, rows), words(rng, rows), strict=True)
            ],
            "city": rng.choice(["Seoul", "Busan", "Daegu"], rows),
            "amount": rng.integers(1, 9, rows),
        }
    )


def near(frame: pd.DataFrame, tmp_path: Path) -> list[tuple[int, int]]:
    path = tmp_path / "rows.parquet"
    frame.to_parquet(path, index=False)
    table = read_table(path, [Column(name=name, type="string") for name in frame.columns])
    found = [errors for errors in find_row_errors(table) if errors.kind == "near_duplicates"]
    return [
        pair for errors in found for pair in zip(errors.rows.tolist(), errors.same_as.tolist(), strict=True)
    ]


@pytest.mark.parametrize(
    ("change", "columns"),
    [
        (lambda text: text, ["name"]),
        (lambda text: text.upper(), ["name"]),
        (lambda text: f" {text.replace(' ', '  ')}", ["address"]),
        (lambda text: text[:4] + text[5:], ["name"]),
        (lambda text: " ".join(reversed(text.split())), ["name"]),
        (lambda text: text[:-3] + text[-2] + text[-3] + text[-1], ["name", "address"]),
    ],
    ids=["other number", "case", "spaces", "letter missing", "words swapped", "two columns"],
)
def test_a_record_that_is_entered_again_with_a_small_difference_is_found(
    change: object, columns: list[str], tmp_path: Path
) -> None:
    assert callable(change)
    frame = people()
    again = frame.iloc[[5, 77]].assign(id=[901, 902])
    for column in columns:
        again[column] = again[column].map(change)

    assert near(pd.concat([frame, again], ignore_index=True), tmp_path) == [(400, 5), (401, 77)]


def test_different_records_are_not_the_same_for_being_alike(tmp_path: Path) -> None:
    frame = people()
    other = frame.iloc[[5]].assign(id=901, address=lambda f: "9" + f["address"])
    groups = pd.DataFrame(
        {"id": np.arange(400), "city": ["Seoul", "Busan"] * 200, "grade": list("ABCDE") * 80}
    )

    assert near(pd.concat([frame, other], ignore_index=True), tmp_path) == []
    assert near(groups, tmp_path) == []


def test_similarity_knows_spacing_widths_and_numbers() -> None:
    assert similarity("서울 강남구 역삼동", "서울강남구  역삼동") == 1.0
    assert similarity("ＡＢＣ Trading", "abc trading") == 1.0
    assert similarity("Kim, Minsu", "Minsu Kim") == 0.95
    assert similarity("12 Elm Street", "13 Elm Street") == 0.0
    assert similarity(None, "x") == 0.0
