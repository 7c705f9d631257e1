"""Time expressions of a question as half-open date ranges, relative ones counted from the data's last day."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if n}
_MONTHS |= {name.lower(): n for n, name in enumerate(calendar.month_abbr) if n} | {"sept": 9}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_UNITS = {
    "일": "day",
    "주": "week",
    "주일": "week",
    "달": "month",
    "월": "month",
    "개월": "month",
    "분기": "quarter",
    "해": "year",
    "년": "year",
    "연도": "year",
    "day": "day",
    "week": "week",
    "month": "month",
    "quarter": "quarter",
    "year": "year",
}
_YEAR = r"(?P<y>(?:19|20)\d\d)"
_DAY_KO, _DAY_KO_2 = (rf"(?P<m{n}>\d{{1,2}})\s*월\s*(?P<d{n}>\d{{1,2}})\s*일" for n in ("", "2"))
_DAY_EN, _DAY_EN_2 = (rf"(?P<mon{n}>{_MONTH})\.?\s+(?P<d{n}>\d{{1,2}})(?:st|nd|rd|th)?" for n in ("", "2"))
_PATTERNS: list[tuple[str, str]] = [
    (
        "months",
        rf"{_YEAR}\s*년도?\s*(?P<m>\d{{1,2}})\s*월?\s*(?:부터|에서|~|-)\s*(?P<m2>\d{{1,2}})\s*월(?:\s*까지)?(?:의|는)?",
    ),
    (
        "months",
        rf"\b(?:from\s+)?(?P<mon>{_MONTH})\s*(?:to|through|until|-)\s*(?P<mon2>{_MONTH})\s+(?:of\s+)?{_YEAR}\b",
    ),
    ("days", rf"{_YEAR}\s*년\s*{_DAY_KO}\s*(?:부터|에서|~|-)\s*{_DAY_KO_2}(?:\s*까지)?(?:의|는)?"),
    (
        "days",
        rf"\b(?:(?:from|between)\s+)?{_DAY_EN}\s*(?:to|through|until|and|-)\s*{_DAY_EN_2},?\s+{_YEAR}\b",
    ),
    ("day", rf"{_YEAR}\s*년\s*(?P<m>\d{{1,2}})\s*월\s*(?P<d>\d{{1,2}})\s*일"),
    ("day", rf"\b{_YEAR}[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})\b"),
    ("day", rf"\b(?P<mon>{_MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}\b"),
    ("month", rf"{_YEAR}\s*년도?\s*(?P<m>\d{{1,2}})\s*월"),
    ("month", rf"\b{_YEAR}[-/](?P<m>0[1-9]|1[0-2])\b"),
    ("month", rf"\b(?P<mon>{_MONTH})\.?,?\s+(?:of\s+)?{_YEAR}\b"),
    ("quarter", rf"{_YEAR}\s*년도?\s*(?P<q>[1-4])\s*분기"),
    (
        "quarter",
        rf"\bq(?P<q>[1-4])\s*(?:of\s+)?{_YEAR}\b|\b{_YEAR.replace('<y>', '<y2>')}[\s-]*q(?P<q2>[1-4])\b",
    ),
    ("half", rf"{_YEAR}\s*년도?\s*(?P<h>상|하)반기"),
    ("half", rf"\b(?:the\s+)?(?P<h>first|second)\s+half\s+of\s+{_YEAR}\b"),
    ("year", rf"{_YEAR}\s*년도?"),
    ("recent", r"(?:최근|지난)\s*(?P<n>\d+)\s*(?P<u>개월|주일|분기|일|주|달|년)(?:간|\s*동안)?"),
    (
        "recent",
        r"\b(?:the\s+)?(?:last|past|previous|latest|recent)\s+(?P<n>\d+)\s+(?P<u>day|week|month|quarter|year)s?\b",
    ),
    ("this", r"(?:이번|(?<![가-힣])금)\s*(?P<u>주|달|월|분기|해|년)(?![가-힣]*별)|(?P<u2>올해|금년)"),
    ("this", r"\bthis\s+(?P<u>week|month|quarter|year)\b"),
    (
        "last",
        r"(?:지난|직전|(?<![가-힣])전)\s*(?P<u>주|달|월|분기|해|년도)(?!\s*(?:대비|같은))(?![가-힣]*별)|(?P<u2>(?<!재)작년|전년)(?!\s*(?:대비|동월|동기|같은))",
    ),
    ("last", r"\b(?:the\s+)?(?:last|previous|prior|past)\s+(?P<u>week|month|quarter|year)\b"),
    ("before_last", r"(?P<u2>재작년)"),
    ("bare_year", rf"\b{_YEAR}\b"),
]
_REGEXES = [(kind, re.compile(pattern)) for kind, pattern in _PATTERNS]
_AMBIGUOUS = re.compile(
    rf"(?<![\d년]\s)(?<!\d)(?P<m>1[0-2]|[1-9])\s*월(?!\s*별)|(?<!\d)(?P<q>[1-4])\s*분기(?!\s*별)"
    rf"|\b(?P<mon>{'|'.join(_MONTHS)})\b|\bq(?P<q2>[1-4])\b|(?P<h>상|하)반기(?!\s*별)"
)
_NO_MONTHS = frozenset({"may", "mar", "sun", "dec"})
"""Words that are months only beside a year."""
_JOIN = re.compile(r"^\s*(?:부터|에서|~|–|to|through|until|till|and|과|와|-)\s*$")
_AFTER = re.compile(r"^\s*(?:이후|부터|이래)(?:로|에|의)?")
_BEFORE_OPEN = re.compile(r"^\s*(?:이전|전)(?:에|의)?(?=[\s,.]|$)")
_UNTIL = re.compile(r"^\s*(?:까지)(?:의|는)?")
_SINCE_WORD = re.compile(r"(?:since|starting(?:\s+in)?|after)\s+(?:the\s+)?$")
_BEFORE_WORD = re.compile(r"(?:before|prior to)\s+(?:the\s+)?$")
_UNTIL_WORD = re.compile(r"(?:until|till|through|up to)\s+(?:the\s+)?$")
_THIS = re.compile(r"^(?:this|이번|금|올해)")
_RANGE_WORD = re.compile(r"(?:between|from)\s+$")


@dataclass(frozen=True)
class Period:
    """`start` ≤ day < `end`; None is open. `grain` is the unit that was named; `relative` when counted from the data's end,
    `passed` further places that its words take."""

    start: date | None
    end: date | None
    grain: str
    text: str
    span: tuple[int, int]
    relative: bool = False
    passed: tuple[tuple[int, int], ...] = ()


def find_periods(text: str, first: date | None, last: date | None) -> list[Period]:
    """The periods that lower-cased `text` names, in order, ranges (`from … to …`) already joined.

    `last quarter` is the last complete quarter at the data's last day `last`; `this quarter` the one that contains it.
    A bare year counts only inside the years of the data.
    """
    taken: list[Period] = []
    for kind, regex in _REGEXES:
        for match in regex.finditer(text):
            if any(match.start() < p.span[1] and p.span[0] < match.end() for p in taken):
                continue
            period = _period(kind, match, first, last)
            if period is not None:
                taken.append(period)
    taken = _with_years(text, taken, first, last)
    return list(_joined(sorted(taken, key=lambda p: p.span), text))


def _with_years(text: str, taken: list[Period], first: date | None, last: date | None) -> list[Period]:
    """Months, quarters and halves without a year get the one year that the question names, else the only one that the data
    hold them in; that year is then no period of its own."""
    years = [p for p in taken if p.grain == "year" and not p.relative and p.start is not None]
    named = {p.start.year for p in taken if p.start is not None and not p.relative}
    if first is None or last is None or len(named) > 1:
        return taken
    found = []
    for match in _AMBIGUOUS.finditer(text):
        inside = any(p.span[0] < match.end() and match.start() < p.span[1] for p in taken)
        if inside or match.group().strip() in _NO_MONTHS:
            continue
        possible = named or range(first.year, last.year + 1)
        periods = [_period(_yearless(match), match, first, last, year=year) for year in possible]
        held = [p for p in periods if p and p.start and p.end and p.start <= last and p.end > first]
        if len(held) == 1:
            found.append(held[0])
    if found and years:
        found[0] = replace(found[0], passed=tuple(p.span for p in years))
    return [*(p for p in taken if not (found and p in years)), *found]


def _yearless(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return "half" if groups["h"] else "quarter" if groups["q"] or groups["q2"] else "month"


def told_apart(periods: list[Period]) -> list[Period]:
    """`this year and last year` when the data's last year is complete: the last one is the one before this one."""
    apart: list[Period] = []
    for period in periods:
        twin = next(
            (p for p in periods if p is not period and (p.start, p.end) == (period.start, period.end)), None
        )
        if twin and period.relative and period.start and period.end and not _THIS.match(period.text):
            back = shift(period.start, period.grain, -1)
            apart.append(replace(period, start=back, end=period.start))
        else:
            apart.append(period)
    return apart


def ambiguous_month(text: str, taken: list[Period]) -> str | None:
    """A month or quarter named without its year, such as `March`, which may be any of several."""
    for match in _AMBIGUOUS.finditer(text):
        inside = any(p.span[0] <= match.start() < p.span[1] for p in taken)
        if not inside and match.group().strip() not in _NO_MONTHS:
            return match.group().strip()
    return None


def start_of(day: date, unit: str) -> date:
    """The first day of the week (Monday), month, quarter or year that contains `day`."""
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    if unit == "quarter":
        return date(day.year, day.month - (day.month - 1) % 3, 1)
    return date(day.year, 1, 1) if unit == "year" else day


def shift(day: date, unit: str, count: int) -> date:
    """`day` moved by `count` units; month ends are clipped."""
    if unit in {"day", "week"}:
        return day + timedelta(days=count * (7 if unit == "week" else 1))
    months = count * {"month": 1, "quarter": 3, "half": 6, "year": 12}[unit]
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _period(
    kind: str, match: re.Match[str], first: date | None, last: date | None, *, year: int | None = None
) -> Period | None:
    groups = match.groupdict()
    span, text = match.span(), match.group()
    if kind in {"recent", "this", "last", "before_last"}:
        if last is None:
            return None
        start, end, unit = _relative(kind, groups, last)
        return Period(start, end, unit, text, span, relative=True)
    year = year or int(groups.get("y") or groups.get("y2") or 0)
    if kind == "bare_year":
        if first is None or last is None or not first.year <= year <= last.year:
            return None
        kind = "year"
    month = int(groups.get("m") or 0) or _MONTHS.get(groups.get("mon") or "", 1)
    if kind == "quarter":
        month = int(groups.get("q") or groups.get("q2") or 1) * 3 - 2
    if kind == "half":
        month = 1 if groups["h"] in {"상", "first"} else 7
    try:
        start = date(year, month, int(groups.get("d") or 1))
        if kind == "months":
            until = date(year, int(groups.get("m2") or 0) or _MONTHS[groups.get("mon2") or ""], 1)
            return Period(start, shift(until, "month", 1), "month", text, span) if until >= start else None
        if kind == "days":
            until = date(
                year, int(groups.get("m2") or 0) or _MONTHS[groups.get("mon2") or ""], int(groups["d2"] or 0)
            )
            return Period(start, until + timedelta(days=1), "day", text, span) if until >= start else None
    except ValueError:
        return None
    return Period(start, shift(start, kind, 1), kind, text, span)


def _relative(kind: str, groups: dict[str, str | None], last: date) -> tuple[date, date, str]:
    after = last + timedelta(days=1)
    word = groups.get("u")
    unit = _UNITS[word.removesuffix("s") if word != "s" else word] if word else "year"
    if word == "년도":
        unit = "year"
    if kind == "recent":
        return shift(after, unit, -int(groups["n"] or 1)), after, unit
    this = start_of(last, unit)
    if kind == "this":
        return this, shift(this, unit, 1), unit
    end = start_of(after, unit)
    back = 1 if kind == "last" else 2
    return shift(end, unit, -back), shift(end, unit, 1 - back), unit


def _joined(periods: list[Period], text: str) -> Iterator[Period]:
    at = 0
    while at < len(periods):
        period = periods[at]
        before, after = text[: period.span[0]], text[period.span[1] :]
        following = periods[at + 1] if at + 1 < len(periods) else None
        if following is not None and _is_range(text, period, following):
            tail = _UNTIL.match(text[following.span[1] :])
            stop = following.span[1] + (tail.end() if tail else 0)
            head = _RANGE_WORD.search(before)
            yield Period(
                period.start,
                following.end,
                period.grain,
                text[period.span[0] : stop],
                (head.start() if head else period.span[0], stop),
                period.relative,
            )
            at += 2
            continue
        yield _opened(period, before, after)
        at += 1


def _is_range(text: str, left: Period, right: Period) -> bool:
    between = text[left.span[1] : right.span[0]]
    if not _JOIN.match(between):
        return False
    word = between.strip()
    if word in {"and", "과", "와"}:
        return text[: left.span[0]].rstrip().endswith("between") or text[right.span[1] :].lstrip().startswith(
            "사이"
        )
    return True


def _opened(period: Period, before: str, after: str) -> Period:
    start, end = period.span
    if tail := _AFTER.match(after):
        return replace(period, end=None, span=(start, end + tail.end()))
    if tail := _UNTIL.match(after):
        return replace(period, start=None, span=(start, end + tail.end()))
    if tail := _BEFORE_OPEN.match(after):
        return replace(period, start=None, end=period.start, span=(start, end + tail.end()))
    if head := _SINCE_WORD.search(before):
        begin = period.end if head.group().startswith("after") else period.start
        return replace(period, start=begin, end=None, span=(head.start(), end))
    if head := _BEFORE_WORD.search(before):
        return replace(period, start=None, end=period.start, span=(head.start(), end))
    if head := _UNTIL_WORD.search(before):
        return replace(period, start=None, span=(head.start(), end))
    return period
