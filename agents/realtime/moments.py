"""Running statistics of a stream: one value at a time, constant memory."""

import math
from dataclasses import dataclass


@dataclass
class Moments:
    """Count, mean, spread and extremes of the values seen so far.

    Source: Welford (1962), "Note on a method for calculating corrected sums of squares and products".
    """

    count: int = 0
    mean: float = 0.0
    _squares: float = 0.0
    low: float = math.inf
    high: float = -math.inf
    total: float = 0.0

    def add(self, value: float) -> None:
        """Takes one finite value in."""
        self.count += 1
        before = value - self.mean
        self.mean += before / self.count
        self._squares += before * (value - self.mean)
        self.low, self.high = min(self.low, value), max(self.high, value)
        self.total += value

    @property
    def std(self) -> float | None:
        """Sample standard deviation; None for fewer than two values."""
        return math.sqrt(self._squares / (self.count - 1)) if self.count > 1 else None
