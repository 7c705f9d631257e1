"""Two models side by side: which is better on which rows, by how much, how sure that is, and what else sets them apart."""

import math
from dataclasses import dataclass
from typing import Any, Literal

from mesh.pages.shapes import mapping

from .holdout import Holdout, match
from .measures import metrics_of
from .record import LOWER_IS_BETTER
from .resampling import Difference, differ
from .schema import ModelSchema, schema_of
from .segments import Segment, compare_segments

Basis = Literal["given", "shared", "separate", "scores"]
LEAST_SHARED = 30
SET_UP = ("engine", "split", "rows_train", "rows_test", "seed", "threshold")


@dataclass(frozen=True)
class Candidate:
    """A model to compare. `version` is None for one that is not registered; `model` is its `model` output's data.

    `dataset_id` and `dataset_name` say what it was trained on, "" when that is not known.
    """

    version: str | None
    model: dict[str, Any]
    holdout: Holdout | None = None
    has_file: bool = True
    dataset_id: str = ""
    dataset_name: str = ""

    @property
    def metric(self) -> str:
        """The metric that its training chose by."""
        return str(self.model.get("metric", ""))

    @property
    def schema(self) -> ModelSchema:
        """What it takes and gives."""
        return schema_of(self.model)

    def recorded(self, metric: str) -> float | None:
        """Its score as the training reported it."""
        value = mapping(self.model.get("best")).get(metric)
        return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


@dataclass(frozen=True)
class Comparison:
    """`second` against `first`, in `metric` first of all.

    `basis`: both scored a dataset that was `given`, or the `shared` rows of their hold-outs, or each its own (`separate`), or
    only the reported `scores` are there. `rows` were scored, by the one that scored fewer; None when nobody said. `same_data`
    says that the hold-outs come from one dataset. `differences` begin with `metric`; there are none for `scores`.
    """

    first: Candidate
    second: Candidate
    metric: str
    basis: Basis
    rows: int | None
    same_data: bool
    differences: tuple[Difference, ...] = ()
    segments: tuple[Segment, ...] = ()

    @property
    def main(self) -> Difference | None:
        """The difference in `metric`; None when only scores are known."""
        return self.differences[0] if self.differences else None

    @property
    def values(self) -> tuple[float | None, float | None]:
        """The two values of `metric` that are compared."""
        if self.main is not None:
            return self.main.first.value, self.main.second.value
        return self.first.recorded(self.metric), self.second.recorded(self.metric)

    @property
    def gain(self) -> float | None:
        """By how much the second is better; None when they have no metric in common."""
        before, after = self.values
        if before is None or after is None:
            return None
        return before - after if self.metric in LOWER_IS_BETTER else after - before

    @property
    def worse_segments(self) -> tuple[Segment, ...]:
        """Where the second is worse than chance explains."""
        return tuple(segment for segment in self.segments if segment.worse)


def compare(first: Candidate, second: Candidate, scored: tuple[Holdout, Holdout] | None = None) -> Comparison:
    """`second` against `first`.

    Args: `scored` are the same rows as both score them now, which neither was trained on; else their hold-outs are used, and
    of these the rows that are in both, when there are `LEAST_SHARED` or more.
    """
    same_data = bool(first.dataset_id) and first.dataset_id == second.dataset_id
    pair: tuple[Holdout, Holdout] | None = scored
    basis: Basis = "given"
    if pair is None:
        basis, pair = _held_out(first, second)
    if pair is None:
        rows = [_rows(candidate) for candidate in (first, second)]
        known = [count for count in rows if count is not None]
        return Comparison(
            first, second, _common(first, second), "scores", min(known, default=None), same_data
        )
    left, right = pair
    paired = basis != "separate"
    names = [name for name in metrics_of(left.scored) if name in metrics_of(right.scored)]
    metric = next(
        (m for m in (second.metric, first.metric) if m in names), "mae" if "mae" in names else "accuracy"
    )
    block = math.isqrt(len(left.scored.actual)) if left.ordered else 1
    names.sort(key=lambda name: name != metric)
    differences = differ(names, left.scored, right.scored, paired=paired, block=block)
    segments = compare_segments(_features(left, right), left.scored, right.scored) if paired else []
    rows_scored = min(len(left.scored.actual), len(right.scored.actual))
    return Comparison(
        first, second, metric, basis, rows_scored, same_data, tuple(differences), tuple(segments)
    )


def _held_out(first: Candidate, second: Candidate) -> tuple[Basis, tuple[Holdout, Holdout] | None]:
    left, right = first.holdout, second.holdout
    if left is None or right is None or first.schema.classes != second.schema.classes:
        return "scores", None
    if first.schema.target != second.schema.target:
        return "scores", None
    places = match(left, right)
    if places is not None and len(places[0]) >= LEAST_SHARED:
        return "shared", (left.take(places[0]), right.take(places[1]))
    return "separate", (left, right)


def _features(left: Holdout, right: Holdout) -> Any:
    """What is known of the rows, from either side."""
    mine = [name for name in left.features.columns if name not in right.features.columns]
    return right.features.reset_index(drop=True).join(left.features[mine].reset_index(drop=True))


def _common(first: Candidate, second: Candidate) -> str:
    """The metric that both were reported in: the second's own, else the first's."""
    both = (second.metric, first.metric)
    return next(
        (m for m in both if first.recorded(m) is not None and second.recorded(m) is not None), both[0]
    )


def _rows(candidate: Candidate) -> int | None:
    rows = candidate.model.get("rows_test")
    return rows if isinstance(rows, int) else None
