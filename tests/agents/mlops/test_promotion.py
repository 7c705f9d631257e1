"""The gates: each by itself, and how often they let a model pass that is not better, by simulation."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from agents.mlops.comparison import Candidate, compare
from agents.mlops.comparison_story import comparison_findings
from agents.mlops.gate_story import gate_remedy, gate_sentence, gate_table
from agents.mlops.holdout import Holdout
from agents.mlops.measures import Array, Scored
from agents.mlops.promotion import Decision, GateName, Rules, decide

ROUNDS = 90
MODEL: dict[str, Any] = {
    "task": "regression",
    "target": "price",
    "metric": "rmse",
    "best": {"model": "linear", "rmse": 5.0},
    "rows_test": 300,
    "inputs": [
        {"name": "size", "source": "size", "type": "number"},
        {"name": "region", "source": "region", "type": "category"},
    ],
}


def rows(random: np.random.Generator, count: int = 300) -> tuple[pd.DataFrame, Array]:
    """Features of a region each, and the true values."""
    region = random.choice(["north", "south", "east"], count)
    return pd.DataFrame({"size": random.normal(80, 20, count), "region": region}), random.normal(
        100, 20, count
    )


def candidate(version: str, actual: Array, features: pd.DataFrame, error: Array) -> Candidate:
    """A model that was wrong by `error`."""
    holdout = Holdout(Scored(actual, actual + error), features)
    return Candidate(version, MODEL, holdout, has_file=True, dataset_id="ds-1", dataset_name="houses")


def pair(seed: int, spread: tuple[float, float], count: int = 300) -> tuple[Candidate, Candidate]:
    """A champion and a new version on the same rows, with errors of these spreads."""
    random = np.random.default_rng(seed)
    features, actual = rows(random, count)
    shared = random.normal(0, 3, count)
    first, second = (
        candidate(version, actual, features, shared + random.normal(0, size, count))
        for version, size in zip("12", spread, strict=True)
    )
    return first, second


def judged(first: Candidate, second: Candidate, rules: Rules | None = None) -> Decision:
    return decide(compare(first, second), rules or Rules())


def barred(decision: Decision) -> list[tuple[GateName, str]]:
    return [(gate.name, gate.why) for gate in decision.failed]


def test_a_model_that_is_no_better_passes_hardly_ever_and_a_better_one_mostly() -> None:
    equal = sum(judged(*pair(seed, (4, 4))).passed for seed in range(ROUNDS))
    better = sum(judged(*pair(seed, (4, 3))).passed for seed in range(ROUNDS // 3))
    assert equal <= stats.binom.ppf(0.999, ROUNDS, 0.03)
    assert better >= 0.8 * (ROUNDS // 3)


def test_a_gain_that_chance_explains_bars() -> None:
    decision = next(
        d for d in (judged(*pair(seed, (4, 4))) for seed in range(20)) if ("better", "chance") in barred(d)
    )
    (gate,) = [gate for gate in decision.failed if gate.name == "better"]
    assert gate.facts["gain"] > 0 > gate.facts["low"]
    assert "chance" in gate_sentence(gate, "en")
    assert "우연" in gate_sentence(gate, "ko")
    assert "more rows" in gate_remedy(gate, "en")


def test_the_margin_is_asked_for() -> None:
    first, second = pair(1, (4, 2))
    assert judged(first, second).passed
    gain = compare(first, second).gain
    assert gain is not None
    assert judged(first, second, Rules(margin=gain * 0.9)).passed
    assert barred(judged(first, second, Rules(margin=gain * 1.1))) == [("better", "not_better")]


def test_too_few_rows_bar() -> None:
    assert barred(judged(*pair(2, (9, 1), 31), Rules(least_rows=50))) == [("sample", "few")]


def test_a_group_that_became_worse_bars_although_the_whole_is_better() -> None:
    random = np.random.default_rng(3)
    features, actual = rows(random, 600)
    south = (features["region"] == "south").to_numpy()
    first = candidate("1", actual, features, random.normal(0, 6, 600))
    second = candidate("2", actual, features, random.normal(0, np.where(south, 8, 0.5), 600))
    decision = judged(first, second)
    assert barred(decision) == [("segments", "worse")]
    assert "region = south" in gate_sentence(decision.failed[0], "en")


def with_model(one: Candidate, **changed: Any) -> Candidate:
    return replace(one, model={**one.model, **changed})


def test_a_new_input_bars_and_one_that_is_gone_does_not() -> None:
    first, second = pair(1, (4, 2))
    more = [*MODEL["inputs"], {"name": "rooms", "source": "rooms", "type": "number"}]
    decision = judged(first, with_model(second, inputs=more))
    assert barred(decision) == [("schema", "added")]
    assert decision.failed[0].facts["columns"] == "rooms"
    assert judged(first, with_model(second, inputs=MODEL["inputs"][:1])).passed
    retyped = [MODEL["inputs"][0], {"name": "region", "source": "region", "type": "number"}]
    assert barred(judged(first, with_model(second, inputs=retyped))) == [("schema", "retyped")]


def test_another_task_is_no_rival() -> None:
    first, second = pair(1, (4, 2))
    assert barred(judged(first, with_model(second, target="rent"))) == [("task", "other")]
    assert barred(judged(with_model(first, classes=["a", "b"]), with_model(second, classes=["a", "c"]))) == [
        ("task", "classes")
    ]


def test_a_version_without_a_file_does_not_replace_one_with() -> None:
    first, second = pair(1, (4, 2))
    assert barred(judged(first, replace(second, has_file=False))) == [("file", "missing")]
    assert judged(replace(first, has_file=False), replace(second, has_file=False)).passed


def scores_only(one: Candidate, value: float, **changed: Any) -> Candidate:
    return replace(with_model(one, best={"model": "linear", "rmse": value}, **changed), holdout=None)


def test_scores_alone_count_on_the_same_data_only() -> None:
    first, second = pair(1, (4, 4))
    better = judged(scores_only(first, 5.0), scores_only(second, 4.0))
    assert better.passed
    assert {gate.why for gate in better.gates if gate.name == "better"} == {"score_better"}
    assert barred(judged(scores_only(first, 5.0), scores_only(second, 5.0))) == [("better", "not_better")]
    other = replace(scores_only(second, 4.0), dataset_id="ds-2")
    assert barred(judged(scores_only(first, 5.0), other)) == [("better", "other_data")]
    resized = scores_only(second, 4.0, rows_test=90)
    assert barred(judged(scores_only(first, 5.0), resized)) == [("better", "other_data")]
    unlike = scores_only(with_model(second, metric="mae"), 4.0)
    assert judged(scores_only(first, 5.0), unlike).passed
    assert barred(judged(scores_only(first, 5.0), with_model(unlike, best={"mae": 4.0}))) == [
        ("better", "metric")
    ]


def test_different_rows_of_the_same_data_are_compared_side_by_side_and_said_to_be() -> None:
    first, _ = pair(1, (4, 4))
    _, second = pair(2, (4, 1))
    comparison = compare(first, second)
    assert comparison.basis == "separate"
    assert "different rows" in " ".join(
        f.text for f in comparison_findings("en", comparison, decide(comparison, Rules()))
    )
    assert decide(comparison, Rules()).passed
    assert barred(judged(first, replace(second, dataset_id="ds-2"))) == [("better", "other_data")]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_gate_is_a_row_with_what_it_found(language: Any) -> None:
    table = gate_table(language, judged(*pair(1, (2, 4))))
    assert len(table.rows) == 6
    assert all(row[2] for row in table.rows)
    failed = [row for row in table.rows if row[1] in {"failed", "미달"}]
    assert failed
    assert all(row[3] for row in failed)
