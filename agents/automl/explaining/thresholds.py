"""From which probability on to act, given what a missed case and a false alarm cost."""

from typing import Any

import numpy as np

from .holdout import HoldOut

POINTS = 101
_FOLDS = 5


def threshold_choice(holdout: HoldOut, missed: float, false_alarm: float, *, seed: int) -> dict[str, Any]:
    """The cheapest threshold for the positive class on the held-out rows, against the model's own.

    Costs are per row. The chosen threshold minimises the cost over all of the rows; because that flatters it, `cost` is measured
    by choosing on four fifths of the rows and counting on the rest, in turn. `gain` is how much less it costs per row than the
    model's own threshold, with a 95 % interval over rows. `theory` is false alarm / (missed + false alarm), the best threshold
    for probabilities that mean what they say (Elkan 2001).
    Args: two classes; `missed` and `false_alarm` above 0.
    """
    chance, positive = holdout.predicted[:, 1], holdout.actual == 1
    best = _cheapest(chance, positive, missed, false_alarm)
    own = _costs(chance, positive, holdout.threshold, missed, false_alarm)
    fold = np.random.default_rng(seed).permutation(len(chance)) % _FOLDS
    honest = np.zeros(len(chance))
    for number in range(_FOLDS):
        rest, part = fold != number, fold == number
        chosen = _cheapest(chance[rest], positive[rest], missed, false_alarm)
        honest[part] = _costs(chance[part], positive[part], chosen, missed, false_alarm)
    gains = own - honest
    half = 1.96 * float(gains.std(ddof=1)) / float(np.sqrt(len(gains)))
    tried = np.linspace(0, 1, POINTS)
    return {
        "missed": missed,
        "false_alarm": false_alarm,
        "threshold": best,
        "theory": false_alarm / (missed + false_alarm),
        "own_threshold": holdout.threshold,
        "own_cost": float(own.mean()),
        "cost": float(honest.mean()),
        "gain": float(gains.mean()),
        "gain_low": float(gains.mean()) - half,
        "gain_high": float(gains.mean()) + half,
        "rows": len(chance),
        "at_threshold": _counts(chance, positive, best),
        "at_own": _counts(chance, positive, holdout.threshold),
        "curve": [
            {"threshold": float(t), "cost": float(_costs(chance, positive, t, missed, false_alarm).mean())}
            for t in tried
        ],
    }


def _costs(
    chance: np.ndarray, positive: np.ndarray, threshold: float, missed: float, false_alarm: float
) -> np.ndarray:
    flagged = chance >= threshold
    return np.where(positive & ~flagged, missed, 0.0) + np.where(~positive & flagged, false_alarm, 0.0)


def _cheapest(chance: np.ndarray, positive: np.ndarray, missed: float, false_alarm: float) -> float:
    """The middle of the cheapest range between neighbouring probabilities, rounded to what a person would write."""
    order = np.argsort(-chance, kind="stable")
    ranked, hits = chance[order], positive[order]
    # Cost when the first k rows are flagged, for k = 0 … n, at the places where the probability changes.
    cost = missed * (hits.sum() - np.concatenate([[0], np.cumsum(hits)])) + false_alarm * np.concatenate(
        [[0], np.cumsum(~hits)]
    )
    ends = np.concatenate([[True], ranked[1:] < ranked[:-1], [True]])
    flagged = int(np.flatnonzero(ends)[np.argmin(cost[ends])])
    high = ranked[flagged - 1] if flagged else 1.0
    low = ranked[flagged] if flagged < len(ranked) else 0.0
    middle = (high + low) / 2
    for digits in (2, 3, 4):
        if low < round(float(middle), digits) <= high:
            return round(float(middle), digits)
    return float(middle)


def _counts(chance: np.ndarray, positive: np.ndarray, threshold: float) -> dict[str, int]:
    flagged = chance >= threshold
    return {
        "flagged": int(flagged.sum()),
        "caught": int((flagged & positive).sum()),
        "missed": int((~flagged & positive).sum()),
        "false_alarms": int((flagged & ~positive).sum()),
    }
