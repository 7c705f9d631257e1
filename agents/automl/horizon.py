"""How far ahead, and in which steps, a question asks to look: `next 30 days`, `다음 3개월`, `monthly`."""

import re
from dataclasses import dataclass
from typing import Literal

from mesh.tabular.number_words import NUMBER_WORDS

Unit = Literal["hour", "day", "week", "month", "quarter", "year"]

_UNITS: dict[Unit, str] = {
    "hour": r"hours?|시간",
    "day": r"days?|일(?!주일|곱)",
    "week": r"weeks?|주일|주(?!일|요|문)",
    "month": r"months?|개월|달",
    "quarter": r"quarters?|분기",
    "year": r"years?|년",
}
UNIT_DAYS: dict[Unit, float] = {
    "hour": 1 / 24,
    "day": 1,
    "week": 7,
    "month": 30.4375,
    "quarter": 91.3125,
    "year": 365.25,
}
_MOST_YEARS = 50
_NUMBERS = NUMBER_WORDS | {"a": 1, "twelve": 12, "석": 3, "넉": 4, "열두": 12}
_COUNT = r"(?P<n>\d{1,4}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r")"
_COMING = re.compile(r"next|coming|following|upcoming|다음|향후|앞으로|이후|차기|내년|내달")
_PAST = re.compile(r"last|past|previous|지난|최근|과거|이전")
_PERIODIC: dict[Unit, str] = {
    "hour": r"hourly|시간별|시간 단위",
    "day": r"daily|일별|일 단위|일간|하루 단위",
    "week": r"weekly|주별|주간|주 단위",
    "month": r"monthly|월별|월간|월 단위",
    "quarter": r"quarterly|분기별",
    "year": r"yearly|annual(?:ly)?|연도별|연간|년도별",
}


@dataclass(frozen=True)
class Horizon:
    """`count` times `unit` ahead."""

    count: int
    unit: Unit

    @property
    def days(self) -> float:
        """About how many days that is."""
        return self.count * UNIT_DAYS[self.unit]


def read_horizon(question: str) -> Horizon | None:
    """The horizon that the question states, or None. A number of periods without a unit is not one."""
    text = question.lower()
    for word, horizon in (
        ("반년", Horizon(6, "month")),
        ("일주일", Horizon(1, "week")),
        ("내달", Horizon(1, "month")),
    ):
        if word in text and not _PAST.search(text[: text.index(word)][-8:]):
            return horizon
    for unit, match in _counts(text):
        before = _COMING.split(text[max(0, match.start() - 14) : match.start()])[-1]
        if not _PAST.search(before) and (_COMING.search(text) or _ahead(text, match)):
            return Horizon(max(1, _number(match["n"])), unit)
    for unit, pattern in _UNITS.items():
        if unit != "year" and re.search(
            rf"(?:next|coming|following|다음|차기)\s*(?:{pattern})(?![a-z])", text
        ):
            return Horizon(1, unit)
    return None


def states_count(question: str) -> bool:
    """Whether a number of units stands right behind `next` or its like: `next 6 weeks`, `향후 3개월`."""
    text = question.lower()
    return any(re.search(rf"(?:{_COMING.pattern})\s*$", text[: match.start()]) for _, match in _counts(text))


def _counts(text: str) -> list[tuple[Unit, re.Match[str]]]:
    """Numbers with a unit. A number of years that is a year itself is none."""
    return [
        (unit, match)
        for unit, pattern in _UNITS.items()
        for match in re.finditer(rf"(?<![\w.]){_COUNT}[\s-]*(?:{pattern})(?![a-z])", text)
        if unit != "year" or _number(match["n"]) <= _MOST_YEARS
    ]


def read_frequency(question: str) -> Unit | None:
    """The step that the question asks for (`monthly forecast`, `주별 예측`), or None."""
    text = question.lower()
    return next((unit for unit, pattern in _PERIODIC.items() if re.search(pattern, text)), None)


def _ahead(text: str, match: re.Match[str]) -> bool:
    if re.search(r"(forecast|predict).*\bfor (?:the )?$", text[: match.start()]):
        return True
    around = text[max(0, match.start() - 12) : match.end() + 14]
    return bool(re.search(r"ahead|horizon|forecast|out\b|뒤|후|예측", around)) and "데이터" not in around


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS[word]
