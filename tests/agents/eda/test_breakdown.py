from collections.abc import Callable

import numpy as np
import pytest

from agents.eda.breakdown import break_down, rate_by
from mesh.tabular.sheet import Sheet

SheetMaker = Callable[..., Sheet]


def test_sums_with_shares_and_the_pareto_point(as_sheet: SheetMaker) -> None:
    sheet = as_sheet(k=("category", ["a", "a", "b", "c", "d"]), v=("measure", [50.0, 20.0, 15.0, 10.0, 5.0]))
    table = break_down(sheet, "k", "v", "Other")
    assert table is not None
    assert [(r["name"], r["value"], r["share"]) for r in table["rows"]] == [
        ("a", 70.0, 0.7),
        ("b", 15.0, 0.15),
        ("c", 10.0, 0.1),
        ("d", 5.0, 0.05),
    ]
    assert table["pareto"] == {"levels": 2, "share_of_levels": 0.5, "share": 0.85}
    # 0.49 + 0.0225 + 0.01 + 0.0025, and (-3 * 0.05 - 0.1 + 0.15 + 3 * 0.7) / 4
    assert table["concentration"] == pytest.approx({"hhi": 0.525, "gini": 0.5})


def test_an_intensive_measure_is_averaged_never_summed(as_sheet: SheetMaker) -> None:
    sheet = as_sheet(k=("category", ["a", "a", "b"]), v=("intensive", [10.0, 20.0, 12.0]))
    table = break_down(sheet, "k", "v", "Other")
    assert table is not None
    assert table["aggregation"] == "mean"
    assert [(r["name"], r["value"], r["share"]) for r in table["rows"]] == [
        ("a", 15.0, None),
        ("b", 12.0, None),
    ]


def test_a_negative_level_takes_the_shares_away(as_sheet: SheetMaker) -> None:
    sheet = as_sheet(k=("category", ["a", "b"]), v=("measure", [10.0, -4.0]))
    table = break_down(sheet, "k", "v", "Other")
    assert table is not None
    assert table["pareto"] is None
    assert all(row["share"] is None for row in table["rows"])


def test_many_levels_end_in_other_and_still_add_up(as_sheet: SheetMaker) -> None:
    names = [f"k{i:02d}" for i in range(40)]
    sheet = as_sheet(k=("category", names), v=("measure", np.arange(1.0, 41.0)))
    table = break_down(sheet, "k", "v", "기타")
    assert table is not None
    assert len(table["rows"]) == 21
    assert table["rows"][-1]["name"] == "기타"
    assert sum(row["value"] for row in table["rows"]) == pytest.approx(820.0)


def test_the_rate_of_an_outcome(as_sheet: SheetMaker) -> None:
    sheet = as_sheet(k=("category", ["a", "a", "b", "b"]), t=("category", ["Yes", "No", "Yes", "Yes"]))
    table = rate_by(sheet, "k", "t", "Yes")
    assert table is not None
    assert [(r["name"], r["value"]) for r in table["rows"]] == [("b", 1.0), ("a", 0.5)]
