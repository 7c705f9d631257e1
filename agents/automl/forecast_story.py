"""A forecast told in the language of the question, and as the structured results other agents read."""

from typing import Any

import numpy as np

from .candidate_names import board_label
from .combination import COMBINED
from .evidence import error_interval
from .forecast import Forecast, forecast_frame
from .forecast_facts import forecast_facts, stamp
from .forecast_findings import forecast_findings, headline, importance, verdict
from .forecast_tables import forecast_kpis, forecast_tables
from .forecast_warnings import forecast_warnings
from .order import Order, SavedFile, SavedTable, Trained

HISTORY_POINTS = 2000
HOLDOUT_POINTS = 500


def tell(
    order: Order, made: Forecast, setup: dict[str, Any], files: list[SavedFile], predictions: SavedTable
) -> Trained:
    """Everything the forecast has to say; each number in the prose is in the structured part."""
    facts, language = forecast_facts(order, made), order.language
    return Trained(
        summary=f"{headline(language, made, facts).text} {verdict(language, made).text}",
        model=_model(order, made),
        forecast=_forecast(order, made, setup, facts),
        files=files,
        predictions=predictions,
        findings=forecast_findings(language, made, facts),
        kpis=forecast_kpis(language, made, facts),
        tables=forecast_tables(language, made),
        warnings=forecast_warnings(language, made),
    )


def _errors(errors: dict[str, float]) -> dict[str, float]:
    return {name: float(value) for name, value in errors.items()}


def _model(order: Order, made: Forecast) -> dict[str, Any]:
    contest, values = made.contest, made.series.values
    winner, best_baseline = contest.winner, contest.baseline
    pairs = np.column_stack([contest.origins.actual.ravel(), winner.predicted.ravel()])[-HOLDOUT_POINTS:]
    return {
        "task": "forecast",
        "target": order.choice.target or "rows",
        "reason": order.choice.reason,
        "metric": contest.origins.metric,
        "engine": winner.engine,
        "rows_train": len(values),
        "rows_test": int(contest.origins.actual.size),
        "split": "time",
        "leaderboard": [
            {
                "rank": rank,
                "model": s.name,
                "label": board_label(s.name, order.language),
                "engine": s.engine,
                **_errors(s.errors),
                "lower": lower,
                "upper": upper,
                "baseline": s.baseline,
            }
            for rank, s in enumerate(contest.ranked(), 1)
            for lower, upper in [error_interval(s, contest.origins) or (None, None)]
        ],
        "best": {"model": winner.name, **_errors(winner.errors)},
        "parts": contest.parts if winner.name == COMBINED else [],
        "weights": contest.used(),
        "baseline": {"model": best_baseline.name, **_errors(best_baseline.errors)},
        "beats_baseline": contest.beats_baseline,
        "importance": importance(made),
        "features": [c for c in (order.choice.date_column, order.choice.target) if c],
        "excluded": [],
        "skipped": [{"model": name, "why": why} for name, why in sorted(contest.skipped.items())],
        "seed": order.seed,
        "seconds": round(made.seconds, 2),
        "holdout": {"actual_vs_predicted": pairs.tolist()},
    }


def _forecast(order: Order, made: Forecast, setup: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    values, contest = made.series.values, made.contest
    frame = forecast_frame(made)
    points = frame.assign(date=[stamp(d, made.series.frequency) for d in frame["date"]]).to_dict(
        orient="records"
    )
    history = values.iloc[-HISTORY_POINTS:]
    summed = made.series.aggregation == "sum"
    return {
        "date_column": order.choice.date_column,
        "target": order.choice.target or "rows",
        "aggregation": made.series.aggregation,
        "frequency": made.series.frequency,
        "horizon": made.outlook.steps,
        "asked": {
            "said": made.outlook.said,
            "first": stamp(made.asked.index[0], made.series.frequency),
            "last": stamp(made.asked.index[-1], made.series.frequency),
            "steps": len(made.asked),
        },
        "filled": made.series.filled,
        "dropped": made.series.dropped,
        "history": [
            {"date": stamp(date, made.series.frequency), "value": float(value)}
            for date, value in history.items()
        ],
        "points": [{str(k): v for k, v in point.items()} for point in points],
        "total": facts["value"] if summed else None,
        "total_lower_95": facts["lower"] if summed else None,
        "total_upper_95": facts["upper"] if summed else None,
        "backtest": {
            **setup,
            "coverage_80": made.coverage.get(0.80),
            "coverage_95": made.coverage.get(0.95),
            "metrics": _errors(contest.winner.errors),
        },
        "model": contest.winner.name,
        "baseline": {"name": contest.baseline.name, **_errors(contest.baseline.errors)},
        "beats_baseline": contest.beats_baseline,
    }
