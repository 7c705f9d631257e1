"""One look at an endpoint's log: has its model decayed, has the data drifted, which version does better.

Runs in the compute process.
"""

from pathlib import Path
from typing import Any

from .endpoint import TRAFFIC, VERSIONS, Endpoint, Trial, Watch, read_endpoint
from .traffic import TrafficLog
from .verdicts import Measure, baseline_of, judge_decay, judge_shadow, judge_split
from .versions import REFERENCE, model_of

WINDOWS_AT_ONCE = 20


def look(folder: Path) -> dict[str, Any]:
    """What is known now: `watch` (the watch brought up to date) and `trial` (a verdict), each None when there is none."""
    endpoint = read_endpoint(folder)
    log = TrafficLog(folder / TRAFFIC)
    try:
        model = model_of(folder / VERSIONS / str(endpoint.version))
        measure: Measure = "error_rate" if model.get("classes") else "absolute_error"
        watch = _watched(endpoint, endpoint.watch, model, measure, folder, log) if endpoint.watch else None
        trial = _tried(endpoint, endpoint.trial, measure, log) if endpoint.trial else None
        return {"watch": watch, "trial": trial}
    finally:
        log.close()


def _watched(
    endpoint: Endpoint,
    watch: Watch,
    model: dict[str, Any],
    measure: Measure,
    folder: Path,
    log: TrafficLog,
) -> dict[str, Any]:
    decay = judge_decay(
        log.losses(endpoint.version, watch.since),
        measure,
        baseline_of(model, measure),
        alpha=watch.alpha,
        margin=watch.margin,
    )
    seen, windows, drift = watch.drift_since, watch.windows, watch.drift
    for _ in range(WINDOWS_AT_ONCE):
        if log.served_rows(seen) < watch.window:
            break
        seen, rows = log.window(seen, watch.window)
        windows += 1
        drift = _drift(endpoint, watch, model, folder, windows, rows)
    return {
        "decay": decay.as_data(),
        "drift": drift,
        "drift_since": seen,
        "windows": windows,
        "waiting_rows": log.served_rows(seen),
    }


def _drift(
    endpoint: Endpoint, watch: Watch, model: dict[str, Any], folder: Path, number: int, rows: list[Any]
) -> dict[str, Any]:
    import pandas as pd

    from mesh.scoring.description import describe

    from .served_drift import drift_of_window, spent

    path = folder / VERSIONS / str(endpoint.version) / REFERENCE
    return drift_of_window(
        describe(model),
        model,
        pd.read_parquet(path) if path.is_file() else None,
        pd.DataFrame([features for features, _, _ in rows]),
        [predicted for _, predicted, version in rows if version == endpoint.version],
        spent(watch.alpha, number),
    )


def _tried(endpoint: Endpoint, trial: Trial, measure: Measure, log: TrafficLog) -> dict[str, Any]:
    pair = endpoint.version, trial.version
    if trial.mode == "split":
        answers = [log.answered_rows(version, trial.since) for version in pair]
        losses = [log.losses(version, trial.since) for version in pair]
        verdict = judge_split(losses[0], losses[1], measure, alpha=trial.alpha, least=trial.least)
        return {
            "champion": endpoint.version,
            **verdict.as_data(),
            "champion_rows": answers[0],
            "challenger_rows": answers[1],
        }
    paired = log.paired_losses(*pair, trial.since)
    verdict = judge_shadow(*paired, measure, alpha=trial.alpha, least=trial.least)
    return {
        "champion": endpoint.version,
        **verdict.as_data(),
        **_agreement(log.paired_predictions(*pair, trial.since)),
    }


def _agreement(pairs: list[tuple[str | float, str | float]]) -> dict[str, Any]:
    """How often two versions gave rows another class, or how far apart their numbers are on average."""
    if not pairs:
        return {"compared_rows": 0, "disagreement_rate": None, "mean_distance": None}
    if isinstance(pairs[0][0], str):
        rate = sum(one != other for one, other in pairs) / len(pairs)
        return {"compared_rows": len(pairs), "disagreement_rate": rate, "mean_distance": None}
    distance = sum(abs(float(one) - float(other)) for one, other in pairs) / len(pairs)
    return {"compared_rows": len(pairs), "disagreement_rate": None, "mean_distance": distance}
