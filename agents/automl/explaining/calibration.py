"""Whether probabilities mean what they say: of all rows given 70 %, do 70 % turn out that way?"""

import math
from typing import Any

import numpy as np
from scipy import stats
from sklearn.linear_model import LogisticRegression
from statsmodels.stats.proportion import proportion_confint

from .holdout import HoldOut

BINS = 10
SIGNIFICANCE = 0.05
LEAST_ROWS = 50
_EDGE = 1e-6


def calibration(holdout: HoldOut) -> dict[str, Any] | None:
    """The reliability curve, Brier score and expected calibration error; None below 50 rows or with one class only.

    Of two classes for the probability of the positive one, of more for that of the predicted class. The curve has ten groups of
    equal size, fewer where probabilities repeat, which stay together, with Wilson's 95 % intervals; `ece` is the mean distance of
    its points from the diagonal, weighted by rows. `brier` is the mean squared error of the probabilities (of more classes,
    summed over them). `verdict` is `calibrated` unless Spiegelhalter's test rejects that at 5 %; then the slope of a logistic
    recalibration tells `overconfident` (below 1, too extreme) from `underconfident`, or, where the slope does not differ by 10 %,
    the mean tells `too_high` from `too_low`.
    Sources: Brier (1950); Spiegelhalter (1986); Naeini et al. (2015), equal-mass bins; Cox (1958).
    """
    if not holdout.classes or len(holdout.actual) < LEAST_ROWS:
        return None
    given, happened = _events(holdout)
    if len(np.unique(happened)) < 2:
        return None
    curve = _curve(given, happened)
    truth = np.eye(len(holdout.classes))[holdout.actual.astype(int)]
    squares = (holdout.predicted - truth) ** 2
    brier = float(squares[:, 1].mean() if len(holdout.classes) == 2 else squares.sum(axis=1).mean())
    z = _spiegelhalter(given, happened)
    slope = _slope(given, happened)
    return {
        "rows": len(given),
        "of": "positive_class" if len(holdout.classes) == 2 else "predicted_class",
        "brier": brier,
        "ece": float(
            sum(point["rows"] * abs(point["given"] - point["happened"]) for point in curve) / len(given)
        ),
        "mean_given": float(given.mean()),
        "mean_happened": float(happened.mean()),
        "slope": slope,
        "p": float(2 * stats.norm.sf(abs(z))),
        "verdict": _verdict(z, slope, float(given.mean() - happened.mean())),
        "curve": curve,
    }


def _events(holdout: HoldOut) -> tuple[np.ndarray, np.ndarray]:
    if len(holdout.classes) == 2:
        return holdout.predicted[:, 1], holdout.actual.astype(float)
    decided = holdout.predicted.argmax(axis=1)
    return holdout.predicted.max(axis=1), (decided == holdout.actual).astype(float)


def _curve(given: np.ndarray, happened: np.ndarray) -> list[dict[str, Any]]:
    group = ((stats.rankdata(given) - 0.5) / len(given) * BINS).astype(int)
    points = []
    for number in np.unique(group):
        part = np.flatnonzero(group == number)
        low, high = proportion_confint(int(happened[part].sum()), len(part), method="wilson")
        points.append(
            {
                "given": float(given[part].mean()),
                "happened": float(happened[part].mean()),
                "low": float(low),
                "high": float(high),
                "rows": len(part),
            }
        )
    return points


def _spiegelhalter(given: np.ndarray, happened: np.ndarray) -> float:
    p = np.clip(given, _EDGE, 1 - _EDGE)
    spread = float(np.sqrt(np.sum((1 - 2 * p) ** 2 * p * (1 - p))))
    return float(np.sum((happened - p) * (1 - 2 * p))) / spread if spread else 0.0


def _slope(given: np.ndarray, happened: np.ndarray) -> float:
    p = np.clip(given, _EDGE, 1 - _EDGE)
    log_odds = np.log(p / (1 - p)).reshape(-1, 1)
    if float(np.ptp(log_odds)) == 0:
        return 1.0
    return float(LogisticRegression(C=math.inf).fit(log_odds, happened).coef_[0, 0])


def _verdict(z: float, slope: float, excess: float) -> str:
    if 2 * stats.norm.sf(abs(z)) >= SIGNIFICANCE:
        return "calibrated"
    if abs(slope - 1) > 0.1:
        return "overconfident" if slope < 1 else "underconfident"
    return "too_high" if excess > 0 else "too_low"
