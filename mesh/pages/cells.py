"""How a table's values are printed: each column in one way, chosen from its heading and its values."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from mesh.results import Table

from .blocks import Align, Cell, Grid, Mark, Row
from .labels import Labels

MAX_ROWS = 200
_SHARE = re.compile(r"share|percent|ratio|\brate\b|explained|coverage|비중|비율|설명력|적중률", re.IGNORECASE)
_CHANGE = re.compile(r"growth|change|증감률|변화율", re.IGNORECASE)
_P_VALUE = re.compile(
    r"(^|[\s_-])p($|[\s_-](value|adjusted)$|\s*\([^)]*\)$)|p값$|^p_adjusted$", re.IGNORECASE
)
_YEAR = re.compile(r"^(year|연도|년도|년|해)$", re.IGNORECASE)
_BAR = re.compile(r"(?<!cumulative )share|비중|explained|설명력|importance|중요도", re.IGNORECASE)
_YEARS = range(1900, 2101)
_DASH = "–"


@dataclass(frozen=True)
class Naming:
    """What is known of columns by name: numbers in `plain` ones are names, `raw` ones are the data's own, `rates` are shares."""

    plain: frozenset[str] = frozenset()
    raw: frozenset[str] = frozenset()
    rates: frozenset[str] = frozenset()


def grid_of(
    table: Table, labels: Labels, *, naming: Naming | None = None, shown: int = 12, title: str | None = None
) -> Grid:
    """A table as it is printed.

    Columns whose heading says share, rate or growth are percentages when their values can be: within ±1, changes within ±10.
    Columns of the data itself are never taken for percentages or p-values by their names.
    """
    naming = naming or Naming()
    width = len(table.columns)
    rows = [(list(row) + [None] * width)[:width] for row in table.rows[:MAX_ROWS]]
    columns = [
        column_cells(name, [row[index] for row in rows], labels, naming)
        for index, name in enumerate(table.columns)
    ]
    aligns = tuple(
        "text" if _YEAR.search(name.strip()) else align_of([row[index] for row in rows])
        for index, name in enumerate(table.columns)
    )
    return Grid(
        table.title if title is None else title,
        tuple(str(name) for name in table.columns),
        aligns,
        tuple(Row(tuple(column[index] for column in columns)) for index in range(len(rows))),
        note=table.note,
        shown=shown,
        omitted=max(0, len(table.rows) - MAX_ROWS),
    )


def marked(grid: Grid, marks: Sequence[Mark]) -> Grid:
    """The grid with its rows set apart as `marks` says, one mark a row."""
    rows = tuple(Row(row.cells, mark) for row, mark in zip(grid.rows, marks, strict=True))
    return replace(grid, rows=rows)


def column_cells(heading: str, values: Sequence[Any], labels: Labels, naming: Naming) -> list[Cell]:
    """The cells of one column, in order; None and NaN become a dash."""
    numbers = [float(value) for value in values if _is_number(value)]
    largest = max((abs(number) for number in numbers), default=0.0)
    whole = all(number.is_integer() for number in numbers)
    computed = heading not in naming.raw
    if computed and _P_VALUE.search(heading) and largest <= 1:
        return [Cell(print_p(value) if _is_number(value) else print_value(value, labels)) for value in values]
    limit = 1.0 if _SHARE.search(heading) else 10.0 if _CHANGE.search(heading) else None
    share = limit is not None and computed and numbers and largest <= limit and not (whole and largest > 1)
    if heading in naming.rates or share:
        return [_share(value, labels, bar=bool(_BAR.search(heading))) for value in values]
    bar = bool(_BAR.search(heading)) and all(0 <= number <= 1 for number in numbers)
    years = bool(_YEAR.search(heading.strip())) and all(number in _YEARS for number in numbers)
    decimals = 0 if whole else _decimals(largest)
    mixed = not whole and any(number and abs(number) < 0.5 * 10.0**-decimals for number in numbers)
    cells = []
    for value in values:
        if not _is_number(value):
            cells.append(Cell(print_value(value, labels)))
        elif heading in naming.plain or years:
            cells.append(Cell(str(int(value)) if float(value).is_integer() else repr(value)))
        else:
            length = min(1.0, max(0.0, float(value))) if bar else None
            text = print_short(float(value)) if mixed else _signed(f"{value:,.{decimals}f}")
            cells.append(Cell(text, bar=length))
    return cells


def print_value(value: Any, labels: Labels) -> str:
    """One value by itself: numbers to six significant digits, dates and texts as they are, nothing as a dash."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return _DASH
    if isinstance(value, bool):
        return labels("yes") if value else labels("no")
    if isinstance(value, int):
        return str(value).replace("-", "−") if abs(value) < 10_000 else _signed(f"{value:,}")
    if isinstance(value, float):
        return print_number(value)
    if isinstance(value, list | tuple):
        return ", ".join(print_value(item, labels) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {print_value(item, labels)}" for key, item in value.items())
    return str(value).strip() or _DASH


def print_number(value: float) -> str:
    """A number to about six significant digits, with thousands separators and a true minus sign.

    Whole numbers may come as integers: JSON does not tell them apart.
    """
    if float(value).is_integer() and abs(value) < 1e15:
        return print_value(int(value), Labels("en"))
    if value != 0 and abs(value) < 1e-4:
        return _signed(f"{value:.3g}")
    decimals = max(0, min(6, 5 - math.floor(math.log10(abs(value)))))
    text = f"{value:,.{decimals}f}"
    return _signed(text.rstrip("0").rstrip(".") if "." in text else text)


def print_short(value: float) -> str:
    """A number to about three significant digits, whole from a hundred on: for columns in which sizes differ greatly."""
    if value == 0 or abs(value) >= 100 or float(value).is_integer():
        return _signed(f"{value:,.0f}")
    return _signed(f"{value:.3g}" if abs(value) >= 1e-4 else f"{value:.2e}")


def print_share(value: float) -> str:
    """A share of one as a percentage, with more decimals close to 0 and 1."""
    percent = value * 100
    near_edge = (0 < abs(percent) < 1) or (99 < abs(percent) < 100)
    return _signed(f"{percent:,.{2 if near_edge else 1}f}%")


def print_p(value: float) -> str:
    """A p-value as statistics journals print it."""
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def print_bytes(size: int) -> str:
    """A file size in the unit people would use."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= scale:
            return f"{size / scale:.1f} {unit}"
    return f"{size} B"


def align_of(values: Sequence[Any]) -> Align:
    """`number` when a column holds numbers and nothing else but gaps."""
    filled = [value for value in values if value is not None]
    return "number" if filled and all(_is_number(value) for value in filled) else "text"


def _share(value: Any, labels: Labels, *, bar: bool) -> Cell:
    if not _is_number(value):
        return Cell(print_value(value, labels))
    return Cell(print_share(float(value)), bar=min(1.0, max(0.0, float(value))) if bar else None)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _decimals(largest: float) -> int:
    if largest >= 1000:
        return 0
    return 1 if largest >= 100 else 2 if largest >= 10 else 3


def _signed(text: str) -> str:
    return text.replace("-", "−") if text.startswith("-") else text
