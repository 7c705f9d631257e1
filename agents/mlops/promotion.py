"""Whether a new version becomes the champion."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["first", "better", "not_better", "not_comparable"]


@dataclass(frozen=True)
class Previous:
    """The champion so far. `value` is None when it was not scored in the same metric."""

    version: str
    metric: str
    value: float | None
    dataset_id: str | None


@dataclass(frozen=True)
class Promotion:
    """`gain` is the relative improvement on the champion's value, positive is better; None without a comparison."""

    verdict: Verdict
    gain: float | None = None

    @property
    def promoted(self) -> bool:
        """Whether the new version is the champion now."""
        return self.verdict in {"first", "better"}


def judge(value: float, metric: str, *, lower_is_better: bool, champion: Previous | None) -> Promotion:
    """The first version is promoted, a later one only when strictly better in the same metric."""
    if champion is None:
        return Promotion("first")
    if champion.metric != metric or champion.value is None:
        return Promotion("not_comparable")
    difference = champion.value - value if lower_is_better else value - champion.value
    gain = difference / abs(champion.value) if champion.value else None
    return Promotion("better" if difference > 0 else "not_better", gain)
