"""Numbers that shape a question: how many rows (`top 5`, `상위 5개`), percentiles, and the length of a moving average."""

import re
from dataclasses import dataclass

from mesh.tabular.number_words import NUMBER_WORDS

_WORD = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
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
    r"(?P<cut>상위|하위|top|bottom)\s*(?P<f>\d{1,2})\s*(?:%|퍼센트|percent)\s*(?:의\s*)?(?:지점|기준|경계|컷|cut-?off|threshold|mark)"
    r"|\b(?P<a>\d{1,2})(?:st|nd|rd|th)\s+percentile(?:\s+of)?"
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
class Limit:
    """How many rows are wanted, and the order that was named with it (`desc`, `asc` or none)."""

    count: int
    order: str
    text: str
    span: tuple[int, int]


def find_limits(text: str) -> list[Limit]:
    """Row limits in lower-cased `text`, in order."""
    found: list[Limit] = []
    for order, regex in _LIMITS:
        for match in regex.finditer(text):
            if not any(match.start() < c.span[1] and c.span[0] < match.end() for c in found):
                word = match["n"]
                found.append(
                    Limit(
                        int(word) if word.isdigit() else NUMBER_WORDS[word],
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
        number = match["a"] or match["b"] or match["c"] or match["f"]
        quartile = match["d"] or (match["e"] or "").removeprefix("제").strip()
        percent = float(number) if number else _QUARTILES[quartile]
        percent = 100 - percent if match["cut"] in {"상위", "top"} else percent
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
