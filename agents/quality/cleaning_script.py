"""A cleaning as a pandas program that does the same to the same dataset."""

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from .cleaning import Edit, flag_name

MAX_CELLS = 200_000
"""A cleaning that names more single cells than this is no program one would read; its changes are in the file of changes."""
_HEAD = '''"""Cleans {name}: the same changes, in the same order, as the cleaning report lists.

    python {file} {dataset}.parquet cleaned.parquet

reads the dataset as it was loaded and writes the cleaned one; rows are numbered from 0.
"""

import datetime
import sys

import pandas as pd


def put(frame: pd.DataFrame, column: str, rows: list[int], values: list) -> None:
    """Sets the cells of a column in these rows."""
    frame.loc[rows, column] = pd.array(values, dtype=frame[column].dtype)


def clean(frame: pd.DataFrame) -> pd.DataFrame:
    """The cleaned table."""
    frame = frame.reset_index(drop=True)
'''
_TAIL = """    return frame.reset_index(drop=True)


if __name__ == "__main__":
    source, target = sys.argv[1:3]
    clean(pd.read_parquet(source, dtype_backend="pyarrow")).to_parquet(target, index=False)
"""


def script_of(name: str, log: Sequence[Edit], file: str) -> str | None:
    """The program's text; None when it would have to name more than `MAX_CELLS` single cells."""
    if sum(len(edit) for edit in log if _by_row(edit)) > MAX_CELLS:
        return None
    plain, file = (text.replace("\\", " ").replace('"', "'") for text in (name, file))
    steps = [f"    # {' '.join(edit.why.split())}\n{_step(edit)}" for edit in log]
    return _HEAD.format(name=plain, file=file, dataset=plain) + "".join(steps) + _TAIL


def _by_row(edit: Edit) -> bool:
    """Whether the edit is written out row by row."""
    match edit.action:
        case "replace":
            return edit.detail is None
        case "empty" | "interpolate" | "flag":
            return True
        case "drop_rows":
            return edit.kind not in ("duplicate_rows", "missing")
        case _:
            return False


def _step(edit: Edit) -> str:
    column = f"frame[{_literal(edit.column)}]"
    rows = edit.rows.tolist()
    match edit.action:
        case "drop_rows" if edit.kind == "duplicate_rows":
            return "    frame = frame.drop_duplicates()\n"
        case "drop_rows" if edit.kind == "missing":
            return f"    frame = frame.dropna(subset={_literal(edit.detail)})\n"
        case "drop_rows":
            return f"    frame = frame.drop(index={rows})\n"
        case "flag":
            flag = f"frame[{_literal(flag_name(edit.column or ''))}]"
            return f'    {flag} = pd.Series(frame.index.isin({rows}), frame.index, dtype="bool[pyarrow]")\n'
        case "fill":
            return f"    {column} = {column}.fillna({_literal(edit.after[0].as_py() if edit.after is not None else None)})\n"
        case "convert":
            days = f'pd.to_datetime({column}.str.replace("[/.]", "-", regex=True))'
            return f'    {column} = {days}.astype("date32[pyarrow]")\n'
        case "clip":
            low, high = edit.detail
            return f"    {column} = {column}.clip({low!r}, {high!r}).astype({column}.dtype)\n"
        case "replace" if edit.detail is not None:
            return f"    {column} = {column}.replace({_literal(edit.detail)})\n"
        case _:
            values = edit.after.to_pylist() if edit.after is not None else []
            return f"    put(frame, {_literal(edit.column)}, {rows}, {_literal(values)})\n"


def _literal(value: Any) -> str:
    """A value as Python source."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_literal(key)}: {_literal(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(_literal(item) for item in value)}]"
    if isinstance(value, dt.date):
        return repr(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
