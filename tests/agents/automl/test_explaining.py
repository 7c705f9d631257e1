"""Each part of an explanation against answers from outside: planted effects, other libraries, arithmetic."""

from collections.abc import Callable
from itertools import combinations
from math import factorial, pi, sqrt

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.ensemble import RandomForestRegressor
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.metrics import brier_score_loss

from agents.automl.explaining.calibration import calibration
from agents.automl.explaining.dependence import dependences
from agents.automl.explaining.fairness import fairness
from agents.automl.explaining.holdout import HoldOut
from agents.automl.explaining.importance import importances
from agents.automl.explaining.question import Costs, asked_costs, asked_group, asked_row, asks_for_fairness
from agents.automl.explaining.segments import weak_segments
from agents.automl.explaining.shapley import shapley_values
from agents.automl.explaining.thresholds import threshold_choice

Predict = Callable[[pd.DataFrame], np.ndarray]


def table(rows: int, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    frame = pd.DataFrame({name: random.normal(size=rows) for name in ("a", "b", "noise")})
    return frame.assign(group=random.choice(["x", "y", "z"], rows))


def held_out(frame: pd.DataFrame, actual: np.ndarray, predicted: np.ndarray, **fields: object) -> HoldOut:
    known: dict[str, object] = {"sources": {name: name for name in frame}, "classes": (), "threshold": 0.5}
    return HoldOut(frame=frame, actual=actual, predicted=predicted, **(known | fields))  # type: ignore[arg-type]


def of_two(
    chance: np.ndarray, actual: np.ndarray, frame: pd.DataFrame | None = None, threshold: float = 0.5
) -> HoldOut:
    rows = pd.DataFrame({"x": chance}) if frame is None else frame
    both = np.column_stack([1 - chance, chance])
    return held_out(rows, actual.astype(float), both, classes=("No", "Yes"), threshold=threshold)


def linear(frame: pd.DataFrame) -> np.ndarray:
    return np.asarray(3 * frame["a"] + frame["b"] + 2 * (frame["group"] == "x"), dtype=float)


def test_the_importance_of_a_linear_model_is_known() -> None:
    frame = table(3000)
    found = importances(held_out(frame, linear(frame), linear(frame)), linear, seed=1, budget=200_000)
    by_name = {row["feature"]: row for row in found["features"]}
    assert found["features"][0]["feature"] == "a"
    # Exchanging x for another x' changes 3x by 3 |x - x'|, which is 3 · 2 / √π on average for a standard normal x.
    for name, weight in (("a", 3), ("b", 1)):
        expected = weight * 2 / sqrt(pi)
        assert by_name[name]["low"] < expected < by_name[name]["high"]
        assert by_name[name]["clear"]
    # Of two rows drawn, one is in group x and the other not with probability 2 · 1/3 · 2/3.
    assert by_name["group"]["increase"] == pytest.approx(2 * 4 / 9, abs=0.06)
    assert by_name["noise"] == {
        "feature": "noise",
        "increase": 0,
        "low": 0,
        "high": 0,
        "share": 0,
        "clear": False,
    }
    assert sum(row["share"] for row in found["features"]) == pytest.approx(1)


class Linear(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    def fit(self, _x: pd.DataFrame, _y: np.ndarray) -> "Linear":
        self.fitted_ = True
        return self

    def predict(self, frame: pd.DataFrame) -> np.ndarray:
        return linear(frame)


def test_importance_agrees_with_scikit_learn() -> None:
    frame = table(900)
    actual = linear(frame) + np.random.default_rng(5).normal(size=900)
    ours = importances(held_out(frame, actual, linear(frame)), linear, seed=1, budget=10**6)
    theirs = permutation_importance(
        Linear().fit(frame, actual),
        frame,
        actual,
        scoring="neg_mean_absolute_error",
        n_repeats=10,
        random_state=3,
    )
    for name, mean in zip(frame.columns, theirs.importances_mean, strict=True):
        row = next(item for item in ours["features"] if item["feature"] == name)
        assert row["low"] - 0.01 <= mean <= row["high"] + 0.01


def test_the_parts_of_a_date_are_one_column() -> None:
    frame = pd.DataFrame({"day_month": np.arange(200.0), "day_days": np.arange(200.0)})

    def either(rows: pd.DataFrame) -> np.ndarray:
        return rows[["day_month", "day_days"]].mean(axis=1).to_numpy()

    holdout = held_out(frame, either(frame), either(frame), sources=dict.fromkeys(frame, "day"))
    (only,) = importances(holdout, either, seed=1, budget=10_000)["features"]
    assert only["feature"] == "day"
    # |i - j| of two of n equally spaced values is (n² - 1) / 3n on average.
    assert only["low"] < (200**2 - 1) / 600 < only["high"]


def test_shapley_values_are_those_of_the_formula() -> None:
    random = np.random.default_rng(2)
    frame = pd.DataFrame(random.normal(size=(40, 3)), columns=["a", "b", "c"])

    def model(rows: pd.DataFrame) -> np.ndarray:
        return np.asarray(
            rows["a"] * rows["b"] + 2 * rows["c"] + np.maximum(rows["a"], rows["c"]), dtype=float
        )

    one = frame.iloc[:2]
    found = shapley_values(model, one, frame, output=None, seed=1, budget=10**6)

    def worth(row: int, known: tuple[str, ...]) -> float:
        return float(model(frame.assign(**{name: one[name].iloc[row] for name in known})).mean())

    for row in range(2):
        for place, name in enumerate("abc"):
            others = [other for other in "abc" if other != name]
            expected = sum(
                factorial(len(s))
                * factorial(2 - len(s))
                / factorial(3)
                * (worth(row, (*s, name)) - worth(row, s))
                for size in range(3)
                for s in combinations(others, size)
            )
            assert found.values[row, place] == pytest.approx(expected, abs=0.08)
        assert found.values[row].sum() == pytest.approx(worth(row, ("a", "b", "c")) - worth(row, ()))
    assert found.base == pytest.approx(worth(0, ()))


def test_shapley_values_of_a_sum_are_exact_with_words_too() -> None:
    frame = table(60)
    found = shapley_values(linear, frame.head(4), frame, output=None, seed=3, budget=10**6)
    assert found.values[:, 0] == pytest.approx(3 * (frame["a"].head(4) - frame["a"].mean()))
    in_x = frame["group"] == "x"
    assert found.values[:, 3] == pytest.approx(2 * (in_x.head(4) - in_x.mean()))


def test_dependence_agrees_with_scikit_learn() -> None:
    frame = table(150)[["a", "b"]]
    forest = RandomForestRegressor(20, random_state=1).fit(frame, linear(frame.assign(group="x")))
    (curve,) = dependences(
        held_out(frame, np.zeros(150), forest.predict(frame)), forest.predict, ["a"], output=None, seed=1
    )
    theirs = partial_dependence(
        forest, frame, ["a"], custom_values={"a": np.array(curve["values"])}, method="brute"
    )
    assert curve["mean"] == pytest.approx(theirs["average"][0])
    assert np.mean(np.diff(curve["mean"]) >= 0) > 0.8


def test_a_planted_weak_segment_is_found_and_its_shadows_are_not() -> None:
    frame, random = table(2400, seed=4), np.random.default_rng(44)
    weak = (frame["group"] == "y") & (frame["a"] > 0)
    actual = linear(frame) + np.where(weak, random.normal(0, 4, 2400), random.normal(0, 1, 2400))
    found = weak_segments(held_out(frame, actual, linear(frame)), ["a", "group"])
    for segment in found["segments"]:
        features = {part["feature"]: part for part in segment["where"]}
        assert set(features) <= {"a", "group"}
        assert "group" not in features or features["group"]["value"] == "y"
        assert "a" not in features or features["a"]["high"] > 0.5
    narrow = next(s for s in found["segments"] if len(s["where"]) == 2)
    # The mean absolute value of a normal error is σ √(2/π).
    assert narrow["error"] == pytest.approx(4 * sqrt(2 / pi), rel=0.2)


@pytest.mark.parametrize("classes", [False, True])
def test_without_one_a_weak_segment_is_claimed_no_more_often_than_stated(classes: bool) -> None:
    claims = 0
    for seed in range(20):
        frame, random = table(300, seed)[["a", "group"]], np.random.default_rng(seed + 1000)
        if classes:
            chance = np.full(300, 0.3)
            holdout = of_two(chance, random.random(300) < chance, frame)
        else:
            holdout = held_out(frame, random.normal(size=300), np.zeros(300))
        claims += bool(weak_segments(holdout, ["a", "group"])["segments"])
    # At 5 % or less per table, 5 or more of 20 happen with probability below 0.3 %.
    assert claims < 5


def chances(rows: int, seed: int, sharpness: float) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities as a model gives them, and outcomes whose log odds are theirs divided by `sharpness`."""
    random = np.random.default_rng(seed)
    odds = random.normal(0, 1.5, rows)
    happened = random.random(rows) < 1 / (1 + np.exp(-odds))
    return 1 / (1 + np.exp(-sharpness * odds)), happened


@pytest.mark.parametrize(("sharpness", "verdict"), [(2.0, "overconfident"), (0.5, "underconfident")])
def test_planted_miscalibration_is_named(sharpness: float, verdict: str) -> None:
    given, happened = chances(4000, 1, sharpness)
    found = calibration(of_two(given, happened))
    assert found is not None
    assert found["verdict"] == verdict
    assert found["slope"] == pytest.approx(1 / sharpness, rel=0.12)
    assert found["brier"] == pytest.approx(brier_score_loss(happened, given))
    assert found["ece"] > 0.05


def test_probabilities_that_hold_are_called_so() -> None:
    verdicts = []
    for seed in range(40):
        found = calibration(of_two(*chances(500, seed, 1.0)))
        assert found is not None
        verdicts.append(found["verdict"] == "calibrated")
    assert sum(verdicts) > 33
    too_high = of_two(np.full(400, 0.6), np.arange(400) < 180)
    found = calibration(too_high)
    assert found is not None
    assert (found["verdict"], found["ece"]) == ("too_high", pytest.approx(0.15))
    assert [(point["rows"], point["happened"]) for point in found["curve"]] == [(400, 0.45)]
    assert calibration(of_two(np.full(400, 0.6), np.ones(400))) is None


def test_of_several_classes_the_predicted_one_is_judged() -> None:
    random = np.random.default_rng(3)
    predicted = random.dirichlet([1, 1, 1], 1500)
    actual = np.array([random.choice(3, p=row) for row in predicted], dtype=float)
    frame = pd.DataFrame({"x": predicted[:, 0]})
    found = calibration(held_out(frame, actual, predicted, classes=("a", "b", "c")))
    assert found is not None
    assert (found["of"], found["verdict"]) == ("predicted_class", "calibrated")
    assert found["mean_happened"] == pytest.approx(float((predicted.argmax(axis=1) == actual).mean()))


def test_the_cheapest_threshold_is_the_cheapest_and_near_theory() -> None:
    chance, happened = chances(2500, 7, 1.0)
    found = threshold_choice(of_two(chance, happened), 100, 5, seed=1)

    def cost(threshold: float) -> float:
        missed, alarms = (happened & (chance < threshold)).sum(), (~happened & (chance >= threshold)).sum()
        return float(100 * missed + 5 * alarms) / 2500

    least = min(cost(float(t)) for t in np.unique(chance))
    assert cost(found["threshold"]) == pytest.approx(least)
    assert found["theory"] == pytest.approx(5 / 105)
    assert cost(found["theory"]) < least * 1.15
    assert found["own_cost"] == pytest.approx(cost(0.5))
    assert found["cost"] == pytest.approx(cost(found["theory"]), rel=0.2)
    assert found["gain_low"] < cost(0.5) - cost(found["theory"]) < found["gain_high"]
    assert found["at_threshold"]["caught"] + found["at_threshold"]["missed"] == happened.sum()


def test_planted_unfairness_is_found_and_equal_treatment_is_not_accused() -> None:
    random = np.random.default_rng(6)
    frame = pd.DataFrame({"gender": random.choice(["F", "M"], 4000)})
    happened = random.random(4000) < 0.4
    found_by = np.where(frame["gender"] == "M", 0.8, 0.6)
    chance = np.where(random.random(4000) < np.where(happened, found_by, 0.2), 0.9, 0.1)
    found = fairness(of_two(chance, happened, frame), "gender", frame["gender"])
    assert found is not None
    gaps = {gap["rate"]: gap for gap in found["gaps"]}
    assert gaps["tpr"]["clear"]
    assert gaps["tpr"]["low"] < 0.2 < gaps["tpr"]["high"]
    assert (gaps["tpr"]["high_group"], gaps["tpr"]["low_group"]) == ("M", "F")
    assert not gaps["fpr"]["clear"]
    men = (frame["gender"] == "M").to_numpy()
    group = next(g for g in found["groups"] if g["label"] == "M")
    assert group["selection"]["rate"] == pytest.approx(float((chance[men] > 0.5).mean()))
    assert group["tpr"]["of"] == int((men & happened).sum())
    accused = 0
    for seed in range(20):
        labels = pd.Series(np.random.default_rng(seed).choice(["F", "M", "X"], 4000))
        again = fairness(of_two(chance, happened, frame), "gender", labels)
        assert again is not None
        accused += any(gap["clear"] for gap in again["gaps"])
    assert accused < 5


def test_groups_too_small_to_judge_are_not_compared() -> None:
    frame = pd.DataFrame({"g": ["a"] * 100 + ["b"] * 5})
    holdout = of_two(np.full(105, 0.6), np.arange(105) % 2 == 0, frame)
    assert fairness(holdout, "g", frame["g"]) is None
    ages = pd.Series(np.arange(160.0))
    found = fairness(of_two(np.linspace(0, 1, 160), np.arange(160) % 2 == 0), "age", ages)
    assert found is not None
    assert [(group["label"], group["rows"]) for group in found["groups"]] == [
        ("0–39.75", 40),
        ("119.25–159", 40),
        ("39.75–79.5", 40),
        ("79.5–119.25", 40),
    ]


@pytest.mark.parametrize(
    ("question", "costs"),
    [
        ("Missing one costs 100 and a false alarm 5", Costs(100, 5)),
        ("a false positive costs $20, a false negative 1,500", Costs(1500, 20)),
        ("놓치면 100, 잘못 알리면 5", Costs(100, 5)),
        ("오탐은 3만원, 미탐은 50만원이야", Costs(500_000, 30_000)),
        ("Missing a fraud is 20 times as bad as a false alarm", Costs(20, 1)),
        ("놓치는 것이 오탐보다 10배 비싸요", Costs(10, 1)),
        ("It costs 100 to miss one and 5 for a false alarm", Costs(100, 5)),
        ("Missing one costs 100", None),
        ("Explain the model", None),
    ],
)
def test_costs_are_read_from_a_question(question: str, costs: Costs | None) -> None:
    assert asked_costs(question) == costs


def test_groups_and_rows_are_read_from_a_question() -> None:
    columns = ["tenure", "gender", "age", "region"]
    assert asked_group("모델이 성별에 따라 공정한가?", columns) == "gender"
    assert asked_group("Is it fair across regions?", columns) == "region"
    assert asked_group("Is the model fair?", columns) == "gender"
    assert asked_group("Is the model fair?", ["tenure"]) is None
    assert asks_for_fairness("Is the model biased?")
    assert not asks_for_fairness("모델을 설명해줘")
    assert [
        asked_row(q) for q in ("why row 12?", "3번째 행을 설명해줘", "행 7의 예측 이유", "explain it")
    ] == [12, 3, 7, None]
