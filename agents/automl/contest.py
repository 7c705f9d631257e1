"""The contest of forecasting candidates: who takes part, in which order, within the time, and who wins."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from .backtest import Candidate, Origins, Score, beats, evaluate, score
from .baselines import Array, Mean, Naive, SeasonalNaive
from .boosting import Boosting
from .harmonic import Harmonic
from .sarima import Sarima
from .smoothing import Ets, Theta

COMBINED = "combination"
COMBINED_FROM = 3

Report = Callable[[Score, Score, int, int], None]


@dataclass
class Contest:
    """Every score, best first; the candidates by name; what was left out and why (`time` or the reason given)."""

    origins: Origins
    scores: list[Score] = field(default_factory=list)
    candidates: dict[str, Candidate] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)

    @property
    def baseline(self) -> Score:
        """The best of the naive methods."""
        return min((s for s in self.scores if s.baseline), key=lambda s: s.mase)

    @property
    def leader(self) -> Score | None:
        """The best that is not a baseline, if any took part."""
        return min((s for s in self.scores if not s.baseline), key=lambda s: s.mase, default=None)

    @property
    def winner(self) -> Score:
        """The leader when it really beats the best baseline, else that baseline: the simplest that is as good."""
        return self.leader if self.leader is not None and self.leader_wins else self.baseline

    @property
    def leader_wins(self) -> bool:
        """Whether the leader beats the best baseline by more than luck."""
        return self.leader is not None and beats(self.leader, self.baseline, self.origins)

    def ranked(self) -> list[Score]:
        """Best first; equals by name."""
        return sorted(self.scores, key=lambda s: (s.mase, s.name))

    def run(self, candidate: Candidate, values: pd.Series, deadline: float) -> Score | None:
        """Score one candidate, or note why it could not take part."""
        started = time.monotonic()
        try:
            entrant = candidate if hasattr(candidate, "forecast_all") else _Timed(candidate, deadline)
            predicted = evaluate(entrant, values, self.origins)
        except TimeoutError:
            self.skipped[candidate.name] = "time"
            return None
        except (ValueError, ArithmeticError, np.linalg.LinAlgError) as error:
            self.skipped[candidate.name] = str(error)
            return None
        seconds = time.monotonic() - started
        result = score(
            candidate.name,
            candidate.engine,
            predicted,
            self.origins,
            baseline=candidate.baseline,
            seconds=seconds,
        )
        self.scores.append(result)
        self.candidates[candidate.name] = candidate
        return result

    def combine(self) -> Score | None:
        """Add the mean of the three best models, when at least two took part."""
        best = [s for s in self.ranked() if not s.baseline][:COMBINED_FROM]
        if len(best) < 2:
            return None
        self.parts = [s.name for s in best]
        mean = np.mean([s.predicted for s in best], axis=0)
        result = score(COMBINED, best[0].engine, mean, self.origins, baseline=False)
        self.scores.append(result)
        return result

    def forecast(self, name: str, values: pd.Series, steps: int) -> Array:
        """The named entrant's forecast from the whole history, its parameters estimated anew."""
        names = self.parts if name == COMBINED else [name]
        return np.asarray(
            np.mean([self.candidates[n].forecast(values, steps, refit=True) for n in names], axis=0),
            dtype=float,
        )


class _Timed:
    """A candidate that stops between folds when the time is up."""

    def __init__(self, candidate: Candidate, deadline: float) -> None:
        self.name, self.engine, self.baseline = candidate.name, candidate.engine, candidate.baseline
        self._candidate, self._deadline = candidate, deadline

    def forecast(self, values: pd.Series, steps: int, *, refit: bool = False) -> Array:
        if not self.baseline and time.monotonic() > self._deadline:
            raise TimeoutError
        return self._candidate.forecast(values, steps, refit=refit)


def entrants(
    values: pd.Series, steps: int, season: int, annual: float | None, *, seed: int, quick: bool = False
) -> list[Candidate]:
    """Baselines first, then models from cheap to dear: what suits the length, sign and seasons of the series.

    `quick` leaves out what takes more than a moment: exponential smoothing, ARIMA and boosting.
    """
    found: list[Candidate] = [Naive(), Mean()]
    if season > 1:
        found.append(SeasonalNaive(season))
    if annual is not None and season == 7 and len(values) > 364 + steps:
        found.append(SeasonalNaive(364, "seasonal_naive_year"))
    found += [Theta(season, annual)]
    if season > 1 or annual is not None or len(values) >= 20:
        found.append(Harmonic(season, annual, log=False))
        if bool((values > 0).all()):
            found.append(Harmonic(season, annual, log=True))
    if quick:
        return found
    found.append(Ets(season, annual))
    if len(values) >= 16:
        found.append(Sarima(season, annual))
    if len(values) >= 60:
        found.append(Boosting(season, annual, seed=seed))
    return found


def hold_contest(
    values: pd.Series, origins: Origins, field_: Sequence[Candidate], deadline: float, report: Report
) -> Contest:
    """Score the entrants one after another until `deadline` (monotonic seconds); baselines always take part."""
    contest = Contest(origins)
    for number, candidate in enumerate(field_, 1):
        result = contest.run(candidate, values, deadline)
        if result is not None:
            report(result, contest.ranked()[0], number, len(field_))
    return contest
