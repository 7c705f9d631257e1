"""Which of several queries to trust: the result that at least two of them agree on."""

from dataclasses import dataclass
from itertools import permutations
from typing import Any

QUORUM = 2
_MOST_PERMUTED = 5


@dataclass(frozen=True)
class Candidate:
    """A query that ran, the rows it gave, and whether there are `more` than these."""

    sql: str
    columns: list[str]
    rows: list[list[Any]]
    more: bool = False


def elect(candidates: list[Candidate]) -> tuple[Candidate, int] | None:
    """The candidate whose rows most others share, and how many share them; None without a quorum. Fewer columns go first.

    Nothing at all (no rows, or missing values alone) is no answer that can be agreed on.
    """
    answering = [c for c in candidates if any(value is not None for row in c.rows for value in row)]
    votes = [(sum(same_result(one.rows, other.rows) for other in answering), one) for one in answering]
    enough = [(count, one) for count, one in votes if count >= QUORUM]
    if not enough:
        return None
    count, winner = max(enough, key=lambda vote: (vote[0], -len(vote[1].columns)))
    return winner, count


def same_result(one: list[list[Any]], other: list[list[Any]]) -> bool:
    """True when the columns of the narrower result are found in the wider, with the same rows in any order."""
    if len(one) != len(other):
        return False
    if not one:
        return True
    narrow, wide = sorted((one, other), key=lambda rows: len(rows[0]))
    wanted = sorted(tuple(map(_comparable, row)) for row in narrow)
    if len(wide[0]) > _MOST_PERMUTED:
        return len(wide[0]) == len(narrow[0]) and wanted == sorted(tuple(map(_comparable, r)) for r in wide)
    return any(
        sorted(tuple(_comparable(row[n]) for n in chosen) for row in wide) == wanted
        for chosen in permutations(range(len(wide[0])), len(narrow[0]))
    )


def _comparable(value: Any) -> str:
    """A value as text that is equal when the values are: numbers to nine digits."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:.9g}"
