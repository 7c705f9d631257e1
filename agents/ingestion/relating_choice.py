"""How several tables become one without a question: what is stacked, what is joined to what, and when to ask."""

from collections.abc import Sequence
from dataclasses import dataclass

from .relating import Combination, Join, Sheet

_AS_GOOD = 0.05
"""Two keys into one table whose confidence differs by less are equally good: the person chooses."""


@dataclass(frozen=True)
class Undecided:
    """There is no one safe way. `rivals` are equally good keys; without them, `apart` are the tables that nothing safe joins."""

    rivals: tuple[Join, ...] = ()
    apart: tuple[int, ...] = ()


def stacks_of(sheets: Sequence[Sheet]) -> list[list[int]]:
    """The tables grouped by their schema: those with the same columns, in any order and any capitals, belong together."""
    groups: dict[frozenset[str], list[int]] = {}
    for place, sheet in enumerate(sheets):
        groups.setdefault(frozenset(fold(column.name) for column in sheet.columns), []).append(place)
    return list(groups.values())


def fold(name: str) -> str:
    """A column's name as it is compared between tables of one schema."""
    return " ".join(name.split()).casefold()


def choose_joins(rows: Sequence[int], safe: Sequence[Join]) -> Combination | Undecided:
    """The joins by which every table is reached from one, its root.

    Args: `rows` of each table; `safe` joins, of which none multiplies the rows of its left table. Of several tables that
    reach all, the root is the one with most rows, then the one whose weakest join is surest.
    Returns: Undecided when no table reaches all the others, or when two keys into one table are equally good.
    """
    trees = {root: _tree(root, safe) for root in range(len(rows))}
    whole = [root for root, tree in trees.items() if len(tree) == len(rows) - 1]
    if not whole:
        reached = max(trees, key=lambda root: (len(trees[root]), rows[root]))
        inside = {reached, *(join.right for join in trees[reached])}
        return Undecided(apart=tuple(place for place in range(len(rows)) if place not in inside))
    root = max(whole, key=lambda place: (rows[place], _weakest(trees[place])))
    for join in trees[root]:
        rival = _rival(join, safe)
        if rival is not None:
            return Undecided(rivals=(join, rival))
    return Combination(root, trees[root])


def _tree(root: int, safe: Sequence[Join]) -> list[Join]:
    """The surest joins that lead from the root to whatever can be reached, in the order in which they are made."""
    inside, tree = {root}, list[Join]()
    while True:
        ways = [join for join in safe if join.left in inside and join.right not in inside]
        if not ways:
            return tree
        best = max(ways, key=lambda join: (join.confidence, join.of_left.match_rate, -join.left, -join.right))
        inside.add(best.right)
        tree.append(best)


def _weakest(tree: Sequence[Join]) -> float:
    return min((join.confidence for join in tree), default=1.0)


def _rival(join: Join, safe: Sequence[Join]) -> Join | None:
    """Another key between the same tables, into the same column, that is as good."""
    for other in safe:
        same_tables = (other.left, other.right) == (join.left, join.right)
        same_target = {key.right for key in other.keys} == {key.right for key in join.keys}
        as_good = other.confidence > join.confidence - _AS_GOOD
        if same_tables and same_target and as_good and other.keys != join.keys:
            return other
    return None
