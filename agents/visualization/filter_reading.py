"""The filters that a text asks for: periods of time, values of categories, limits of numbers."""

import re
from dataclasses import dataclass
from datetime import date

from .mentions import Mention, value_mentions
from .moments import stretches
from .request import Filter
from .table import Table
from .vocabulary import Span

_UNITS = {
    "천": 1e3,
    "만": 1e4,
    "십만": 1e5,
    "백만": 1e6,
    "천만": 1e7,
    "억": 1e8,
    "k": 1e3,
    "m": 1e6,
    "million": 1e6,
}
_NUMBER = r"(?P<n>-?\d[\d,]*(?:\.\d+)?)\s?(?P<u>천만|백만|십만|천|만|억|million|k|m)?(?![a-z\d])(?:원|개|명|점|세|도|%)?"
_KOREAN = re.compile(
    rf"^\s?(?:[이가은는을를의]|열)?\s*{_NUMBER}\s*(?:보다\s*)?(?P<op>이상|초과|이하|미만|큰|작은|넘는)"
)
_ENGLISH = re.compile(
    r"^\s*(?:is |are |of |was )?(?P<op>>=|<=|>|<|greater than or equal to|at least|no less than|greater than|more than|over|"
    r"above|exceeding|less than or equal to|at most|no more than|less than|fewer than|under|below|higher than|lower than)\s*"
    rf"{_NUMBER}"
)
_OPS = {
    ">=": (">=", "greater than or equal to", "at least", "no less than", "이상"),
    "<=": ("<=", "less than or equal to", "at most", "no more than", "이하"),
    ">": (
        ">",
        "greater than",
        "more than",
        "over",
        "above",
        "exceeding",
        "higher than",
        "초과",
        "큰",
        "넘는",
    ),
    "<": ("<", "less than", "fewer than", "under", "below", "lower than", "미만", "작은"),
}
_WITHOUT_AFTER = re.compile(r"^(?:[가-힣]{0,3}\s?)?(?:[을를은는]?\s*)(?:제외|빼|말고|없이|아닌|뺀|외)")
_WITHOUT_BEFORE = re.compile(
    r"(?:excluding|exclude|except(?: for)?|without|other than|but not|leaving out|not) (?:the )?$"
)
_BETWEEN_NAMES = re.compile(r"^\s*(?:and|or|with|,|과|와|랑|및|하고|또는|이나|나)?\s*$")


@dataclass(frozen=True)
class Read:
    """Filters, the words they stand in, and what those words say besides.

    `compared` are categories of which two or more values are asked for, `years` those that are set side by side,
    `counted` the words that count from the last day of the data (`지난달`).
    """

    filters: tuple[Filter, ...]
    spans: tuple[Span, ...]
    compared: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    counted: tuple[str, ...] = ()


def time_filters(text: str, day: str | None, latest: date | None) -> Read:
    """The periods that lower-case `text` names, as filters on the date column `day`."""
    if day is None:
        return Read((), ())
    filters: list[Filter] = []
    spans: list[Span] = []
    years: tuple[int, ...] = ()
    counted: list[str] = []
    for stretch in stretches(text, latest):
        if stretch.months:
            filters.append(Filter(f"month({day})", "in", tuple(float(month) for month in stretch.months)))
        elif len(stretch.years) > 1 and stretch.years[-1] - stretch.years[0] >= len(stretch.years):
            filters.append(Filter(f"year({day})", "in", tuple(float(year) for year in stretch.years)))
        else:
            filters.append(Filter(day, stretch.op, tuple(moment.isoformat() for moment in stretch.days)))
        spans += stretch.spans
        years = stretch.years or years
        counted += [text[start:end] for start, end in stretch.counted]
    return Read(tuple(filters), tuple(spans), years=years, counted=tuple(counted))


def number_filters(text: str, mentions: list[Mention], table: Table) -> Read:
    """Limits such as `price over 100` or `단가 500 이상`, right after the column's name."""
    filters: list[Filter] = []
    spans: list[Span] = []
    for mention in mentions:
        found = _KOREAN.match(text[mention.end :]) or _ENGLISH.match(text[mention.end :])
        if found is None or mention.column not in table.numeric:
            continue
        op = next(sign for sign, said in _OPS.items() if found["op"] in said)
        value = float(found["n"].replace(",", "")) * _UNITS.get(found["u"] or "", 1.0)
        filters.append(Filter(mention.column, op, (value,)))
        spans.append((mention.start, mention.end + found.end()))
    return Read(tuple(filters), tuple(spans))


def value_filters(text: str, mentions: list[Mention], table: Table) -> Read:
    """Values of categories that are asked for, or asked to be left out."""
    named = [
        m
        for m in value_mentions(text, table, mentions)
        if all(m.end <= other.start or other.end <= m.start or _longer(m, other) for other in mentions)
    ]
    wanted: dict[str, list[str]] = {}
    unwanted: dict[str, list[str]] = {}
    for place, mention in enumerate(named):
        chosen = unwanted if _excluded(text, named, place) else wanted
        chosen.setdefault(mention.column, []).append(mention.value or "")
    filters = [Filter(name, "in", tuple(sorted(set(values)))) for name, values in wanted.items()]
    filters += [Filter(name, "not in", tuple(sorted(set(values)))) for name, values in unwanted.items()]
    compared = tuple(name for name, values in wanted.items() if len(set(values)) > 1)
    return Read(tuple(filters), tuple((m.start, m.end) for m in named), compared)


def _longer(value: Mention, column: Mention) -> bool:
    return value.end - value.start > column.end - column.start


def _excluded(text: str, named: list[Mention], place: int) -> bool:
    """Whether a value, or the list it stands in, is asked to be left out."""
    first = last = place
    while last + 1 < len(named) and _BETWEEN_NAMES.match(text[named[last].end : named[last + 1].start]):
        last += 1
    while first and _BETWEEN_NAMES.match(text[named[first - 1].end : named[first].start]):
        first -= 1
    before, after = text[: named[first].start], text[named[last].end :]
    return bool(_WITHOUT_AFTER.match(after) or _WITHOUT_BEFORE.search(before))
