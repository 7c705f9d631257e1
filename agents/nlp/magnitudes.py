"""Comparisons with numbers (`at least 100`, `500 이상`, `older than 40`) and what their words say of the column compared."""

import re
from dataclasses import dataclass

from mesh.tabular.number_words import NUMBER_WORDS

_WORDS = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
_SCALE = {
    "": 1.0,
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "million": 1e6,
    "billion": 1e9,
    "천": 1e3,
    "만": 1e4,
    "백만": 1e6,
    "천만": 1e7,
    "억": 1e8,
}
_SUBJECTS = {
    "age": r"old(?:er)?|younger|aged?|years? old|years? of age|세|살",
    "weight": r"heavier|lighter|kgs?|kilos?|lbs?|pounds?|무거운|가벼운",
    "height": r"taller|cms?|키",
    "price": r"more expensive|pricier|costlier|cheaper|비싼|싼",
    "rating": r"점",
    "duration": r"longer|shorter|days?|일|며칠|오래|긴|짧은",
}
_TELLING_UNIT = r"years? old|years? of age|세|살|점|kgs?|kilos?|lbs?|pounds?|cms?|days?|일"
_UNIT = (
    r"원|달러|개월|개|명|건|대|년|달|회|번|곳|분기|시간|분|초|도|마리|편|권|그루|척|석|인분|가지|그램|마력|퍼센트|km|usd|krw|won|dollars?|°[cf]|℃"
    r"|(?:degrees?(?: (?:celsius|fahrenheit))?|grams?|g|mm|mg|mph|minutes?|seconds?|hours?|times)(?![a-z])"
)
_UP = r"older|heavier|taller|longer|more expensive|pricier|costlier"
_DOWN = r"younger|lighter|shorter|cheaper"


def _num(n: int) -> str:
    scale = "|".join(sorted((s for s in _SCALE if s), key=len, reverse=True))
    return (
        rf"[$₩€]?(?P<n{n}>-?\d[\d,]*(?:\.\d+)?|(?<![a-z가-힣])(?:{_WORDS})(?![a-z]))\s*(?P<s{n}>(?:{scale})(?![a-z]))?\s*(?P<p{n}>%|percent)?"
        rf"\s*(?:(?P<u{n}>{_TELLING_UNIT})(?![a-z])|{_UNIT})?"
    )


_PATTERNS: list[tuple[str, str]] = [
    (
        "between",
        rf"\b(?:(?P<a1>aged?)\s+)?between\s+(?:the\s+(?P<a2>age)s\s+of\s+)?{_num(1)}\s+and\s+{_num(2)}",
    ),
    ("between", rf"\b(?:(?P<a1>aged)\s+)?from\s+{_num(1)}\s+to\s+{_num(2)}"),
    ("between", rf"\b(?P<a1>aged)\s+{_num(1)}\s*(?:to|-|–)\s*{_num(2)}"),
    ("between", rf"{_num(1)}(?:에서|부터|과|와|\s*~)?\s*{_num(2)}\s*(?:까지|사이)(?:의|인|에)?"),
    ("between", rf"{_num(1)}\s*이상\s*{_num(2)}\s*이하(?:인|의)?"),
    (
        "decade",
        r"(?<!\d)(?P<n1>[1-9]0)대(?![가-힣]*\s*\d)(?:인|의)?|\bin (?:their|his|her) (?P<n1b>[1-9]0)s\b",
    ),
    (">=", rf"(?:\bat least|\bno less than|\bnot less than|\bminimum of|>=|≥)\s*{_num(1)}"),
    ("<=", rf"(?:\bat most|\bno more than|\bnot more than|\bup to|\bmaximum of|<=|≤)\s*{_num(1)}"),
    (">=", rf"\b(?:(?P<a1>aged)\s+)?{_num(1)}\s*(?:or|and)\s+(?P<a2>{_UP})"),
    ("<=", rf"\b(?:(?P<a1>aged)\s+)?{_num(1)}\s*(?:or|and)\s+(?P<a2>{_DOWN})"),
    (">=", rf"\b(?P<a1>aged)\s+{_num(1)}\s*(?:or|and)\s+(?:over|above|up)"),
    (">", rf"\b(?P<a1>{_UP}) than\s+{_num(1)}"),
    ("<", rf"\b(?P<a1>{_DOWN}) than\s+{_num(1)}"),
    (">", rf"\b(?:(?P<a1>aged)\s+)?(?:over|above)\s+(?:the\s+(?P<a2>age)\s+of\s+)?{_num(1)}"),
    ("<", rf"\b(?:(?P<a1>aged)\s+)?(?:under|below)\s+(?:the\s+(?P<a2>age)\s+of\s+)?{_num(1)}"),
    (">", rf"(?:\b(?:more|greater|larger|higher) than|\bexceeding|\bexceeds?|>)\s*{_num(1)}"),
    ("<", rf"(?:\b(?:less|fewer|smaller|lower) than|<)\s*{_num(1)}"),
    (">=", rf"{_num(1)}\s*(?:or more|or higher|or above|or greater|and above|\+)"),
    ("<=", rf"{_num(1)}\s*(?:or less|or lower|or below|or fewer|and below)"),
    (">=", rf"{_num(1)}\s*이상(?:인|의|으로|이고|이면서|이며)?"),
    ("<=", rf"{_num(1)}\s*이하(?:인|의|로|이고|이면서|이며)?"),
    ("<", rf"{_num(1)}\s*미만(?:인|의|이고|이면서|이며)?"),
    (
        ">",
        rf"{_num(1)}(?:을|를|이|가)?\s*(?:초과(?:인|의|하는|한|하고|하면서)?|넘는|넘은|넘게|넘고|넘으면서|넘긴)",
    ),
    (">", rf"{_num(1)}\s*보다\s*(?:큰|많은|높은|(?P<a1>비싼|무거운|긴|오래))"),
    ("<", rf"{_num(1)}\s*보다\s*(?:작은|적은|낮은|(?P<a1>싼|가벼운|짧은))"),
    ("=", rf"{_num(1)}(?<![년월일])인(?![가-힣])"),
    ("=", rf"(?:\bequal to|\bequals|\bexactly|==?)\s*{_num(1)}"),
]
_REGEXES = [(op, re.compile(pattern)) for op, pattern in _PATTERNS]
_SUBJECT_REGEXES = {subject: re.compile(words) for subject, words in _SUBJECTS.items()}


@dataclass(frozen=True)
class Comparison:
    """`op` is one of `>`, `>=`, `<`, `<=`, `=`, `between`; `percent` when the numbers were written as percentages.

    `subject` is what adjective or unit say is compared: `age` for `older than` or `40세`, `weight` for `kg`; else empty.
    """

    op: str
    low: float
    high: float | None
    percent: bool
    text: str
    span: tuple[int, int]
    subject: str = ""


def find_comparisons(text: str, years: tuple[int, int] | None = None) -> list[Comparison]:
    """Comparisons in lower-cased `text`, in order; a range whose ends both lie in `years` is a time, not a number."""
    found: list[Comparison] = []
    for op, regex in _REGEXES:
        for match in regex.finditer(text):
            if any(match.start() < c.span[1] and c.span[0] < match.end() for c in found):
                continue
            if op == "decade":
                age = float(match["n1"] or match["n1b"])
                found.append(
                    Comparison(
                        "between",
                        age,
                        age + 9,
                        percent=False,
                        text=match.group(),
                        span=match.span(),
                        subject="age",
                    )
                )
                continue
            low, high = _value(match, 1), _value(match, 2)
            assert low is not None
            if op == "between" and (_is_time(match) or (years and _are_years(low, high, years))):
                continue
            percent = bool(match["p1"])
            found.append(
                Comparison(op, low, high, percent, match.group().strip(), match.span(), _subject(match))
            )
    return sorted(found, key=lambda c: c.span)


def _are_years(low: float, high: float | None, years: tuple[int, int]) -> bool:
    return high is not None and years[0] <= low <= years[1] and years[0] <= high <= years[1]


def _is_time(match: re.Match[str]) -> bool:
    """True for `1일부터 5일까지`, days of a month."""
    return "일" in (match["u1"], match["u2"])


def _subject(match: re.Match[str]) -> str:
    """What the adjective says is compared; the unit says it when no adjective does."""
    groups = match.groupdict()
    for name in ("a1", "a2", "u1", "u2"):
        word = groups.get(name)
        if word:
            return next(s for s, regex in _SUBJECT_REGEXES.items() if regex.fullmatch(word))
    return ""


def _value(match: re.Match[str], n: int) -> float | None:
    groups = match.groupdict()
    if groups.get(f"n{n}") is None:
        return None
    said = groups[f"n{n}"]
    number = float(NUMBER_WORDS[said] if said in NUMBER_WORDS else said.replace(",", "").rstrip("."))
    return number * _SCALE[groups.get(f"s{n}") or ""]
