"""The quality score: one number from 0 to 100, and the formula with its numbers."""

from dataclasses import dataclass

import numpy as np

from mesh.language import Language

from .issues import Dimension, Issue
from .tables import Table

FORMULA: dict[Language, str] = {
    "en": "100 × completeness × uniqueness × validity × consistency",
    "ko": "100 × 완전성 × 유일성 × 유효성 × 일관성",
}


@dataclass(frozen=True)
class Score:
    """Four shares in [0, 1], and their product times 100.

    completeness: cells that hold a value (disguised missing ones do not). uniqueness: rows that repeat no other row or key.
    validity and consistency: rows without an impossible and without an inconsistent value. Outliers and remarks do not count:
    they may be right.
    """

    completeness: float
    uniqueness: float
    validity: float
    consistency: float

    @property
    def value(self) -> float:
        """The score, 0 to 100, rounded to two decimals; never rounded up to 100."""
        exact = 100 * self.completeness * self.uniqueness * self.validity * self.consistency
        rounded = round(exact, 2)
        return rounded if rounded < 100 or exact == 100 else 99.99

    def formula(self, language: Language) -> str:
        """The formula in words, and the same with its numbers."""
        parts = (self.completeness, self.uniqueness, self.validity, self.consistency)
        return f"{FORMULA[language]} = 100 × {' × '.join(f'{part:.6f}' for part in parts)} = {self.value:.2f}"


def score_of(table: Table, issues: list[Issue]) -> Score:
    """The score of a table from its issues; 100 for a table without any that counts."""
    cells = table.rows * len(table.series)
    empty = sum(series.missing_count for series in table.series)
    in_disguise = [i for i in issues if i.kind == "disguised_missing" and not i.evidence.get("emptied")]
    disguised = sum(issue.count for issue in in_disguise)
    return Score(
        1 - (empty + disguised) / cells,
        _unaffected(table.rows, issues, "uniqueness"),
        _unaffected(table.rows, issues, "validity"),
        _unaffected(table.rows, issues, "consistency"),
    )


def _unaffected(rows: int, issues: list[Issue], dimension: Dimension) -> float:
    touched = np.zeros(rows, np.bool_)
    for issue in issues:
        if issue.dimension == dimension and issue.affected is not None:
            touched |= issue.affected
    return 1 - float(touched.sum()) / rows
