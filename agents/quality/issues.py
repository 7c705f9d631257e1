"""A quality issue: what is wrong, where, how much of it, with examples and the numbers behind the sentence."""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mesh.language import Language, say

from .cells import Marks, Shares
from .figures import Figure
from .tables import Integers, Mask, Series, Table

Severity = Literal["high", "medium", "low"]
Dimension = Literal["completeness", "uniqueness", "validity", "consistency", "plausibility"]

_SEVERITY_WEIGHT = {"high": 3.0, "medium": 2.0, "low": 1.0}


@dataclass(frozen=True)
class PackedRows:
    """A mask over `rows` rows, one bit each."""

    bits: npt.NDArray[np.uint8]
    rows: int

    @classmethod
    def of(cls, mask: Mask) -> "PackedRows":
        """The mask, packed."""
        return cls(np.packbits(mask), len(mask))

    def unpacked(self) -> Mask:
        """The mask, shape (rows,)."""
        return np.unpackbits(self.bits, count=self.rows).view(np.bool_)


@dataclass(frozen=True)
class Repair:
    """What detectors know of the wrong cells of an issue beyond where they are; arrays are per affected row, ascending.

    `values` are proposed (null for none or for emptying the cell), `confidence` says how surely; `reasons[reason_of[i]]` says why
    the i-th cell is wrong where the issue's sentence is too general.
    """

    values: pa.Array | None = None
    confidence: float | Shares = 0.0
    reasons: tuple[str, ...] = ()
    reason_of: Integers | None = None


@dataclass
class Issue:
    """`count` rows (or cells of one column) are affected, `share` of the rows; `where` keeps them for the score.

    `cells` are its wrong cells where they are not simply the column's values in those rows.
    """

    kind: str
    column: str | None
    severity: Severity
    dimension: Dimension
    count: int
    share: float
    message: str
    examples: list[dict[str, Any]] = field(default_factory=list)
    evidence: dict[str, Any] = field(default_factory=dict)
    where: PackedRows | None = None
    certainty: float | Shares = 0.0
    repair: Repair = field(default_factory=Repair)
    cells: tuple[Marks, ...] = ()

    @property
    def affected(self) -> Mask | None:
        """Which rows are affected, shape (rows,)."""
        return self.where.unpacked() if self.where else None

    def marks(self, series: Series) -> Marks | None:
        """The issue's wrong cells in its column `series`; None when it is not about single cells."""
        affected = self.affected
        if affected is None or not self.count or not np.any(self.certainty):
            return None
        rows = np.flatnonzero(affected).astype(np.int64)
        values = series.array.take(pa.array(rows))
        proposed = self.repair.values
        return Marks(
            series.name,
            self.kind,
            rows,
            values,
            self.repair.reasons or (self.message,),
            self.repair.reason_of if self.repair.reason_of is not None else np.zeros(len(rows), np.int64),
            np.broadcast_to(np.float32(self.certainty), len(rows)),
            proposed if proposed is not None else pa.nulls(len(rows), values.type),
            np.broadcast_to(np.float32(self.repair.confidence), len(rows)),
        )

    @property
    def weight(self) -> float:
        """Rank of the issue: severity first, then how much of the data it spoils (a remark spoils nothing), in (0, 1]."""
        spoilt = 0.0 if self.dimension == "plausibility" else min(1.0, self.share)
        return (_SEVERITY_WEIGHT[self.severity] + spoilt * 0.99) / 4.0

    def as_data(self) -> dict[str, Any]:
        """The issue as JSON."""
        return {
            "kind": self.kind,
            "column": self.column,
            "severity": self.severity,
            "dimension": self.dimension,
            "count": self.count,
            "share": self.share,
            "examples": self.examples,
            "message": self.message,
            "evidence": self.evidence,
        }


@dataclass(frozen=True)
class Report:
    """What a detector needs to write issues: the language, how many examples to give, the table's length."""

    language: Language
    max_examples: int
    rows: int

    def issue(
        self,
        kind: str,
        series: Series | None,
        affected: Mask,
        *,
        severity: Severity,
        dimension: Dimension,
        en: str,
        ko: str,
        examples: list[dict[str, Any]] | None = None,
        certainty: float | Shares = 0.0,
        repair: Repair | None = None,
        **evidence: Any,
    ) -> Issue:
        """An issue over the rows of `affected`; the templates may use `column`, `count`, `share` and the evidence.

        `certainty` in [0, 1], one for all or one for each affected row, says how surely each such cell is wrong; 0 when the issue
        is not about single cells.
        """
        count = int(affected.sum())
        facts = {"count": count, "share": count / self.rows, **evidence}
        column = series.name if series else None
        return Issue(
            kind,
            column,
            severity,
            dimension,
            count,
            count / self.rows,
            say(self.language, en=en, ko=ko, column=column, **_number(count), **_printable(facts)),
            examples if examples is not None else self.examples_of(series, affected),
            facts,
            PackedRows.of(affected),
            certainty,
            repair or Repair(),
        )

    def say(self, *, en: str, ko: str, **facts: Any) -> str:
        """A sentence in the report's language."""
        return say(self.language, en=en, ko=ko, **facts)

    def examples_of(self, series: Series | None, affected: Mask) -> list[dict[str, Any]]:
        """The first affected rows (numbered from 1) with the column's value."""
        positions = np.flatnonzero(affected)[: self.max_examples].tolist()
        return [{"row": p + 1, **({"value": series.value_at(p)} if series else {})} for p in positions]


def _printable(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts for a template, in which `{name}` without a format prints a number as people read it."""
    return {name: Figure(value) if isinstance(value, float) else value for name, value in facts.items()}


_PLURALS = {"values": "value", "rows": "row", "dates": "date", "are": "is", "lie": "lies", "look": "looks"}
_PLURALS |= {
    "repeat": "repeats",
    "have": "has",
    "use": "uses",
    "stand": "stands",
    "hold": "holds",
    "differ": "differs",
}


def _number(count: int) -> dict[str, str]:
    """Words for the English templates in the number that fits `count`: `{values}`, `{rows}`, `{are}`, …"""
    return {plural: singular if count == 1 else plural for plural, singular in _PLURALS.items()}


def ranked(issues: list[Issue]) -> list[Issue]:
    """Most severe first, then the larger share, then the column's and kind's name."""
    return sorted(issues, key=lambda issue: (-issue.weight, issue.column or "", issue.kind))


def by_share(share: float, *, high: float, medium: float) -> Severity:
    """`high` from the share `high` on, `medium` from `medium` on, else `low`."""
    return "high" if share >= high else "medium" if share >= medium else "low"


def row_contexts(table: Table, rows: list[int], width: int = 4) -> list[dict[str, Any]]:
    """What identifies each of the rows (from 0) for people: identifiers and dates first, then categories."""
    order = {"identifier": 0, "date": 1, "category": 2, "geo": 2}
    named = sorted(
        (s for s in table.series if s.column.semantic in order), key=lambda s: order[s.column.semantic]
    )
    contexts: list[dict[str, Any]] = [{} for _ in rows]
    for series in named[:width]:
        for row, context in zip(rows, contexts, strict=True):
            context[series.name] = series.value_at(row)
        table.left(series)
    return contexts
