"""Whether the level of a window is unlike what is usual at its time, and whether the level has moved for good."""

from dataclasses import dataclass, field
from typing import Any

from .baseline import Baseline, Usual
from .drift import Change, DriftDetector


@dataclass(frozen=True)
class Judgement:
    """What is said of one level: what was `usual` before it (None for the first few), whether it lies outside, and the `change`
    of level that it made certain."""

    usual: Usual | None
    anomaly: bool
    change: Change | None


NOT_JUDGED = Judgement(None, anomaly=False, change=None)


@dataclass
class Judge:
    """Learns one sequence of levels as it comes; no threshold is set by hand.

    A change of level is looked for in what is left of the season, in windows that share no events, and moves what is usual at
    once. `tested_s` is the end of the last of them.
    """

    baseline: Baseline = field(default_factory=Baseline)
    drift: DriftDetector = field(default_factory=DriftDetector)
    tested_s: float | None = None

    def judge(self, start_s: float, end_s: float, level: float) -> Judgement:
        """Judges the level of a window by those before it, and takes it in."""
        rhythm = self.baseline.rhythm(start_s)
        usual = rhythm.usual(start_s, level)
        change = None
        if self.tested_s is None or start_s >= self.tested_s:
            self.tested_s = end_s
            change = self.drift.add(level - rhythm.season(start_s))
        if change is not None:
            self.baseline.move(change.after - rhythm.level)
        self.baseline.learn(start_s, level)
        return Judgement(usual, usual is not None and not usual.low <= level <= usual.high, change)

    def state(self) -> list[Any]:
        """Everything, as JSON holds it."""
        return [self.baseline.state(), self.drift.state(), self.tested_s]

    @classmethod
    def from_state(cls, state: list[Any]) -> "Judge":
        """The judge that `state` was taken of."""
        return cls(Baseline.from_state(state[0]), DriftDetector.from_state(state[1]), state[2])
