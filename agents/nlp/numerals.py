"""Numbers in a question: comparisons (`at least 100`, `500 이상`), ranges, and how many rows to return (`top 5`, `상위 5개`)."""

import re
from dataclasses import dataclass

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
_WORDS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twenty": 20,
    "한": 1,
    "두": 2,
    "세": 3,
    "네": 4,
    "다섯": 5,
    "여섯": 6,
    "일곱": 7,
    "여덟": 8,
    "아홉": 9,
    "열": 10,
    "스무": 20,
}
_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_UNIT = r"(?:원|달러|개월|개|명|건|대|세|살|년|달|점|회|번|곳|퍼센트|kg|km|usd|krw|won|dollars?)?"


def _num(n: int) -> str:
    scale = "|".join(sorted((s for s in _SCALE if s), key=len, reverse=True))
    return rf"[$₩€]?(?P<n{n}>-?\d[\d,]*(?:\.\d+)?)\s*(?P<s{n}>(?:{scale})(?![a-z]))?\s*(?P<p{n}>%|percent)?\s*{_UNIT}"


_COMPARISONS: list[tuple[str, str]] = [
    ("between", rf"\bbetween\s+{_num(1)}\s+and\s+{_num(2)}"),
    ("between", rf"\bfrom\s+{_num(1)}\s+to\s+{_num(2)}"),
    ("between", rf"{_num(1)}(?:에서|부터|과|와|\s*~)?\s*{_num(2)}\s*(?:까지|사이)(?:의|인|에)?"),
    ("between", rf"{_num(1)}\s*이상\s*{_num(2)}\s*이하(?:인|의)?"),
    (">=", rf"(?:\bat least|\bno less than|\bnot less than|\bminimum of|>=|≥)\s*{_num(1)}"),
    ("<=", rf"(?:\bat most|\bno more than|\bnot more than|\bup to|\bmaximum of|<=|≤)\s*{_num(1)}"),
    (
        ">",
        rf"(?:\b(?:more|greater|larger|higher|older) than|\bover|\babove|\bexceeding|\bexceeds?|>)\s*{_num(1)}",
    ),
    (
        "<",
        rf"(?:\b(?:less|fewer|smaller|lower|younger) than|\bunder|\bbelow|<)\s*{_num(1)}",
    ),
    (">=", rf"{_num(1)}\s*(?:or more|or higher|or above|or greater|and above|\+)"),
    ("<=", rf"{_num(1)}\s*(?:or less|or lower|or below|or fewer|and below)"),
    (">=", rf"{_num(1)}\s*이상(?:인|의|으로|이고)?"),
    ("<=", rf"{_num(1)}\s*이하(?:인|의|로|이고)?"),
    ("<", rf"{_num(1)}\s*미만(?:인|의|이고)?"),
    (">", rf"{_num(1)}(?:을|를|이|가)?\s*(?:초과(?:인|의|하는|한)?|넘는|넘은|넘게)"),
    (">", rf"{_num(1)}\s*보다\s*(?:큰|많은|높은|비싼)"),
    ("<", rf"{_num(1)}\s*보다\s*(?:작은|적은|낮은|싼)"),
    ("=", rf"(?:\bequal to|\bequals|\bexactly|==?)\s*{_num(1)}"),
]
_REGEXES = [(op, re.compile(pattern)) for op, pattern in _COMPARISONS]
_LIMITS: list[tuple[str, re.Pattern[str]]] = [
    (
        "desc",
        re.compile(
            rf"(?:\b(?:top|best|highest|largest|biggest)|상위|톱|탑)\s*-?\s*(?P<n>\d+|(?:{_WORD})\b)\s*(?:개|명|곳|위|가지|종|건|대|군데)?(?:의)?"
        ),
    ),
    (
        "asc",
        re.compile(
            rf"(?:\b(?:bottom|worst|lowest|smallest)|하위)\s*-?\s*(?P<n>\d+|(?:{_WORD})\b)\s*(?:개|명|곳|위|가지|종|건|대|군데)?(?:의)?"
        ),
    ),
    (
        "",
        re.compile(
            rf"(?<![\d가-힣])(?P<n>\d+|{_WORD})\s*(?:개|명|곳|가지|종|건|군데|군)(?![가-힣]*월)(?=[은는이가을를의만도?.!\s]|$)"
        ),
    ),
    (
        "",
        re.compile(
            rf"\b(?P<n>\d+|{_WORD})\s+(?=(?:most|best|top|highest|largest|biggest|least|worst|lowest|cheapest)\b)"
        ),
    ),
]


_PERCENTILE = re.compile(
    r"\b(?P<a>\d{1,2})(?:st|nd|rd|th)\s+percentile(?:\s+of)?"
    r"|(?P<b>\d{1,2})\s*(?:번째\s*|th\s*)?백분위(?:수|값)?"
    r"|\bp(?P<c>\d{2})\b"
    r"|\b(?P<d>first|third|lower|upper)\s+quartile(?:\s+of)?"
    r"|(?P<e>제?\s*[13])\s*사분위(?:수|값)?"
)
_QUARTILES = {"first": 25.0, "lower": 25.0, "third": 75.0, "upper": 75.0, "1": 25.0, "3": 75.0}
_MOVING = re.compile(
    r"\b(?P<n>\d+)[\s-]*(?P<u>day|week|month|quarter|year)s?[\s-]*(?:moving|rolling)\s+(?:average|mean)(?:\s+of)?"
    r"|(?P<n2>\d+)\s*(?P<u2>개월|일|주|달|분기|년)\s*(?:간|간의)?\s*이동\s*평균"
)
_MOVING_UNITS = {"개월": "month", "달": "month", "일": "day", "주": "week", "분기": "quarter", "년": "year"}


@dataclass(frozen=True)
class Percentile:
    """`percent` in (0, 100) of the values lie below."""

    percent: float
    text: str
    span: tuple[int, int]


@dataclass(frozen=True)
class Moving:
    """An average over the last `count` units of time."""

    count: int
    unit: str
    text: str
    span: tuple[int, int]


@dataclass(frozen=True)
class Comparison:
    """`op` is one of `>`, `>=`, `<`, `<=`, `=`, `between`; `percent` when the numbers were written as percentages."""

    op: str
    low: float
    high: float | None
    percent: bool
    text: str
    span: tuple[int, int]


@dataclass(frozen=True)
class Limit:
    """How many rows are wanted, and the order that was named with it (`desc`, `asc` or none)."""

    count: int
    order: str
    text: str
    span: tuple[int, int]


def find_comparisons(text: str, years: tuple[int, int] | None = None) -> list[Comparison]:
    """Comparisons in lower-cased `text`, in order; a range whose ends both lie in `years` is a time, not a number."""
    found: list[Comparison] = []
    for op, regex in _REGEXES:
        for match in regex.finditer(text):
            if any(match.start() < c.span[1] and c.span[0] < match.end() for c in found):
                continue
            low, high = _value(match, 1), _value(match, 2)
            assert low is not None
            if (
                years
                and op == "between"
                and years[0] <= low <= years[1]
                and high
                and years[0] <= high <= years[1]
            ):
                continue
            found.append(Comparison(op, low, high, bool(match["p1"]), match.group().strip(), match.span()))
    return sorted(found, key=lambda c: c.span)


def find_limits(text: str) -> list[Limit]:
    """Row limits in lower-cased `text`, in order."""
    found: list[Limit] = []
    for order, regex in _LIMITS:
        for match in regex.finditer(text):
            if not any(match.start() < c.span[1] and c.span[0] < match.end() for c in found):
                word = match["n"]
                found.append(
                    Limit(
                        int(word) if word.isdigit() else _WORDS[word],
                        order,
                        match.group().strip(),
                        match.span(),
                    )
                )
    return sorted(found, key=lambda limit: limit.span)


def find_percentiles(text: str) -> list[Percentile]:
    """The percentiles and quartiles that lower-cased `text` names."""
    found = []
    for match in _PERCENTILE.finditer(text):
        number = match["a"] or match["b"] or match["c"]
        quartile = match["d"] or (match["e"] or "").removeprefix("제").strip()
        percent = float(number) if number else _QUARTILES[quartile]
        if 0 < percent < 100:
            found.append(Percentile(percent, match.group().strip(), match.span()))
    return found


def find_moving(text: str) -> list[Moving]:
    """The moving averages that lower-cased `text` names."""
    found = []
    for match in _MOVING.finditer(text):
        unit = match["u"] or _MOVING_UNITS[match["u2"]]
        found.append(Moving(int(match["n"] or match["n2"]), unit, match.group().strip(), match.span()))
    return found


def _value(match: re.Match[str], n: int) -> float | None:
    groups = match.groupdict()
    if groups.get(f"n{n}") is None:
        return None
    return float(groups[f"n{n}"].replace(",", "").rstrip(".")) * _SCALE[groups.get(f"s{n}") or ""]
