"""One column in two samples: what changed in its values, and by how much."""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from mesh.tabular.drift import (
    MAJOR,
    MODERATE,
    Test,
    bin_counts,
    bin_edges,
    chi_squared,
    kolmogorov_smirnov,
    psi,
    total_variation,
)

from .tables import Integers, Numbers, Series, plain_value, quantile

Level = Literal["major", "moderate", "undecided", "none"]
NEW_SHARE = 0.01
"""A new category with at least this share of the rows is a change of its own."""
MAX_CATEGORIES = 1_000
MIN_VALUES = 5
_SHOWN = 20


@dataclass
class ColumnDrift:
    """A compared column. `size` is the effect that decides, `measure` names it; `level` follows once p is corrected."""

    column: str
    kind: Literal["number", "category"]
    measure: Literal["psi", "total_variation"]
    size: float
    test: Test
    facts: dict[str, Any]
    noteworthy: bool = False
    p_adjusted: float = 1.0
    level: Level = field(default="none")

    def decide(self, p_adjusted: float, alpha: float) -> None:
        """Sets the level: the effect decides how much, the corrected p whether it may be chance."""
        self.p_adjusted = p_adjusted
        reached: Level = "major" if self.size >= MAJOR else "moderate"
        if self.size < MODERATE and not self.noteworthy:
            self.level = "none"
        else:
            self.level = reached if p_adjusted < alpha else "undecided"

    def as_data(self) -> dict[str, Any]:
        """The comparison as JSON."""
        return {
            "column": self.column,
            "kind": self.kind,
            "level": self.level,
            self.measure: self.size,
            "test": self.test.name,
            "statistic": self.test.statistic,
            "p": self.test.p,
            "p_adjusted": self.p_adjusted,
            **self.facts,
        }


def compare_columns(reference: Series, current: Series) -> ColumnDrift | str:
    """The comparison of a column's values, or why it cannot be compared: a word of `drift_story.NOT_COMPARED`."""
    if reference.is_("identifier") or current.is_("identifier"):
        return "identifier"
    if reference.kind in ("date", "datetime"):
        return "date"
    if reference.kind in ("integer", "number"):
        before, after = reference.ordered, current.ordered
        return _numbers(reference.name, before, after) if _enough(before, after) else "few_values"
    counts = _paired_counts(reference, current)
    if not _enough(*(np.repeat(1, int(side.sum())) for side in counts[1:])):
        return "few_values"
    if reference.is_("text") or len(counts[0]) > MAX_CATEGORIES:
        return "free_text"
    return _categories(reference.name, *counts)


def _enough(before: Numbers | Integers, after: Numbers | Integers) -> bool:
    return min(len(before), len(after)) >= MIN_VALUES


def _numbers(name: str, before: Numbers, after: Numbers) -> ColumnDrift:
    """Args: ascending finite values of both samples."""
    edges = bin_edges(before)
    extremes = min(before[0], after[0]), max(before[-1], after[-1])
    counts = bin_counts(before, edges), bin_counts(after, edges)
    facts = {
        "reference": _described(before),
        "current": _described(after),
        "bins": {"edges": edges.tolist(), "reference": counts[0].tolist(), "current": counts[1].tolist()},
        "moved": _moved(edges, *counts, *extremes),
    }
    return ColumnDrift(name, "number", "psi", psi(*counts), kolmogorov_smirnov(before, after), facts)


def _described(ordered: Numbers) -> dict[str, float]:
    return {
        "count": len(ordered),
        "mean": float(ordered.mean()),
        "min": float(ordered[0]),
        "q1": quantile(ordered, 0.25),
        "median": quantile(ordered, 0.5),
        "q3": quantile(ordered, 0.75),
        "max": float(ordered[-1]),
    }


def _moved(edges: Numbers, before: Integers, after: Integers, low: float, high: float) -> dict[str, float]:
    """The bin whose share changed most: its bounds within [low, high] and its share before and after."""
    shares = before / before.sum(), after / after.sum()
    most = int(np.abs(shares[1] - shares[0]).argmax())
    bounds = np.clip(np.concatenate([[low], edges, [high]]), low, high)
    return {
        "from": float(bounds[most]),
        "to": float(bounds[most + 1]),
        "before": float(shares[0][most]),
        "after": float(shares[1][most]),
    }


def _paired_counts(reference: Series, current: Series) -> tuple[list[Any], Integers, Integers]:
    """The categories of both samples, most frequent first, with their counts in each."""
    sides = [_counts(series) for series in (reference, current)]
    names = sorted(sides[0] | sides[1], key=lambda name: -(sides[0].get(name, 0) + sides[1].get(name, 0)))
    before, after = (np.array([side.get(name, 0) for name in names], np.int64) for side in sides)
    return names, before, after


def _counts(series: Series) -> dict[Any, int]:
    values = series.distinct.values
    known = values.cast(pa.string()) if series.kind != "boolean" else values
    return dict(zip(known.to_pylist(), series.distinct.counts.tolist(), strict=True))


def _categories(name: str, names: list[Any], before: Integers, after: Integers) -> ColumnDrift:
    shares = before / before.sum(), after / after.sum()
    new, lost = (before == 0) & (after > 0), (after == 0) & (before > 0)
    order = np.argsort(-np.abs(shares[1] - shares[0]), kind="stable")

    def entry(position: int) -> dict[str, Any]:
        counts = {"reference_count": int(before[position]), "current_count": int(after[position])}
        sides = {"before": float(shares[0][position]), "after": float(shares[1][position])}
        return {"value": plain_value(names[position]), **counts, **sides}

    facts = {
        "psi": psi(before, after),
        "categories": [entry(int(position)) for position in order[:_SHOWN]],
        "new": [entry(int(p)) for p in order if new[p]][:_SHOWN],
        "lost": [entry(int(p)) for p in order if lost[p]][:_SHOWN],
        "new_count": int(new.sum()),
        "lost_count": int(lost.sum()),
    }
    noteworthy = bool((shares[1][new] >= NEW_SHARE).any() or (shares[0][lost] >= NEW_SHARE).any())
    size = total_variation(before, after)
    return ColumnDrift(
        name, "category", "total_variation", size, chi_squared(before, after), facts, noteworthy
    )
