"""A comparison as plain JSON: what a `model_comparison` output carries."""

from dataclasses import asdict
from typing import Any

from mesh.pages.shapes import mapping
from mesh.tabular.plain import plain

from .comparison import SET_UP, Candidate, Comparison
from .promotion import Decision
from .resampling import Difference, Interval
from .schema import input_changes

MAX_SEGMENTS = 30


def comparison_data(comparison: Comparison, decision: Decision) -> dict[str, Any]:
    """Everything that was found, numbers as they are; `take` says which of the two to use: `second`, or `first` if it stays."""
    before, after = comparison.values
    return {
        "first": candidate_data(comparison.first),
        "second": candidate_data(comparison.second),
        "metric": comparison.metric,
        "basis": comparison.basis,
        "rows": comparison.rows,
        "same_data": comparison.same_data,
        "before": plain(before),
        "after": plain(after),
        "gain": plain(comparison.gain),
        "differences": [_difference(item) for item in comparison.differences],
        "segments": [{**asdict(item), "worse": item.worse} for item in comparison.segments[:MAX_SEGMENTS]],
        "segments_tested": len(comparison.segments),
        "settings": settings_that_differ(comparison),
        "features": feature_changes(comparison),
        "gates": gates_data(decision),
        "take": "second" if decision.passed else "first",
    }


def gates_data(decision: Decision) -> list[dict[str, Any]]:
    """The gates with their numbers, in order."""
    return [{"gate": g.name, "passed": g.passed, "why": g.why, **g.facts} for g in decision.gates]


def candidate_data(candidate: Candidate) -> dict[str, Any]:
    """One of the two, in short."""
    best = mapping(candidate.model.get("best"))
    return {
        "version": None if candidate.version is None else int(candidate.version),
        "algorithm": str(best.get("model", "")),
        "task": candidate.schema.task,
        "target": candidate.schema.target,
        "metric": candidate.metric,
        "score": candidate.recorded(candidate.metric),
        "rows_train": candidate.model.get("rows_train"),
        "rows_test": candidate.model.get("rows_test"),
        "dataset_id": candidate.dataset_id,
        "dataset_name": candidate.dataset_name,
        "has_file": candidate.has_file,
    }


def settings_that_differ(comparison: Comparison) -> list[dict[str, Any]]:
    """Parameters of the training with different values: name, first, second."""
    pairs = [(name, comparison.first.model.get(name), comparison.second.model.get(name)) for name in SET_UP]
    first, second = (candidate_data(c)["algorithm"] for c in (comparison.first, comparison.second))
    return [
        {"name": name, "first": before, "second": after}
        for name, before, after in [("algorithm", first, second), *pairs]
        if before != after
    ]


def feature_changes(comparison: Comparison) -> dict[str, list[str]]:
    """Input columns that were `added`, `removed` and `retyped` from the first to the second."""
    return input_changes(comparison.first.schema, comparison.second.schema)


def _difference(item: Difference) -> dict[str, Any]:
    return {
        "metric": item.metric,
        "first": _interval(item.first),
        "second": _interval(item.second),
        "gain": _interval(item.gain),
    }


def _interval(interval: Interval) -> dict[str, float | None]:
    return {"value": plain(interval.value), "low": plain(interval.low), "high": plain(interval.high)}
