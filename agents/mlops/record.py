"""What of a trained model is worth keeping in the tracking store: name, parameters, metrics, tags."""

import math
import re
from dataclasses import dataclass, field
from typing import Any

from mesh.errors import BadInputError

LOWER_IS_BETTER = frozenset({"mase", "rmse", "mae", "wape", "mape", "smape", "logloss", "mse"})
MAX_PARAM = 500
MAX_METRICS = 500


@dataclass(frozen=True)
class Record:
    """Ready to log. `value` is the model's score in `metric` on rows it was not trained on."""

    name: str
    metric: str
    value: float
    params: dict[str, str] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)


def build_record(model: dict[str, Any], name: str | None, tags: dict[str, str]) -> Record:
    """The record of a `model` output; `name` is the registered name asked for, else target and task make one.

    Raises: BadInputError naming the field that the model's description lacks.
    """
    best = model.get("best")
    metric = model.get("metric")
    if (
        not isinstance(best, dict)
        or not isinstance(metric, str)
        or not isinstance(best.get(metric), int | float)
    ):
        raise BadInputError(
            "The model has no score: its description needs 'metric' and 'best' with a value of that metric."
        )
    kept = ("task", "target", "engine", "split", "rows_train", "rows_test", "seed", "seconds", "threshold")
    params = {key: str(model[key])[:MAX_PARAM] for key in kept if model.get(key) is not None}
    params["model"] = str(best.get("model", "unknown"))
    params["features"] = str(len(model.get("features", [])))
    metrics = {k: float(v) for k, v in best.items() if _finite(v)}
    baseline = model.get("baseline") or {}
    metrics |= {f"baseline_{k}": float(v) for k, v in baseline.items() if _finite(v)}
    return Record(
        name=registered_name(name or f"{model.get('target', 'model')}-{model.get('task', 'model')}"),
        metric=metric,
        value=float(best[metric]),
        params=params,
        metrics=metrics,
        tags={"beats_baseline": str(bool(model.get("beats_baseline"))).lower(), "metric": metric, **tags},
    )


def registered_name(text: str) -> str:
    """A name that the registry and its addresses take: letters (any script), digits, `-`, `_`, `.`; at most 120 characters."""
    cleaned = re.sub(r"[^\w.\-]+", "-", text.strip()).strip("-.")
    return cleaned[:120] or "model"


def _finite(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
