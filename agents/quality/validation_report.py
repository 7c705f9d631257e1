"""A table held against constraints: which of them it keeps, and every cell that breaks one."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mesh.language import Language

from .constraints import Constraint
from .constraints_check import Check, check, read_as_declared
from .tables import Mask, Table, plain_value

MAX_EXAMPLES = 5
MAX_VIOLATIONS = 1_000_000
"""So many violations are listed in the file; counts are always of all."""
_AS_DECLARED = ("range", "order", "arithmetic", "allowed")
SCHEMA = pa.schema(
    [("row", pa.int64()), ("columns", pa.string()), ("rule", pa.string()), ("value", pa.string())]
)


@dataclass(frozen=True)
class Verdict:
    """One constraint and how the table fares with it."""

    constraint: Constraint
    outcome: Check

    @property
    def status(self) -> str:
        """`passed`, `failed`, `warned` or `not_checked`; an absent column fails the constraint on its type."""
        if self.outcome.obstacle == "absent" and self.constraint.kind == "type":
            return "failed"
        if self.outcome.obstacle:
            return "not_checked"
        if not self.outcome.broken.any():
            return "passed"
        return "failed" if self.constraint.severity == "error" else "warned"


def validate(table: Table, constraints: Sequence[Constraint]) -> list[Verdict]:
    """Every constraint against every row. Ranges and relations are judged on the values that can be read as declared."""
    declared = read_as_declared(table, list(constraints))
    return [Verdict(c, check(c, declared if c.kind in _AS_DECLARED else table)) for c in constraints]


def report_of(table: Table, verdicts: Sequence[Verdict], language: Language) -> dict[str, Any]:
    """The verdicts as JSON, failed ones first."""
    order = ("failed", "warned", "not_checked", "passed")
    counts = {status: sum(verdict.status == status for verdict in verdicts) for status in order}
    ranked = sorted(verdicts, key=lambda v: (order.index(v.status), -int(v.outcome.broken.sum())))
    wrong: Mask = np.zeros(table.rows, np.bool_)
    for verdict in verdicts:
        if verdict.status == "failed":
            wrong |= verdict.outcome.broken
    known = {
        constraint.constraint.columns[0] for constraint in verdicts if constraint.constraint.kind == "type"
    }
    return {
        "rows": table.rows,
        "passed": not counts["failed"],
        "rules": len(verdicts),
        "counts": counts,
        "violations": sum(int(v.outcome.broken.sum()) for v in verdicts if v.status == "failed"),
        "rows_with_violations": int(wrong.sum()),
        "results": [_result(table, verdict, language) for verdict in ranked],
        "further_columns": [series.name for series in table.series if known and series.name not in known],
    }


def _result(table: Table, verdict: Verdict, language: Language) -> dict[str, Any]:
    constraint, outcome = verdict.constraint, verdict.outcome
    checked, broken = int(outcome.checked.sum()), int(outcome.broken.sum())
    return {
        **constraint.as_data(),
        "text": constraint.text(language),
        "status": verdict.status,
        "obstacle": outcome.obstacle,
        "checked": checked,
        "violations": broken,
        "share": broken / checked if checked else 0.0,
        "examples": [
            {"row": row + 1, "values": _values(table, constraint, row)}
            for row in np.flatnonzero(outcome.broken)[:MAX_EXAMPLES].tolist()
        ],
    }


def _values(table: Table, constraint: Constraint, row: int) -> dict[str, Any]:
    return {name: table[name].value_at(row) for name in constraint.columns}


def write_violations(table: Table, verdicts: Sequence[Verdict], target: Path) -> int:
    """Writes every violation (row from 1, columns, rule, value as text) as Parquet; the number that was written."""
    parts = [SCHEMA.empty_table()]
    room = MAX_VIOLATIONS
    for verdict in verdicts:
        rows = np.flatnonzero(verdict.outcome.broken)[:room]
        if not verdict.outcome.obstacle and len(rows):
            parts.append(_listed(table, verdict.constraint, rows))
            room -= len(rows)
    listed = pa.concat_tables(parts)
    pq.write_table(listed, target)
    return int(listed.num_rows)


def _listed(table: Table, constraint: Constraint, rows: Any) -> pa.Table:
    cells = [table[name].array.take(pa.array(rows)).to_pylist() for name in constraint.columns]
    texts = [
        " | ".join("" if v is None else str(plain_value(v)) for v in row) for row in zip(*cells, strict=True)
    ]
    size = len(rows)
    return pa.table(
        {
            "row": pa.array(rows + 1),
            "columns": pa.repeat(pa.scalar(" | ".join(constraint.columns)), size),
            "rule": pa.repeat(pa.scalar(constraint.id), size),
            "value": pa.array(texts, pa.string()),
        },
        schema=SCHEMA,
    )
