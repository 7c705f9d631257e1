"""Dates and spans of time that a text names: `2023년 3월`, `Q1 2023`, `from March to June 2023`, `최근 6개월`, `작년 하반기`."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from mesh.tabular.number_words import NUMBER_WORDS
from mesh.tabular.spans import MONTHS, RELATIVE, span_of

from .vocabulary import Span, blank

_SHORT = tuple(name[:3] for name in MONTHS)
_NAMED = "|".join((*MONTHS, "sept", *_SHORT))
_SAID_YEAR = "|".join(words for grain, words, _ in RELATIVE if grain == "YS")
_COMPARED = r"\s*(?:동기|동월|같은\s*기간)?\s*(?:대비|보다|과\s*비교|와\s*비교|에\s*비해)"
_YEAR = rf"(?P<y>(?:19|20)\d{{2}}|(?:{_SAID_YEAR})(?!{_COMPARED}))"
_SPAN = "|".join(words for grain, words, _ in RELATIVE if grain != "YS")
_WEEK = r"(?P<lastweek>지난\s*주|저번\s*주|last week|previous week)|이번\s*주|this week"
_MOMENTS = (
    rf"{_YEAR}[-./](?P<m>\d{{1,2}})[-./](?P<d>\d{{1,2}})(?!\d)",
    rf"{_YEAR}[-/](?P<m>0?[1-9]|1[0-2])(?!\d)",
    rf"{_YEAR}(?:\s?년)?\s*(?P<m>\d{{1,2}})\s?월(?:\s*(?P<d>\d{{1,2}})\s?일)?",
    rf"{_YEAR}\s?년?\s*(?P<q>[1-4])\s?분기",
    rf"{_YEAR}\s?년?\s*(?P<h>상|하)반기",
    rf"(?:q(?P<q>[1-4])|(?P<q2>first|second|third|fourth) quarter)(?: of)?,? ?{_YEAR}",
    rf"{_YEAR} ?q(?P<q>[1-4])",
    rf"(?:h(?P<h>[12])|(?P<h2>first|second) half)(?: of)?,? ?{_YEAR}",
    rf"(?P<n>{_NAMED})\.? (?:(?P<d>\d{{1,2}}),? )?{_YEAR}",
    rf"(?<![\d.,]){_YEAR}(?:\s?년(?:도)?)?(?![\d.,]?\d|%)",
    r"(?<!\d)(?P<m>1[0-2]|[1-9])\s?월(?!\s?별|간|요)(?=[의만에 부까과와,~-]|$)",
    rf"(?P<span>{_SPAN})(?!{_COMPARED})",
    rf"(?P<week>{_WEEK})(?!말)",
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
_SMALL = "|".join(NUMBER_WORDS)
_RECENT = re.compile(
    rf"(?:최근|지난|직전)\s*(?P<n>\d+|{_SMALL})\s*(?P<u>일|주|개월|달|분기|년|해)(?:간|동안)?|"
    rf"(?:the )?(?:last|past|recent|latest|previous) (?P<n2>\d+|{_SMALL}) (?P<u2>day|week|month|quarter|year)s?|"
    r"(?:the )?past (?P<u3>week|month|quarter|year)(?![a-z])"
)
_YEAR_BEFORE = re.compile(
    rf"(?:전년|작년|지난\s*해){_COMPARED}|year[- ](?:over|on)[- ]year|\byoy\b|"
    r"(?:compared (?:to|with)|versus|vs\.?|against|than|from) (?:the )?(?:last year|previous year|year before)"
)
_NEARLY = timedelta(days=4)
"""A month of which no more than these days are missing at its end counts as whole, as in `mesh.tabular.periods`."""
_DAYS = {"일": 1, "day": 1, "주": 7, "week": 7}
_MONTHS_IN = {"개월": 1, "달": 1, "month": 1, "분기": 3, "quarter": 3, "년": 12, "해": 12, "year": 12}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}


@dataclass(frozen=True)
class Moment:
    """A stretch of days, first and last included; without a year only its `months` are known, and `loose` it is none alone.

    `counted` says that it counts from the last day of the data.
    """

    span: Span
    first: date | None
    last: date | None
    months: tuple[int, ...] = ()
    loose: bool = False
    counted: bool = False

    @property
    def year(self) -> int | None:
        """The calendar year, when that is exactly what the moment is."""
        whole = (
            self.first is not None and self.last is not None and (self.last - self.first).days in {364, 365}
        )
        return self.first.year if whole and self.first is not None and self.first.month == 1 else None


@dataclass(frozen=True)
class Stretch:
    """What the rows are limited to: `between`, `from` or `before`, or a set of `months`; `spans` are its words.

    `years` are set side by side; `counted` are those of the spans that count from the last day of the data.
    """

    op: str
    days: tuple[date, ...]
    spans: tuple[Span, ...]
    months: tuple[int, ...] = ()
    years: tuple[int, ...] = ()
    counted: tuple[Span, ...] = ()


def stretches(text: str, latest: date | None) -> list[Stretch]:
    """The spans of time that lower-case `text` names; `latest` is the last day of the data, for `the last 6 months`."""
    recent = _recent(text, latest)
    if recent is not None:
        return [recent]
    before = _YEAR_BEFORE.search(text)
    rest = text if before is None else blank(text, (before.span(),))
    named = _merged([part for run in _runs(rest, latest) for part in _parts(rest, run)])
    if before is None or latest is None:
        return named
    return [*_with_year_before(named, before.span(), latest)]


def _with_year_before(named: list[Stretch], span: Span, latest: date) -> list[Stretch]:
    """The year named, else the last one of the data, beside the one before it; both over the months that the data hold."""
    yearly = next((part for part in named if len(part.years) == 1), None)
    others = [part for part in named if part is not yearly]
    year, months = yearly.years[0] if yearly else latest.year, 12
    if year == latest.year:
        whole = _month_end(latest.year, latest.month) - latest <= _NEARLY
        months = latest.month - (not whole)
        year, months = (year, months) if months else (year - 1, 12)
    spans = (*(yearly.spans if yearly else ()), span)
    both = Stretch(
        "between", (date(year - 1, 1, 1), date(year, 12, 31)), spans, years=(year - 1, year), counted=(span,)
    )
    covered = Stretch("in", (), (), tuple(range(1, months + 1)))
    return [both, *([covered] if months < 12 else []), *others]


def _runs(text: str, latest: date | None) -> list[list[Moment]]:
    """Moments that are named together, such as the ends of a range; loose ones only with a month or another moment."""
    runs: list[list[Moment]] = []
    for moment in _moments(text, latest):
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
    counted = tuple(moment.span for moment in run if moment.counted)
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
        return [
            Stretch("from", (lasts[0] + timedelta(days=1) if strict else firsts[0],), spans, counted=counted)
        ]
    if len(run) == 1 and (_UNTIL_AFTER.match(after) or _UNTIL_BEFORE.search(before)):
        through = after.lstrip().startswith("까지") or (
            not before.endswith("before ") and not after.lstrip().startswith("이전")
        )
        return [
            Stretch(
                "before", (lasts[0] + timedelta(days=1) if through else firsts[0],), spans, counted=counted
            )
        ]
    years = tuple(sorted({m.year for m in run if m.year is not None and not ranged}))
    whole = Stretch("between", (min(firsts), max(lasts)), spans, years=years, counted=counted)
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
    counted = tuple(span for part in yearly for span in part.counted)
    return [
        Stretch("between", days, spans, years=years, counted=counted),
        *(part for part in parts if not part.years),
    ]


def _moments(text: str, latest: date | None) -> list[Moment]:
    found: list[Moment] = []
    for pattern in (*_PATTERNS, *_BESIDE):
        for match in pattern.finditer(text):
            apart = all(match.end() <= m.span[0] or m.span[1] <= match.start() for m in found)
            moment = _moment(match, latest, loose=pattern in _BESIDE) if apart else None
            if moment is not None:
                found.append(moment)
    return sorted(found, key=lambda moment: moment.span)


def _moment(match: "re.Match[str]", latest: date | None, *, loose: bool) -> Moment | None:
    part = {name: value for name, value in match.groupdict().items() if value}
    if "span" in part or "week" in part:
        return _counted(match, latest) if latest is not None else None
    named = part.get("n") or part.get("n2") or part.get("n3")
    month = int(part["m"]) if "m" in part else _SHORT.index(named[:3]) + 1 if named else None
    quarter = part.get("q") or _ORDINALS.get(part.get("q2", ""))
    if "y" not in part:
        until = month or 3 * int(quarter or 1)
        return Moment(match.span(), None, None, tuple(range(month or until - 2, until + 1)), loose)
    year = _year_of(part["y"], latest)
    if year is None:
        return None
    half = part.get("h") or _ORDINALS.get(part.get("h2", ""))
    first, last = _days_of(year, month, part.get("d"), int(quarter) if quarter else None, half)
    if first is None:
        return None
    return Moment(match.span(), first, last, counted=not part["y"].isdigit())


def _days_of(
    year: int, month: int | None, day: str | None, quarter: int | None, half: str | int | None
) -> tuple[date | None, date | None]:
    """The first and the last day of what a year and its parts name; None for a day that no calendar has."""
    if quarter:
        return date(year, 3 * quarter - 2, 1), _month_end(year, 3 * quarter)
    if half:
        late = str(half) in {"하", "2"}
        return date(year, 7 if late else 1, 1), _month_end(year, 12 if late else 6)
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    try:
        first = date(year, month, int(day or 1))
    except ValueError:
        return None, None
    return first, first if day else _month_end(year, month)


def _year_of(said: str, latest: date | None) -> int | None:
    """A year in figures, or one that counts from the last day of the data (`작년`)."""
    if said.isdigit():
        return int(said)
    if latest is None:
        return None
    steps = next(steps for grain, words, steps in RELATIVE if grain == "YS" and re.fullmatch(words, said))
    return latest.year + steps


def _counted(match: "re.Match[str]", latest: date) -> Moment:
    """A month or quarter (`지난달`) or a week from Monday that counts from the last day of the data."""
    said = match["span"] if "span" in match.groupdict() else None
    if said is None:
        first = latest - timedelta(days=latest.weekday() + (7 if match["lastweek"] else 0))
        return Moment(match.span(), first, first + timedelta(days=6), counted=True)
    grain, steps = next((grain, steps) for grain, words, steps in RELATIVE if re.fullmatch(words, said))
    span = span_of(grain, pd.Timestamp(latest)).moved(steps)
    return Moment(match.span(), span.start.date(), span.end.date() - timedelta(days=1), counted=True)


def _month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _recent(text: str, latest: date | None) -> Stretch | None:
    found = _RECENT.search(text)
    if found is None or latest is None:
        return None
    said, unit = found["n"] or found["n2"] or "1", found["u"] or found["u2"] or found["u3"]
    n = int(said) if said.isdigit() else NUMBER_WORDS[said]
    if unit in _DAYS:
        first = latest - timedelta(days=n * _DAYS[unit] - 1)
    else:
        end = latest + timedelta(days=1)
        months = end.year * 12 + end.month - 1 - n * _MONTHS_IN[unit]
        if months < 12:
            return None
        first = min(date(months // 12, months % 12 + 1, 1) + timedelta(days=end.day - 1), latest)
    return Stretch("between", (first, latest), (found.span(),), counted=(found.span(),))
