"""Drift: measures against arithmetic and published implementations, and whole reports on samples that did and did not change."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from agents.quality.drift_periods import default_periods, periods_in
from agents.quality.drift_service import run_drift
from agents.quality.drift_story import findings_of, summary_of, tables_of
from mesh.errors import BadInputError
from mesh.results import Column
from mesh.tabular import drift

SEMANTICS: dict[str, Any] = {
    "id": "identifier",
    "day": "date",
    "city": "category",
    "member": "boolean",
    "price": "intensive",
    "stars": "count",
    "note": "text",
}


def sample(rows: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "id": np.arange(rows),
            "day": pd.Timestamp("2023-01-01") + pd.to_timedelta(np.arange(rows) % 730, "D"),
            "city": rng.choice(["Seoul", "Busan", "Daegu"], rows, p=[0.5, 0.3, 0.2]),
            "member": rng.random(rows) < 0.4,
            "price": np.round(np.exp(rng.normal(3, 0.5, rows)), 2),
            "stars": rng.integers(1, 6, rows),
            "note": [f"free text {n}" for n in rng.integers(0, 10**6, rows)],
        }
    )


def report(
    tmp_path: Path, *frames: pd.DataFrame, question: str = "", periods: tuple[str, ...] = ()
) -> dict[str, Any]:
    sides = []
    for number, frame in enumerate(frames):
        path = tmp_path / f"{number}.parquet"
        frame.to_parquet(path, index=False)
        columns = [Column(name=n, type="string", semantic=SEMANTICS.get(n, "unknown")) for n in frame.columns]
        sides.append((path, columns))
    data = run_drift(sides, question, periods, 0.05, "en")
    json.dumps(data, allow_nan=False)
    if data["mode"] == "datasets":
        data |= {"reference": "before", "current": "after"}
    return data


def column(data: dict[str, Any], name: str) -> dict[str, Any]:
    return next(entry for entry in data["columns"] if entry["column"] == name)


def test_psi_is_the_sum_worked_out_by_hand() -> None:
    before, after = np.array([25, 50, 25]), np.array([40, 40, 20])
    by_hand = 0.15 * math.log(0.40 / 0.25) - 0.10 * math.log(0.40 / 0.50) - 0.05 * math.log(0.20 / 0.25)

    assert drift.psi(before, after) == pytest.approx(by_hand)
    assert drift.psi(before, 7 * before) == 0


def test_an_empty_bin_counts_as_a_hundredth_of_a_percent() -> None:
    assert drift.psi(np.array([50, 50]), np.array([100, 0])) == pytest.approx(
        0.5 * math.log(1 / 0.5) + (0.0001 - 0.5) * math.log(0.0001 / 0.5)
    )


def test_bins_hold_a_tenth_each_and_a_dominant_value_stands_alone() -> None:
    spread = np.arange(1000.0)
    zeros = np.sort(np.r_[np.zeros(700), np.linspace(1, 2, 300)])

    assert drift.bin_counts(spread, drift.bin_edges(spread)).tolist() == [100] * 10
    assert 700 in drift.bin_counts(zeros, drift.bin_edges(zeros))
    assert (
        drift.psi(
            drift.bin_counts(zeros, edges := drift.bin_edges(zeros)), drift.bin_counts(zeros - 0.6, edges)
        )
        > 0.25
    )


def test_a_constant_that_becomes_another_constant_is_seen() -> None:
    edges = drift.bin_edges(np.full(50, 5.0))

    assert drift.bin_counts(np.array([4.0, 5.0, 6.0]), edges).tolist() == [1, 1, 1]


def test_total_variation_is_half_the_sum_of_the_differences() -> None:
    assert drift.total_variation(np.array([50, 30, 20]), np.array([20, 30, 50])) == pytest.approx(0.3)


def test_tests_agree_with_scipy_and_with_holm_worked_out_by_hand() -> None:
    rng = np.random.default_rng(3)
    before, after = np.sort(rng.normal(size=60)), np.sort(rng.normal(0.5, 1, size=70))
    gap = max(abs((before <= x).mean() - (after <= x).mean()) for x in np.concatenate([before, after]))
    counts = np.array([30, 40, 30]), np.array([50, 30, 20])
    table = np.stack(counts)
    expected = table.sum(0) * table.sum(1)[:, None] / table.sum()
    statistic = float(((table - expected) ** 2 / expected).sum())

    assert drift.kolmogorov_smirnov(before, after).statistic == pytest.approx(gap)
    assert drift.kolmogorov_smirnov(before, after).p == pytest.approx(stats.kstest(before, after).pvalue)
    assert drift.chi_squared(*counts).statistic == pytest.approx(statistic)
    assert drift.chi_squared(*counts).p == pytest.approx(math.exp(-statistic / 2))
    assert drift.holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert drift.cohens_h(0.0, 1.0) == pytest.approx(math.pi)


@given(st.lists(st.integers(0, 500), min_size=2, max_size=12), st.randoms(use_true_random=False))
def test_effects_do_not_depend_on_the_order_of_categories(counts: list[int], random: Any) -> None:
    before = np.array([*counts, 1])
    after = np.array([1, *counts])
    order = np.array(random.sample(range(len(before)), len(before)))

    assert drift.psi(before[order], after[order]) == pytest.approx(drift.psi(before, after))
    assert drift.total_variation(before, after) == pytest.approx(drift.total_variation(after, before))
    assert 0 <= drift.total_variation(before, after) <= 1


def test_two_samples_of_one_source_show_no_drift(tmp_path: Path) -> None:
    data = report(tmp_path, sample(4000, 1), sample(4000, 2))

    assert data["levels"] == {"major": 0, "moderate": 0, "undecided": 0, "none": 4}
    assert "No drift found" in summary_of(data, "en")
    assert "발견되지 않았습니다" in summary_of(data, "ko")
    assert {item["column"]: item["why"] for item in data["not_compared"]} == {
        "id": "identifier",
        "day": "date",
        "note": "free_text",
    }


def test_planted_changes_are_found_ranked_and_told(tmp_path: Path) -> None:
    before, after = sample(4000, 1), sample(4000, 2)
    after["price"] = after["price"] * 1.8
    after.loc[: 4000 // 10 - 1, "city"] = "Jeju"
    after["stars"] = after["stars"].astype("Int64")
    after.loc[:999, "stars"] = pd.NA

    data = report(tmp_path, before, after)
    texts = [item.text for item in findings_of(data, "en")]

    assert data["columns"][0]["column"] == "price"
    assert column(data, "price")["level"] == "major"
    assert column(data, "city")["new"][0]["value"] == "Jeju"
    assert column(data, "city")["new"][0]["after"] == pytest.approx(0.1)
    assert column(data, "city")["level"] == "moderate"
    assert column(data, "member")["level"] == column(data, "stars")["level"] == "none"
    assert data["missing"][0] == data["missing"][0] | {
        "column": "stars",
        "before": 0,
        "after": 0.25,
        "changed": True,
    }
    assert any("price drifted: its median went from" in text for text in texts)
    assert any("New: Jeju." in text for text in texts)
    assert any("stars is missing in 25.00% of the rows" in text for text in texts)
    assert len(tables_of(data, "ko")[0].rows) == 4


def test_a_tiny_change_in_many_rows_is_significant_but_no_drift(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    data = report(
        tmp_path,
        pd.DataFrame({"price": rng.normal(0, 1, 200_000)}),
        pd.DataFrame({"price": rng.normal(0.03, 1, 200_000)}),
    )

    assert column(data, "price")["p_adjusted"] < 0.001
    assert column(data, "price")["level"] == "none"


def test_a_large_change_in_few_rows_is_undecided(tmp_path: Path) -> None:
    data = report(
        tmp_path,
        pd.DataFrame({"city": ["Seoul"] * 5 + ["Busan"] * 3}),
        pd.DataFrame({"city": ["Seoul"] * 3 + ["Busan"] * 5}),
    )

    assert column(data, "city")["level"] == "undecided"
    assert "chance explains it as well" in findings_of(data, "en")[-1].text


def test_columns_that_came_went_or_changed_type_are_told(tmp_path: Path) -> None:
    before = sample(300, 1)
    after = before.rename(columns={"member": "membership"}).assign(stars=lambda f: f["stars"].astype(str))

    data = report(tmp_path, before, after)

    assert data["schema"] == {
        "added": ["membership"],
        "removed": ["member"],
        "retyped": [{"column": "stars", "before": "integer", "after": "string"}],
    }
    assert "Columns that are gone: member." in summary_of(data, "en")


def test_one_dataset_is_split_into_the_last_twelve_months_and_those_before(tmp_path: Path) -> None:
    frame = sample(2190, 4)
    frame.loc[frame["day"] >= "2024-01-01", "price"] *= 2

    data = report(tmp_path, frame)

    assert (data["mode"], data["by"]) == ("periods", "day")
    assert data["reference"] == "2023-01-01 – 2023-12-31"
    assert data["current"] == "2024-01-01 – 2024-12-30"
    assert (data["reference_rows"], data["current_rows"]) == (1095, 1095)
    assert column(data, "price")["level"] == "major"


def test_the_periods_that_a_question_names_are_compared(tmp_path: Path) -> None:
    frame = sample(2190, 4)

    korean = report(tmp_path, frame, question="2023년 1월과 2023년 6월 데이터의 분포가 달라졌나요?")
    given_by_name = report(tmp_path, frame, periods=("2023-Q1", "2023-Q2"))

    assert (korean["reference"], korean["current"]) == ("2023-01", "2023-06")
    assert korean["reference_rows"] == 31 * 3
    assert given_by_name["current_rows"] == (30 + 31 + 30) * 3


@pytest.mark.parametrize(
    ("question", "reference", "current"),
    [
        (
            "Is the second half of the data different from the first half?",
            "2023-01-01 – 2023-12-31",
            "2024-01-01 – 2024-12-30",
        ),
        ("전반부와 후반부의 분포를 비교해줘", "2023-01-01 – 2023-12-31", "2024-01-01 – 2024-12-30"),
        (
            "Did anything drift before and after March 2024?",
            "2023-01-01 – 2024-02-29",
            "2024-03-01 – 2024-12-30",
        ),
        ("2023년 6월 전후로 데이터가 달라졌나요?", "2023-01-01 – 2023-05-31", "2023-06-01 – 2024-12-30"),
    ],
)
def test_halves_and_what_lies_around_a_month_are_compared(
    tmp_path: Path, question: str, reference: str, current: str
) -> None:
    data = report(tmp_path, sample(2190, 4), question=question)
    assert (data["reference"], data["current"]) == (reference, current)


def test_periods_are_read_in_both_languages() -> None:
    def named(text: str) -> list[str]:
        return [p.label for p in periods_in(text, np.datetime64("2022-01-01"), np.datetime64("2024-12-31"))]

    assert named("from 2022 to 2024") == ["2022", "2024"]
    assert named("2024 Q2 vs 2023 Q2") == ["2023-Q2", "2024-Q2"]
    assert named("2023년 2분기와 2023년 11월") == ["2023-Q2", "2023-11"]
    assert named("the second half of 2023 against 2023-H1") == ["2023-H1", "2023-H2"]
    assert named("지난달과 이번 달") == ["2024-11", "2024-12"]
    assert named("12023 rows") == []
    first, second = default_periods(np.datetime64("2024-01-01"), np.datetime64("2024-01-10"))
    assert (str(first.last), str(second.first)) == ("2024-01-05", "2024-01-06")


@pytest.mark.parametrize(
    ("frame", "periods", "said"),
    [
        (sample(50, 1).drop(columns="day"), (), "without a column of dates"),
        (sample(50, 1), ("2019", "2020"), "no row in 2019"),
        (sample(50, 1), ("last year",), "Name two periods"),
    ],
)
def test_a_single_dataset_that_cannot_be_split_is_refused(
    tmp_path: Path, frame: pd.DataFrame, periods: tuple[str, ...], said: str
) -> None:
    with pytest.raises(BadInputError, match=said):
        report(tmp_path, frame, periods=periods)


def test_datasets_without_rows_or_common_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="no rows"):
        report(tmp_path, sample(20, 1), sample(20, 1).head(0))
    with pytest.raises(BadInputError, match="no column in common"):
        report(tmp_path, sample(20, 1), pd.DataFrame({"else": [1, 2]}))
