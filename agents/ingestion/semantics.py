"""What the values of a column mean, from its name, its type and counts over all of its values."""

from dataclasses import dataclass

from mesh.results import SemanticType

from .contents import Content
from .vocabulary import Meaning, meaning_of, words_of

_FEW = 50
_MANY = 50
"""A quantity of which so many values are nothing but 0 and 1 says whether, not how much."""


@dataclass(frozen=True)
class ColumnFacts:
    """Counts over all rows: `present` values, `distinct` ones; numbers' extent; texts' mean length and mean number of words.

    `estimated` says that `distinct` is an estimate; `content` what the texts are by themselves.
    """

    name: str
    type: str
    rows: int
    present: int
    distinct: int
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    mean_length: float = 0.0
    mean_words: float = 0.0
    looks_like_key: bool = False
    estimated: bool = False
    content: Content = ""


@dataclass(frozen=True)
class Semantics:
    """A meaning with the confidence (0 to 1) and the reason in a few words (`name`, `values`, `type`, `unit`, `default`)."""

    semantic: SemanticType
    confidence: float
    reason: str


def semantics_of(facts: ColumnFacts) -> Semantics:
    """The meaning of a column. Confidence is 0.9 and more when name and values agree, below 0.6 for a guess."""
    if facts.present == 0:
        return Semantics("unknown", 1.0, "values")
    if facts.type in ("date", "datetime"):
        return Semantics("date", 0.99, "type")
    if facts.type == "boolean":
        return Semantics("boolean", 0.99, "type")
    meaning = meaning_of(facts.name)
    return _of_text(facts, meaning) if facts.type == "string" else _of_number(facts, meaning)


def _unique_share(facts: ColumnFacts) -> float:
    return facts.distinct / facts.present


def _of_text(facts: ColumnFacts, meaning: Meaning | None) -> Semantics:
    unique = _unique_share(facts)
    if facts.content == "place":
        return Semantics("geo", 0.95 if meaning in ("geo", "place") else 0.85, "values")
    if facts.content == "contact" and unique > 0.5:
        return Semantics("identifier", 0.9, "values")
    if meaning == "geo":
        return Semantics("geo", 0.85, "name")
    if meaning == "identifier" and (unique > 0.5 or facts.distinct > 100):
        return Semantics("identifier", 0.95 if unique > 0.95 else 0.8, "name and values")
    if facts.present >= 20 and unique == 1 and facts.mean_words < 1.5 and facts.looks_like_key:
        return Semantics("identifier", 0.85, "values")
    if meaning == "text" or facts.mean_words >= 5 or facts.mean_length > 60:
        repeated = unique < 0.2 and (facts.mean_words < 5 or facts.distinct <= _FEW)
        return Semantics("category", 0.6, "values") if repeated else Semantics("text", 0.85, "values")
    if meaning == "place":
        return Semantics("geo", 0.85, "name")
    few = facts.distinct <= max(_FEW, 0.2 * facts.present) and (
        facts.distinct < facts.present or facts.present < 20
    )
    if few:
        return Semantics("category", 0.95 if meaning in ("category", "period") else 0.85, "values")
    return Semantics("category", 0.5, "default") if unique < 0.9 else Semantics("text", 0.5, "values")


def _of_number(facts: ColumnFacts, meaning: Meaning | None) -> Semantics:
    integer = facts.type == "integer"
    low, high = facts.low or 0.0, facts.high or 0.0
    if (
        integer
        and facts.distinct == 2
        and (low, high) == (0, 1)
        and (meaning not in ("count", "measure") or facts.present >= _MANY)
    ):
        return Semantics("boolean", 0.9, "values")
    if integer and low >= 0 and high <= 1 and words_of(facts.name)[:1] in (["is"], ["has"]):
        return Semantics("boolean", 0.9, "name and values")
    if meaning == "identifier" and integer:
        strong = _unique_share(facts) > 0.9
        code = facts.distinct > 50 or strong or words_of(facts.name)[-1:] == ["id"]
        return Semantics("identifier" if code else "category", 0.95 if strong else 0.7, "name and values")
    if integer and facts.present >= 20 and _is_row_number(facts) and meaning in (None, "count"):
        return Semantics("identifier", 0.75, "values")
    if meaning == "geo" and low >= -180 and (integer or high <= 180):
        return Semantics("geo", 0.9, "name and values")
    if meaning == "period" and integer:
        return Semantics("category", 0.8, "name")
    if integer and meaning == "category" and facts.distinct <= 20:
        return Semantics("category", 0.8, "name")
    if facts.unit in ("%", "℃", "°F", "세", "살") or (facts.unit and meaning == "intensive"):
        return Semantics("intensive", 0.95, "unit")
    if meaning == "intensive":
        return Semantics("intensive", 0.9, "name")
    if meaning == "count":
        return Semantics("count" if integer or facts.unit else "measure", 0.9, "name")
    if meaning == "measure":
        return Semantics("measure", 0.9, "name")
    if facts.unit in ("개", "명", "건", "회", "대", "권", "병", "잔"):
        return Semantics("count", 0.85, "unit")
    return _of_bare_number(facts, meaning, integer=integer, low=low, high=high)


def _of_bare_number(
    facts: ColumnFacts, meaning: Meaning | None, *, integer: bool, low: float, high: float
) -> Semantics:
    if integer and meaning in ("category", "place") and facts.distinct <= max(20, 0.2 * facts.present):
        return Semantics("category", 0.8, "name")
    if integer and facts.present >= 50 and facts.distinct <= 7 and low >= 0 and high <= 10:
        return Semantics("category", 0.5, "values")
    if not integer and low >= 0 and high <= 1 and facts.present >= 10:
        return Semantics("intensive", 0.6, "values")
    measured_in = {"kg", "km", "cm", "mm", "m", "degree", "deg", "celsius", "usd", "krw", "eur"}
    if measured_in & set(words_of(facts.name)):
        return Semantics("measure", 0.6, "name")
    return Semantics("measure", 0.4, "default")


def _is_row_number(facts: ColumnFacts) -> bool:
    return (
        facts.distinct == facts.present == facts.rows
        and facts.low in (0.0, 1.0)
        and facts.high
        in (
            facts.rows - 1.0,
            float(facts.rows),
        )
    )
