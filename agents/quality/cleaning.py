"""A table being cleaned: edits to it, each with its reason, applied one after the other and kept with the rows they came from."""

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mesh.results import Column

from .tables import Integers, Series, Table

Action = Literal["replace", "empty", "fill", "interpolate", "clip", "flag", "convert", "drop_rows"]


@dataclass(frozen=True)
class Edit:
    """One change of one kind: cells of a column set to `after`, rows dropped, a column of flags added (`flag`), or a whole column
    turned into dates (`convert`).

    `rows` are positions in the table the edit is made for, ascending; `before` and `after` have their length and the column's
    type (`after` is None for dropped rows, `before` too). `detail` is what a person or a script needs besides: the fill value,
    bounds. `confidence` has the length of `rows`.
    """

    kind: str
    action: Action
    column: str | None
    rows: Integers
    why: str
    confidence: Any
    before: pa.Array | None = None
    after: pa.Array | None = None
    detail: Any = None

    def __len__(self) -> int:
        return len(self.rows)

    def taken(self, positions: Integers) -> "Edit":
        """The edit for those of its rows that stand at `positions`."""
        chosen = pa.array(positions)
        return replace(
            self,
            rows=self.rows[positions],
            confidence=self.confidence[positions],
            before=self.before.take(chosen) if self.before is not None else None,
            after=self.after.take(chosen) if self.after is not None else None,
        )


@dataclass(frozen=True)
class Draft:
    """The table as it stands: `origin` holds for every row its position in the dataset, `log` the edits with such positions."""

    table: Table
    origin: Integers
    log: tuple[Edit, ...] = ()

    @classmethod
    def of(cls, table: Table) -> "Draft":
        """The draft of a table nothing has been done to."""
        return cls(table, np.arange(table.rows))

    def edited(self, edit: Edit) -> "Draft":
        """The draft after an edit for its present rows."""
        log = (*self.log, replace(edit, rows=self.origin[edit.rows]))
        if edit.action == "drop_rows":
            kept = np.ones(self.table.rows, np.bool_)
            kept[edit.rows] = False
            return Draft(self.table.where(kept), self.origin[kept], log)
        if edit.action == "flag":
            return Draft(_flagged(self.table, edit), self.origin, log)
        change = _converted if edit.action == "convert" else _set
        series = [change(s, edit) if s.name == edit.column else s for s in self.table.series]
        return Draft(Table(series, self.table.rows), self.origin, log)


def _set(series: Series, edit: Edit) -> Series:
    assert edit.after is not None
    mask = np.zeros(series.rows, np.bool_)
    mask[edit.rows] = True
    return Series.of(series.column, pc.replace_with_mask(series.array, pa.array(mask), edit.after))


def _converted(series: Series, edit: Edit) -> Series:
    assert edit.after is not None
    mask = np.zeros(series.rows, np.bool_)
    mask[edit.rows] = True
    dates = pc.replace_with_mask(pa.nulls(series.rows, edit.after.type), pa.array(mask), edit.after)
    return Series.of(series.column.model_copy(update={"type": "date", "semantic": "date"}), dates)


def flag_name(column: str) -> str:
    """The name of the column that flags outliers of another."""
    return f"{column}_outlier"


def _flagged(table: Table, edit: Edit) -> Table:
    assert edit.column is not None
    flags = np.zeros(table.rows, np.bool_)
    flags[edit.rows] = True
    column = Column(name=flag_name(edit.column), type="boolean", semantic="boolean", nullable=False)
    return Table([*table.series, Series.of(column, pa.array(flags))], table.rows)
