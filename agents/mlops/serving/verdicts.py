"""Has a served model decayed, and which of two does better: said only once it is proved, at whatever look that is."""

import math
from dataclasses import dataclass
from typing import Any, Literal

from .sequential import LEAST, Interval, Sums, mean_interval, rate_interval

ALPHA = 0.05
Measure = Literal["error_rate", "absolute_error"]
Decay = Literal["too_few", "no_baseline", "undecided", "decayed"]
Winner = Literal["too_few", "undecided", "challenger", "champion"]


@dataclass(frozen=True)
class Baseline:
    """The loss on validation rows. `deviation` is that of one row's loss; None for error rates, which have their own."""

    value: float
    rows: int
    deviation: float | None = None


@dataclass(frozen=True)
class DecayVerdict:
    """Whether the live loss is higher than it was in validation; `limit` is what its lower end has to pass."""

    verdict: Decay
    measure: Measure
    n: int
    live: Interval | None = None
    baseline: Baseline | None = None
    limit: float | None = None

    def as_data(self) -> dict[str, Any]:
        """The verdict as JSON."""
        return {
            "verdict": self.verdict,
            "measure": self.measure,
            "n": self.n,
            "live": self.live.as_data() if self.live else None,
            "validation": self.baseline.value if self.baseline else None,
            "validation_rows": self.baseline.rows if self.baseline else None,
            "limit": self.limit,
        }


@dataclass(frozen=True)
class TrialVerdict:
    """Which version has the lower loss. `difference` is challenger minus champion: below 0 the challenger is better."""

    verdict: Winner
    measure: Measure
    n: tuple[int, int]
    losses: tuple[float, float]
    difference: Interval | None = None
    decisive: tuple[int, int] | None = None

    def as_data(self) -> dict[str, Any]:
        """The verdict as JSON; `decisive` counts the rows that only one of the two got right."""
        data: dict[str, Any] = {"verdict": self.verdict, "measure": self.measure}
        data |= dict(zip(("champion_labels", "challenger_labels"), self.n, strict=True))
        data |= dict(zip(("champion_loss", "challenger_loss"), self.losses, strict=True))
        data["difference"] = self.difference.as_data() if self.difference else None
        if self.decisive is not None:
            data |= dict(zip(("only_champion_right", "only_challenger_right"), self.decisive, strict=True))
        return data


def baseline_of(model: dict[str, Any], measure: Measure) -> Baseline | None:
    """The validation loss in a `model` output's data; None when it has none."""
    best, rows = model.get("best") or {}, model.get("rows_test")
    if not isinstance(rows, int) or rows < 1:
        return None
    if measure == "error_rate":
        accuracy = _number(best.get("accuracy"))
        return None if accuracy is None else Baseline(1 - accuracy, rows)
    mae, rmse = _number(best.get("mae")), _number(best.get("rmse"))
    if mae is None or rmse is None:
        return None
    return Baseline(mae, rows, math.sqrt(max(0.0, rmse**2 - mae**2)))


def judge_decay(
    losses: Sums, measure: Measure, baseline: Baseline | None, *, alpha: float = ALPHA, margin: float = 0.0
) -> DecayVerdict:
    """Decay is proved once the live loss, at its lowest, is above the validation loss, at its highest, plus `margin`.

    Half of `alpha` goes to either: the one-sided limit of the validation loss (Clopper & Pearson, 1934, for an error rate; normal
    for a mean, its variance being RMSE² - MAE²), and a confidence sequence of the live one. So a model that is as good as in
    validation is called decayed with a probability of at most `alpha`, over all looks together.
    """
    if baseline is None:
        return DecayVerdict("no_baseline", measure, losses.n)
    if losses.n < LEAST:
        return DecayVerdict("too_few", measure, losses.n, baseline=baseline)
    if measure == "error_rate":
        live = rate_interval(round(losses.total), losses.n, alpha / 2)
    else:
        live = mean_interval(losses.mean, losses.variance / losses.n, losses.variance, alpha / 2)
    limit = _upper(baseline, alpha / 2) + margin
    return DecayVerdict(
        "decayed" if live.low > limit else "undecided", measure, losses.n, live, baseline, limit
    )


def judge_split(
    champion: Sums, challenger: Sums, measure: Measure, *, alpha: float = ALPHA, least: int = LEAST
) -> TrialVerdict:
    """The verdict on two versions that each answered a share of the requests, from the losses of either."""
    n, losses = (champion.n, challenger.n), (champion.mean, challenger.mean)
    if min(n) < max(least, LEAST):
        return TrialVerdict("too_few", measure, n, losses)
    one, other = _spread(champion, measure), _spread(challenger, measure)
    variance, spread = one / champion.n + other / challenger.n, (one + other) / 2
    difference = mean_interval(losses[1] - losses[0], variance, spread, alpha)
    return TrialVerdict(_winner(difference), measure, n, losses, difference)


def judge_shadow(
    champion: Sums,
    challenger: Sums,
    differences: Sums,
    measure: Measure,
    *,
    alpha: float = ALPHA,
    least: int = LEAST,
) -> TrialVerdict:
    """The verdict on two versions that scored the same rows; `differences` are challenger minus champion, row by row.

    Of error rates only the rows count that one version alone got right: if neither is better each is as likely to be the one
    (McNemar, 1947), which `rate_interval` tests exactly.
    """
    n, losses = (champion.n, challenger.n), (champion.mean, challenger.mean)
    if differences.n < max(least, LEAST):
        return TrialVerdict("too_few", measure, n, losses)
    if measure == "absolute_error":
        spread = differences.variance
        difference = mean_interval(differences.mean, spread / differences.n, spread, alpha)
        return TrialVerdict(_winner(difference), measure, n, losses, difference)
    decisive = round(differences.squares)
    worse = round((differences.squares + differences.total) / 2)
    share = rate_interval(worse, decisive, alpha)
    scale = decisive / differences.n
    difference = Interval(differences.mean, (2 * share.low - 1) * scale, (2 * share.high - 1) * scale)
    return TrialVerdict(_winner(difference), measure, n, losses, difference, (worse, decisive - worse))


def _winner(difference: Interval) -> Winner:
    if difference.high < 0:
        return "challenger"
    return "champion" if difference.low > 0 else "undecided"


def _spread(losses: Sums, measure: Measure) -> float:
    """The variance of one loss; of an error rate that of (errors + 1) / (n + 2), which is never 0."""
    if measure == "absolute_error":
        return losses.variance
    rate = (losses.total + 1) / (losses.n + 2)
    return rate * (1 - rate)


def _upper(baseline: Baseline, alpha: float) -> float:
    from scipy import stats

    if baseline.deviation is not None:
        return float(
            baseline.value + stats.norm.ppf(1 - alpha) * baseline.deviation / math.sqrt(baseline.rows)
        )
    errors = round(baseline.value * baseline.rows)
    if errors >= baseline.rows:
        return 1.0
    return float(stats.beta.ppf(1 - alpha, errors + 1, baseline.rows - errors))


def _number(value: Any) -> float | None:
    known = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if known else None
