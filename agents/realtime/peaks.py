"""A threshold that sets itself: how extreme a value must be to come up once in so many values, from the tail seen so far."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

RISK = 1e-4
TAIL = 0.1
MAX_PEAKS = 200
MIN_RISK = 1e-9
_MIN_FITTED = 10
_MAX_SHAPE = 0.5


@dataclass
class UpperTail:
    """Peaks over a threshold (SPOT) on one side: excesses over `threshold` follow a generalised Pareto distribution of `shape`
    and `scale`.

    Source: Siffer et al. (2017), "Anomaly detection in streams with extreme value theory", KDD, equation 1.
    """

    threshold: float
    seen: int
    peaks: int = 0
    excesses: list[float] = field(default_factory=list)
    shape: float = 0.0
    scale: float = 0.0

    @classmethod
    def of(cls, values: Sequence[float]) -> "UpperTail":
        """The tail of a first stretch of values, of which the highest tenth are the first peaks."""
        ordered = sorted(values)
        threshold = ordered[math.ceil((1 - TAIL) * len(ordered)) - 1]
        tail = cls(threshold, len(values))
        tail._take([value - threshold for value in ordered if value > threshold])
        return tail

    def add(self, value: float) -> None:
        """Takes a value in that is no anomaly."""
        self.seen += 1
        if value > self.threshold:
            self._take([value - self.threshold])

    def limit(self, risk: float = RISK) -> float:
        """The level that a value exceeds with probability `risk`."""
        share = self.seen * risk / max(self.peaks, 1)
        if self.shape == 0:
            return self.threshold - self.scale * math.log(share)
        return self.threshold + self.scale / self.shape * (math.pow(share, -self.shape) - 1)

    def risk(self, value: float) -> float:
        """The probability that a value is exceeded, at least `MIN_RISK`; about that of a peak for one below the threshold.

        While there are no peaks to tell it by, that of the next value to be the highest of all.
        """
        excess = value - self.threshold
        if excess <= 0:
            return TAIL
        if self.scale == 0:
            return 1 / (self.seen + 1)
        if self.shape == 0:
            beyond = math.exp(-excess / self.scale)
        else:
            beyond = math.pow(1 + self.shape * excess / self.scale, -1 / self.shape)
        return max(MIN_RISK, self.peaks / self.seen * beyond)

    def state(self) -> list[Any]:
        """Everything, as JSON holds it: the arguments of the class."""
        return [self.threshold, self.seen, self.peaks, self.excesses, self.shape, self.scale]

    def _take(self, excesses: Sequence[float]) -> None:
        self.peaks += len(excesses)
        self.excesses = [*self.excesses, *excesses][-MAX_PEAKS:]
        self.shape, self.scale = fit_pareto(self.excesses)


def fit_pareto(excesses: Sequence[float]) -> tuple[float, float]:
    """Shape and scale of the generalised Pareto distribution of positive excesses, by probability-weighted moments.

    The shape is kept within [0, 0.5]: a tail that seems to end, or few excesses, are taken as exponential, which errs on the side
    of silence. Source: Hosking & Wallis (1987), "Parameter and quantile estimation for the generalized Pareto
    distribution", Technometrics 29(3).
    """
    n = len(excesses)
    if n == 0:
        return 0.0, 0.0
    mean = statistics.fmean(excesses)
    if n < _MIN_FITTED:
        return 0.0, mean
    ranked = enumerate(sorted(excesses), start=1)
    weighted = sum((n - rank) * value for rank, value in ranked) / (n * (n - 1))
    apart = mean - 2 * weighted
    shape = 0.0 if apart <= 0 else max(0.0, min(_MAX_SHAPE, 2 - mean / apart))
    return shape, mean * (1 - shape)
