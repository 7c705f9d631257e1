"""What a question asks to be explained in particular: costs of errors, groups to compare, one row."""

import re
from dataclasses import dataclass

from mesh.tabular.lexicon import concepts_in, concepts_of, mentions

_MISSED = re.compile(
    r"miss(?:es|ed|ing)?\b|false negatives?|overlook\w*|undetected|놓치\S*|놓친\S*|미탐\S*|못 ?찾으면|지나치면"
)
_ALARM = re.compile(
    r"false (?:alarms?|positives?)|wrong(?:ly)? (?:alarms?|alerts?|flag\w*)|needless\w*|잘못 ?알리\S*|오탐\S*|"
    r"헛경보\S*|오경보\S*|"
    r"잘못 ?(?:경고|알람|판단)\S*|거짓 ?(?:경보|양성)\S*"
)
_NUMBER = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*(천만|백만|억|만|천|million|thousand|k\b)?")
_TIMES = re.compile(r"(\d+(?:\.\d+)?)\s*(?:times|x\b|배)")
_UNITS = {
    "천": 1e3,
    "만": 1e4,
    "백만": 1e6,
    "천만": 1e7,
    "억": 1e8,
    "thousand": 1e3,
    "k": 1e3,
    "million": 1e6,
}
_FAIR = re.compile(r"fair|bias|discriminat|equal(?:ly)? (?:treat|across)|공정|편향|차별|형평")
_ROW = re.compile(r"\brow (?:number )?#?(\d+)\b|(\d+) ?번(?:째)? ?(?:행|줄|고객|건)|행 (\d+)")
_PROTECTED = ("gender", "age")
_PROTECTED_NAMES = (
    "race",
    "ethnic",
    "nationality",
    "religion",
    "disability",
    "marital",
    "인종",
    "국적",
    "종교",
    "장애",
)


@dataclass(frozen=True)
class Costs:
    """What one error costs, in any unit: a missed positive row, and a false alarm."""

    missed: float
    false_alarm: float


def asked_costs(question: str) -> Costs | None:
    """The costs that a question names (missing one costs 100 and a false alarm 5; 놓치면 100, 잘못 알리면 5); None without both.

    `missing one is 10 times as bad as a false alarm` is 10 to 1.
    """
    text = question.lower()
    missed, alarm = _MISSED.search(text), _ALARM.search(text)
    if missed is None or alarm is None:
        return None
    times = _TIMES.search(text)
    if times is not None:
        ratio = float(times[1])
        return Costs(ratio, 1.0) if missed.start() < alarm.start() else Costs(1.0, ratio)
    found = [(match.start(), _value(match)) for match in _NUMBER.finditer(text)]
    first, second = sorted((missed.start(), alarm.start()))
    own = [value for place, value in found if first < place < second]
    other = [value for place, value in found if place > second]
    before = [value for place, value in found if place < first]
    if not other and own and before:
        own, other = before[-1:], own[:1]
    if not own or not other or min(own[0], other[0]) <= 0:
        return None
    return Costs(own[0], other[0]) if missed.start() < alarm.start() else Costs(other[0], own[0])


def asks_for_fairness(question: str) -> bool:
    """Whether a question is about equal treatment."""
    return _FAIR.search(question.lower()) is not None


def asked_group(question: str, columns: list[str]) -> str | None:
    """The column whose groups a question wants compared: named, or meant (성별 is `gender`), or else a protected one."""
    named = [column for column in columns if mentions(question, column)]
    if named:
        return named[0]
    spoken = set(concepts_in(question))
    meant = [column for column in columns if spoken & set(concepts_of(column))]
    return meant[0] if meant else next((column for column in columns if _protected(column)), None)


def asked_row(question: str) -> int | None:
    """The number of the row that a question wants explained, from 1."""
    match = _ROW.search(question.lower())
    return int(next(group for group in match.groups() if group)) if match else None


def _value(match: re.Match[str]) -> float:
    return float(match[1].replace(",", "")) * _UNITS.get(match[2] or "", 1.0)


def _protected(column: str) -> bool:
    concepts = concepts_of(column)
    return any(c in concepts for c in _PROTECTED) or any(name in column.lower() for name in _PROTECTED_NAMES)
