"""The outcome column: which of its two values is the event, and how often it happens."""

from typing import Any

from mesh.tabular.plain import ratio
from mesh.tabular.sheet import Levels, Sheet

POSITIVE = (
    "yes",
    "true",
    "1",
    "1.0",
    "y",
    "churned",
    "converted",
    "success",
    "예",
    "있음",
    "이탈",
    "성공",
    "전환",
    "o",
)


def describe_target(sheet: Sheet, name: str) -> dict[str, Any]:
    """The outcome column: the level that counts as positive, its count among the known rows, its rate."""
    levels = sheet.levels[name]
    positive = positive_level(levels)
    known = levels.codes[levels.codes >= 0]
    count = int((known == levels.names.index(positive)).sum())
    return {
        "name": name,
        "positive": positive,
        "count": count,
        "n": int(known.size),
        "rate": ratio(count, known.size),
    }


def positive_level(levels: Levels) -> str:
    """The level of a two-valued column that counts as the event."""
    return next((name for name in levels.names if name.lower() in POSITIVE), levels.names[-1])
