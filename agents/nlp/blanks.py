"""Reads questions about missing values: `without a budget`, `age is missing`, `평점이 비어 있는`."""

from .catalog import ColumnInfo
from .draft import Draft, UnsureError
from .query import Filter

_VALUE = frozenset({"value", "values", "값", "기록", "정보"})


def place_blanks(draft: Draft) -> list[tuple[int, Filter]]:
    """Conditions that a column has no value. Raises: UnsureError when `no` could as well mean zero."""
    placed: list[tuple[int, Filter]] = []
    for index in draft.all("blank"):
        target = _beside(draft, index)
        if target is None:
            raise UnsureError(
                f'It is unclear which column "{draft.mentions[index].text}" is about.',
                f"'{draft.mentions[index].text}'(이/가) 어느 열에 대한 것인지 분명하지 않습니다.",
            )
        known = [n for n in (index - 1, index + 1) if (m := draft.at(n)) is not None and m.kind == "not"]
        draft.take(index, target, *known)
        placed.append((index, Filter(draft.column(target), "not null" if known else "null", ())))
    for index in draft.all("not"):
        target = index + 1 if draft.mentions[index].latin else index - 1
        mention = draft.at(target)
        if mention is None or mention.kind != "column" or target in draft.used or draft.is_flag(target):
            continue
        column = draft.column(target)
        if not (column.numeric or column.temporal):
            continue
        said = [
            n for n in (target + 1, target - 1) if (m := draft.at(n)) is not None and m.text.lower() in _VALUE
        ]
        condition = _none_of(column, sure=bool(said) or column.temporal)
        if condition is not None:
            draft.take(index, target, *said)
            placed.append((index, condition))
    return placed


def _none_of(column: ColumnInfo, *, sure: bool) -> Filter | None:
    """No value at all, or zero where the column has no rows without a value."""
    if column.blanks and (sure or not column.zeros):
        return Filter(column, "null", ())
    if column.zeros and not column.blanks:
        return Filter(column, "=", (0.0,))
    if column.blanks and column.zeros:
        raise UnsureError(
            f'"No {column.name}" can mean zero or missing; say "{column.name} is missing" or "{column.name} equal to 0".',
            f"'{column.name} 없음'은 0일 수도, 값이 비어 있는 것일 수도 있습니다. '비어 있는' 또는 '0인'이라고 말씀해 주십시오.",
        )
    return None


def _beside(draft: Draft, index: int) -> int | None:
    """The column next to the word for missing: before or after it, words like `value` passed over."""
    for step in (-1, 1, -2, 2):
        mention = draft.at(index + step)
        if mention is not None and mention.kind == "column" and index + step not in draft.used:
            return index + step
    return None
