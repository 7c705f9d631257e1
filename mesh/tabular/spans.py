"""Stretches of time that a question names, in Korean and English, on the calendar of the data."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from mesh.language import Language

Stamp = pd.Timestamp
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTH_WORDS = "|".join(rf"{name}|{name[:3]}\.?" for name in MONTHS).replace("|may|may\\.?", "|may")
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_MONTHS_OF = {"YS": 12, "HS": 6, "QS": 3, "MS": 1}

_PATTERNS: tuple[tuple[str, str], ...] = (
    ("MS", rf"{_YEAR}\s*년\s*(?P<month>1[0-2]|0?[1-9])\s*월"),
    ("MS", rf"(?<!\d){_YEAR}[-./](?P<month>1[0-2]|0?[1-9])(?![-./]?\d)"),
    ("MS", rf"\b(?P<word>{_MONTH_WORDS}),?\s+(?:of\s+)?{_YEAR}"),
    ("QS", rf"{_YEAR}\s*년?\s*(?P<quarter>[1-4])\s*분기"),
    ("QS", rf"(?<!\d){_YEAR}[-\s]*q(?P<quarter>[1-4])"),
    ("QS", rf"\bq(?P<quarter>[1-4])[-\s]*(?:of\s+)?{_YEAR}"),
    ("HS", rf"{_YEAR}\s*년?\s*(?P<half>상|하)반기"),
    ("HS", rf"\bh(?P<half>[12])[-\s]*(?:of\s+)?{_YEAR}"),
    ("HS", rf"(?<!\d){_YEAR}[-\s]*h(?P<half>[12])\b"),
    ("HS", rf"\b(?P<half>first|second)\s+half\s+(?:of\s+)?{_YEAR}"),
    ("YS", rf"(?<![\d.-]){_YEAR}\s*년?(?![\d.]|[-/]\d)"),
    ("QS", r"(?<!\d)(?P<quarter>[1-4])\s*분기|\bq(?P<quarter2>[1-4])\b"),
    ("QS", r"\b(?P<ordinal>first|second|third|fourth)\s+quarter"),
    ("HS", r"(?P<half>상|하)반기"),
    ("MS", r"(?<!\d)(?P<month>1[0-2]|0?[1-9])\s*월(?!요일)"),
    ("MS", rf"\b(?:in|of|since|did|to|from|and|vs\.?|than)\s+(?P<word>{_MONTH_WORDS})\b"),
)
RELATIVE: tuple[tuple[str, str, int], ...] = (
    ("MS", r"지난\s*달|전월|last month|previous month", -1),
    ("MS", r"이번\s*달|이달|당월|this month", 0),
    ("QS", r"지난\s*분기|전\s*분기|last quarter|previous quarter", -1),
    ("QS", r"이번\s*분기|this quarter", 0),
    ("YS", r"재작년|year before last", -2),
    (
        "YS",
        r"(?<!재)작년|지난\s*해|전년|last year(?! (?:of|in) the data)|previous year|year before(?! last)",
        -1,
    ),
    (
        "YS",
        (
            r"올해|금년|this year|마지막\s*해|(?:가장\s*)?최근\s*(?:해|연도|년도)|(?:latest|most recent|final) year|"
            r"last year (?:of|in) the data"
        ),
        0,
    ),
)
"""Words for a span that counts from the last day of the data: its grain, and how many spans before that day's own."""
YEAR_EARLIER = re.compile(
    r"전년|작년|지난\s*해|year[- ](?:on|over)[- ]year|\byoy\b|last year|previous year|year (?:before|earlier|ago)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Span:
    """A stretch of whole months from `start` up to, not including, `end`; `grain` is `YS`, `HS`, `QS` or `MS`."""

    grain: str
    start: Stamp

    @property
    def end(self) -> Stamp:
        """The first moment after it."""
        return self.moved(1).start

    @property
    def label(self) -> str:
        """`2024`, `2024-H1`, `2024-Q1` or `2024-03`."""
        part = {
            "HS": f"-H{(self.start.month + 5) // 6}",
            "QS": f"-Q{self.start.quarter}",
            "MS": f"-{self.start.month:02d}",
        }
        return f"{self.start.year}{part.get(self.grain, '')}"

    def called(self, language: Language) -> str:
        """How people call it: `2024년 3월`, `March 2024`, `Q1 2024`, `2024`."""
        year, month, half = self.start.year, self.start.month, (self.start.month + 5) // 6
        if language == "ko":
            part = {"HS": f" {'상하'[half - 1]}반기", "QS": f" {self.start.quarter}분기", "MS": f" {month}월"}
            return f"{year}년{part.get(self.grain, '')}"
        part = {
            "HS": f"H{half} ",
            "QS": f"Q{self.start.quarter} ",
            "MS": f"{MONTHS[month - 1].capitalize()} ",
        }
        return f"{part.get(self.grain, '')}{year}"

    def moved(self, steps: int) -> "Span":
        """The span `steps` spans later."""
        return Span(self.grain, self.start + pd.DateOffset(months=_MONTHS_OF[self.grain] * steps))

    def year_earlier(self) -> "Span":
        """The same span of the year before."""
        return Span(self.grain, self.start - pd.DateOffset(years=1))


def span_of(grain: str, moment: Stamp) -> Span:
    """The span of `grain` that holds `moment`."""
    months = _MONTHS_OF[grain]
    return Span(grain, Stamp(moment.year, (moment.month - 1) // months * months + 1, 1))


def spans_in(goal: str, first: Stamp, last: Stamp) -> list[Span]:
    """The stretches that `goal` names, in order of mention, each once.

    Months and quarters without a year are in the year that is named elsewhere, else in the latest year whose data
    (from `first` to `last`) hold them to the end. `last month`, `올해` and the like count from the end of the data.
    """
    text, found = goal.lower(), list[tuple[int, Span]]()
    taken: list[tuple[int, int]] = []
    years = [int(year) for year in re.findall(r"(?<!\d)((?:19|20)\d\d)(?!\d)", text)]
    for grain, pattern in _PATTERNS:
        for match in re.finditer(pattern, text):
            if not any(start < match.end() and match.start() < end for start, end in taken):
                taken.append(match.span())
                found.append((match.start(), _named(grain, match, years, first, last)))
    for grain, pattern, steps in RELATIVE:
        said = re.search(pattern, text)
        if said:
            found.append((said.start(), span_of(grain, last).moved(steps)))
    return list(dict.fromkeys(span for _, span in sorted(found, key=lambda item: item[0])))


def _named(grain: str, match: re.Match[str], years: list[int], first: Stamp, last: Stamp) -> Span:
    said = {key: value for key, value in match.groupdict().items() if value}
    month = 1
    if "month" in said:
        month = int(said["month"])
    elif "word" in said:
        month = next(
            n for n, name in enumerate(MONTHS, start=1) if name.startswith(said["word"].rstrip(".")[:3])
        )
    elif "half" in said:
        month = 7 if said["half"] in {"하", "2", "second"} else 1
    elif grain == "QS":
        quarter = said.get("quarter") or said.get("quarter2") or _ORDINALS[said["ordinal"]]
        month = 3 * int(quarter) - 2
    if "year" in said:
        return Span(grain, Stamp(int(said["year"]), month, 1))
    return _latest(lambda year: Span(grain, Stamp(year, month, 1)), years, first, last)


def _latest(at: Callable[[int], Span], years: list[int], first: Stamp, last: Stamp) -> Span:
    if years:
        return at(max(years))
    whole = [at(year) for year in range(last.year, first.year - 1, -1)]
    return next((span for span in whole if span.end <= last + pd.Timedelta(days=4)), whole[0])
