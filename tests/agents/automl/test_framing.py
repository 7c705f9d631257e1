"""What a model may learn from, and how its hold-out and folds are split off."""

import numpy as np
import pandas as pd
import pytest

from agents.automl.features import build_features
from agents.automl.leakage import leaks
from agents.automl.splitting import split_rows
from agents.automl.validation import make_folds
from mesh.scoring.feature import RARE

from .conftest import columns_of, daily_sales


@pytest.mark.parametrize(
    ("target", "left_out", "formula"),
    [
        ("revenue", "quantity", "price × quantity"),
        ("quantity", "revenue", "revenue ÷ price"),
        ("profit", "revenue", "revenue - cost"),
    ],
)
def test_two_columns_that_make_up_the_target_leak(target: str, left_out: str, formula: str) -> None:
    random = np.random.default_rng(6)
    frame = pd.DataFrame({"price": random.uniform(1, 9, 300), "quantity": random.integers(1, 50, 300)})
    frame["revenue"] = frame["price"] * frame["quantity"]
    if target == "profit":
        frame = pd.DataFrame({"cost": random.uniform(1, 300, 300), "revenue": frame["revenue"]})
        frame["profit"] = frame["revenue"] - frame["cost"]
    features = build_features(frame, columns_of(frame, price="intensive"), target, np.arange(300), "en")
    (found,) = leaks(
        features,
        frame[target].astype(float),
        classes=False,
        seed=1,
        language="en",
        additive={"quantity", "revenue"},
    )
    assert (found["feature"], found["leak"]) == (left_out, 1)
    assert formula in found["why"]


def test_the_target_on_another_scale_leaks_and_a_good_feature_does_not() -> None:
    random = np.random.default_rng(7)
    salary = np.exp(random.normal(8, 2, 200))
    frame = pd.DataFrame(
        {"log_salary": np.log(salary), "grade": np.log(salary) + random.normal(0, 0.2, 200), "salary": salary}
    )
    features = build_features(frame, columns_of(frame), "salary", np.arange(200), "en")
    found = leaks(features, frame["salary"], classes=False, seed=1, language="en")
    assert [row["feature"] for row in found] == ["log_salary"]


def test_what_is_filled_in_for_one_class_only_is_known_afterwards() -> None:
    random = np.random.default_rng(8)
    churn = random.integers(0, 2, 400)
    told = (churn == 1) & (random.random(400) < 0.4)
    words = pd.Series(random.choice(["price", "service"], 400))
    frame = pd.DataFrame({"reason": words.where(told), "sparse": random.random(400)})
    frame.loc[random.random(400) < 0.4, "sparse"] = np.nan
    features = build_features(frame, columns_of(frame), "churn", np.arange(400), "ko")
    (found,) = leaks(features, pd.Series(churn), classes=True, seed=1, language="ko")
    assert found["feature"] == "reason"
    assert found["leak"] == pytest.approx(told.sum() / (churn == 1).sum())
    assert f"{found['leak']:.1%}" in found["why"]


def test_what_is_zero_for_the_whole_other_class_is_known_afterwards() -> None:
    """Who was given no card has spent nothing with it; a debt that many have none of tells nobody's class."""
    random = np.random.default_rng(8)
    card = random.integers(0, 2, 400)
    frame = pd.DataFrame(
        {
            "spent": np.where((card == 1) & (random.random(400) < 0.95), random.uniform(1, 900, 400), 0),
            "debt": np.where(random.random(400) < 0.5, random.uniform(1, 900, 400), 0),
        }
    )
    frame["share"] = (frame["spent"] + random.uniform(0, 9, 400)) / 5000
    features = build_features(frame, columns_of(frame), "card", np.arange(400), "en")
    found, share = leaks(features, pd.Series(card), classes=True, seed=1, language="en")
    assert found["feature"] == "spent"
    assert found["leak"] == pytest.approx((frame["spent"][card == 1] > 0).mean())
    assert share["feature"] == "share"
    assert "goes with 'spent'" in share["why"]


def test_leaks_are_looked_for_where_they_are_likeliest_first() -> None:
    random = np.random.default_rng(8)
    y = pd.Series(random.normal(size=300))
    frame = pd.DataFrame({"noise": random.normal(size=300), "y_rounded": y.round(4)})
    features = build_features(frame, columns_of(frame), "y", np.arange(300), "en")
    assert leaks(features, y, classes=False, seed=1, language="en", stop=0) == []
    assert [row["feature"] for row in leaks(features, y, classes=False, seed=1, language="en")] == [
        "y_rounded"
    ]


def test_dated_rows_put_the_latest_into_the_hold_out_and_the_fold() -> None:
    frame = daily_sales(100)
    split = split_rows(
        frame, columns_of(frame), frame["sales"], question="predict sales", classes=False, seed=1
    )
    assert (split.kind, split.column, split.why) == ("time", "date", "event")
    assert frame["date"].iloc[split.train].max() < frame["date"].iloc[split.test].min()
    ((fit, judged),) = make_folds(split, np.zeros(len(split.train)), classes=False, seed=1)
    dates = frame["date"].iloc[split.train]
    assert dates.iloc[fit].max() <= dates.iloc[judged].min()


def test_a_date_of_birth_does_not_date_the_rows_unless_the_future_is_asked_for() -> None:
    random = np.random.default_rng(9)
    born = pd.Timestamp("1950-01-01") + pd.to_timedelta(random.integers(0, 20_000, 200), unit="D")
    frame = pd.DataFrame({"birth_date": born, "y": random.normal(size=200)})
    columns = columns_of(frame)
    plain = split_rows(frame, columns, frame["y"], question="predict y", classes=False, seed=1)
    asked = split_rows(frame, columns, frame["y"], question="다음 달 y를 예측해줘", classes=False, seed=1)
    ordered = split_rows(
        frame.sort_values("birth_date"), columns, frame["y"], question="predict y", classes=False, seed=1
    )
    assert [s.why for s in (plain, asked, ordered)] == ["none", "future", "ordered"]
    assert [s.kind for s in (plain, asked, ordered)] == ["random", "time", "time"]


def test_rows_of_one_customer_stay_on_one_side_of_the_hold_out_and_of_every_fold() -> None:
    frame = pd.DataFrame(
        {"customer": np.repeat(np.arange(50), 4), "x": np.arange(200.0), "y": np.arange(200.0)}
    )
    columns = columns_of(frame, customer="identifier")
    split = split_rows(frame, columns, frame["y"], question="predict y", classes=False, seed=1)
    assert (split.kind, split.column) == ("group", "customer")
    assert not set(frame["customer"].iloc[split.train]) & set(frame["customer"].iloc[split.test])
    customers = frame["customer"].iloc[split.train].to_numpy()
    folds = make_folds(split, frame["y"].to_numpy()[split.train], classes=False, seed=1)
    assert len(folds) == 5
    for fit, judged in folds:
        assert not set(customers[fit]) & set(customers[judged])


def test_patients_stay_on_one_side_although_nothing_calls_them_identifiers() -> None:
    frame = pd.DataFrame({"Subject": np.repeat([f"M{i:02}" for i in range(12)], 5), "y": np.arange(60.0)})
    frame["dose"] = np.arange(60) % 5
    columns = columns_of(frame)
    split = split_rows(frame, columns, frame["y"], question="predict y", classes=False, seed=1)
    assert (split.kind, split.column, split.why) == ("group", "Subject", "repeats")
    assert not set(frame["Subject"].iloc[split.train]) & set(frame["Subject"].iloc[split.test])
    built = build_features(frame, columns, "y", split.train, "en", split.column)
    assert list(built.frame.columns) == ["dose"]
    assert built.excluded == [{"feature": "Subject", "why": "identifier"}]
    counted = frame.drop(columns="Subject").assign(customer_service_calls=np.arange(60) % 25)
    split = split_rows(
        counted, columns_of(counted), counted["y"], question="predict y", classes=False, seed=1
    )
    assert split.kind == "random"


def test_a_panel_is_judged_on_its_latest_years_and_years_that_repeat_within_an_entity_are_none() -> None:
    panel = pd.DataFrame(
        {"state": np.repeat(["A", "B", "C", "D"], 10), "year": np.tile(range(1990, 2000), 4)}
    )
    panel["sales"] = np.arange(40.0)
    split = split_rows(panel, columns_of(panel), panel["sales"], question="predict", classes=False, seed=1)
    assert (split.kind, split.column, split.why) == ("time", "year", "event")
    assert set(panel["year"].iloc[split.test]) == {1998, 1999}
    cars = panel.assign(state=np.repeat(["A", "B"], 20))
    split = split_rows(cars, columns_of(cars), cars["sales"], question="predict", classes=False, seed=1)
    assert split.kind == "random"


def test_features_leave_out_what_cannot_help_and_bundle_rare_levels() -> None:
    frame = pd.DataFrame(
        {"id": range(300), "same": 1, "words": [f"text {i}" for i in range(300)], "y": np.arange(300.0)}
    )
    frame["row"] = np.random.default_rng(1).permutation(300) + 1
    frame["city"] = ["x"] * 150 + [f"c{i // 2}" for i in range(100)] + [f"d{i}" for i in range(50)]
    frame["when"] = pd.date_range("2024-01-01", periods=300)
    frame["paid"] = frame["when"] + pd.to_timedelta(np.arange(300) % 7, unit="D")
    built = build_features(frame, columns_of(frame, id="identifier"), "y", np.arange(300), "ko")
    assert {row["feature"] for row in built.excluded} == {"id", "same", "words", "row"}
    assert {"when_month", "when_weekday", "when_day", "when_days"} <= set(built.frame.columns)
    assert built.frame["paid_since_when"].tolist() == [float(i % 7) for i in range(300)]
    assert built.frame["city"].nunique() == 52
    assert (built.frame["city"] == RARE).sum() == 50


def test_sentences_are_a_text_feature() -> None:
    random = np.random.default_rng(2)
    vocabulary = [f"word{i}" for i in range(200)]
    frame = pd.DataFrame({"note": [" ".join(random.choice(vocabulary, 6)) for _ in range(150)]})
    built = build_features(frame, columns_of(frame, note="text"), "y", np.arange(150), "en")
    assert (built.texts, built.categories, built.excluded) == (["note"], [], [])
