"""Which columns of several tables are keys to join them by, ranked by how sure that is."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import combinations

from mesh.results import Column

from .relating import Join, KeyPair, Sheet, Side
from .relating_keys import KeyIndex, may_be_key
from .relating_names import is_key_name, name_score

_MIN_OVERLAP = 0.05
_LEAST, _CREDIBLE = 0.2, 0.4
_TELLING, _TELLING_VALUES = 0.8, 3
_NUMBERED = 0.25
"""Two columns named as keys (`SupportRepId`, `EmployeeId`) whose numbers match: worth a look, no more."""
_GAIN = 0.005
_ALL, _FAIR = 0.98, 0.3
_SHARED_NAME = 0.9
_MAX_COMPOSITE = 4
_PER_PAIR = 5


def propose(index: KeyIndex, sheets: Sequence[Sheet], named: Sequence[tuple[str, str]] = ()) -> list[Join]:
    """The joins between any two tables that names and values speak for, surest first.

    Args: `named` are pairs of column names that the person gave, measured whatever they look like.
    A join's confidence in [0, 1] is the evidence for its key (how alike the names are, or that texts match that could
    not match by chance) times 0.2 + 0.8 × the better match rate, halved when the key is unique on neither side.
    Integers that match prove nothing without a name: every numbered list matches every other.
    """
    found: list[Join] = []
    for left, right in combinations(range(len(sheets)), 2):
        pairs = _pairs(index, sheets, left, right, named)
        joins = [join for pair in pairs if (join := _join(index, sheets, left, right, [pair])) is not None]
        if not any(join.of_right.unique and join.confidence >= _CREDIBLE for join in joins):
            joins += _composite(index, sheets, left, right, pairs)
        found += [join for join in joins if join.confidence >= _LEAST or _is_named(join, named)]
    known = {end for join in found if join.confidence >= _CREDIBLE for end in _ends(join)}
    likely = [
        join
        for join in found
        if join.confidence >= _CREDIBLE or _is_named(join, named) or _may_refer(join, known)
    ]
    return _shortened(sorted(likely, key=_rank))


def _rank(join: Join) -> tuple[float, int, int, tuple[str, ...]]:
    return -join.confidence, join.left, join.right, tuple(key.left for key in join.keys)


def _is_named(join: Join, named: Sequence[tuple[str, str]]) -> bool:
    return any(_given(key.left, key.right, named) for key in join.keys)


def _shortened(ranked: Sequence[Join]) -> list[Join]:
    """The first few of every two tables."""
    counts: Counter[frozenset[int]] = Counter()
    kept = []
    for join in ranked:
        tables = frozenset({join.left, join.right})
        counts[tables] += 1
        if counts[tables] <= _PER_PAIR:
            kept.append(join)
    return kept


def _ends(join: Join) -> list[tuple[int, str]]:
    """The columns that a join uses, each with its table's place."""
    left = [(join.left, key.left) for key in join.keys]
    return left + [(join.right, key.right) for key in join.keys]


def _may_refer(join: Join, known: Collection[tuple[int, str]]) -> bool:
    """Whether a key that only its values speak for may still be one.

    Every row finds one partner, a fair part of the partners is found, and the column is no better key already.
    """
    met = join.of_left.match_rate >= _ALL and join.of_right.match_rate >= _FAIR
    refers = join.cardinality == "n:1" and met
    return refers and not any((join.left, key.left) in known for key in join.keys)


def _given(first: str, second: str, named: Sequence[tuple[str, str]]) -> bool:
    return (first, second) in named or (second, first) in named


def _pairs(
    index: KeyIndex, sheets: Sequence[Sheet], left: int, right: int, named: Sequence[tuple[str, str]]
) -> list[KeyPair]:
    """The pairs of columns whose types, meanings and values allow that they are one key."""
    found = []
    for first in sheets[left].columns:
        for second in sheets[right].columns:
            score = name_score(first.name, second.name, sheets[left].name, sheets[right].name)
            given = _given(first.name, second.name, named)
            if given or (
                _possible(first, second, score)
                and index.overlap((left, first.name), (right, second.name)) >= _MIN_OVERLAP
            ):
                found.append(KeyPair(first.name, second.name, score))
    return found


def _possible(left: Column, right: Column, score: float) -> bool:
    """Whether types and meanings allow one key; a number taken for an amount may be one where its namesake is a key."""
    dates = {"date", "datetime"}
    keys = (may_be_key(left), may_be_key(right))
    namesakes = any(keys) and score >= _SHARED_NAME and {left.type, right.type} <= {"integer", "string"}
    return (all(keys) or namesakes) and (left.type in dates) == (right.type in dates)


def _join(
    index: KeyIndex, sheets: Sequence[Sheet], left: int, right: int, keys: Sequence[KeyPair]
) -> Join | None:
    """The join on these keys, as written or, when that matches more, coerced; None when nothing matches."""
    of_left, of_right = index.sides(left, right, keys, coerced=False)
    mended = index.sides(left, right, keys, coerced=True)
    coerced = _best_match(*mended) > _best_match(of_left, of_right) + _GAIN
    if coerced:
        of_left, of_right = mended
    keys = [
        replace(key, coerced=coerced, coercions=index.coercions(left, right, key, coerced=coerced))
        for key in keys
    ]
    if not of_left.matched:
        return None
    evidence = sum(_evidence(key, sheets[left], sheets[right], of_left) for key in keys) / len(keys)
    confidence = evidence * (0.2 + 0.8 * _best_match(of_left, of_right))
    if not (of_left.unique or of_right.unique):
        confidence *= 0.5
    join = Join(left, right, tuple(keys), of_left, of_right, round(confidence, 4))
    return join.turned() if _is_turned(join) else join


def _best_match(of_left: Side, of_right: Side) -> float:
    return max(of_left.match_rate, of_right.match_rate)


def _evidence(key: KeyPair, left: Sheet, right: Sheet, side: Side) -> float:
    """How much speaks for a pair of columns besides how many values match."""
    types = {_column(left, key.left).type, _column(right, key.right).type}
    telling = types == {"string"} and side.matched_keys >= _TELLING_VALUES
    numbered = _NUMBERED if is_key_name(key.left) and is_key_name(key.right) else 0.0
    return max(key.name_score, _TELLING if telling else 0.0, numbered)


def _column(sheet: Sheet, name: str) -> Column:
    return next(column for column in sheet.columns if column.name == name)


def _is_turned(join: Join) -> bool:
    """Whether the left table is the one to be looked up in: its key is unique and the other's not, or it has fewer rows."""
    if join.of_left.unique != join.of_right.unique:
        return join.of_left.unique
    return join.of_left.rows < join.of_right.rows


def _composite(
    index: KeyIndex, sheets: Sequence[Sheet], left: int, right: int, pairs: Sequence[KeyPair]
) -> list[Join]:
    """The join on the fewest columns of the same name that together are unique on one side; [] when there is none."""
    shared = [pair for pair in pairs if pair.name_score >= _SHARED_NAME][:_MAX_COMPOSITE]
    for size in range(2, len(shared) + 1):
        joins = [_join(index, sheets, left, right, keys) for keys in combinations(shared, size)]
        unique = [join for join in joins if join is not None and join.of_right.unique]
        if unique:
            return [min(unique, key=_rank)]
    return []
