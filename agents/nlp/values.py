"""Turns the values and yes-or-no columns that a question names into filters, denied ones included."""

from typing import Any

from .catalog import ColumnInfo
from .draft import Draft, UnsureError
from .query import Filter


def place_values(draft: Draft) -> list[tuple[int, Filter]]:
    """Filters of the values named, one per column and polarity, each with the position of its last mention."""
    groups: dict[tuple[str, bool], tuple[int, list[Any]]] = {}
    for index in draft.all("value"):
        column, found = _value_of(draft, index)
        denial = _shared_denial(draft, index)
        if denial is not None:
            draft.take(denial)
        position, values = groups.get((column.name, denial is not None), (index, []))
        groups[(column.name, denial is not None)] = (max(position, index), [*values, *found])
        draft.take(index)
        for beside in (index - 1, index + 1, index + 2 if denial == index + 1 else index + 1):
            if draft.is_dimension(beside) and beside not in draft.used and _is_label(draft, beside, column):
                draft.take(beside)
    if any((name, not denied) in groups for name, denied in groups):
        raise UnsureError(
            "Values are both asked for and excluded.",
            "같은 열의 값을 포함하면서 제외하고 있어 분명하지 않습니다.",
        )
    placed = []
    for (name, denied), (position, values) in groups.items():
        unique = tuple(dict.fromkeys(values))
        placed.append((position, Filter(draft.catalog.column(name), "not in" if denied else "in", unique)))
    return placed


def place_codes(draft: Draft) -> list[tuple[int, Filter]]:
    """A number right beside a column of numbers that are categories: `8 cyl`, `level 3`, `등급 2`."""
    placed: list[tuple[int, Filter]] = []
    for index in draft.all("number"):
        number = draft.mentions[index].detail
        for beside in (index - 1, index + 1):
            mention = draft.at(beside)
            if mention is None or mention.kind != "column" or beside in draft.used:
                continue
            coded = [c for c, _ in mention.columns if c.type == "integer" and c.semantic == "category"]
            if (
                len(coded) == 1
                and isinstance(number, float)
                and (coded[0].low or 0) <= number <= (coded[0].high or 0)
            ):
                draft.take(index, beside)
                placed.append((index, Filter(coded[0], "=", (number,))))
                break
    return placed


def place_flags(draft: Draft, grouped: set[int]) -> list[tuple[int, Filter]]:
    """Filters for yes-or-no columns used as statements (`churned`, `without a partner`)."""
    placed: list[tuple[int, Filter]] = []
    for index in draft.all("column"):
        denial = negated(draft, index)
        if index in grouped or not (draft.is_flag(index) or (denial is not None and _has_no(draft, index))):
            continue
        column = draft.column(index)
        draft.take(index)
        if denial is not None:
            draft.take(denial)
        placed.append((index, Filter(column, "in", (column.no if denial is not None else column.yes,))))
    return placed


def negated(draft: Draft, index: int) -> int | None:
    """The index of the `not` that belongs to the mention at `index`: before it in English, after it in Korean."""
    before = draft.at(index - 1)
    if (
        draft.mentions[index].latin
        and before is not None
        and (before.kind == "from" or before.text.lower() == "by")
    ):
        index -= 1
    label = draft.at(index + 1)
    order = (-1,) if draft.mentions[index].latin else (1,)
    if label is not None and label.kind == "column" and _names_value(draft, index):
        index, order = index + 1, (1,)
    for step in (*order, *(-s for s in order)):
        beside = draft.at(index + step)
        if beside is not None and beside.kind in {"not", "never"} and beside.latin == (step < 0):
            return index + step
    return None


def _shared_denial(draft: Draft, index: int) -> int | None:
    """The `not` of a value, or of the values of the same column it is joined to (`excluding Seoul and Busan`)."""
    step = -1 if draft.mentions[index].latin else 1
    at = index
    while (denial := negated(draft, at)) is None:
        beside = draft.at(at + step)
        if beside is not None and beside.kind == "or":
            at += step
            continue
        if (
            beside is None
            or beside.kind != "value"
            or {n for n, _ in beside.values} != {n for n, _ in draft.mentions[index].values}
        ):
            return None
        at += step
    return denial


def _names_value(draft: Draft, index: int) -> bool:
    """True when a Korean word behind a value only names what the value is (`Sales 부서가 아닌`)."""
    value, label = draft.mentions[index], draft.mentions[index + 1]
    return not label.latin and {name for name, _ in value.values} >= {c.name for c, _ in label.columns}


def _is_label(draft: Draft, index: int, column: ColumnInfo) -> bool:
    """True when the column mention beside a value only names what the value is (`Seoul region`)."""
    beside = [draft.at(index - 1), draft.at(index + 1)]
    grouped = any(m is not None and m.kind == "group" for m in beside)
    return not grouped and [c.name for c, _ in draft.mentions[index].columns] == [column.name]


def _value_of(draft: Draft, index: int) -> tuple[ColumnInfo, list[Any]]:
    """The column and value a mention means, with all spellings of the value."""
    mention = draft.mentions[index]
    spelled = [(name, draft.catalog.column(name).canonical(value)) for name, value in mention.values]
    pairs = list(dict.fromkeys(spelled))
    if len(pairs) > 1:
        named = {c.name for n in (index - 1, index + 1) if (m := draft.at(n)) for c, _ in m.columns}
        pairs = [p for p in pairs if p[0] in named] or pairs
        pairs = [p for p in pairs if str(p[1]).lower() == mention.text.lower()] or pairs
    if len({name for name, _ in pairs}) > 1 or len(pairs) != 1:
        names = ", ".join(dict.fromkeys(f"{n} = {v}" for n, v in pairs))
        raise UnsureError(
            f'"{mention.text}" occurs in several places: {names}.',
            f"'{mention.text}' 값이 여러 곳에 있습니다: {names}.",
        )
    name, value = pairs[0]
    if mention.partial:
        draft.query.assume(
            f'"{mention.text}" was read as {name} = {value}.',
            f"'{mention.text}'(을/를) {name} = {value}(으로/로) 보았습니다.",
            0.85,
        )
    column = draft.catalog.column(name)
    return column, list(column.spelled(value))


def _has_no(draft: Draft, index: int) -> bool:
    """True when `no …` before a category column can mean its value `No`."""
    columns = draft.mentions[index].columns
    return len(columns) == 1 and columns[0][0].no is not None
