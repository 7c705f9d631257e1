"""The contest of forecasting candidates: who takes part within the time, and which forecast is used."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from .backtest import Candidate, Origins, Score, evaluate, score
from .baselines import Array
from .combination import COMBINED, NAIVE, combination_weights
from .evidence import MIN_GAIN, SIGNIFICANCE, Advantage, advantage

Report = Callable[[Score, Score, int, int], None]


@dataclass
class Contest:
    """Every score; the candidates by name; what was left out and why (`time` or the reason given).

    `weights` are the combination's; `pooled` is its score with these weights in every fold, which decides whether it is used:
    in `scores` stands the one that no fold has a say in its own weights, which is what it is said to be worth.
    """

    origins: Origins
    scores: list[Score] = field(default_factory=list)
    candidates: dict[str, Candidate] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    weights: dict[str, float] = field(default_factory=dict)
    pooled: Score | None = None

    @property
    def naive(self) -> Score:
        """The better of the last value and the last season."""
        return self._best([s for s in self.scores if s.name in NAIVE])

    @property
    def baseline(self) -> Score:
        """The naive method; the mean or the drift only when likely better than that."""
        best = self.naive
        for other in (s for s in self.scores if s.baseline and s.name not in NAIVE):
            if advantage(other, best, self.origins).likely:
                best = other
        return best

    @property
    def leader(self) -> Score | None:
        """The combination, or a model that beats it by more than the luck of the best of so many; None without models."""
        models = [s for s in self.scores if not s.baseline and s.name != COMBINED]
        if not models:
            return None
        best = self._best(models)
        if self.pooled is None:
            return best
        alone = advantage(best, self.pooled, self.origins)
        if alone.clear and alone.p_value < SIGNIFICANCE / len(models):
            return best
        return next(s for s in self.scores if s.name == COMBINED)

    @property
    def winner(self) -> Score:
        """The leader when it saves at least 3 % of the baseline's error, else that baseline: the simpler one."""
        leader = self.leader
        if leader is None:
            return self.baseline
        judged = self.pooled if leader.name == COMBINED and self.pooled is not None else leader
        saved = advantage(judged, self.baseline, self.origins).share
        return leader if saved >= MIN_GAIN else self.baseline

    @property
    def lead(self) -> Advantage:
        """What the leader saves of the baseline's error."""
        leader = self.leader
        return Advantage(0.0, 0.0, 1.0) if leader is None else advantage(leader, self.baseline, self.origins)

    @property
    def beats_baseline(self) -> bool:
        """Whether the forecast is a model's and better than the baseline by more than luck."""
        return self.winner is self.leader and self.lead.clear

    @property
    def parts(self) -> list[str]:
        """The methods that the combination is made of, the heaviest first."""
        return sorted(self.weights, key=lambda name: -self.weights[name])

    def ranked(self) -> list[Score]:
        """Best first; equals by name."""
        return sorted(self.scores, key=lambda s: (s.rank_error, s.name))

    def run(self, candidate: Candidate, values: pd.Series, deadline: float) -> Score | None:
        """Score one candidate, or note why it could not take part."""
        started = time.monotonic()
        if started > deadline and not candidate.baseline:
            self.skipped[candidate.name] = "time"
            return None
        try:
            entrant = (
                candidate if hasattr(candidate, "forecast_all") else _Timed(candidate, deadline, self.origins)
            )
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
        """Add the combination of the best methods; None when no model took part."""
        if all(s.baseline for s in self.scores):
            return None
        errors = {s.name: self.origins.fold_errors(s.predicted) for s in self.scores}
        folds = range(len(self.origins.lengths))
        self.weights = self._weights(errors, len(folds))
        others = [self.weights]
        if len(folds) > 1:
            others = [
                self._weights({n: np.delete(e, i) for n, e in errors.items()}, len(folds) - 1) for i in folds
            ]
        self.pooled = self._mixed([self.weights for _ in folds])
        self.scores.append(self._mixed(others))
        return self.scores[-1]

    def _weights(self, errors: Mapping[str, Array], folds: int) -> dict[str, float]:
        means = {name: float(error.mean()) for name, error in errors.items()}
        return combination_weights(means, self.naive.name, folds / self.origins.overlap)

    def _mixed(self, weights: Sequence[Mapping[str, float]]) -> Score:
        """The score of the methods weighted in each fold as given."""
        known = {s.name: s for s in self.scores}
        rows = [sum(w * known[n].predicted[i] for n, w in one.items()) for i, one in enumerate(weights)]
        engine = known[self.parts[0]].engine
        return score(COMBINED, engine, np.asarray(rows, dtype=float), self.origins, baseline=False)

    def used(self) -> dict[str, float]:
        """The methods that the forecast is made of, with their weights."""
        return self.weights if self.winner.name == COMBINED else {self.winner.name: 1.0}

    def forecast(self, values: pd.Series, steps: int, *, kept: Sequence[str] = ()) -> Array:
        """The forecast from the whole history; parameters are estimated anew but for those `kept`."""
        made = [
            weight * self.candidates[name].forecast(values, steps, refit=name not in kept)
            for name, weight in self.used().items()
        ]
        return np.asarray(np.sum(made, axis=0), dtype=float)

    def _best(self, scores: Sequence[Score]) -> Score:
        return min(scores, key=lambda s: s.rank_error)


class _Timed:
    """A candidate that stops between folds when the time is up, or when the folds so far say that it will be."""

    def __init__(self, candidate: Candidate, deadline: float, origins: Origins) -> None:
        self.name, self.engine, self.baseline = candidate.name, candidate.engine, candidate.baseline
        self._candidate, self._deadline, self._folds = candidate, deadline, len(origins.lengths)
        self._started, self._done = time.monotonic(), 0

    def forecast(self, values: pd.Series, steps: int, *, refit: bool = False) -> Array:
        now = time.monotonic()
        each = (now - self._started) / self._done if self._done else 0.0
        if not self.baseline and now + each * (self._folds - self._done) > self._deadline:
            raise TimeoutError
        self._done += 1
        return self._candidate.forecast(values, steps, refit=refit)


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
