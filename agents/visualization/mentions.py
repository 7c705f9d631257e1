"""Where a text speaks of columns, and of values of categories."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mesh.tabular.glossary import other_words
from mesh.tabular.lexicon import CONCEPTS, concepts_of, words

from .column_words import COLUMN_WORDS
from .table import MAX_LEVELS, Table

EXACT, MEANT, PART = 3, 2, 1
"""A column is named in its own words, by a word that means the same, or by one word of several."""
WEEK_OR_STATE = "주"
"""Where there are dates, `주별` is weekly; elsewhere it is by state."""

_HINTS: tuple[tuple[str, ...], ...] = (
    ("monthly", "월"),
    ("total", "총", "전체"),
    ("daily", "일"),
    ("yearly", "연"),
)
_VAGUE = {
    *(
        "id",
        "name",
        "date",
        "total",
        "avg",
        "mean",
        "of",
        "number",
        "per",
        "rate",
        "type",
        "count",
        "the",
        "is",
        "no",
    ),
    *(
        "num",
        "code",
        "value",
        "low",
        "high",
        "open",
        "day",
        "year",
        "month",
        "time",
        "average",
        "sum",
        "max",
        "min",
    ),
}
_FUNCTION_WORDS = {
    *(
        "a",
        "an",
        "as",
        "at",
        "by",
        "for",
        "in",
        "is",
        "it",
        "me",
        "no",
        "of",
        "on",
        "or",
        "so",
        "the",
        "to",
        "and",
        "with",
    ),
    *("we", "us", "do", "go", "hi", "ok", "all", "one", "per", "from", "new", "not"),
}
_ANSWERS = {"yes", "no", "true", "false", "y", "n", "예", "아니오", "unknown", "other", "기타", "none", "all"}


@dataclass(frozen=True)
class Mention:
    """A column, or a `value` of it, at `start` to `end` of the text."""

    start: int
    end: int
    column: str
    strength: int
    value: str | None = None


def column_mentions(text: str, table: Table) -> list[Mention]:
    """Columns that lower-case `text` speaks of, in order; every piece of the text names one column at most."""
    found: list[Mention] = []
    for column in table.columns:
        dated = column.name in table.dates
        for term, strength in _terms(column.name, dated=dated):
            if term == WEEK_OR_STATE and table.dates:
                continue
            found += [Mention(a, b, column.name, strength) for a, b in _places(term, text)]
    order = [column.name for column in table.columns]
    usable = {*table.numeric, *table.categories}

    def rank(mention: Mention) -> tuple[int, int, int, int, int, int]:
        grouped = _asks_for_groups(text, mention)
        fitting = mention.column in table.categories if grouped else mention.column in table.numeric
        return (
            -(mention.end - mention.start),
            -mention.strength,
            -int(fitting),
            -int(mention.column in usable),
            -_hints(mention.column, text),
            order.index(mention.column),
        )

    return _apart(sorted(found, key=rank))


def value_mentions(text: str, table: Table, known: Iterable[Mention]) -> list[Mention]:
    """Values of categories that the text names, in order; plain answers such as `yes` only right after their column."""
    found: list[Mention] = []
    after = {mention.column: {mention.end, mention.end + 1} for mention in known}
    for name in (*table.categories, *table.texts):
        levels = table.levels(name)
        if len(levels) > MAX_LEVELS:
            continue
        for value in levels:
            lowered = value.lower()
            if lowered in _FUNCTION_WORDS - _ANSWERS:
                continue
            vague = len(lowered) < 2 or lowered in _ANSWERS or lowered.replace(".", "").isdigit()
            for a, b in _places(lowered, text, inside=False):
                if not vague or a in after.get(name, set()):
                    found.append(Mention(a, b, name, EXACT, value))
            for word in (w for w in other_words(lowered) if len(w) > 2 or not w.isascii()):
                found += [Mention(a, b, name, MEANT, value) for a, b in _places(word, text, inside=False)]
    return _apart(sorted(found, key=lambda m: (-(m.end - m.start), m.start, m.column)))


def _apart(ranked: list[Mention]) -> list[Mention]:
    """The first of mentions that overlap, in the order of the text."""
    kept: list[Mention] = []
    for mention in ranked:
        if all(mention.end <= other.start or other.end <= mention.start for other in kept):
            kept.append(mention)
    return sorted(kept, key=lambda mention: mention.start)


def _terms(column: str, *, dated: bool) -> list[tuple[str, int]]:
    """The words that mean a column, with how surely they do. A date is not meant by what else its name says."""
    parts = words(column)
    terms = {column.lower(): EXACT, " ".join(parts): EXACT, "".join(parts): EXACT}
    for row in COLUMN_WORDS:
        if any(part in row for part in parts) and (not dated or "date" in row):
            for term in row:
                terms.setdefault(term, MEANT)
    if dated:
        return list(terms.items())
    for concept in concepts_of(column):
        for term in CONCEPTS[concept][0]:
            terms.setdefault(term, MEANT)
    meant = [term for term, strength in terms.items() if strength == MEANT and not term.isascii()]
    for hint in (hint for row in _HINTS if row[0] in parts for hint in row[1:]):
        terms |= {f"{hint}{gap}{term}": EXACT for term in meant for gap in ("", " ")}
    for part in parts:
        if len(part) > 2 and part not in _VAGUE | _FUNCTION_WORDS:
            terms.setdefault(part, PART)
    return list(terms.items())


def _places(term: str, text: str, *, inside: bool = True) -> list[tuple[int, int]]:
    """Where a term stands: as a whole English word with an optional plural; Korean `inside` longer words too."""
    if not term:
        return []
    if term.isascii():
        plural = (
            rf"(?:{re.escape(term)}|{re.escape(term[:-1])}ie)s?"
            if term.endswith("y")
            else rf"{re.escape(term)}(?:e?s)?"
        )
        pattern = rf"(?<![a-z0-9_]){plural}(?![a-z0-9_])"
    else:
        pattern = re.escape(term) if inside and len(term) > 1 else rf"(?<![가-힣]){re.escape(term)}"
        pattern = pattern if len(term) > 1 else rf"{pattern}(?=별|\s|[의을를은는과와에]|$)"
    return [found.span() for found in re.finditer(pattern, text)]


def _asks_for_groups(text: str, mention: Mention) -> bool:
    before, after = text[: mention.start].rstrip(), text[mention.end :]
    return after.lstrip().startswith(("별", "마다")) or before.endswith((" by", " per", "each"))


def _hints(column: str, text: str) -> int:
    """How many other words of the column's name the text has, in either language."""
    parts = words(column)
    count = sum(part in text for part in parts)
    return count + sum(any(h in text for h in row) for row in _HINTS if any(part in row for part in parts))
