"""Runs one checked SELECT on a DuckDB that can reach nothing but one Parquet file."""

import math
import threading
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from mesh.errors import BadInputError, DeadlineError

from .guard import VIEW, check_sql

MEMORY_LIMIT = "2GB"


def run_select(
    sql: str, path: Path, *, max_rows: int = 200, timeout_s: float = 30.0
) -> tuple[list[str], list[list[Any]], bool]:
    """Column names, rows as plain JSON values, and whether rows beyond `max_rows` were left out.

    The file is bound as the view `data` before the connection is locked: after that neither files, network, extensions
    nor settings can be reached. Raises: UnsafeSqlError, BadInputError when DuckDB refuses the query, DeadlineError.
    """
    import duckdb
    from pyarrow import dataset

    checked = check_sql(sql)
    connection = duckdb.connect(":memory:")
    timer = threading.Timer(timeout_s, connection.interrupt)
    try:
        connection.execute("SET python_enable_replacements=false")
        connection.register(VIEW, dataset.dataset(path, format="parquet"))
        connection.execute(f"SET memory_limit='{MEMORY_LIMIT}'")
        connection.execute("SET threads=2")
        connection.execute("SET enable_external_access=false")
        connection.execute("SET lock_configuration=true")
        timer.start()
        cursor = connection.execute(checked)
        columns = [entry[0] for entry in cursor.description]
        rows = cursor.fetchmany(max_rows + 1)
    except duckdb.InterruptException as error:
        raise DeadlineError(f"The query ran longer than {timeout_s:g} s and was stopped.") from error
    except duckdb.Error as error:
        raise BadInputError(f"DuckDB refused the query: {error}") from error
    finally:
        timer.cancel()
        connection.close()
    return columns, [[_plain(v) for v in row] for row in rows[:max_rows]], len(rows) > max_rows


def _plain(value: Any) -> Any:
    """A value as JSON knows it; NaN and infinities become None, times ISO 8601 text."""
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | str) else str(value)
