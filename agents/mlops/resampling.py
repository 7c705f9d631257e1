"""How sure a difference between two models is: bootstrap intervals, paired where both scored the same rows."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .measures import Array, Scored, measure
from .record import LOWER_IS_BETTER

DRAWS = 1000
LEVEL = 0.95
MAX_ROWS = 10_000
_CHUNK_CELLS = 2_000_000


@dataclass(frozen=True)
class Interval:
    """A value with its percentile bootstrap interval at `LEVEL`; the bounds are None where too few draws have a value."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Difference:
    """Two models in one metric. `gain` is by how much the second is better, whatever the metric's direction."""

    metric: str
    first: Interval
    second: Interval
    gain: Interval


def differ(
    metrics: Sequence[str], first: Scored, second: Scored, *, paired: bool, seed: int = 0, block: int = 1
) -> list[Difference]:
    """The difference between two models in each of the metrics.

    Args: `paired` says that both scored the same rows in the same order: then both are drawn together, and what makes rows
    hard for either falls out of the difference. `block` neighbouring rows are drawn at once, for rows in time order.
    Source: Efron & Tibshirani (1993), ch. 8 and 13; Künsch (1989) for blocks, here circular.
    """
    sides = (first, second)
    one, two = (
        _drawn(metrics, rows, block, seed + (0 if paired else place)) for place, rows in enumerate(sides)
    )
    found = []
    for metric in metrics:
        before, after = (float(measure(metric, rows, np.ones((1, len(rows.actual))))[0]) for rows in sides)
        sign = -1.0 if metric in LOWER_IS_BETTER else 1.0
        gain = _interval(sign * (after - before), sign * (two[metric] - one[metric]))
        found.append(Difference(metric, _interval(before, one[metric]), _interval(after, two[metric]), gain))
    return found


def _drawn(metrics: Sequence[str], rows: Scored, block: int, seed: int) -> dict[str, Array]:
    """Each metric of `DRAWS` resamples; the same seed and number of rows draw the same places.

    Beyond `MAX_ROWS` that many rows stand for all, and the interval is wider than it could be.
    """
    generator = np.random.default_rng(seed)
    if len(rows.actual) > MAX_ROWS:
        rows = rows.take(np.sort(generator.choice(len(rows.actual), MAX_ROWS, replace=False)))
    chunks = [
        [measure(metric, rows, weights) for metric in metrics]
        for weights in _weights(len(rows.actual), block, generator)
    ]
    return {
        metric: np.concatenate(values)
        for metric, values in zip(metrics, zip(*chunks, strict=True), strict=True)
    }


def _weights(n: int, block: int, generator: np.random.Generator) -> Iterator[Array]:
    """How often each of n rows is drawn, in chunks of shape (c, n) that make `DRAWS` rows together."""
    left = DRAWS
    while left:
        size = min(left, max(1, _CHUNK_CELLS // n))
        starts = generator.integers(0, n, (size, math.ceil(n / block), 1))
        places = ((starts + np.arange(block)) % n).reshape(size, -1)[:, :n]
        flat = places + n * np.arange(size)[:, None]
        yield np.bincount(flat.ravel(), minlength=size * n).reshape(size, n).astype(np.float64)
        left -= size


def _interval(value: float, drawn: Array) -> Interval:
    known = drawn[np.isfinite(drawn)]
    if len(known) < len(drawn) / 2:
        return Interval(value, None, None)
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(value, float(low), float(high))
