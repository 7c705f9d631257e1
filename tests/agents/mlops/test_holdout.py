from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from agents.mlops.holdout import Holdout, match, read_holdout


def table(seed: int, rows: int = 80) -> pd.DataFrame:
    """Scored rows as the training saves them."""
    random = np.random.default_rng(seed)
    actual = random.choice(["no", "yes"], rows)
    positive = random.random(rows).round(3)
    return pd.DataFrame(
        {
            "tenure": random.integers(1, 9, rows),
            "spend": random.gamma(2, 20, rows).round(2),
            "plan": random.choice(["a", "b"], rows),
            "actual": actual,
            "predicted": np.where(positive > 0.5, "yes", "no"),
            "probability": positive,
        }
    )


MODEL = {
    "task": "classification",
    "target": "churn",
    "classes": ["no", "yes"],
    "features": ["tenure", "spend"],
}


def held(frame: pd.DataFrame, folder: Path) -> Holdout:
    frame.to_parquet(folder / "rows.parquet", index=False)
    found = read_holdout(MODEL, folder / "rows.parquet")
    assert found is not None
    return found


def test_labels_become_codes_and_the_probability_is_that_of_the_second(tmp_path: Path) -> None:
    frame = table(0)
    found = held(frame, tmp_path)
    assert list(found.scored.actual) == [float(label == "yes") for label in frame["actual"]]
    assert found.scored.probability is not None
    assert list(found.scored.probability[:, 1]) == list(frame["probability"])
    assert list(found.features.columns) == ["tenure", "spend", "plan"]


def test_a_probability_for_each_class_is_read(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"x": [1, 2], "actual": ["c", "a"], "predicted": ["c", "b"], "probability_a": [0.1, 0.2]}
        | {"probability_b": [0.2, 0.7], "probability_c": [0.7, 0.1]}
    )
    frame.to_parquet(tmp_path / "rows.parquet")
    found = read_holdout(MODEL | {"classes": ["a", "b", "c"]}, tmp_path / "rows.parquet")
    assert found is not None
    assert found.scored.probability is not None
    assert found.scored.probability.tolist() == [[0.1, 0.2, 0.7], [0.2, 0.7, 0.1]]
    assert list(found.features.columns) == ["x"]


def test_a_label_that_is_no_class_makes_the_rows_useless(tmp_path: Path) -> None:
    frame = table(0)
    frame.loc[0, "actual"] = "perhaps"
    frame.to_parquet(tmp_path / "rows.parquet")
    assert read_holdout(MODEL, tmp_path / "rows.parquet") is None


def test_a_forecast_has_its_pairs_in_the_description() -> None:
    pairs = [[10.0, 11.0], [12.0, 11.5]]
    found = read_holdout(
        {"task": "forecast", "split": "time", "holdout": {"actual_vs_predicted": pairs}}, None
    )
    assert found is not None
    assert (found.scored.predicted.tolist(), found.ordered) == ([11.0, 11.5], True)
    assert read_holdout({"task": "forecast"}, None) is None


def test_rows_in_both_hold_outs_are_matched_whatever_their_order_and_storage(tmp_path: Path) -> None:
    frame = table(1)
    other = frame.sample(50, random_state=3).drop(columns="plan").astype({"tenure": "float64"})
    other["extra"] = 1.0
    unrelated = table(9, 30).drop(columns="plan")
    places = match(held(frame, tmp_path), held(pd.concat([other, unrelated]), tmp_path))
    assert places is not None
    left, right = places
    assert len(left) == 50
    assert frame["spend"].to_numpy()[left].tolist() == pytest.approx(
        other["spend"].to_numpy()[right].tolist()
    )
    assert sorted(right) == list(range(50))


def test_the_same_rows_match_one_to_one_also_when_some_are_equal(tmp_path: Path) -> None:
    frame = pd.concat([table(2), table(2)], ignore_index=True)
    places = match(held(frame, tmp_path), held(frame, tmp_path))
    assert places is not None
    assert places[0].tolist() == places[1].tolist() == list(range(160))


def test_rows_that_cannot_be_told_apart_are_not_matched(tmp_path: Path) -> None:
    first = table(3).drop(columns=["tenure", "spend"])
    assert match(held(first, tmp_path), held(first.sample(frac=1, random_state=1), tmp_path)) is None


def test_forecasts_match_only_when_they_were_tested_on_the_same_values() -> None:
    def tested(values: list[float]) -> Holdout:
        pairs = [[value, value + 1] for value in values]
        found = read_holdout({"task": "forecast", "holdout": {"actual_vs_predicted": pairs}}, None)
        assert found is not None
        return found

    assert match(tested([1, 2, 3]), tested([1, 2, 3])) is not None
    assert match(tested([1, 2, 3]), tested([1, 2, 4])) is None
    assert match(tested([1, 2, 3]), tested([1, 2])) is None
