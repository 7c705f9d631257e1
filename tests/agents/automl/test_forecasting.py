import json
import pickle
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

from agents.automl.jobs import train
from agents.automl.order import Trained
from mesh.errors import BadInputError
from mesh.h2o.address import H2OAddress

from .conftest import MakeOrder, columns_of, daily_sales, silent


def numbers_in(value: Any) -> set[float]:
    """Every number of a nested result, as printed in prose: rounded in the usual ways, and as a percentage."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return set()
    if isinstance(value, int | float):
        return {round(abs(value) * scale, digits) for scale in (1, 100) for digits in (0, 1, 2, 3)}
    items = value.values() if isinstance(value, dict) else value
    return set().union(*(numbers_in(item) for item in items))


def unexplained(trained: Trained) -> list[str]:
    """Numbers in the prose that no structured value explains."""
    known = numbers_in(trained.model) | numbers_in(trained.forecast or {})
    known |= numbers_in([f.evidence for f in trained.findings]) | numbers_in([k.value for k in trained.kpis])
    prose = " ".join([trained.summary, *trained.warnings, *(f.text for f in trained.findings)])
    for text in {v for f in trained.findings for v in f.evidence.values() if isinstance(v, str)}:
        prose = prose.replace(text, "")
    prose = re.sub(r"'[^']*'|H2O", "", prose)
    found = re.findall(r"\d[\d,]*(?:\.\d+)?", prose)
    return [n for n in found if float(n.replace(",", "")) not in known]


def test_recovers_trend_and_weekday_of_a_known_series(make_order: MakeOrder) -> None:
    trained = train(make_order(daily_sales(), "Forecast sales for the next 30 days"), silent)
    forecast = trained.forecast
    assert forecast is not None
    assert (forecast["frequency"], forecast["horizon"], forecast["aggregation"]) == ("D", 30, "sum")
    dates = pd.DatetimeIndex([p["date"] for p in forecast["points"]])
    days = np.arange(730, 760)
    truth = 100 + 0.05 * days + 40 * (dates.day_of_week >= 5)
    made = np.array([p["mean"] for p in forecast["points"]])
    assert np.abs(made - truth).mean() < 2
    assert forecast["total"] == pytest.approx(truth.sum(), rel=0.02)
    assert forecast["total_lower_95"] < truth.sum() < forecast["total_upper_95"]
    assert forecast["beats_baseline"] is True
    assert 0.85 <= forecast["backtest"]["coverage_95"] <= 1
    width = np.mean([p["upper_95"] - p["lower_95"] for p in forecast["points"]])
    assert 2 * 1.6 * 3 < width < 2 * 3 * 3


def test_reports_every_method_with_the_naive_ones_on_the_board(make_order: MakeOrder) -> None:
    trained = train(make_order(daily_sales(200), "다음 2주 매출을 예측해줘"), silent)
    board = trained.model["leaderboard"]
    assert {row["model"] for row in board if row["baseline"]} >= {"naive", "seasonal_naive", "mean"}
    assert [row["rank"] for row in board] == list(range(1, len(board) + 1))
    assert [row["mase"] for row in board] == sorted(row["mase"] for row in board)
    assert {"theta", "ets", "sarima", "fourier_regression", "combination"} <= {row["model"] for row in board}
    assert {row["model"]: row["label"] for row in board}["naive"] == "마지막 값 반복"
    assert {row["engine"] for row in board} <= {"numpy", "statsmodels", "scikit-learn"}
    assert trained.model["task"] == "forecast"
    assert "예측" in trained.summary
    assert "합니다" in trained.model["reason"]
    json.dumps([trained.model, trained.forecast], allow_nan=False)
    assert unexplained(trained) == []


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Forecast sales for the next 30 days", "raise time_budget_s"),
        ("다음 30일 매출을 예측해줘", "time_budget_s를 늘리면"),
    ],
)
def test_says_why_h2o_is_missing_and_what_to_do(make_order: MakeOrder, question: str, words: str) -> None:
    """Two seconds are too few for H2O, so its address is not even called."""
    unused = H2OAddress("http://127.0.0.1:9", "mesh", "none")
    trained = train(make_order(daily_sales(), question, budget_s=2, h2o=unused), silent)
    assert sum(words in warning for warning in trained.warnings) == 1
    assert {"model": "h2o_automl_lags", "why": "time"} in trained.model["skipped"]
    assert "h2o" not in {row["engine"] for row in trained.model["leaderboard"]}
    assert unexplained(trained) == []


def test_says_that_nothing_beats_the_last_value_of_a_random_walk(make_order: MakeOrder) -> None:
    steps = np.random.default_rng(12).normal(size=400)
    frame = pd.DataFrame({"date": pd.date_range("2023-01-01", periods=400), "level": 500 + np.cumsum(steps)})
    order = make_order(frame, "forecast the level for the next 14 days", columns_of(frame, level="intensive"))
    trained = train(order, silent)
    assert trained.model["beats_baseline"] is False
    assert trained.model["baseline"]["model"] == "naive"
    assert "No model beats the naive baseline" in trained.summary
    assert trained.forecast is not None
    made = np.array([p["mean"] for p in trained.forecast["points"]])
    assert np.abs(made - frame["level"].iloc[-1]).max() < 1.5
    assert trained.forecast["total"] is None
    assert unexplained(trained) == []


def test_is_the_same_twice(make_order: MakeOrder) -> None:
    first, second = (
        train(make_order(daily_sales(150), "forecast sales for the next 14 days"), silent) for _ in range(2)
    )
    assert first.forecast == second.forecast
    assert first.model["leaderboard"] == second.model["leaderboard"]


def test_monthly_sales_with_growing_season(make_order: MakeOrder) -> None:
    index = pd.date_range("2018-01-01", periods=72, freq="MS")
    season = 1 + 0.3 * np.sin(2 * np.pi * np.arange(72) / 12)
    truth = 1000 * 1.01 ** np.arange(84) * np.resize(season, 84)
    frame = pd.DataFrame({"month": index, "revenue": truth[:72]})
    trained = train(make_order(frame, "Forecast revenue for the next 12 months"), silent)
    assert trained.forecast is not None
    assert trained.forecast["frequency"] == "MS"
    made = np.array([p["mean"] for p in trained.forecast["points"]])
    assert np.abs(made / truth[72:] - 1).max() < 0.03
    year = next(f for f in trained.findings if "before" in f.evidence)
    assert year.evidence["size"] == pytest.approx(1.01**12 - 1, abs=0.02)


def test_saves_the_model_the_points_and_a_csv(make_order: MakeOrder) -> None:
    order = make_order(daily_sales(120), "forecast sales", horizon=5)
    trained = train(order, silent)
    names = {file.name for file in trained.files}
    assert names == {"model.pkl", "forecast.csv"}
    bundle = pickle.loads((order.folder / "model.pkl").read_bytes())
    assert bundle["model"] == trained.model["best"]["model"]
    assert len(bundle["history"]) == 120
    csv = pd.read_csv(order.folder / "forecast.csv")
    assert list(csv.columns) == ["date", "mean", "lower_80", "upper_80", "lower_95", "upper_95"]
    assert trained.predictions is not None
    table = pd.read_parquet(trained.predictions.path)
    assert len(table) == trained.predictions.rows == 5
    assert [c.name for c in trained.predictions.columns] == list(table.columns)


def test_counts_never_fall_below_zero(make_order: MakeOrder) -> None:
    values = np.random.default_rng(4).poisson(0.4, 200)
    frame = pd.DataFrame({"date": pd.date_range("2023-01-01", periods=200), "orders": values})
    trained = train(make_order(frame, "predict orders for the next 10 days"), silent)
    assert trained.forecast is not None
    assert min(p["lower_95"] for p in trained.forecast["points"]) >= 0


@pytest.mark.parametrize(
    "question", ["Forecast sales for the first half of next year", "내년 상반기 매출을 예측해줘"]
)
def test_the_answer_is_about_the_span_that_was_asked(make_order: MakeOrder, question: str) -> None:
    index = pd.date_range("2019-01-01", periods=69, freq="MS")
    frame = pd.DataFrame({"date": index, "sales": 100 + 10 * np.sin(2 * np.pi * np.arange(69) / 12)})
    trained = train(make_order(frame, question), silent)
    assert trained.forecast is not None
    assert trained.forecast["horizon"] == 9
    assert trained.forecast["asked"]["first"] == "2025-01-01"
    assert trained.forecast["asked"]["last"] == "2025-06-01"
    truth = 100 + 10 * np.sin(2 * np.pi * np.arange(72, 78) / 12)
    assert trained.forecast["total"] == pytest.approx(truth.sum(), rel=0.01)
    assert trained.forecast["total"] == pytest.approx(sum(p["mean"] for p in trained.forecast["points"][3:]))
    assert "2025-01" in trained.summary
    assert any("2024-09-30" in finding.text for finding in trained.findings)
    assert unexplained(trained) == []


def test_every_method_has_its_interval_across_folds(make_order: MakeOrder) -> None:
    trained = train(make_order(daily_sales(200), "forecast sales for the next 14 days"), silent)
    for row in trained.model["leaderboard"]:
        assert 0 <= row["lower"] <= row["mase"] <= row["upper"]


def test_a_handful_of_dates_is_refused(make_order: MakeOrder) -> None:
    frame = pd.DataFrame({"date": pd.date_range("2023-01-01", periods=5), "sales": [1.0, 2, 3, 4, 5]})
    with pytest.raises(BadInputError, match="at least 8"):
        train(make_order(frame, "forecast sales"), silent)


def test_a_short_history_still_gets_an_honest_forecast(make_order: MakeOrder) -> None:
    frame = pd.DataFrame({"date": pd.date_range("2023-01-01", periods=12), "sales": np.arange(12.0) % 5})
    trained = train(make_order(frame, "forecast sales for the next 7 days"), silent)
    assert trained.forecast is not None
    assert len(trained.forecast["points"]) == 7
    assert trained.warnings
