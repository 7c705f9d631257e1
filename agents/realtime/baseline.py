"""What is usual at a time: the level of a stream and its rhythm of the day or the week, and how far values stray from them."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .peaks import RISK, UpperTail

ANOMALY_Z = 3.5
ROBUST_FACTOR = 0.6745
MEAN_DEVIATION_FACTOR = 0.797885
FEW = 10
ROUNDING = 1e-9
MIN_WINDOWS = 8
DAY_S, WEEK_S = 86_400.0, 604_800.0
PHASE_S = 3_600.0
CALIBRATION = 50
LEVEL_RATE, NEW_LEVEL_RATE, SEASON_RATE, ERROR_RATE = 0.1, 0.01, 0.1, 0.05
CLIP = 4.0
MIN_VISITS = 2
_BETTER = 0.8


@dataclass(frozen=True)
class Usual:
    """What was expected of a value, and the bounds beyond which it is an anomaly. `once_in` says of how many values one strays as
    far, as far as the tail seen so far tells; None while there are too few values for that.
    """

    expected: float
    low: float
    high: float
    once_in: float | None = None


@dataclass
class Rhythm:
    """A level, how far each phase of a period lies from it, and the tails of what is left. Without a period it is a level alone.

    A value moves level and phase by a share of its distance from what was expected, at most `CLIP` times the usual distance, so
    that a spike hardly moves them. A gap in the stream moves nothing. Until `CALIBRATION` values the bounds are `ANOMALY_Z`
    scaled median absolute deviations (Iglewicz & Hoaglin 1993), then those that `UpperTail` sets, which is DSPOT with a
    season: Siffer et al. (2017), section 4.3.
    """

    period_s: float | None
    level: float = math.nan
    error: float = math.nan
    offsets: dict[int, float] = field(default_factory=dict)
    visits: dict[int, int] = field(default_factory=dict)
    rests: list[float] = field(default_factory=list)
    above: UpperTail | None = None
    below: UpperTail | None = None

    def season(self, time_s: float) -> float:
        """How far the phase of a time lies from the level; 0 where it is not known yet."""
        return self.offsets.get(self._phase(time_s), 0.0)

    def knows(self, time_s: float) -> bool:
        """Whether the phase of a time was visited often enough, and the tails are there."""
        return self.above is not None and self._visited(time_s)

    def usual(self, time_s: float, value: float) -> Usual | None:
        """What is usual at a time, before the value is taken in; None while too little was seen.

        Where nothing has ever strayed, whatever does is unusual, up to rounding.
        """
        expected = self.level + self.season(time_s)
        rounding = ROUNDING * max(abs(expected), abs(value))
        if self.above is not None and self.below is not None:
            rest = value - expected
            risk = self.above.risk(rest) if rest > 0 else self.below.risk(-rest)
            low = -max(self.below.limit(), self.error) - rounding
            high = max(self.above.limit(), self.error) + rounding
            return Usual(expected, expected + low, expected + high, 1 / risk if risk < RISK else None)
        if len(self.rests) < MIN_WINDOWS:
            return None
        centre = statistics.median(self.rests)
        reach = _reach(self.rests, centre) + rounding
        return Usual(expected, expected + centre - reach, expected + centre + reach)

    def learn(self, time_s: float, value: float) -> None:
        """Takes a value in."""
        if math.isnan(self.level):
            self.level = value
            return
        rest = value - self.level - self.season(time_s)
        usual = self.usual(time_s, value)
        if self._visited(time_s) and (usual is None or usual.low <= value <= usual.high or self._is_flat()):
            self._learn_tails(rest)
        if math.isnan(self.error):
            self.error = abs(rest)
        reach = CLIP * self.error
        clipped = max(-reach, min(reach, rest))
        self.error += ERROR_RATE * (abs(clipped if reach else rest) - self.error)
        if self.period_s is None:
            self.level += LEVEL_RATE * clipped
            return
        phase = self._phase(time_s)
        seen = self.visits[phase] = self.visits.get(phase, 0) + 1
        self.level += (LEVEL_RATE if seen > MIN_VISITS else NEW_LEVEL_RATE) * clipped
        self.offsets[phase] = self.offsets.get(phase, 0.0) + max(SEASON_RATE, 1 / seen) * clipped

    def state(self) -> list[Any]:
        """Everything, as JSON holds it."""
        tails = [None if tail is None else tail.state() for tail in (self.above, self.below)]
        level, error = (None if math.isnan(v) else v for v in (self.level, self.error))
        phases = [list(self.offsets.items()), list(self.visits.items())]
        return [self.period_s, level, error, *phases, self.rests, *tails]

    @classmethod
    def from_state(cls, state: Sequence[Any]) -> "Rhythm":
        """The rhythm that `state` was taken of."""
        period_s, level, error, offsets, visits, rests, *tails = state
        above, below = (None if tail is None else UpperTail(*tail) for tail in tails)
        level, error = (math.nan if v is None else v for v in (level, error))
        return cls(period_s, level, error, dict(offsets), dict(visits), rests, above, below)

    def _learn_tails(self, rest: float) -> None:
        if self.above is not None and self.below is not None:
            self.above.add(rest)
            self.below.add(-rest)
            return
        self.rests.append(rest)
        if len(self.rests) >= CALIBRATION:
            self.above = UpperTail.of(self.rests)
            self.below = UpperTail.of([-r for r in self.rests])
            self.rests = []

    def _is_flat(self) -> bool:
        """Whether nothing has ever strayed on a side; then what does must be learnt, or it would stay unusual for ever."""
        if self.above is not None and self.below is not None:
            return self.above.scale == 0 or self.below.scale == 0
        return _reach(self.rests, statistics.median(self.rests)) == 0

    def _visited(self, time_s: float) -> bool:
        return self.period_s is None or self.visits.get(self._phase(time_s), 0) >= MIN_VISITS

    def _phase(self, time_s: float) -> int:
        return 0 if self.period_s is None else int(time_s % self.period_s // PHASE_S)


def _reach(rests: Sequence[float], centre: float) -> float:
    """How far a rest may lie from the centre: `ANOMALY_Z` scaled median deviations, or mean ones when most rests are equal.

    Of few rests the deviations are not well known: the reach is widened by 1 + `FEW` / n.
    """
    deviations = [abs(rest - centre) for rest in rests]
    median = statistics.median(deviations)
    scaled = median / ROBUST_FACTOR if median > 0 else statistics.fmean(deviations) / MEAN_DEVIATION_FACTOR
    return ANOMALY_Z * (1 + FEW / len(rests)) * scaled


@dataclass
class Baseline:
    """The rhythm that predicts best: none, of the day, or of the week.

    A rhythm of the day or week is used at phases that it knows, while its mean error is below `_BETTER` of the shorter ones'.
    """

    rhythms: list[Rhythm] = field(default_factory=lambda: [Rhythm(None), Rhythm(DAY_S), Rhythm(WEEK_S)])

    def rhythm(self, time_s: float) -> Rhythm:
        """The rhythm to be used at a time."""
        best = self.rhythms[0]
        for rhythm in self.rhythms[1:]:
            if rhythm.knows(time_s) and rhythm.error < _BETTER * best.error:
                best = rhythm
        return best

    def learn(self, time_s: float, value: float) -> None:
        """Takes a value in."""
        for rhythm in self.rhythms:
            rhythm.learn(time_s, value)

    def move(self, by: float) -> None:
        """The level has moved for good; the rhythm and the tails stay."""
        for rhythm in self.rhythms:
            rhythm.level += by

    def state(self) -> list[Any]:
        """Everything, as JSON holds it."""
        return [rhythm.state() for rhythm in self.rhythms]

    @classmethod
    def from_state(cls, state: Sequence[Any]) -> "Baseline":
        """The baseline that `state` was taken of."""
        return cls([Rhythm.from_state(saved) for saved in state])
