"""The load report: where the data came from, what became of every row, how every column was read."""

from collections import defaultdict
from pathlib import Path
from typing import Any

from mesh.results import Column

from . import shapes
from .account import MAX_EXAMPLE_CHARS
from .evidence import Evidence
from .grain import Key, find_keys
from .reading import Reading
from .semantics import ColumnFacts, Semantics
from .statistics import preview_of, span_of
from .writing import Written, recognised


def build_report(
    *,
    source: dict[str, Any],
    table: Written,
    columns: list[Column],
    meanings: list[Semantics],
    facts: list[ColumnFacts],
) -> dict[str, Any]:
    """The report as JSON. `rows.read` = `rows.loaded` + `rows.dropped`, and `rows.loaded` is the dataset's length."""
    candidates = {
        column.name: (column.semantic, fact.distinct, missing)
        for column, fact, missing in zip(columns, facts, table.missing, strict=True)
    }
    keys = find_keys(table.path, table.rows, candidates)
    date = next((column.name for column in columns if column.type in ("date", "datetime")), None)
    return {
        "source": source,
        "rows": table.source.account.as_data(),
        "columns": [
            _column(position, table, columns[position], meanings[position], facts[position])
            for position in range(len(columns))
        ],
        "missing_markers": _missing_markers(table, columns),
        "keys": [key.as_data() for key in keys],
        "grain": _grain(keys),
        "date_span": _date_span(table.path, date),
        "preview": {"columns": [column.name for column in columns], "rows": preview_of(table.path)},
    }


def _column(
    position: int, table: Written, column: Column, meaning: Semantics, facts: ColumnFacts
) -> dict[str, Any]:
    reading, evidence = table.readings[position], table.evidence[position]
    lost = table.unreadable[position]
    data: dict[str, Any] = {
        "name": column.name,
        "type": column.type,
        "semantic": column.semantic,
        "confidence": meaning.confidence,
        "reason": meaning.reason,
        "unit": column.unit,
        "format": reading.format,
        "missing": table.missing[position],
        "distinct": facts.distinct,
        "unreadable": lost,
        "unreadable_examples": _lost_examples(evidence, reading.type) if evidence and lost else [],
    }
    if facts.estimated:
        data["distinct_estimated"] = True
    order = _date_order(reading, evidence) if evidence else None
    if order:
        data["date_order"] = order
        if reading.ambiguous_order:
            data["ambiguous_order"] = order
    if reading.offset:
        data["utc_offset"] = reading.offset
    if reading.true_label:
        data["labels"] = {"true": reading.true_label, "false": reading.false_label}
    if facts.low is not None and column.semantic != "identifier":
        data["low"], data["high"] = facts.low, facts.high
    return data


def _date_order(reading: Reading, evidence: Evidence) -> str | None:
    """Whether dates such as `3/5/2024` were read with the day, the month or the year first."""
    if reading.type not in ("date", "datetime"):
        return None
    if any(evidence.shapes[shape] for shape in shapes.SHORT):
        return reading.short_order
    if any(evidence.shapes[shape] for shape in shapes.ORDERED):
        return "day first" if reading.day_first else "month first"
    return None


def _lost_examples(evidence: Evidence, kind: str) -> list[str]:
    readable = (
        shapes.NUMBERS if kind in ("integer", "number") else shapes.DAYS | shapes.MONTHS | shapes.MOMENTS
    )
    return [
        text[:MAX_EXAMPLE_CHARS]
        for shape, texts in sorted(evidence.examples.items())
        if shape not in readable
        for text in texts
    ][:5]


def _missing_markers(table: Written, columns: list[Column]) -> list[dict[str, Any]]:
    counts: dict[str, int] = defaultdict(int)
    where: dict[str, list[str]] = defaultdict(list)
    for column, evidence, reading in zip(columns, table.evidence, table.readings, strict=True):
        for text, count in (recognised(evidence, reading) if evidence else {}).items():
            counts[text] += count
            where[text].append(column.name)
    return [
        {"marker": text, "count": counts[text], "columns": where[text]}
        for text in sorted(counts, key=lambda t: (-counts[t], t))
    ]


def _grain(keys: list[Key]) -> dict[str, Any] | None:
    if not keys:
        return None
    key = keys[0]
    return {
        "columns": list(key.columns),
        "text": f"one row per {' × '.join(key.columns)}",
        "exact": key.violations == 0,
        "violations": key.violations,
    }


def _date_span(target: Path, name: str | None) -> dict[str, Any] | None:
    span = span_of(target, name) if name else None
    if span is None:
        return None
    start, end = span
    return {
        "column": name,
        "start": start.isoformat(),
        "end": end.isoformat(),
        "days": (end - start).days + 1,
    }
