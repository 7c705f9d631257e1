"""What a notebook is about: which figure, over which time, by which groups; from earlier results, the question or the schema."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mesh.results import Column

MAX_DIMENSIONS = 3
MAX_LEVELS = 30
_SEASONS = {"D": 7, "W": 52, "MS": 12, "QS": 4, "YS": 1}
_HORIZONS = {"D": 14, "W": 8, "MS": 6, "QS": 4, "YS": 2}
_YES = {"yes", "y", "true", "1", "예"}


@dataclass(frozen=True)
class Outline:
    """`aggregation` is `sum`, `mean` or `rate`; a rate is the share of rows where `measure` equals `positive`."""

    measure: str | None
    aggregation: str
    positive: Any
    date: str | None
    frequency: str
    season: int
    horizon: int
    dimensions: tuple[str, ...]
    numeric: tuple[str, ...]
    dates: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """What DuckDB says of the file, as an independent witness for the notebook's own numbers."""

    rows: int
    missing: dict[str, int]
    totals: dict[str, float]
    means: dict[str, float]
    levels: dict[str, int]
    values: dict[str, list[Any]]
    days: int


def read_facts(path: Path, columns: Sequence[Column]) -> Facts:
    """Counts, totals, means and numbers of levels of the Parquet file at `path`."""
    import duckdb

    connection = duckdb.connect(":memory:")
    try:
        table = connection.read_parquet(str(path))

        def one(expression: str) -> Any:
            return table.aggregate(expression).fetchall()[0][0]

        names = {c.name: '"' + c.name.replace('"', '""') + '"' for c in columns}
        numeric = [c.name for c in columns if is_numeric(c)]
        rows = int(one("count(*)"))
        missing = {n: rows - int(one(f"count({q})")) for n, q in names.items()}
        levels = {n: int(one(f"count(distinct {q})")) for n, q in names.items()}
        small = [c.name for c in columns if levels[c.name] == 2]
        values = {
            n: sorted(
                (r[0] for r in table.project(names[n]).distinct().fetchall() if r[0] is not None), key=str
            )
            for n in small
        }
        totals = {n: float(v) for n in numeric if (v := one(f"sum({names[n]})")) is not None}
        means = {n: float(v) for n in numeric if (v := one(f"avg({names[n]})")) is not None}
        dates = [c.name for c in columns if c.type in {"date", "datetime"}]
        days = (
            int(one(f"date_diff('day', min({names[dates[0]]}), max({names[dates[0]]}))") or 0) if dates else 0
        )
        return Facts(rows, missing, totals, means, levels, values, days)
    finally:
        connection.close()


def is_numeric(column: Column) -> bool:
    """True for a column whose values can be added up or averaged."""
    return column.type in {"integer", "number"} and column.semantic not in {
        "identifier",
        "category",
        "boolean",
        "geo",
        "date",
    }


def choose_outline(
    question: str,
    columns: Sequence[Column],
    facts: Facts,
    forecast: Mapping[str, Any] | None,
    eda: Mapping[str, Any] | None,
) -> Outline:
    """What the notebook shows.

    A forecast's target goes first, then what the question names, then the exploration's first breakdown.
    """
    dates = [c.name for c in columns if c.type in {"date", "datetime"}]
    measure, positive = _measure(question, columns, facts, forecast, eda)
    column = next((c for c in columns if c.name == measure), None)
    aggregation = "sum"
    if positive is not None:
        aggregation = "rate"
    elif column is not None and column.semantic == "intensive":
        aggregation = "mean"
    frequency = "D" if facts.days <= 92 else "W" if facts.days <= 365 else "MS"
    horizon = None
    date = dates[0] if dates else None
    if forecast is not None and forecast.get("date_column") in dates:
        date, horizon = forecast["date_column"], int(forecast.get("horizon") or 0) or None
        frequency = forecast["frequency"] if forecast.get("frequency") in _SEASONS else frequency
        aggregation = forecast.get("aggregation") or aggregation
    return Outline(
        measure,
        aggregation,
        positive,
        date,
        frequency,
        _SEASONS[frequency],
        horizon or _HORIZONS[frequency],
        tuple(_dimensions(question, columns, facts, measure)),
        tuple(c.name for c in columns if is_numeric(c)),
        tuple(dates),
    )


def _measure(
    question: str,
    columns: Sequence[Column],
    facts: Facts,
    forecast: Mapping[str, Any] | None,
    eda: Mapping[str, Any] | None,
) -> tuple[str | None, Any]:
    """The column the notebook is about, and for a yes-or-no column the value that counts as yes."""
    names = [c.name for c in columns]
    numeric = [c for c in columns if is_numeric(c)]
    flags = {
        c.name: yes
        for c in columns
        if not is_numeric(c) and (yes := _yes(facts.values.get(c.name, []))) is not None
    }
    if forecast is not None and forecast.get("target") in names:
        return str(forecast["target"]), None
    named = [
        n for n in names if _mentioned(n, question) and (n in flags or any(c.name == n for c in numeric))
    ]
    if named:
        return named[0], flags.get(named[0])
    for table in (eda or {}).get("breakdowns", []):
        if table.get("measure") in names:
            return table["measure"], flags.get(table["measure"])
    dated = any(c.type in {"date", "datetime"} for c in columns)
    if flags and not dated:
        last = list(flags)[-1]
        return last, flags[last]
    order = {"measure": 0, "count": 1, "unknown": 2, "intensive": 3}
    ranked = sorted(numeric, key=lambda c: order.get(c.semantic, 4))
    return (ranked[0].name, None) if ranked else (None, None)


def _yes(values: list[Any]) -> Any:
    return next((v for v in values if str(v).lower() in _YES), None) if len(values) == 2 else None


def _mentioned(name: str, question: str) -> bool:
    words = [w for w in re.split(r"[\W_]+|(?<=[a-z])(?=[A-Z])", name) if len(w) > 2 or not w.isascii()]
    asked = question.lower()
    return bool(words) and any(w.lower() in asked for w in words)


def _dimensions(question: str, columns: Sequence[Column], facts: Facts, measure: str | None) -> list[str]:
    fitting = [
        c.name
        for c in columns
        if c.name != measure
        and c.semantic in {"category", "geo", "boolean", "unknown"}
        and c.type in {"string", "boolean"}
        and 2 <= facts.levels[c.name] <= MAX_LEVELS
    ]
    return sorted(fitting, key=lambda n: not _mentioned(n, question))[:MAX_DIMENSIONS]
