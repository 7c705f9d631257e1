"""Conditions on the windows of a stream, and how they are said."""

from typing import Literal

from mesh.language import Language, say
from mesh.results import Model

from .window import Window

Statistic = Literal["mean", "sum", "min", "max", "std", "count", "quantile", "distinct", "silence"]
Comparison = Literal[">", ">=", "<", "<=", "outside"]
_STATISTIC_WORDS: dict[str, tuple[str, str]] = {
    "mean": ("average", "평균"),
    "sum": ("sum", "합계"),
    "min": ("minimum", "최솟값"),
    "max": ("maximum", "최댓값"),
    "std": ("standard deviation", "표준편차"),
    "count": ("number of events", "이벤트 수"),
    "silence": ("seconds since the last event", "마지막 이벤트 뒤 지난 초"),
}
_COMPARISON_WORDS: dict[str, tuple[str, str]] = {
    ">": ("is above {n:,g}", "{n:,g} 초과"),
    ">=": ("is {n:,g} or more", "{n:,g} 이상"),
    "<": ("is below {n:,g}", "{n:,g} 미만"),
    "<=": ("is {n:,g} or less", "{n:,g} 이하"),
    "outside": ("is outside {n:,g} to {upper:,g}", "{n:,g}~{upper:,g} 범위를 벗어남"),
}
_CHANGE_WORDS: dict[str, tuple[str, str]] = {
    ">": ("rises by more than {n:,g} % from the window before", "직전 윈도우보다 {n:,g}% 넘게 증가"),
    ">=": ("rises by at least {n:,g} % from the window before", "직전 윈도우보다 {n:,g}% 이상 증가"),
    "<": ("falls by more than {n:,g} % from the window before", "직전 윈도우보다 {n:,g}% 넘게 감소"),
    "<=": ("falls by at least {n:,g} % from the window before", "직전 윈도우보다 {n:,g}% 이상 감소"),
}


class Rule(Model):
    """A condition on one statistic of each window; `share` in (0, 1) says which quantile is meant.

    With `change` it is on the change in percent from the window before. `outside` is below `threshold` or above `upper`.
    `silence` is about the seconds since the last event, not about windows. It is met once `in_a_row` windows meet it.
    """

    statistic: Statistic
    comparison: Comparison
    threshold: float
    share: float | None = None
    upper: float | None = None
    change: bool = False
    in_a_row: int = 1

    def level(self, window: Window) -> float | None:
        """The statistic of a window; None when it has too few values."""
        moments = window.moments
        match self.statistic:
            case "count":
                return float(window.events)
            case "distinct":
                return window.items.distinct()
            case "silence":
                return None
            case "quantile":
                return window.quantiles.quantile(self.share or 0.5)
        levels = {
            "mean": moments.mean,
            "sum": moments.total,
            "min": moments.low,
            "max": moments.high,
            "std": moments.std,
        }
        return levels[self.statistic] if moments.count else None

    def holds(self, level: float) -> bool:
        """Whether a window with this level meets the condition."""
        match self.comparison:
            case ">":
                return level > self.threshold
            case ">=":
                return level >= self.threshold
            case "<":
                return level < self.threshold
            case "<=":
                return level <= self.threshold
            case "outside":
                return level < self.threshold or (self.upper is not None and level > self.upper)


def rule_text(rule: Rule, what: str | None, window: str, language: Language) -> str:
    """A rule back in words. `window` is the length of a window in words, `what` the watched column, or that of distinct items."""
    if rule.statistic == "silence":
        return say(language, en="no event has come for {w}", ko="{w} 동안 이벤트가 없음", w=window)
    words = _CHANGE_WORDS if rule.change else _COMPARISON_WORDS
    condition = words[rule.comparison][0 if language == "en" else 1].format(
        n=abs(rule.threshold) if rule.change else rule.threshold, upper=rule.upper
    )
    if rule.in_a_row > 1:
        condition += say(language, en=", {n} windows in a row", ko=" ({n}개 윈도우 연속)", n=rule.in_a_row)
    said = {"s": statistic_text(rule.statistic, rule.share, language), "w": window, "c": condition}
    if what is None or rule.statistic == "count":
        return say(language, en="the {s} in a window of {w} {c}", ko="{w} 윈도우의 {s}(이/가) {c}", **said)
    if rule.statistic == "distinct":
        return say(
            language,
            en="the number of distinct {v} in a window of {w} {c}",
            ko="{w} 윈도우의 고유 {v} 수가 {c}",
            v=what,
            **said,
        )
    return say(
        language,
        en="the {s} of {v} in a window of {w} {c}",
        ko="{w} 윈도우의 {v} {s}(이/가) {c}",
        v=what,
        **said,
    )


def statistic_text(statistic: Statistic, share: float | None, language: Language) -> str:
    """A statistic in words: `average`, `95th percentile`, `고유 항목 수`."""
    if statistic == "distinct":
        return say(language, en="number of distinct items", ko="고유 항목 수")
    if statistic == "quantile":
        percent = 100 * (share or 0.5)
        if percent == 50:
            return say(language, en="median", ko="중앙값")
        return say(
            language, en="{p}{th} percentile", ko="{p}백분위수", p=f"{percent:g}", th=_ordinal(percent)
        )
    return _STATISTIC_WORDS[statistic][0 if language == "en" else 1]


def _ordinal(number: float) -> str:
    """The ending that makes a number an ordinal: 21st, 12th, 99.9th."""
    if number % 1 or 10 < number % 100 < 20:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(int(number) % 10, "th")
