"""Reads `or`: values of one column, two ranges of one column, or conditions on different columns."""

from .draft import Draft, UnsureError
from .query import Filter

Placed = list[tuple[int, Filter]]
_UNCLEAR = (
    'It is unclear which conditions "or" joins.',
    "'또는'이 어느 조건들을 잇는지 분명하지 않습니다.",
)


def join_alternatives(draft: Draft, *placed: Placed) -> None:
    """Moves conditions that are joined by `or` from `placed` (values, flags, comparisons) to the query's `alternatives`.

    `A or B` beside a third condition is read when A and B are on one column (`women over 65 or under 18`); on different columns
    it could be taken both ways. Raises: UnsureError.
    """
    for index in draft.all("or"):
        draft.take(index)
        if _same_values(draft, index):
            continue
        left = _nearest(draft, index, -1, placed)
        right = _nearest(draft, index, 1, placed)
        if left is None or right is None or left is right:
            raise UnsureError(*_UNCLEAR)
        _join(draft, left, right, placed)


def _same_values(draft: Draft, index: int) -> bool:
    """True when the values on both sides are of one column, which one condition holds already."""
    sides = [draft.at(index - 1), draft.at(index + 1)]
    names = [{name for name, _ in side.values} for side in sides if side is not None]
    return len(names) == 2 and bool(names[0] & names[1])


def _nearest(draft: Draft, index: int, step: int, placed: tuple[Placed, ...]) -> Filter | None:
    """The condition next to `or` on one side; None when something else stands between."""
    positions = {position: item for some in placed for position, item in some}
    at = index + step
    while (mention := draft.at(at)) is not None:
        if at in positions:
            return positions[at]
        if mention.kind not in {"column", "having", "who", "from", "rows", "not"}:
            return None
        at += step
    return None


def _join(draft: Draft, left: Filter, right: Filter, placed: tuple[Placed, ...]) -> None:
    query = draft.query
    open_group = next((some for some in query.alternatives if left in some), None)
    others = [item for some in placed for _, item in some if item not in {left, right}]
    if query.having or (left.column.name != right.column.name and others):
        raise UnsureError(*_UNCLEAR)
    for some in placed:
        some[:] = [(position, item) for position, item in some if item not in {left, right}]
    if open_group is not None:
        query.alternatives.remove(open_group)
    query.alternatives.append((*(open_group or (left,)), right))
