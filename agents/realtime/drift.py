"""Detects that the mean of a sequence has moved, and single values far from the rest."""

import itertools
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

ROBUST_FACTOR = 0.6745
ANOMALY_Z = 3.5
MIN_WINDOWS = 8
MEAN_DEVIATION_FACTOR = 0.797885


@dataclass
class PageHinkley:
    """Two-sided Page-Hinkley test on a sequence of standardised values.

    `delta` is the change that is tolerated and `threshold` the accumulated deviation that counts as drift, both in standard
    deviations. After a detection the test starts anew, so that it finds the next change.
    Source: Page (1954), "Continuous inspection schemes"; Hinkley (1971), "Inference about the change-point from
    cumulative sum tests".
    """

    delta: float = 0.25
    threshold: float = 8.0
    _count: int = 0
    _mean: float = 0.0
    _up: float = 0.0
    _down: float = 0.0
    _lowest: float = 0.0
    _highest: float = 0.0
    changes: list[tuple[int, str]] = field(default_factory=list)
    _seen: int = 0

    def add(self, value: float) -> str | None:
        """Takes one value; `up` or `down` when the mean has moved since the last detection."""
        self._seen += 1
        self._count += 1
        self._mean += (value - self._mean) / self._count
        self._up += value - self._mean - self.delta
        self._down += value - self._mean + self.delta
        self._lowest, self._highest = min(self._lowest, self._up), max(self._highest, self._down)
        direction = None
        if self._up - self._lowest > self.threshold:
            direction = "up"
        elif self._highest - self._down > self.threshold:
            direction = "down"
        if direction is not None:
            self.changes.append((self._seen - 1, direction))
            self._count, self._mean, self._up, self._down, self._lowest, self._highest = (
                0,
                0.0,
                0.0,
                0.0,
                0.0,
                0.0,
            )
        return direction


def find_drift(values: Sequence[float]) -> list[tuple[int, str]]:
    """Positions in `values` where their mean was found to have moved `up` or `down`.

    The scale is the median absolute difference of neighbours, which a slow change hardly touches; none of less than
    `MIN_WINDOWS` values or of a constant sequence.
    """
    if len(values) < MIN_WINDOWS:
        return []
    steps = [abs(b - a) for a, b in itertools.pairwise(values)]
    scale = statistics.median(steps) / (ROBUST_FACTOR * math.sqrt(2))
    if scale <= 0:
        scale = statistics.pstdev(values)
    if scale <= 0:
        return []
    centre = statistics.median(values[:MIN_WINDOWS])
    test = PageHinkley()
    for value in values:
        test.add((value - centre) / scale)
    return test.changes


def robust_z(values: Sequence[float]) -> list[float | None]:
    """Distance of each value from the median, in scaled median absolute deviations.

    None for all when there are fewer than `MIN_WINDOWS` values or they are equal. When more than half of
    the values are equal the mean absolute deviation is the scale instead.
    Source: Iglewicz & Hoaglin (1993), "How to detect and handle outliers", factors 0.6745 and 0.797885, cut-off 3.5.
    """
    if len(values) < MIN_WINDOWS:
        return [None] * len(values)
    centre = statistics.median(values)
    deviations = [abs(v - centre) for v in values]
    mad = statistics.median(deviations)
    if mad > 0:
        return [ROBUST_FACTOR * (v - centre) / mad for v in values]
    mean_deviation = statistics.fmean(deviations)
    if mean_deviation == 0:
        return [None] * len(values)
    return [MEAN_DEVIATION_FACTOR * (v - centre) / mean_deviation for v in values]
