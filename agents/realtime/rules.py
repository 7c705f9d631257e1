"""Rules in words: `5분 평균이 100을 넘으면 알려줘`, `alert when the 5-minute average exceeds 100`."""

import re
from typing import Literal

from mesh.errors import BadInputError
from mesh.language import Language, say
from mesh.results import Model

from .durations import durations_in
from .moments import Moments

Statistic = Literal["mean", "sum", "min", "max", "std", "count"]
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
    """A condition on one statistic of each window."""

    statistic: Statistic
    comparison: Comparison
    threshold: float

    def level(self, moments: Moments) -> float | None:
        """The statistic of a window; None when it has too few values."""
        if self.statistic == "count":
            return float(moments.count)
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


def read_request(text: str) -> Request:
    """The rule, the windows and the key that a sentence names, in English or Korean.

    A rule without a statistic is about the mean; about the count where it says so.
    """
    window_s, slide_s = durations_in(text)
    compared = _comparison_in(text)
    statistic: Statistic = next(
        (name for name, words in _STATISTICS if re.search(words, text, re.IGNORECASE)), "mean"
    )
    return Request(
        rule=Rule(statistic=statistic, comparison=compared[0], threshold=compared[1]) if compared else None,
        window_s=window_s,
        slide_s=slide_s,
        sessions=bool(_GAP.search(text)),
        by=_key_in(text),
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
    """A rule back in words. `window` is the length of a window in words, `what` the watched column."""
    word = 0 if language == "en" else 1
    statistic = _STATISTIC_WORDS[rule.statistic][word]
    condition = _COMPARISON_WORDS[rule.comparison][word].format(n=rule.threshold)
    if what is None or rule.statistic == "count":
        return say(
            language,
            en="the {s} in a window of {w} {c}",
            ko="{w} 윈도우의 {s}(이/가) {c}",
            s=statistic,
            w=window,
            c=condition,
        )
    return say(
        language,
        en="the {s} of {v} in a window of {w} {c}",
        ko="{w} 윈도우의 {v} {s}(이/가) {c}",
        s=statistic,
        v=what,
        w=window,
        c=condition,
    )


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
