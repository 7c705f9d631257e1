"""Confidence sequences: intervals that hold at every look at once, however often one looks and whenever one stops.

A sequence of intervals covers the truth at all sample sizes together with probability 1 - `alpha`, so that "the interval
excludes it" may be checked after each new label without inflating the error rate (Johari, Koomen, Pekelis & Walsh, 2022,
"Always valid inference"; Howard, Ramdas, McAuliffe & Sekhon, 2021, "Time-uniform, nonparametric, nonasymptotic confidence
sequences").
"""

import math
from dataclasses import dataclass

TUNED_FOR = 500
"""The number of observations at which `mean_interval` is narrowest compared with what is possible."""
LEAST = 50
"""Fewer observations get no verdict: `mean_interval` leans on the central limit theorem."""


@dataclass(frozen=True)
class Interval:
    """An estimate with its limits."""

    estimate: float
    low: float
    high: float

    def as_data(self) -> dict[str, float]:
        """The interval as JSON."""
        return {"estimate": self.estimate, "low": self.low, "high": self.high}


@dataclass(frozen=True)
class Sums:
    """What is kept of a stream of losses: their count, sum and sum of squares."""

    n: int = 0
    total: float = 0.0
    squares: float = 0.0

    @property
    def mean(self) -> float:
        """0 for none."""
        return self.total / self.n if self.n else 0.0

    @property
    def variance(self) -> float:
        """Of one observation, with n - 1; 0 for fewer than two."""
        if self.n < 2:
            return 0.0
        return max(0.0, (self.squares - self.n * self.mean**2) / (self.n - 1))


def rate_interval(hits: int, n: int, alpha: float) -> Interval:
    """The confidence sequence of a share, exact for any number of independent yes/no observations.

    It holds the rates p against which the mixture likelihood ratio B(1 + hits, 1 + n - hits) / (p^hits (1 - p)^(n - hits)) has
    never been larger than 1 / `alpha`; under p that ratio is a martingale, so Ville's inequality bounds the error.
    Source: Robbins (1970), "Statistical methods related to the law of the iterated logarithm"; uniform mixture.
    """
    if n == 0:
        return Interval(0.5, 0.0, 1.0)
    return Interval(hits / n, _lower_rate(hits, n, alpha), 1 - _lower_rate(n - hits, n, alpha))


def _lower_rate(hits: int, n: int, alpha: float) -> float:
    from scipy.optimize import brentq
    from scipy.special import betaln, xlog1py, xlogy

    def excess(rate: float) -> float:
        likelihood = xlogy(hits, rate) + xlog1py(n - hits, -rate)
        return float(betaln(1 + hits, 1 + n - hits) - likelihood + math.log(alpha))

    return float(brentq(excess, 1e-300, hits / n)) if hits else 0.0


def mean_interval(estimate: float, variance: float, spread: float, alpha: float) -> Interval:
    """The confidence sequence of a mean, or of a difference of means, by the normal mixture with estimated variance.

    Args: `variance` of the estimate, `spread` the variance of one observation: `variance` is `spread` / n for one sample and
    s²/n + t²/m for two. It is asymptotic: not to be used below `LEAST` observations (of each sample).
    Source: the mixture sequential probability ratio test, Johari et al. (2022), section 4, here inverted; its mixing variance is
    `spread` times the ratio that is best at `TUNED_FOR` observations (Waudby-Smith et al., 2024, "Time-uniform central limit
    theory and asymptotic confidence sequences", appendix B.2).
    """
    if variance <= 0 or spread <= 0:
        return Interval(estimate, estimate, estimate)
    log_alpha = -2 * math.log(alpha)
    mixing = spread * (log_alpha + math.log(log_alpha + 1)) / TUNED_FOR
    widened = variance + mixing
    radius = math.sqrt(variance * widened / mixing * (log_alpha + math.log(widened / variance)))
    return Interval(estimate, estimate - radius, estimate + radius)
