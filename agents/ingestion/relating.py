"""Tables that belong together: what a join of two of them is made of, and how sure it is."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from mesh.results import Column

Cardinality = Literal["1:1", "n:1", "n:m"]
Coercion = Literal["type", "zero_padding", "case_space"]
How = Literal["auto", "join", "stack"]

MIN_MATCH = 0.8
"""At least this share of the rows of the first table must find a partner before tables are joined unasked."""
MIN_CONFIDENCE = 0.6
"""Below this, names and values speak too little for a key."""


@dataclass(frozen=True)
class Sheet:
    """A table to relate: its name, Parquet file, columns and number of rows."""

    name: str
    path: Path
    columns: list[Column]
    rows: int


@dataclass(frozen=True)
class Wish:
    """The person's word about a combination. `on` names key columns, each `name` or `left=right`; `goal` is the question."""

    on: tuple[str, ...] = ()
    how: How = "auto"
    min_match: float = MIN_MATCH
    goal: str = ""


@dataclass(frozen=True)
class KeyPair:
    """A column of the left table and the one of the right that hold the same thing.

    `coerced`: they are compared as text without case, surrounding spaces and leading zeros. `coercions` says what of this
    was needed; none means that equal values are written alike.
    """

    left: str
    right: str
    name_score: float
    coerced: bool = False
    coercions: tuple[Coercion, ...] = ()


@dataclass(frozen=True)
class Side:
    """One side of a join, counted in rows: how many have a key, how many of these find a partner.

    `matched_keys` and `orphans` are the numbers of distinct keys with and without a partner, `examples` some orphans;
    `repeated` is the number of keys that more than one row has.
    """

    rows: int
    keyed: int
    matched: int
    matched_keys: int
    orphans: int
    repeated: int
    examples: tuple[str, ...] = ()

    @property
    def match_rate(self) -> float:
        """The share of the rows with a key that find a partner, in [0, 1]; 0 without keys."""
        return self.matched / self.keyed if self.keyed else 0.0

    @property
    def unique(self) -> bool:
        """Whether each key belongs to one row."""
        return self.repeated == 0


@dataclass(frozen=True)
class Join:
    """A way to join two tables, by their places; the left one is that whose rows stay as many as they are."""

    left: int
    right: int
    keys: tuple[KeyPair, ...]
    of_left: Side
    of_right: Side
    confidence: float

    @property
    def cardinality(self) -> Cardinality:
        """How many rows of the left belong to how many of the right; the right key is unique unless it is n:m."""
        if not self.of_right.unique:
            return "n:m"
        return "1:1" if self.of_left.unique else "n:1"

    def is_safe(self, min_match: float = MIN_MATCH) -> bool:
        """Whether joining needs no question: no row is multiplied, enough rows match, and the key is credible.

        Of two tables with one row for each key it is enough that one of them finds its rows in the other.
        """
        rate = self.of_left.match_rate
        if self.cardinality == "1:1":
            rate = max(rate, self.of_right.match_rate)
        return self.of_right.unique and rate >= min_match and self.confidence >= MIN_CONFIDENCE

    def turned(self) -> "Join":
        """The same join seen from the other table."""
        keys = tuple(replace(key, left=key.right, right=key.left) for key in self.keys)
        return Join(self.right, self.left, keys, self.of_right, self.of_left, self.confidence)


@dataclass(frozen=True)
class Combination:
    """How tables become one: the joins are made in order, beginning with the table `root`, whose rows are kept."""

    root: int
    joins: list[Join] = field(default_factory=list)
