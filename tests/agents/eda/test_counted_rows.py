from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from agents.eda.counted_rows import counted
from agents.eda.group_service import compare
from agents.eda.service import explore
from mesh.results import Column
from mesh.tabular.sheet import Sheet
from tests.agents.eda.prose import unresolved

Writer = Callable[[pd.DataFrame], Path]
CELLS = {"big": ((80, 20), (18, 2)), "small": ((10, 40), (60, 140))}
"""By department, of men and of women: admitted, rejected. Women do as well or better in each, and worse in all."""
COLUMNS = [
    *(Column(name=name, type="string", semantic="category") for name in ("dept", "sex", "admit")),
    Column(name="freq", type="integer", semantic="measure"),
]


def _admissions() -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"dept": dept, "sex": sex, "admit": admit, "freq": count}
            for dept, sexes in CELLS.items()
            for sex, counts in zip(("male", "female"), sexes, strict=True)
            for admit, count in zip(("admitted", "rejected"), counts, strict=True)
        ]
    )


def test_a_column_of_frequencies_weighs_the_rows(parquet: Writer) -> None:
    result = compare(
        parquet(_admissions()), COLUMNS, "were women less likely to be admitted than men?", None, None, "en"
    )
    report = result.outputs[0].data
    assert report is not None
    (test,) = report["group_tests"]
    assert {g["name"]: (g["count"], g["n"]) for g in test["groups"]} == {
        "male": (90, 150),
        "female": (78, 220),
    }
    table = np.array([[90, 60], [78, 142]])
    assert test["p"] == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue)
    assert report["cases"] == {"column": "freq", "rows": 8, "cases": 370}
    assert any("8 rows are 370 cases" in warning for warning in result.warnings)
    assert unresolved(result) == []


def test_a_difference_that_a_third_column_explains_is_not_left_standing(parquet: Writer) -> None:
    result = compare(
        parquet(_admissions()), COLUMNS, "성별에 따라 합격률에 차이가 있나요?", "admit", "sex", "ko"
    )
    (held,) = [f for f in result.findings if f.kind == "held_fixed"]
    assert held.evidence["column"] == "dept"
    assert held.evidence["crude"] == pytest.approx(100 * (90 / 150 - 78 / 220))
    # Within a department the difference is weighed by n_men n_women / (n_men + n_women), as least squares does
    weights = {"big": 100 * 20 / 120, "small": 50 * 200 / 250}
    gaps = {"big": 0.8 - 0.9, "small": 0.2 - 0.3}
    expected = sum(weights[d] * gaps[d] for d in CELLS) / sum(weights.values())
    assert held.evidence["difference"] == pytest.approx(100 * expected)


def test_exploring_a_cross_table_counts_cases(parquet: Writer) -> None:
    result = explore(parquet(_admissions()), COLUMNS, "analyse the data", "en")
    report = result.outputs[0].data
    assert report is not None
    assert report["rows"] == 370


@pytest.mark.parametrize("name", ["count", "freq"])
def test_counts_that_were_measured_again_and_again_stay_a_measure(
    as_sheet: Callable[..., Sheet], name: str
) -> None:
    sheet = as_sheet(**{"spray": ("category", ["a", "a", "b", "b"]), name: ("count", [3, 5, 9, 8])})
    assert counted(sheet) == (sheet, None)


def test_a_count_beside_a_date_or_another_number_stays_a_measure(as_sheet: Callable[..., Sheet]) -> None:
    dated = as_sheet(
        day=("date", ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04"]),
        shop=("category", ["a", "a", "b", "b"]),
        freq=("count", [3, 5, 9, 8]),
    )
    priced = as_sheet(
        shop=("category", ["a", "b", "c", "d"]),
        price=("intensive", [1.5, 2, 3, 4]),
        n=("count", [3, 5, 9, 8]),
    )
    assert counted(dated)[1] is None
    assert counted(priced)[1] is None
