"""Values as people see them: text, a table, pictures."""

import contextlib
import sys
import time
from pathlib import Path
from typing import Any

_ROWS, _COLUMNS, _CELL_CHARS, _VALUE_CHARS, _FIGURES = 200, 50, 200, 20_000, 12


def shown(value: Any) -> dict[str, Any]:
    """The value as text and, for a data frame or series, as a table of at most 200 rows."""
    if value is None:
        return {"value": None, "table": None}
    table = None
    kind = f"{type(value).__module__}.{type(value).__name__}"
    if kind.startswith("pandas") and type(value).__name__ in ("DataFrame", "Series"):
        frame = value.to_frame() if type(value).__name__ == "Series" else value
        table = _table(frame if _plain_index(frame) else frame.reset_index())
    text = repr(value)
    return {"value": text if len(text) <= _VALUE_CHARS else text[:_VALUE_CHARS] + "…", "table": table}


def _plain_index(frame: Any) -> bool:
    return type(frame.index).__name__ == "RangeIndex"


def _table(frame: Any) -> dict[str, Any]:
    part = frame.iloc[:_ROWS, :_COLUMNS]
    rows = [[_plain(cell) for cell in row] for row in part.itertuples(index=False, name=None)]
    return {
        "columns": [str(name) for name in part.columns],
        "rows": rows,
        "of_rows": len(frame),
        "of_columns": frame.shape[1],
    }


def _plain(cell: Any) -> Any:
    if hasattr(cell, "item"):
        with contextlib.suppress(Exception):
            cell = cell.item()
    if cell is None or isinstance(cell, bool | int) or (isinstance(cell, float) and cell - cell == 0):
        return cell
    text = str(cell)
    return None if text in ("nan", "NaT", "<NA>", "inf", "-inf") else text[:_CELL_CHARS]


def figures(home: Path) -> list[str]:
    """The open figures of matplotlib as PNG files in `home`/figures; they are closed."""
    plt = sys.modules.get("matplotlib.pyplot")
    names: list[str] = []
    if plt is None:
        return names
    for number in plt.get_fignums()[:_FIGURES]:
        with contextlib.suppress(Exception):
            (home / "figures").mkdir(exist_ok=True)
            name = f"figures/figure_{time.time_ns()}_{number}.png"
            plt.figure(number).savefig(home / name, dpi=144, bbox_inches="tight")
            names.append(name)
    plt.close("all")
    return names
