"""Running statistics of a stream: one value at a time, constant memory."""

import math
from dataclasses import dataclass
from typing import Any


@dataclass
class Moments:
    """Count, mean, spread and extremes of the values seen so far.

    Source: Welford (1962), "Note on a method for calculating corrected sums of squares and products".
    """

    count: int = 0
    mean: float = 0.0
    squares: float = 0.0
    low: float = math.inf
    high: float = -math.inf
    total: float = 0.0

    def add(self, value: float) -> None:
        """Takes one finite value in."""
        self.count += 1
        before = value - self.mean
        self.mean += before / self.count
        self.squares += before * (value - self.mean)
        self.low, self.high = min(self.low, value), max(self.high, value)
        self.total += value

    def merge(self, other: "Moments") -> None:
        """Takes in everything that `other` has seen.

        Source: Chan, Golub & LeVeque (1979), "Updating formulae and a pairwise algorithm for computing sample variances".
        """
        if other.count == 0:
            return
        count = self.count + other.count
        apart = other.mean - self.mean
        self.squares += other.squares + apart * apart * self.count * other.count / count
        self.mean += apart * other.count / count
        self.low, self.high = min(self.low, other.low), max(self.high, other.high)
        self.total += other.total
        self.count = count

    @property
    def std(self) -> float | None:
        """Sample standard deviation; None for fewer than two values."""
        return math.sqrt(self.squares / (self.count - 1)) if self.count > 1 else None

    def state(self) -> list[Any]:
        """Everything, as JSON holds it; `from_state` gives it back exactly."""
        extremes = [self.low, self.high] if self.count else [None, None]
        return [self.count, self.mean, self.squares, *extremes, self.total]

    @classmethod
    def from_state(cls, state: list[Any]) -> "Moments":
        """The moments that `state` was taken of."""
        count, mean, squares, low, high, total = state
        return cls(
            count, mean, squares, math.inf if low is None else low, -math.inf if high is None else high, total
        )
