"""Detects, value by value, that the mean of a sequence has moved for good: Page-Hinkley for steps, ADWIN for small changes."""

import itertools
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from .baseline import MIN_WINDOWS, ROBUST_FACTOR

SETTLED_AT = (20, 40, 80, 160)
KEPT = 200
MAX_MEMORY = 0.95
CLIP = 4.0
ADWIN_DELTA = 0.002
_BUCKETS = 5
_MIN_PART = 5
_KNOWN_AS_A_WHOLE = (0.25, 8.0)
Direction = Literal["up", "down"]


@dataclass
class PageHinkley:
    """Two-sided Page-Hinkley test on standardised values.

    `delta` is the change that is tolerated and `threshold` the accumulated deviation that counts as drift, both in standard
    deviations.
    Source: Page (1954), "Continuous inspection schemes"; Hinkley (1971), "Inference about the change-point from
    cumulative sum tests".
    """

    delta: float = 0.5
    threshold: float = 10.0
    count: int = 0
    mean: float = 0.0
    up: float = 0.0
    down: float = 0.0
    lowest: float = 0.0
    highest: float = 0.0

    def add(self, value: float) -> Direction | None:
        """Takes one value; `up` or `down` when the mean has moved."""
        self.count += 1
        self.mean += (value - self.mean) / self.count
        self.up += value - self.mean - self.delta
        self.down += value - self.mean + self.delta
        self.lowest, self.highest = min(self.lowest, self.up), max(self.highest, self.down)
        if self.up - self.lowest > self.threshold:
            return "up"
        return "down" if self.highest - self.down > self.threshold else None


@dataclass
class Adwin:
    """A window that grows while its mean stays and drops its older part when that differs from the newer one: ADWIN2.

    Values are in [0, 1]. `rows` are buckets of 1, 2, 4 … values as (sum, sum of squares), newest row first, oldest bucket of a
    row first.
    Source: Bifet & Gavaldà (2007), "Learning from time-changing data with adaptive windowing", SDM, with the bound of its
    section 3 (variance, and a confidence `delta` / ln n).
    """

    delta: float = ADWIN_DELTA
    count: int = 0
    rows: list[list[tuple[float, float]]] = field(default_factory=list)

    def add(self, value: float) -> bool:
        """Takes one value; whether the older part differed and was dropped."""
        self._insert(value)
        dropped = False
        while self._cut():
            self._drop()
            dropped = True
        return dropped

    @property
    def mean(self) -> float:
        """Mean of the values in the window; 0 when it is empty."""
        return self._sums()[0] / self.count if self.count else 0.0

    def _insert(self, value: float) -> None:
        self.count += 1
        carried: tuple[float, float] | None = (value, value * value)
        for row in itertools.count():
            if carried is None:
                return
            if row == len(self.rows):
                self.rows.append([])
            self.rows[row].append(carried)
            carried = None
            if len(self.rows[row]) > _BUCKETS:
                (sum_a, squares_a), (sum_b, squares_b) = self.rows[row][:2]
                del self.rows[row][:2]
                carried = sum_a + sum_b, squares_a + squares_b

    def _drop(self) -> None:
        """Drops the oldest bucket."""
        self.rows[-1].pop(0)
        self.count -= 1 << (len(self.rows) - 1)
        while self.rows and not self.rows[-1]:
            self.rows.pop()

    def _cut(self) -> bool:
        if self.count < 2 * _MIN_PART:
            return False
        total, squares = self._sums()
        variance = max(0.0, squares / self.count - (total / self.count) ** 2)
        confidence = math.log(2 * math.log(self.count) / self.delta)
        older, older_sum = 0, 0.0
        for row in range(len(self.rows) - 1, -1, -1):
            for bucket_sum, _ in self.rows[row]:
                older += 1 << row
                older_sum += bucket_sum
                newer = self.count - older
                if newer < _MIN_PART:
                    return False
                if older < _MIN_PART:
                    continue
                harmonic = 1 / (older - _MIN_PART + 1) + 1 / (newer - _MIN_PART + 1)
                bound = math.sqrt(2 * harmonic * variance * confidence) + 2 / 3 * harmonic * confidence
                if abs(older_sum / older - (total - older_sum) / newer) > bound:
                    return True
        return False

    def _sums(self) -> tuple[float, float]:
        buckets = [bucket for row in self.rows for bucket in row]
        return sum(b[0] for b in buckets), sum(b[1] for b in buckets)


@dataclass(frozen=True)
class Change:
    """The mean moved `since` values ago, from `before` to `after`; `test` found it."""

    direction: Direction
    before: float
    after: float
    since: int
    test: Literal["ADWIN", "Page-Hinkley"]


@dataclass
class DriftDetector:
    """Both tests on one sequence, which they judge in units of its own spread; after a change they start anew with what came
    since.

    The spread is the larger of the scaled median absolute deviation and the scaled median distance of neighbours, widened by
    √((1 + r) / (1 - r)) for values whose neighbours correlate by r, because such values wander (Bartlett 1946). It is taken when
    a level has lasted for each of `SETTLED_AT` values. Values count at most `CLIP` spreads from their centre, so that one of them
    is no change. `recent` are the last values of the present level, at most `KEPT`.
    """

    centre: float = 0.0
    spread: float = 0.0
    recent: list[float] = field(default_factory=list)
    hinkley: PageHinkley = field(default_factory=PageHinkley)
    adwin: Adwin = field(default_factory=Adwin)

    def add(self, value: float) -> Change | None:
        """Takes one value; the change that it makes certain."""
        self.recent = [*self.recent[-KEPT + 1 :], value]
        if len(self.recent) in SETTLED_AT:
            return self._settle()
        return self._tested(value) if self.spread else None

    def state(self) -> list[Any]:
        """Everything, as JSON holds it."""
        hinkley = self.hinkley
        test = [hinkley.count, hinkley.mean, hinkley.up, hinkley.down, hinkley.lowest, hinkley.highest]
        return [self.centre, self.spread, self.recent, test, self.adwin.count, self.adwin.rows]

    @classmethod
    def from_state(cls, state: list[Any]) -> "DriftDetector":
        """The detector that `state` was taken of."""
        centre, spread, recent, (count, mean, up, down, lowest, highest), width, rows = state
        hinkley = PageHinkley(count=count, mean=mean, up=up, down=down, lowest=lowest, highest=highest)
        adwin = Adwin(count=width, rows=[[(bucket[0], bucket[1]) for bucket in row] for row in rows])
        return cls(centre, spread, list(recent), hinkley, adwin)

    def _tested(self, value: float) -> Change | None:
        standard = max(-CLIP, min(CLIP, (value - self.centre) / self.spread))
        before = self.adwin.mean
        direction = self.hinkley.add(standard)
        if self.adwin.add((standard + CLIP) / (2 * CLIP)):
            return self._changed("up" if self.adwin.mean > before else "down", "ADWIN")
        return None if direction is None else self._changed(direction, "Page-Hinkley")

    def _changed(self, direction: Direction, test: Literal["ADWIN", "Page-Hinkley"]) -> Change | None:
        """The change, unless the values themselves do not bear it out; what came since is the new level."""
        reach = CLIP * self.spread
        place = split([max(-reach, min(reach, value - self.centre)) for value in self.recent])
        old, new = self.recent[:place], self.recent[place:]
        before, after = statistics.median(old), statistics.median(new)
        self.centre, self.recent = after, new
        self.hinkley, self.adwin = PageHinkley(), Adwin()
        real = after > before if direction == "up" else after < before
        return Change(direction, before, after, len(new), test) if real else None

    def _settle(self) -> Change | None:
        """Takes the spread of the values of this level, and tests them again in its units."""
        values, found = self.recent, None
        self.centre, self.spread = statistics.median(values), _spread(values)
        self.hinkley, self.adwin = PageHinkley(), Adwin()
        for value in values if self.spread else ():
            found = self._tested(value) or found
        return found


def split(values: Sequence[float]) -> int:
    """Where two or more values fall into two parts whose means differ most for their lengths: the length of the first.

    Source: the least-squares estimate of one change point, Hinkley (1970), Biometrika 57(1).
    """
    total, left, best, place = sum(values), 0.0, -1.0, 1
    for count, value in enumerate(values[:-1], start=1):
        left += value
        right = len(values) - count
        apart = left / count - (total - left) / right
        weight = apart * apart * count * right
        if weight > best:
            best, place = weight, count
    return place


def find_drift(values: Sequence[float]) -> list[tuple[int, Direction]]:
    """Positions in `values`, which are known as a whole, where their mean was found to have moved `up` or `down`.

    The spread is the median distance of neighbours, which a slow change hardly touches; none of less than `MIN_WINDOWS` values or
    of a constant sequence.
    """
    if len(values) < MIN_WINDOWS:
        return []
    near = statistics.median([abs(b - a) for a, b in itertools.pairwise(values)])
    spread = near / (ROBUST_FACTOR * math.sqrt(2)) or statistics.pstdev(values)
    if spread == 0:
        return []
    centre = statistics.median(values[:MIN_WINDOWS])
    test, changes = PageHinkley(*_KNOWN_AS_A_WHOLE), []
    for position, value in enumerate(values):
        direction = test.add((value - centre) / spread)
        if direction is not None:
            changes.append((position, direction))
            test = PageHinkley(*_KNOWN_AS_A_WHOLE)
    return changes


def _spread(values: list[float]) -> float:
    centre = statistics.median(values)
    near = statistics.median([abs(b - a) for a, b in itertools.pairwise(values)]) / math.sqrt(2)
    far = statistics.median([abs(value - centre) for value in values])
    spread = max(near, far) / ROBUST_FACTOR or statistics.pstdev(values)
    if spread == 0:
        return 0.0
    rests = [max(-CLIP, min(CLIP, (value - centre) / spread)) for value in values]
    together = sum(a * b for a, b in itertools.pairwise(rests)) / sum(r * r for r in rests)
    memory = max(0.0, min(MAX_MEMORY, together))
    return spread * math.sqrt((1 + memory) / (1 - memory))
