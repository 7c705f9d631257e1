"""Spans of the calendar that questions name: `until June 2025`, `through Q3`, `연말까지`, `내년 상반기`, `남은 올해`."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Part = Literal["day", "month", "quarter", "half", "year"]

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTH = r"(?P<word>" + "|".join(rf"{name[:3]}(?:{name[3:]})?" for name in _MONTHS) + r"|sept)\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_KO_YEAR = r"(?:(?P<year>(?:19|20)\d\d)\s*년|(?P<this>올해|금년|이번\s*해)|(?P<next>내년|다음\s*해|차년도))"
_ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
    "상": 1,
    "하": 2,
}
_ORDINAL = r"(?P<ordinal>first|second|third|fourth|1st|2nd|3rd|4th)"
_OF_YEAR = rf"(?:\s*,?\s*(?:of\s+)?(?:{_YEAR}|(?P<this>(?:the|this)\s+year)|(?P<next>next\s+year)))?"
_LEAD = (
    r"(?P<until>(?:\b(?:until|till|through|thru|up\s+to|by)\s+|(?<!\w)to\s+(?=(?:the\s+)?end\b))(?:the\s+)?(?:end\s+of\s+)?(?:the\s+)?)"
    r"|(?:\b(?:for|in|during|over|of)\s+(?:the\s+)?)"
)
_END = r"(?P<till>\s*(?:말|말일)?\s*까지)?"
_PATTERNS: tuple[tuple[Part, str], ...] = (
    ("day", rf"(?:{_LEAD}){_YEAR}[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?)(?!\d)"),
    ("day", rf"(?:{_LEAD}){_MONTH}\s+(?P<day>\d\d?)(?:st|nd|rd|th)?(?!\d)(?:\s*,?\s*{_YEAR})?"),
    ("day", rf"(?:{_LEAD})(?P<day>\d\d?)(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:\s*,?\s*{_YEAR})?(?![a-z])"),
    ("month", rf"(?:{_LEAD}){_YEAR}[-/.](?P<month>\d\d?)(?![\d-])"),
    ("month", rf"(?:{_LEAD}){_MONTH}(?![a-z]){_OF_YEAR}"),
    ("quarter", rf"(?:{_LEAD}){_YEAR}[\s-]*q(?P<quarter>[1-4])\b"),
    ("quarter", rf"(?:{_LEAD})(?:q(?P<quarter>[1-4])\b|{_ORDINAL}\s+quarter\b){_OF_YEAR}"),
    ("half", rf"(?:{_LEAD})(?:h(?P<half>[12])\b|{_ORDINAL}\s+half\b){_OF_YEAR}"),
    (
        "year",
        r"(?P<until>\b(?:until|till|through|by|to)\s+(?:the\s+)?(?:year[\s-]end|end\s+of\s+(?:(?:the|this)\s+)?year))\b",
    ),
    (
        "year",
        rf"(?P<until>\b(?:until|till|through|by|to)\s+(?:the\s+)?end\s+of\s+)(?:{_YEAR}|(?P<next>next\s+year))",
    ),
    ("year", r"(?P<until>\b(?:rest|remainder)\s+of\s+)(?:the|this)\s+year\b"),
    ("year", rf"(?:{_LEAD}){_YEAR}(?![\d-])"),
    ("year", r"(?P<next>\b(?:next|coming|following)\s+year)\b"),
    (
        "quarter",
        r"(?P<until>\b(?:until|till|through|by|to)\s+(?:the\s+)?end\s+of\s+(?:the|this)\s+quarter)\b",
    ),
    ("month", r"(?P<until>\b(?:until|till|through|by|to)\s+(?:the\s+)?end\s+of\s+(?:the|this)\s+month)\b"),
    ("month", r"(?P<until>\b(?:rest|remainder)\s+of\s+)(?:the|this)\s+month\b"),
    ("year", r"(?P<till>연말\s*까지)|(?P<rest>남은\s*(?:올해|연도|기간)|올해\s*남은)"),
    ("day", rf"{_YEAR}[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?){_END}(?!\d)"),
    ("day", rf"(?:{_KO_YEAR}\s*)?(?P<month>\d\d?)\s*월\s*(?P<day>\d\d?)\s*일{_END}"),
    ("month", rf"{_KO_YEAR}\s*(?P<month>\d\d?)\s*월{_END}"),
    ("month", r"(?<!\d)(?P<month>\d\d?)\s*월(?P<till>\s*(?:말|말일)?\s*까지)"),
    ("month", rf"{_YEAR}-(?P<month>\d\d)(?P<till>\s*까지)"),
    ("quarter", rf"(?:{_KO_YEAR}\s*)?(?<![\d다음])(?P<quarter>[1-4])\s*(?:/\s*4\s*)?분기{_END}"),
    ("half", rf"(?:{_KO_YEAR}\s*)?(?P<ordinal>[상하])반기{_END}"),
    ("quarter", r"(?:이번\s*)?분기\s*(?P<till>말\s*까지)"),
    ("month", r"(?:(?:이번\s*|이\s*)?달|이달|월)\s*(?P<till>말\s*까지)"),
    ("year", rf"{_KO_YEAR}{_END}"),
)
_PART_MONTHS: dict[Part, int] = {"day": 1, "month": 1, "quarter": 3, "half": 6, "year": 12}
_SPANS = tuple((part, re.compile(pattern)) for part, pattern in _PATTERNS)
_HISTORY = re.compile(
    r"(?:data|history|based on|using|use|train(?:ed|ing)?(?: on)?|since|last|past|지난|최근)\s+(?:[a-z]+\s+){0,2}$"
    r"|(?:from|between)\s+(?:\S+\s+){0,3}$"
)
_HISTORY_AFTER = re.compile(
    r"^\s*(?:의|간의|치)?\s*(?:data|history|figures|sales data|데이터|자료|기록|실적|까지의|부터|이후)"
    r"|^[가-힣\s]{0,12}(?:바탕|기반|토대|근거)"
)


@dataclass(frozen=True)
class Span:
    """A named span: its parts as far as they were said. `following` is `next year`; `until` means from now to its end."""

    part: Part
    said: str
    until: bool = False
    year: int | None = None
    following: bool = False
    current: bool = False
    number: int | None = None
    day: int | None = None

    def resolve(self, last: date) -> tuple[date, date]:
        """First moment and end (excluded) of the span, seen from `last`, the day the data end.

        Without a year it is the first such span that ends after the data do.
        Raises: ValueError for a day that does not exist.
        """
        after = date(last.year, last.month, last.day) + timedelta(days=1)
        if self.year is not None:
            return self._of(self.year, self.number or 1)
        if self.following:
            return self._of(last.year + 1, self.number or 1)
        if self.number is None:
            return self._of(after.year, (after.month - 1) // _PART_MONTHS[self.part] + 1)
        start, end = self._of(after.year, self.number)
        return (start, end) if end > after or self.current else self._of(after.year + 1, self.number)

    def _of(self, year: int, number: int) -> tuple[date, date]:
        if self.part == "day":
            start = date(year, number, self.day or 1)
            return start, start + timedelta(days=1)
        months = _PART_MONTHS[self.part]
        end = year * 12 + number * months
        return date(year, (number - 1) * months + 1, 1), date(end // 12, end % 12 + 1, 1)


def read_spans(question: str) -> list[Span]:
    """The spans that the question names, the most exact first. Spans of the history it says to use are left out."""
    said = " ".join(question.split())
    text = said.lower() if len(said.lower()) == len(said) else said
    found: list[Span] = []
    taken: list[re.Match[str]] = []
    for part, pattern in _SPANS:
        for match in pattern.finditer(text):
            if any(match.start() < other.end() and other.start() < match.end() for other in taken):
                continue
            taken.append(match)
            past = _HISTORY.search(text[: match.start()]) or _HISTORY_AFTER.search(text[match.end() :])
            span = None if past else _span(part, match, said[match.start() : match.end()])
            found += [span] if span is not None else []
    return found


def _span(part: Part, match: re.Match[str], said: str) -> Span | None:
    found = {key: value for key, value in match.groupdict().items() if value}
    number = next((int(found[key]) for key in ("month", "quarter", "half") if key in found), None)
    if "word" in found:
        number = next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(found["word"][:3]))
    if "ordinal" in found:
        number = _ORDINALS[found["ordinal"]]
    most = {"month": 12, "day": 12, "quarter": 4, "half": 2}.get(part)
    if number is not None and most is not None and not 1 <= number <= most:
        return None
    return Span(
        part=part,
        said=said.strip(),
        until=bool({"until", "till", "rest"} & found.keys()),
        year=int(found["year"]) if "year" in found else None,
        following="next" in found,
        current="this" in found,
        number=number,
        day=int(found["day"]) if "day" in found else None,
    )
