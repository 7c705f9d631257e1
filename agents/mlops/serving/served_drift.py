"""What an endpoint was sent and answered, against what its model was trained and validated on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from mesh.scoring.description import ModelDescription
from mesh.scoring.features import words
from mesh.tabular.drift import (
    MAJOR,
    MODERATE,
    SMALL_EFFECT,
    Test,
    bin_counts,
    bin_edges,
    chi_squared,
    cohens_h,
    fisher,
    holm,
    kolmogorov_smirnov,
    psi,
    total_variation,
)

LEAST_ROWS = 50
MAX_LEVELS = 1_000
PREDICTION = "prediction"
Kind = Literal["number", "category", "missing"]
Level = Literal["major", "moderate", "none"]


@dataclass(frozen=True)
class Shift:
    """How far one column moved. `size` is the PSI of a number, the total variation of a category, Cohen's h of missing cells.

    `before` and `after` are the medians of a number, the shares of the category that moved most (`value`), the shares missing.
    """

    column: str
    kind: Kind
    size: float
    test: Test
    before: float
    after: float
    value: str | None = None
    p_adjusted: float = 1.0

    def level(self, alpha: float) -> Level:
        """How much it moved; nothing while chance explains it."""
        moderate, major = (SMALL_EFFECT, 2 * SMALL_EFFECT) if self.kind == "missing" else (MODERATE, MAJOR)
        if self.p_adjusted >= alpha or abs(self.size) < moderate:
            return "none"
        return "major" if abs(self.size) >= major else "moderate"

    def as_data(self, alpha: float) -> dict[str, Any]:
        """The shift as JSON."""
        return {
            "column": self.column,
            "kind": self.kind,
            "level": self.level(alpha),
            "size": self.size,
            "test": self.test.name,
            "p": self.test.p,
            "p_adjusted": self.p_adjusted,
            "before": self.before,
            "after": self.after,
            "value": self.value,
        }


def spent(alpha: float, look: int) -> float:
    """The share of `alpha` for the `look`-th window, from 1 on; the shares of all windows ever add up to `alpha`."""
    return alpha / (look * (look + 1))


def drift_of_window(
    description: ModelDescription,
    model: dict[str, Any],
    reference: pd.DataFrame | None,
    served: pd.DataFrame,
    predicted: Sequence[str | float],
    alpha: float,
) -> dict[str, Any]:
    """The columns of `served`, and the predictions, ranked by how far they moved; every p-value corrected together (Holm).

    Args: `model` is the data of the `model` output, whose hold-out the predictions are compared with; `reference` are rows of the
    training data, None when those are gone. A date is not compared: time goes on.
    """
    shifts = _inputs(description, reference, served) if reference is not None else []
    prediction = _prediction(model, predicted)
    shifts += [prediction] if prediction is not None else []
    adjusted = holm([shift.test.p for shift in shifts])
    shifts = [Shift(**{**vars(shift), "p_adjusted": p}) for shift, p in zip(shifts, adjusted, strict=True)]
    rank = {"major": 0, "moderate": 1, "none": 2}
    shifts.sort(key=lambda shift: (rank[shift.level(alpha)], -abs(shift.size), shift.column))
    found = [shift.as_data(alpha) for shift in shifts]
    return {
        "rows": len(served),
        "reference_rows": None if reference is None else len(reference),
        "alpha": alpha,
        "columns": found,
        "drifted": [item["column"] for item in found if item["level"] != "none"],
        "major": [item["column"] for item in found if item["level"] == "major"],
    }


def _inputs(description: ModelDescription, reference: pd.DataFrame, served: pd.DataFrame) -> list[Shift]:
    shifts: list[Shift] = []
    kinds = {f.source: f.type for f in description.features if f.part is None}
    for column, kind in kinds.items():
        if column not in reference:
            continue
        now = served[column] if column in served else pd.Series([None] * len(served))
        shift = _missing(column, reference[column], now)
        shifts += [shift] if shift is not None else []
        if kind == "number":
            shift = _numbers(column, _finite(reference[column]), _finite(now))
        else:
            shift = _categories(column, words(reference[column].dropna()), words(now.dropna()))
        shifts += [shift] if shift is not None else []
    return shifts


def _prediction(model: dict[str, Any], predicted: Sequence[str | float]) -> Shift | None:
    """Against the predictions on the hold-out, which the model had not seen either."""
    holdout = model.get("holdout") or {}
    pairs, confusion = holdout.get("actual_vs_predicted"), holdout.get("confusion")
    if pairs:
        before = np.sort(np.array([pair[1] for pair in pairs], dtype=float))
        return _numbers(PREDICTION, before, np.sort(np.array(predicted, dtype=float)))
    if confusion:
        counts = np.array(confusion["matrix"]).sum(axis=0)
        return _categories(
            PREDICTION,
            pd.Series(np.repeat(np.array(confusion["labels"], dtype=object), counts)),
            pd.Series(list(predicted), dtype=object),
        )
    return None


def _numbers(column: str, before: np.ndarray, after: np.ndarray) -> Shift | None:
    if min(len(before), len(after)) < LEAST_ROWS:
        return None
    edges = bin_edges(before)
    size = psi(bin_counts(before, edges), bin_counts(after, edges))
    medians = float(np.median(before)), float(np.median(after))
    return Shift(column, "number", size, kolmogorov_smirnov(before, after), *medians)


def _categories(column: str, before: pd.Series, after: pd.Series) -> Shift | None:
    if min(len(before), len(after)) < LEAST_ROWS or before.nunique() > MAX_LEVELS:
        return None
    table = pd.DataFrame({"before": before.value_counts(), "after": after.value_counts()}).fillna(0)
    counts = table["before"].to_numpy(np.int64), table["after"].to_numpy(np.int64)
    shares = table / table.sum()
    moved = str((shares["after"] - shares["before"]).abs().idxmax())
    sides = float(shares["before"][moved]), float(shares["after"][moved])
    size = total_variation(*counts)
    return Shift(column, "category", size, chi_squared(*counts), *sides, value=moved)


def _missing(column: str, before: pd.Series, after: pd.Series) -> Shift | None:
    counts = int(before.isna().sum()), int(after.isna().sum())
    if not any(counts):
        return None
    shares = counts[0] / len(before), counts[1] / len(after)
    test = fisher(counts[0], len(before), counts[1], len(after))
    return Shift(column, "missing", cohens_h(*shares), test, *shares)


def _finite(column: pd.Series) -> np.ndarray:
    """Ascending numbers; what is none is left out."""
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float)
    return np.sort(numbers[np.isfinite(numbers)])
