from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.anova import AnovaRM

from agents.eda.group_service import compare
from agents.eda.matched_rows import match_rows
from agents.eda.repeated_measures import compare_matched
from mesh.results import Column
from mesh.tabular.sheet import Levels

Writer = Callable[[pd.DataFrame], Path]


def _trial(groups: int) -> pd.DataFrame:
    """Twelve patients, each measured under every drug; the first drug is lower."""
    rng = np.random.default_rng(5)
    base, drugs = rng.normal(50, 10, 12), [f"d{i}" for i in range(groups)]
    return pd.DataFrame(
        [
            {"patient": 1001 + p, "drug": drug, "score": base[p] - 3 * (drug == "d0") + rng.normal(0, 2)}
            for drug in drugs
            for p in range(12)
        ]
    )


def _tested(frame: pd.DataFrame, parquet: Writer) -> tuple[dict[str, Any], str]:
    columns = [
        Column(name="patient", type="integer", semantic="identifier"),
        Column(name="drug", type="string", semantic="category"),
        Column(name="score", type="number", semantic="measure"),
    ]
    result = compare(parquet(frame), columns, "does the score differ between drugs?", None, None, "en")
    report = result.outputs[0].data
    assert report is not None
    return report["group_tests"][0], " ".join(f.text for f in result.findings)


def test_rows_of_the_same_patient_are_paired(parquet: Writer) -> None:
    frame = _trial(2)
    test, said = _tested(frame.sample(frac=1, random_state=1), parquet)
    wide = frame.pivot(index="patient", columns="drug", values="score")
    assert test["test"] == "paired_t"
    assert test["p"] == pytest.approx(stats.ttest_rel(wide["d0"], wide["d1"]).pvalue)
    assert "Rows of the same patient" in said


def test_more_than_two_measurements_are_repeated_measures(parquet: Writer) -> None:
    frame = _trial(3)
    test, _ = _tested(frame, parquet)
    known = AnovaRM(frame, "score", "patient", within=["drug"]).fit().anova_table
    assert test["test"] == "repeated_anova"
    assert test["statistic"] == pytest.approx(known["F Value"].iloc[0])
    assert 0.5 <= test["epsilon"] <= 1
    assert test["p"] >= known["Pr > F"].iloc[0]
    assert {p["a"] + p["b"] for p in test["pairs"] if p["p_adjusted"] < 0.05} == {"d0d1", "d0d2"}


def test_ranks_of_repeated_measures_are_friedmans() -> None:
    rng = np.random.default_rng(8)
    values = np.exp(3 * rng.normal(0, 1, (15, 3)))
    levels = Levels(np.tile(np.arange(3), 15), ("a", "b", "c"))
    matched = match_rows({"id": np.repeat(np.arange(15), 3)}, levels, values.ravel())
    assert matched is not None
    record = compare_matched(matched)
    assert record is not None
    known = stats.friedmanchisquare(*values.T)
    assert (record["test"], record["p"]) == ("friedman", pytest.approx(known.pvalue))


def test_customers_who_buy_more_or_less_often_are_not_pairs() -> None:
    rng = np.random.default_rng(9)
    people, groups = rng.integers(0, 20, 300), rng.integers(0, 2, 300)
    assert match_rows({"id": people}, Levels(groups, ("web", "shop")), rng.normal(0, 1, 300)) is None


def test_rows_of_few_subjects_are_said_not_to_be_independent(parquet: Writer) -> None:
    rng = np.random.default_rng(10)
    patient = np.repeat(np.arange(1001, 1021), 10)
    frame = pd.DataFrame(
        {"patient": patient, "drug": np.where(patient < 1011, "a", "b"), "score": rng.normal(50, 5, 200)}
    )
    _, said = _tested(frame, parquet)
    assert "the 200 rows are of only 20 patient" in said
