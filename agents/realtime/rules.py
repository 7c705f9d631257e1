"""Rules in words: `5분 평균이 100을 넘으면 알려줘`, `alert when the 5-minute average exceeds 100`."""

import re
from typing import Literal

from mesh.errors import BadInputError
from mesh.language import Language, say
from mesh.results import Model

from .durations import durations_in
from .window import Window

Statistic = Literal["mean", "sum", "min", "max", "std", "count", "quantile", "distinct"]
Comparison = Literal[">", ">=", "<", "<="]
_NUMBER = r"(?P<n>[-+]?\d+(?:,\d{3})*(?:\.\d+)?)\s*(?P<scale>만|억|천|k\b|thousand|million)?"
_SCALES = {"만": 1e4, "억": 1e8, "천": 1e3, "k": 1e3, "thousand": 1e3, "million": 1e6}
# `over 5 minutes` says how long, not how much.
_SPAN = r"\s*\d+(?:\.\d+)?\s*-?\s*(?:s|m|h|d|w|sec|min|second|minute|hour|hr|day|week)s?\b"
_THING = r"\s*(?:[^\s\d,.]{1,6}?\s*)?"
# Longer wordings come first: `not above` and `at least` must not be read as `above` and `least`.
_AFTER: list[tuple[Comparison, str]] = [
    (">", rf"{_NUMBER}{_THING}(?:을|를)?\s*(?:넘|초과|상회|웃돌)"),
    (">", rf"{_NUMBER}{_THING}보다\s*(?:크|커|높|많|올라)"),
    (">=", rf"{_NUMBER}{_THING}(?:이상|에\s*(?:이르|도달))"),
    ("<", rf"{_NUMBER}{_THING}(?:을|를)?\s*(?:미만|밑돌|하회)"),
    ("<", rf"{_NUMBER}{_THING}(?:보다\s*(?:작|낮|적|떨어|내려)|(?:아래로|밑으로)\s*(?:떨어|내려))"),
    ("<=", rf"{_NUMBER}{_THING}이하"),
    (">=", rf"{_NUMBER}{_THING}or\s+(?:more|above|higher|over)"),
    ("<=", rf"{_NUMBER}{_THING}or\s+(?:less|fewer|below|lower|under)"),
]
_BEFORE: list[tuple[Comparison, str]] = [
    (">=", rf"(?:reach(?:es)?|at\s+least|no\s+less\s+than|>=|≥)\s*{_NUMBER}"),
    ("<=", rf"(?:at\s+most|no\s+more\s+than|not\s+(?:above|over|more\s+than)|<=|≤)\s*{_NUMBER}"),
    (
        ">",
        rf"(?:exceed(?:s|ed)?|above|over(?!{_SPAN})|(?:more|greater|higher|larger)\s+than|beyond|past|surpass(?:es)?|>)\s*{_NUMBER}",
    ),
    ("<", rf"(?:below|under|(?:less|lower|smaller|fewer)\s+than|beneath|<)\s*{_NUMBER}"),
]
_ITEM = r"(?P<item>[A-Za-z_]\w*|[가-힣]+?)"
_DISTINCT = re.compile(
    rf"(?:\b(?:distinct|unique|different)\s+{_ITEM}\b|(?:고유한?|서로\s*다른)\s*(?P<ko>[\w가-힣]+))",
    re.IGNORECASE,
)
_MOST = re.compile(
    rf"(?:\b(?:top\s+(?:\d+\s+)?|most\s+(?:frequent|common)\s+){_ITEM}\b|(?:상위(?:\s*\d+\s*개)?|가장\s*(?:많은|잦은|흔한))\s*"
    r"(?P<ko>[\w가-힣]+))",
    re.IGNORECASE,
)
_QUANTILE = re.compile(
    r"\bp(?P<p>\d{1,2}(?:\.\d+)?)(?![A-Za-z\d])|(?P<n>\d{1,2}(?:\.\d+)?)\s*(?:st|nd|rd|th)?[\s-]*(?:percentile|퍼센타일|백분위)"
    r"|(?P<median>\bmedian\b|중앙값|중위수)",
    re.IGNORECASE,
)
_STATISTICS: list[tuple[Statistic, str]] = [
    ("mean", r"평균|average|mean\b|avg\b"),
    ("sum", r"합계|총합|누적|총량|\bsum\b|\btotal\b"),
    ("max", r"최대|최고|\bmax(?:imum)?\b|\bpeak\b|highest"),
    ("min", r"최소|최저|\bmin(?:imum)\b|\bmin\b(?!\w)|lowest"),
    ("std", r"표준\s*편차|변동|standard\s+deviation|\bstd\b|volatility"),
    ("count", r"건수|개수|횟수|빈도|이벤트\s*수|\bcount\b|number\s+of|how\s+many|\bevents\b|\d\s*건"),
]
_BY = re.compile(
    r"(?:\b(?:per|for\s+each|by\s+each|for\s+every)\s+(?P<en>[A-Za-z_]\w*))|(?P<ko>[\w가-힣]+?)\s*별(?:로)?(?:\s|$)"
)
_GAP = re.compile(r"세션|\bsessions?\b", re.IGNORECASE)
_TIMES = {"second", "minute", "hour", "day", "week", "month", "초", "분", "시간", "일", "주", "월"}
_STATISTIC_WORDS: dict[str, tuple[str, str]] = {
    "mean": ("average", "평균"),
    "sum": ("sum", "합계"),
    "min": ("minimum", "최솟값"),
    "max": ("maximum", "최댓값"),
    "std": ("standard deviation", "표준편차"),
    "count": ("number of events", "이벤트 수"),
}
_COMPARISON_WORDS: dict[str, tuple[str, str]] = {
    ">": ("is above {n:,g}", "{n:,g} 초과"),
    ">=": ("is {n:,g} or more", "{n:,g} 이상"),
    "<": ("is below {n:,g}", "{n:,g} 미만"),
    "<=": ("is {n:,g} or less", "{n:,g} 이하"),
}


class Rule(Model):
    """A condition on one statistic of each window; `share` in (0, 1) says which quantile is meant."""

    statistic: Statistic
    comparison: Comparison
    threshold: float
    share: float | None = None

    def level(self, window: Window) -> float | None:
        """The statistic of a window; None when it has too few values."""
        moments = window.moments
        match self.statistic:
            case "count":
                return float(window.events)
            case "distinct":
                return window.items.distinct()
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


class Request(Model):
    """What a sentence asks to be watched; what it does not say is None."""

    rule: Rule | None = None
    window_s: float | None = None
    slide_s: float | None = None
    sessions: bool = False
    by: str | None = None
    items: str | None = None


def read_request(text: str) -> Request:
    """The rule, the windows and the key that a sentence names, in English or Korean.

    A rule without a statistic is about the mean; about the count where it says so.
    """
    window_s, slide_s = durations_in(text)
    compared = _comparison_in(text)
    statistic, share = _statistic_in(text)
    rule = None
    if compared:
        rule = Rule(statistic=statistic, comparison=compared[0], threshold=compared[1], share=share)
    return Request(
        rule=rule,
        window_s=window_s,
        slide_s=slide_s,
        sessions=bool(_GAP.search(text)),
        by=_key_in(text),
        items=_item_in(text),
    )


def read_rule(text: str) -> Rule:
    """The rule in a sentence. Raises: BadInputError when it holds none."""
    rule = read_request(text).rule
    if rule is None:
        raise BadInputError(
            f"{text!r} holds no condition; write for example 'the 5-minute average exceeds 100' "
            "or '5분 평균이 100을 넘으면'."
        )
    return rule


def rule_text(rule: Rule, what: str | None, window: str, language: Language) -> str:
    """A rule back in words. `window` is the length of a window in words, `what` the watched column, or that of distinct items."""
    condition = _COMPARISON_WORDS[rule.comparison][0 if language == "en" else 1].format(n=rule.threshold)
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


def _statistic_in(text: str) -> tuple[Statistic, float | None]:
    if _DISTINCT.search(text):
        return "distinct", None
    quantile = _QUANTILE.search(text)
    if quantile:
        percent = 50.0 if quantile["median"] else float(quantile["p"] or quantile["n"])
        if 0 < percent < 100:
            return "quantile", round(percent / 100, 6)
    return next((name for name, words in _STATISTICS if re.search(words, text, re.IGNORECASE)), "mean"), None


def _item_in(text: str) -> str | None:
    """The field whose distinct or most frequent items are asked for."""
    match = _DISTINCT.search(text) or _MOST.search(text)
    return str(match["item"] or match["ko"]) if match else None


def _comparison_in(text: str) -> tuple[Comparison, float] | None:
    for comparison, pattern in [*_AFTER, *_BEFORE]:
        match = re.search(pattern, text, re.IGNORECASE)
        if match:
            scale = _SCALES.get((match["scale"] or "").lower(), 1.0)
            return comparison, float(match["n"].replace(",", "")) * scale
    return None


def _key_in(text: str) -> str | None:
    for match in _BY.finditer(text):
        word = match["en"] or match["ko"]
        if word.lower() not in _TIMES and not word[0].isdigit():
            return str(word)
    return None
