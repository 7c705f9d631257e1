"""Days between two columns of dates: which pairs a table has, and where a question names one (`주문일부터 도착일까지`)."""

import re
from dataclasses import replace
from itertools import permutations
from typing import Any

from .catalog import ColumnInfo
from .mentions import Mention

MAX_DATE_COLUMNS = 4
_FROM = re.compile(r"\b(?:between|from)\s+(?:the\s+)?$")
_TO = re.compile(r"^\s*(?:(?:and|to|until|till)\s+)(?:the\s+)?$")


def day_spans(columns: list[ColumnInfo], values: dict[str, Any]) -> list[ColumnInfo]:
    """A column of days for every two columns of dates of which one never comes before the other.

    Args: `values` are the temporal columns' values by name, as Arrow arrays. A table with a column of durations of its own,
    or with more than `MAX_DATE_COLUMNS` columns of dates, gets none.
    """
    dated = [c for c in columns if c.temporal]
    if len(dated) > MAX_DATE_COLUMNS or any(c.numeric and "duration" in c.concepts for c in columns):
        return []
    return [
        ColumnInfo(
            f"days from {first.name} to {last.name}",
            "integer",
            "intensive",
            ("duration",),
            days=(first.name, last.name),
        )
        for first, last in permutations(dated, 2)
        if _follows(values[first.name], values[last.name])
    ]


def _follows(first: Any, last: Any) -> bool:
    """True when `last` is never before `first`, and later somewhere."""
    import pyarrow as pa
    import pyarrow.compute as pc

    first, last = (side.cast(pa.timestamp("us")) for side in (first, last))
    if first.null_count == len(first) or last.null_count == len(last):
        return False
    return bool(pc.all(pc.less_equal(first, last)).as_py()) and bool(pc.any(pc.less(first, last)).as_py())


def merge_spans(mentions: list[Mention], columns: tuple[ColumnInfo, ...]) -> list[Mention]:
    """`from ordered to delivered`, `주문일부터 도착일까지` as one mention of the days between the two."""
    spans = [c for c in columns if c.days is not None]
    for at in range(len(mentions) - 1):
        left, right = mentions[at], mentions[at + 1]
        if not (spans and _is_range(left, right)):
            continue
        ends = {c.name for side in (left, right) for c, _ in side.columns if c.temporal}
        named = [c for c in spans if c.days is not None and set(c.days) <= ends]
        if len(named) == 1:
            head = [m for m in mentions[: _lead(mentions, at)] if not _is_span(m)]
            tail = [m for m in mentions[at + 2 :] if not _is_span(m)]
            return [*head, _merged(left, right, named[0]), *tail]
    return mentions


def _is_range(left: Mention, right: Mention) -> bool:
    if not all(any(c.temporal for c, _ in side.columns) for side in (left, right)):
        return False
    if left.after in {"부터", "에서"}:
        return True
    return bool(_TO.match(right.gap) and (_FROM.search(left.gap) or left.gap.strip() == ""))


def _lead(mentions: list[Mention], at: int) -> int:
    """Where the words begin that only introduce the range: `how many days`, `number of days`, `from`."""
    while at > 0 and (
        mentions[at - 1].kind in {"from", "count"}
        or (mentions[at - 1].kind == "unit" and mentions[at - 1].payload == "day")
    ):
        at -= 1
    return at


def _is_span(mention: Mention) -> bool:
    return bool(mention.columns) and all(c.days is not None for c, _ in mention.columns)


def _merged(left: Mention, right: Mention, column: ColumnInfo) -> Mention:
    text = f"{left.text} ~ {right.text}"
    return replace(left, text=text, span=(left.span[0], right.span[1]), columns=((column, 1.0),), after="")
