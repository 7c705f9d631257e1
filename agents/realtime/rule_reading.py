"""Rules read from sentences: `5분 평균이 100을 넘으면 알려줘`, `alert when the 5-minute average exceeds 100`."""

import re

from mesh.errors import BadInputError
from mesh.results import Model

from .durations import durations_in
from .rule_words import counts_things, in_digits, special_rule, windows_in_a_row
from .rules import Comparison, Rule, Statistic

_NUMBER = r"(?P<n>[-+]?\d+(?:,\d{3})*(?:\.\d+)?)\s*(?P<scale>천만|백만|십만|만|억|천|백|k\b|thousand|million|billion)?"
_SCALES = {
    "만": 1e4,
    "십만": 1e5,
    "백만": 1e6,
    "천만": 1e7,
    "억": 1e8,
    "천": 1e3,
    "백": 1e2,
    "k": 1e3,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
}
_SILENCE_S = 60.0
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
    (">=", rf"(?:reach(?:es)?|hits?|at\s+least|no\s+less\s+than|>=|≥)\s*{_NUMBER}"),
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
    r"\b(?:per|for\s+each|by\s+each|for\s+every|for\s+any)\s+(?P<en>[A-Za-z_]\w*)|(?P<ko>[\w가-힣]+?)\s*(?:별(?:로)?|마다)(?=\s|,|$)|"
    r"\b(?:when|if|once)\s+(?:a|an|any|one|some|each)\s+(?:single\s+)?(?P<who>[A-Za-z_]\w*)\s+"
    r"(?:makes?|sends?|has|gets?|is|goes|reports?|stops?|does|exceeds?|falls?|drops?|rises?)\b|"
    r"(?:어느|어떤|한|각)\s+(?P<who_ko>[가-힣]+?)(?:가|이|이든|든|라도|에서)(?=\s|,)",
    re.IGNORECASE,
)
_NO_KEYS = {
    "event",
    "value",
    "window",
    "reading",
    "average",
    "mean",
    "sum",
    "total",
    "message",
    "data",
    "이벤트",
    "값",
}
_GAP = re.compile(r"세션|\bsessions?\b", re.IGNORECASE)
_TIMES = {"second", "minute", "hour", "day", "week", "month", "초", "분", "시간", "일", "주", "월"}


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
    in_a_row, said = windows_in_a_row(in_digits(text))
    statistic, share = _statistic_in(said)
    special = special_rule(said, statistic, share)
    compared = None if special.rule else _comparison_in(said)
    rule, rest = special.rule, special.rest
    if compared:
        comparison, threshold, rest = compared
        rule = Rule(statistic=statistic, comparison=comparison, threshold=threshold, share=share)
    window_s, slide_s = durations_in(rest)
    if rule is not None and rule.statistic == "silence":
        window_s = window_s or _SILENCE_S
        rule = rule.model_copy(update={"threshold": window_s})
    elif rule is not None:
        rule = rule.model_copy(update={"in_a_row": in_a_row})
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


def _statistic_in(text: str) -> tuple[Statistic, float | None]:
    if _DISTINCT.search(text):
        return "distinct", None
    quantile = _QUANTILE.search(text)
    if quantile:
        percent = 50.0 if quantile["median"] else float(quantile["p"] or quantile["n"])
        if 0 < percent < 100:
            return "quantile", round(percent / 100, 6)
    named = next((name for name, words in _STATISTICS if re.search(words, text, re.IGNORECASE)), None)
    return named or ("count" if counts_things(text) else "mean"), None


def _item_in(text: str) -> str | None:
    """The field whose distinct or most frequent items are asked for."""
    match = _DISTINCT.search(text) or _MOST.search(text)
    return str(match["item"] or match["ko"]) if match else None


def _comparison_in(text: str) -> tuple[Comparison, float, str] | None:
    """How a level is compared, with which number, and the text without that number, which may have a unit of time."""
    for comparison, pattern in [*_AFTER, *_BEFORE]:
        match = re.search(pattern, text, re.IGNORECASE)
        if match:
            scale = _SCALES.get((match["scale"] or "").lower(), 1.0)
            rest = f"{text[: match.start('n')]} … {text[match.end('n') :]}"
            return comparison, float(match["n"].replace(",", "")) * scale, rest
    return None


def _key_in(text: str) -> str | None:
    for match in _BY.finditer(text):
        word = match["en"] or match["ko"] or match["who"] or match["who_ko"]
        if word.lower() not in _TIMES | _NO_KEYS and not word[0].isdigit():
            return str(word)
    return None
