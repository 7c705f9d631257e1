"""Dates and spans of time that a text names: `2023년 3월`, `Q1 2023`, `from March to June 2023`, `최근 6개월`."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from mesh.tabular.spans import MONTHS

from .vocabulary import Span

_SHORT = tuple(name[:3] for name in MONTHS)
_NAMED = "|".join((*MONTHS, "sept", *_SHORT))
_YEAR = r"(?P<y>(?:19|20)\d{2})"
_MOMENTS = (
    rf"{_YEAR}[-./](?P<m>\d{{1,2}})[-./](?P<d>\d{{1,2}})(?!\d)",
    rf"{_YEAR}[-/](?P<m>0?[1-9]|1[0-2])(?!\d)",
    rf"{_YEAR}\s?년\s*(?P<m>\d{{1,2}})\s?월(?:\s*(?P<d>\d{{1,2}})\s?일)?",
    rf"{_YEAR}\s?년?\s*(?P<q>[1-4])\s?분기",
    rf"{_YEAR}\s?년?\s*(?P<h>상|하)반기",
    rf"(?:q(?P<q>[1-4])|(?P<q2>first|second|third|fourth) quarter)(?: of)?,? ?{_YEAR}",
    rf"{_YEAR} ?q(?P<q>[1-4])",
    rf"(?:h(?P<h>[12])|(?P<h2>first|second) half)(?: of)?,? ?{_YEAR}",
    rf"(?P<n>{_NAMED})\.? (?:(?P<d>\d{{1,2}}),? )?{_YEAR}",
    rf"(?<![\d.,]){_YEAR}(?:\s?년(?:도)?)?(?![\d.,]?\d|%)",
    r"(?<!\d)(?P<m>1[0-2]|[1-9])\s?월(?!\s?별|간|요)(?=[의만에 부까과와,~-]|$)",
    rf"(?<=in )(?P<n>{_NAMED})(?![a-z])|(?<=for )(?P<n2>{_NAMED})(?![a-z])|(?<=only )(?P<n3>{_NAMED})(?![a-z])",
)
_LOOSE = (
    rf"(?P<n>{_NAMED})(?![a-z])",
    r"q(?P<q>[1-4])(?!\d)",
    r"(?<!\d)(?P<q>[1-4])\s?분기",
)
"""What is a moment only beside another: `March to June 2023`, `2023년 1분기와 2분기`."""
_PATTERNS, _BESIDE = (
    tuple(re.compile(rf"(?<![a-z]){text}") for text in texts) for texts in (_MOMENTS, _LOOSE)
)
_TO = re.compile(r"^(?:부터|에서|년?\s?부터)?\s*(?:~|–|-|to|through|until|till|부터|에서)\s*$")
_AND = re.compile(r"^\s*(?:and|with|과|와|,|vs\.?|versus|대비|보다|및)\s*$")
_BETWEEN_BEFORE = re.compile(r"between (?:the )?$")
_BETWEEN_AFTER = re.compile(r"^\s*사이")
_SINCE_AFTER = re.compile(r"^\s*(?:부터|이후|이래)")
_SINCE_BEFORE = re.compile(r"(?:since|after|from|starting(?: in| from)?|onwards? from) (?:the )?$")
_UNTIL_AFTER = re.compile(r"^\s*(?:이전|까지|전까지)")
_UNTIL_BEFORE = re.compile(r"(?:before|until|till|up to|through) (?:the )?$")
_RECENT = re.compile(
    r"(?:최근|지난|직전)\s*(?P<n>\d+)\s*(?P<u>일|주|개월|달|분기|년)(?:간|동안)?|"
    r"(?:the )?(?:last|past|recent|latest) (?P<n2>\d+) (?P<u2>day|week|month|quarter|year)s?"
)
_DAYS = {"일": 1, "day": 1, "주": 7, "week": 7}
_MONTHS_IN = {"개월": 1, "달": 1, "month": 1, "분기": 3, "quarter": 3, "년": 12, "year": 12}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}


@dataclass(frozen=True)
class Moment:
    """A stretch of days, first and last included; without a year only its `months` are known, and `loose` it is none alone."""

    span: Span
    first: date | None
    last: date | None
    months: tuple[int, ...] = ()
    loose: bool = False

    @property
    def year(self) -> int | None:
        """The calendar year, when that is exactly what the moment is."""
        whole = (
            self.first is not None and self.last is not None and (self.last - self.first).days in {364, 365}
        )
        return self.first.year if whole and self.first is not None and self.first.month == 1 else None


@dataclass(frozen=True)
class Stretch:
    """What the rows are limited to: `between`, `from` or `before`, or a set of `months`; `spans` are its words."""

    op: str
    days: tuple[date, ...]
    spans: tuple[Span, ...]
    months: tuple[int, ...] = ()
    years: tuple[int, ...] = ()


def stretches(text: str, latest: date | None) -> list[Stretch]:
    """The spans of time that lower-case `text` names; `latest` is the last day of the data, for `the last 6 months`."""
    recent = _recent(text, latest)
    if recent is not None:
        return [recent]
    return _merged([part for run in _runs(text) for part in _parts(text, run)])


def _runs(text: str) -> list[list[Moment]]:
    """Moments that are named together, such as the ends of a range; loose ones only with a month or another moment."""
    runs: list[list[Moment]] = []
    for moment in _moments(text):
        if runs and _linked(text, runs[-1][-1], moment):
            runs[-1].append(moment)
        else:
            runs.append([moment])
    return [run for run in runs if not all(m.loose for m in run) or (len(run) > 1 and _only_months(run))]


def _linked(text: str, a: Moment, b: Moment) -> bool:
    between = text[a.span[1] : b.span[0]]
    whole_year = any(m.year is not None for m in (a, b)) and any(m.months for m in (a, b))
    return bool(_TO.match(between) or _AND.match(between)) and not whole_year


def _only_months(run: list[Moment]) -> bool:
    return all(len(moment.months) == 1 for moment in run)


def _parts(text: str, run: list[Moment]) -> list[Stretch]:
    """What a run of moments limits the rows to; months that are named one by one leave out those between them."""
    spans = tuple(moment.span for moment in run)
    before, after = text[: spans[0][0]], text[spans[-1][1] :]
    ranged = len(run) == 2 and bool(
        _TO.match(text[spans[0][1] : spans[1][0]])
        or _BETWEEN_BEFORE.search(before)
        or _BETWEEN_AFTER.match(after)
    )
    if all(moment.months for moment in run):
        named = tuple(month for moment in run for month in moment.months)
        forward = (named[-1] - named[0]) % 12 + 1
        between = tuple((named[0] - 1 + step) % 12 + 1 for step in range(forward))
        return [Stretch("in", (), spans, between if ranged else named)]
    run = _dated(run, ranged=ranged)
    firsts, lasts = [m.first for m in run if m.first], [m.last for m in run if m.last]
    if len(run) == 1 and (_SINCE_AFTER.match(after) or _SINCE_BEFORE.search(before)):
        strict = before.endswith("after ")
        return [Stretch("from", (lasts[0] + timedelta(days=1) if strict else firsts[0],), spans)]
    if len(run) == 1 and (_UNTIL_AFTER.match(after) or _UNTIL_BEFORE.search(before)):
        through = after.lstrip().startswith("까지") or (
            not before.endswith("before ") and not after.lstrip().startswith("이전")
        )
        return [Stretch("before", (lasts[0] + timedelta(days=1) if through else firsts[0],), spans)]
    years = tuple(dict.fromkeys(m.year for m in run if m.year is not None))
    whole = Stretch("between", (min(firsts), max(lasts)), spans, years=years)
    one_by_one = (
        not ranged
        and min(firsts).year == max(lasts).year
        and all(a != b for a, b in zip(firsts, lasts, strict=True))
    )
    months = {month for a, b in zip(firsts, lasts, strict=True) for month in range(a.month, b.month + 1)}
    if not one_by_one or len(months) > max(months) - min(months):
        return [whole]
    return [whole, Stretch("in", (), spans, tuple(sorted(months)))]


def _dated(run: list[Moment], *, ranged: bool) -> list[Moment]:
    """Months without a year in that of the moment they are named with; a range runs forward, into the next year if it must."""
    place, known = next((place, m) for place, m in enumerate(run) if m.first)
    year, month = (known.first.year, known.first.month) if known.first else (0, 0)
    dated = []
    for index, moment in enumerate(run):
        if not moment.months:
            dated.append(moment)
            continue
        late, early = moment.months[0] > month, moment.months[0] < month
        own = year + (ranged and index > place and early) - (ranged and index < place and late)
        first, last = date(own, moment.months[0], 1), _month_end(own, moment.months[-1])
        dated.append(Moment(moment.span, first, last))
    return dated


def _merged(parts: list[Stretch]) -> list[Stretch]:
    """Years that are named apart from each other (`2022 … against 2023`) as one stretch."""
    yearly = [part for part in parts if part.years]
    if len(yearly) < 2:
        return parts
    days = (min(part.days[0] for part in yearly), max(part.days[1] for part in yearly))
    years = tuple(sorted({year for part in yearly for year in part.years}))
    spans = tuple(span for part in yearly for span in part.spans)
    return [Stretch("between", days, spans, years=years), *(part for part in parts if not part.years)]


def _moments(text: str) -> list[Moment]:
    found: list[Moment] = []
    for pattern in (*_PATTERNS, *_BESIDE):
        for match in pattern.finditer(text):
            apart = all(match.end() <= m.span[0] or m.span[1] <= match.start() for m in found)
            moment = _moment(match, loose=pattern in _BESIDE) if apart else None
            if moment is not None:
                found.append(moment)
    return sorted(found, key=lambda moment: moment.span)


def _moment(match: "re.Match[str]", *, loose: bool) -> Moment | None:
    part = {name: value for name, value in match.groupdict().items() if value}
    named = part.get("n") or part.get("n2") or part.get("n3")
    month = int(part["m"]) if "m" in part else _SHORT.index(named[:3]) + 1 if named else None
    quarter = part.get("q") or _ORDINALS.get(part.get("q2", ""))
    if "y" not in part:
        last = month or 3 * int(quarter or 1)
        return Moment(match.span(), None, None, tuple(range(month or last - 2, last + 1)), loose)
    year = int(part["y"])
    half = part.get("h") or _ORDINALS.get(part.get("h2", ""))
    try:
        if quarter:
            begin = date(year, 3 * int(quarter) - 2, 1)
            return Moment(match.span(), begin, _month_end(year, 3 * int(quarter)))
        if half:
            late = str(half) in {"하", "2"}
            return Moment(match.span(), date(year, 7 if late else 1, 1), _month_end(year, 12 if late else 6))
        if month is None:
            return Moment(match.span(), date(year, 1, 1), date(year, 12, 31))
        if "d" in part:
            day = date(year, month, int(part["d"]))
            return Moment(match.span(), day, day)
        return Moment(match.span(), date(year, month, 1), _month_end(year, month))
    except ValueError:
        return None


def _month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _recent(text: str, latest: date | None) -> Stretch | None:
    found = _RECENT.search(text)
    if found is None or latest is None:
        return None
    n, unit = int(found["n"] or found["n2"]), found["u"] or found["u2"]
    if unit in _DAYS:
        first = latest - timedelta(days=n * _DAYS[unit] - 1)
    else:
        end = latest + timedelta(days=1)
        months = end.year * 12 + end.month - 1 - n * _MONTHS_IN[unit]
        if months < 12:
            return None
        first = min(date(months // 12, months % 12 + 1, 1) + timedelta(days=end.day - 1), latest)
    return Stretch("between", (first, latest), (found.span(),))
