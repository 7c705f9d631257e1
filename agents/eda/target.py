"""The outcome column: which of its two values is the event, and how often it happens."""

import re
from typing import Any

from mesh.tabular.lexicon import alludes
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
    "합격",
    "생존",
    "o",
)
NEGATIVE = re.compile(
    r"^(?:no|not|non|never|none|false|0|0\.0|n|absent|control|healthy|rejected|failed|died|dead|lost|불합격|아니오|아니요|없음|사망|실패)"
    r"(?![a-z])|^(?:미|불|비)[가-힣]",
    re.IGNORECASE,
)


def describe_target(sheet: Sheet, name: str) -> dict[str, Any]:
    """The outcome column: the level that counts as positive, its count among the known rows, its rate."""
    levels = sheet.levels[name]
    positive = positive_level(levels, name)
    known = levels.codes[levels.codes >= 0]
    count = int((known == levels.names.index(positive)).sum())
    return {
        "name": name,
        "positive": positive,
        "count": count,
        "n": int(known.size),
        "rate": ratio(count, known.size),
    }


def positive_level(levels: Levels, column: str) -> str:
    """The level of a two-valued column that counts as the event: one that is called so, that the column is named after
    (`Admitted` of `Admit`), or whose opposite is called a negative; else the last."""
    names = levels.names
    called = [name for name in names if name.lower() in POSITIVE]
    namesake = [name for name in names if alludes(name, column)]
    rest = [name for name in names if not NEGATIVE.match(name)]
    single = [found[0] for found in (called, namesake, rest) if len(found) == 1]
    return next(iter(single), next(iter(called), names[-1]))
