"""The state of reading one question: which mentions have been placed in the query, and how to find their neighbours."""

from collections.abc import Callable
from dataclasses import dataclass, field

from .catalog import Catalog, ColumnInfo
from .concepts import ENTITIES
from .mentions import Mention
from .query import Measure, Query


class UnsureError(Exception):
    """The question cannot be answered with certainty; carries the reason in English and Korean."""

    def __init__(self, en: str, ko: str) -> None:
        super().__init__(en)
        self.en = en
        self.ko = ko


@dataclass
class Draft:
    """Mentions by index, the indices already `used`, and the query that grows.

    `ranked` names the keys whose values compete, `inside` those that are wholes of their own (`within each region`), `per`
    those said as a rate (`per order`); `over` is what the figure is divided by. Reading fails if a mention stays unused.
    """

    catalog: Catalog
    mentions: list[Mention]
    query: Query = field(default_factory=Query)
    used: set[int] = field(default_factory=set)
    ranked: set[str] = field(default_factory=set)
    inside: set[str] = field(default_factory=set)
    per: set[str] = field(default_factory=set)
    over: Measure | None = None

    def all(self, kind: str, *, free: bool = True) -> list[int]:
        """Indices of the mentions of `kind`, by default those not used yet."""
        return [n for n, m in enumerate(self.mentions) if m.kind == kind and not (free and n in self.used)]

    def has(self, kind: str) -> bool:
        """True when the question has a mention of `kind`, used or not."""
        return any(m.kind == kind for m in self.mentions)

    def take(self, *indices: int) -> None:
        """Marks mentions as placed."""
        self.used.update(indices)

    def at(self, index: int) -> Mention | None:
        """The mention at `index`, or None beyond the ends."""
        return self.mentions[index] if 0 <= index < len(self.mentions) else None

    def column(self, index: int, prefer: Callable[[ColumnInfo], bool] | None = None) -> ColumnInfo:
        """The one column a mention means. Raises: UnsureError when several fit equally well."""
        mention = self.mentions[index]
        columns = [c for c, _ in mention.columns]
        if len(columns) > 1 and prefer is not None:
            columns = [c for c in columns if prefer(c)] or columns
        if len(columns) != 1:
            names = ", ".join(c.name for c in columns)
            raise UnsureError(
                f'"{mention.text}" may mean several columns: {names}.',
                f"'{mention.text}'에 해당하는 열이 여러 개입니다: {names}.",
            )
        self.query.words.setdefault(columns[0].name, mention.text)
        score = next(s for c, s in mention.columns if c is columns[0])
        if score < 0.7:
            name = columns[0].name
            self.query.assume(
                f'"{mention.text}" was read as the column {name}.',
                f"'{mention.text}'(을/를) {name} 열로 보았습니다.",
            )
        return columns[0]

    def is_numeric(self, index: int) -> bool:
        """True when the mention at `index` is a column with a numeric reading."""
        mention = self.at(index)
        return mention is not None and mention.kind == "column" and any(c.numeric for c, _ in mention.columns)

    def is_dimension(self, index: int) -> bool:
        """True when the mention at `index` is a column that can only group or be counted."""
        mention = self.at(index)
        return (
            mention is not None
            and mention.kind == "column"
            and not any(c.numeric for c, _ in mention.columns)
        )

    def is_entity(self, index: int) -> bool:
        """True when the mention at `index` is a column of things that can be counted."""
        mention = self.at(index)
        return self.is_dimension(index) and any(
            c.semantic == "identifier" or set(c.concepts) & ENTITIES
            for c, _ in (mention.columns if mention else ())
        )

    def named_dates(self) -> ColumnInfo | None:
        """The one column of dates that the question names, if any."""
        named = {c.name: c for m in self.mentions for c, _ in m.columns if c.temporal}
        return next(iter(named.values())) if len(named) == 1 else None

    def is_flag(self, index: int) -> bool:
        """True when the mention at `index` is one yes-or-no column."""
        mention = self.at(index)
        return (
            mention is not None
            and mention.kind == "column"
            and len(mention.columns) == 1
            and mention.columns[0][0].boolean
        )

    def first_named(self, *concepts: str) -> ColumnInfo | None:
        """The first numeric column that one of `concepts` names, exact names first."""
        for concept in concepts:
            exact = [c for c in self.catalog.columns if c.numeric and c.concepts == (concept,)]
            partly = [c for c in self.catalog.columns if c.numeric and c.concepts[-1:] == (concept,)]
            if exact or len(partly) == 1:
                return (exact or partly)[0]
        return None
