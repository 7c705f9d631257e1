"""A plain reading of a table file, for an agent that is sent a file directly instead of a prepared dataset.

The ingestion agent reads far more, and accounts for every row; this is what any agent can do alone.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from .errors import BadInputError
from .results import Column, SemanticType

if TYPE_CHECKING:
    import pandas as pd

_CATEGORY_SHARE = 0.05
_CATEGORY_COUNT = 50


def table_to_parquet(path: Path, name: str, target: Path) -> tuple[list[Column], int]:
    """Writes the table in `path` to `target` as Parquet; returns its columns and number of rows.

    Args: `name` is the file's original name: its ending tells the format (csv, tsv, xlsx, json, jsonl, parquet).

    Raises: BadInputError when it cannot be read as a table or has no rows.
    """
    try:
        frame = _read(path, name.lower())
    except (ValueError, OSError, UnicodeError) as error:
        raise BadInputError(f"{name} cannot be read as a table: {error}.") from None
    if frame.empty:
        raise BadInputError(f"{name} holds no rows.")
    frame.columns = [str(column) for column in frame.columns]
    for column in frame.select_dtypes(include=["object", "str"]):
        parsed = _as_dates(frame[column])
        frame[column] = frame[column].astype("string") if parsed is None else parsed
    frame.to_parquet(target, index=False)
    return [_column(frame[name]) for name in frame.columns], len(frame)


def _read(path: Path, name: str) -> "pd.DataFrame":
    import pandas as pd

    if name.endswith(".parquet"):
        return pd.read_parquet(path)
    if name.endswith((".xlsx", ".xls", ".ods")):
        return pd.read_excel(path, engine="calamine")
    if name.endswith((".jsonl", ".ndjson")):
        return pd.read_json(path, lines=True)
    if name.endswith(".json"):
        return pd.read_json(path)
    return pd.read_csv(path, sep=None, engine="python")


def _as_dates(values: "pd.Series[str]") -> "pd.Series[pd.Timestamp] | None":
    import pandas as pd

    sample = values.dropna().head(100).astype(str)
    if sample.empty or not sample.str.match(r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}").all():
        return None
    parsed = pd.to_datetime(values, errors="coerce", format="mixed")
    return parsed if parsed.notna().sum() == values.notna().sum() else None


def _column(values: "pd.Series[str]") -> Column:
    import pandas.api.types as kinds

    semantic: SemanticType
    if kinds.is_bool_dtype(values):
        physical, semantic = "boolean", "boolean"
    elif kinds.is_datetime64_any_dtype(values):
        physical, semantic = "datetime", "date"
    elif kinds.is_numeric_dtype(values):
        physical, semantic = ("integer" if kinds.is_integer_dtype(values) else "number"), "measure"
    else:
        few = values.nunique() <= max(_CATEGORY_COUNT, _CATEGORY_SHARE * len(values))
        physical, semantic = "string", "category" if few else "text"
    return Column(name=str(values.name), type=physical, semantic=semantic, nullable=bool(values.isna().any()))
