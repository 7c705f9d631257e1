"""One window of a stream: how it is cut, and what is kept of the events in it."""

import math
from dataclasses import dataclass, field
from typing import Any

from .moments import Moments
from .sketches import EXACT_ITEMS, EXACT_VALUES, Items, Quantiles

MICRO = 1_000_000
SHOWN_ITEMS = 5
SHOWN_SHARES = (0.5, 0.95, 0.99)


@dataclass(frozen=True)
class WindowForm:
    """How events are cut: windows of `size_s` every `slide_s`, aligned to `origin_s`, or sessions that end after `gap_s` without
    an event.

    `lateness_s` is how far the watermark stays behind the latest event time. `exact` keeps every value and item, for streams
    whose length is known, instead of sketches beyond the first few hundred.
    """

    size_s: float
    slide_s: float
    gap_s: float | None = None
    lateness_s: float = 0.0
    origin_s: float = 0.0
    exact: bool = False

    @property
    def kind(self) -> str:
        """`tumbling`, `sliding` or `session`."""
        if self.gap_s is not None:
            return "session"
        return "tumbling" if self.slide_s == self.size_s else "sliding"

    @property
    def panes(self) -> tuple[int, int, int]:
        """The length in microseconds of the longest panes of which window and slide are whole numbers, and these numbers.

        Source: Li et al. (2005), "No pane, no gain", SIGMOD Record 34(1).
        """
        size, slide = round(self.size_s * MICRO), round(self.slide_s * MICRO)
        pane = math.gcd(size, slide)
        return pane, size // pane, slide // pane


@dataclass
class Window:
    """What is kept of the events with `start` ≤ time < `end` (seconds since the epoch); a pane of a window is one as well.

    `missing` counts events without a value. `items` stays empty where no field of items is watched.
    """

    start: float
    end: float
    moments: Moments = field(default_factory=Moments)
    quantiles: Quantiles = field(default_factory=Quantiles)
    items: Items = field(default_factory=Items)
    missing: int = 0

    @classmethod
    def of(cls, form: WindowForm, start: float, end: float) -> "Window":
        """An empty window that keeps as much as the form says."""
        if form.exact:
            return cls(start, end, quantiles=Quantiles(math.inf), items=Items(math.inf))
        return cls(start, end, quantiles=Quantiles(EXACT_VALUES), items=Items(EXACT_ITEMS))

    @property
    def events(self) -> int:
        """How many events are in it."""
        return self.moments.count + self.missing

    def add(self, value: float | None, item: str | None) -> None:
        """Takes one event in: None for one without a value, or without an item."""
        if value is None:
            self.missing += 1
        else:
            self.moments.add(value)
            self.quantiles.add(value)
        if item is not None:
            self.items.add(item)

    def merge(self, other: "Window") -> None:
        """Takes in the events of `other`; start and end stay."""
        self.moments.merge(other.moments)
        self.quantiles.merge(other.quantiles)
        self.items.merge(other.items)
        self.missing += other.missing

    def statistics(self) -> dict[str, Any]:
        """What is listed of its values: None where there are too few."""
        moments = self.moments
        known = moments.count > 0
        return {
            "count": moments.count,
            "sum": moments.total if known else None,
            "mean": moments.mean if known else None,
            "min": moments.low if known else None,
            "max": moments.high if known else None,
            "std": moments.std,
            **{f"p{100 * share:g}": self.quantiles.quantile(share) for share in SHOWN_SHARES},
        }

    def top(self) -> list[list[Any]]:
        """Its most frequent items with their counts, at least and at most."""
        return [list(row) for row in self.items.top(SHOWN_ITEMS)]

    def state(self) -> list[Any]:
        """Everything, as JSON holds it."""
        kept = [self.moments.state(), self.quantiles.state(), self.items.state()]
        return [self.start, self.end, self.missing, *kept]

    @classmethod
    def from_state(cls, state: list[Any]) -> "Window":
        """The window that `state` was taken of, of a form that is not `exact`."""
        start, end, missing, moments, quantiles, items = state
        return cls(
            start,
            end,
            Moments.from_state(moments),
            Quantiles.from_state(quantiles),
            Items.from_state(items),
            missing,
        )
