"""What a rule remembers of the windows and events before: levels to compare with, windows in a row, when a key was heard last."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .rules import Rule
from .window import Window
from .windows import MAX_KEYS


@dataclass
class RuleState:
    """The memory of one rule. A key that was not met for long makes room.

    `levels` are those of windows that ended, by key, with their ends; `in_a_row` counts windows that met it; `heard_s` is when
    an event of a key arrived last.
    """

    levels: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    in_a_row: dict[str, int] = field(default_factory=dict)
    heard_s: dict[str, float] = field(default_factory=dict)

    def level(self, rule: Rule, key: str, window: Window) -> float | None:
        """What the rule compares: the statistic, or its change in percent from the last window of the key that ended before.

        None where there is no such window, or its level was 0.
        """
        level = rule.level(window)
        if not rule.change or level is None:
            return level
        known = self.levels.pop(key, [])
        ended = [item for item in known if item[0] <= window.start]
        self.levels[key] = [
            *ended[-1:],
            *(item for item in known if item[0] > window.start),
            (window.end, level),
        ]
        _make_room(self.levels)
        before = ended[-1][1] if ended else 0.0
        return 100 * (level - before) / abs(before) if before else None

    def holds(self, rule: Rule, key: str, level: float | None) -> bool:
        """Whether a window with this level meets the rule, and as many before it as it asks for."""
        met = level is not None and rule.holds(level)
        if rule.in_a_row == 1:
            return met
        number = self.in_a_row.pop(key, 0) + 1
        if met:
            self.in_a_row[key] = number
            _make_room(self.in_a_row)
        return met and number >= rule.in_a_row

    def hear(self, keys: Iterable[str], now: datetime) -> None:
        """Notes that events of these keys arrived."""
        for key in keys:
            self.heard_s.pop(key, None)
            self.heard_s[key] = now.timestamp()
        _make_room(self.heard_s)

    def silent(self, rule: Rule, since: datetime, now: datetime) -> list[tuple[str, float]]:
        """The keys of which nothing has come for as long as the rule says, with when they were heard last; not before `since`."""
        known = ((key, max(heard, since.timestamp())) for key, heard in self.heard_s.items())
        return [(key, heard) for key, heard in known if now.timestamp() - heard >= rule.threshold]

    def state(self) -> list[Any]:
        """Everything, as JSON holds it."""
        return [self.levels, self.in_a_row, self.heard_s]

    @classmethod
    def from_state(cls, state: list[Any]) -> "RuleState":
        """The memory that `state` was taken of."""
        levels, in_a_row, heard_s = state
        return cls(
            {key: [(end, level) for end, level in kept] for key, kept in levels.items()}, in_a_row, heard_s
        )


def _make_room(kept: dict[str, Any]) -> None:
    while len(kept) > MAX_KEYS:
        del kept[next(iter(kept))]
