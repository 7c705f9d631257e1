"""Columns that carry nothing, columns that carry the same, and arithmetic that the columns follow or break."""

from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from .issues import Issue, Repair, Report
from .tables import Mask, Numbers, Series, Table, plain_value

_MAX_RULE_COLUMNS = 12
_HOLDS = 0.95
_TOLERANCE = 0.005
SMALLEST_TOTAL = 0.05
"""Half a hundredth is much of a smaller total, which any small numbers would then seem to give."""


@dataclass(frozen=True)
class Rule:
    """`total` = `left` (× or +) `right` in all complete rows but those of `broken`, shape (rows,)."""

    total: str
    left: str
    right: str
    operator: Literal["×", "+"]
    checked: int
    broken: Mask

    @property
    def text(self) -> str:
        """The rule as a formula."""
        return f"{self.total} = {self.left} {self.operator} {self.right}"

    def as_data(self) -> dict[str, Any]:
        """The rule as JSON."""
        broken = int(self.broken.sum())
        return {
            "rule": self.text,
            "checked": self.checked,
            "broken": broken,
            "holds_share": 1 - broken / self.checked,
        }


def structure_issues(table: Table, rules: list[Rule], report: Report) -> list[Issue]:
    """Constant columns, equal columns, and broken rules."""
    found = [_constant(series, report) for series in table.series if _is_constant(series)]
    found += [_equal(first, second, report) for first, second in _equal_pairs(table)]
    found += [_broken(table, rule, report) for rule in rules if rule.broken.any()]
    return found


def find_rules(table: Table) -> list[Rule]:
    """Products and sums of two columns that give a third in at least 95 % of the complete rows.

    Candidates are screened on evenly spread rows; what passes is checked on all rows. A value agrees within 0.5 % or within
    half a unit of the total's last printed digit.
    """
    numeric = [
        s
        for s in table.numeric()
        if s.is_("measure", "intensive", "count", "unknown") and not _is_constant(s)
    ]
    numeric = numeric[:_MAX_RULE_COLUMNS]
    if len(numeric) < 3 or table.rows < 20:
        return []
    found: list[Rule] = []
    for total in numeric:
        others = [s for s in numeric if s is not total]
        for left, right in combinations(others, 2):
            for operator in ("×", "+"):
                if _holds(total.screen, left.screen, right.screen, operator, total) is not None:
                    rule = _verify(total, left, right, operator)
                    found += [rule] if rule else []
                    for series in (total, left, right):
                        table.left(series)
    return _without_inverses(found)


def _verify(total: Series, left: Series, right: Series, operator: str) -> Rule | None:
    broken = _holds(total.numbers, left.numbers, right.numbers, operator, total)
    if broken is None:
        return None
    complete = np.isfinite(total.numbers) & np.isfinite(left.numbers) & np.isfinite(right.numbers)
    kind: Literal["×", "+"] = "×" if operator == "×" else "+"
    return Rule(total.name, left.name, right.name, kind, int(complete.sum()), broken)


def _holds(total: Numbers, left: Numbers, right: Numbers, operator: str, series: Series) -> Mask | None:
    """The rows that break the rule, or None when fewer than 95 % of the complete rows follow it."""
    with np.errstate(invalid="ignore", over="ignore"):
        expected = left * right if operator == "×" else left + right
        complete = np.isfinite(expected) & np.isfinite(total)
        least = 0.5 if series.kind == "integer" else 0.005
        off = np.abs(expected - total) > np.maximum(least, _TOLERANCE * np.abs(total))
    large = (np.abs(total) >= SMALLEST_TOTAL) | (series.kind == "integer")
    informative = (
        complete & large & (left != 0) & (right != 0) & ((left != 1) & (right != 1) | (operator == "+"))
    )
    if informative.sum() < 10 or (off & informative).sum() > (1 - _HOLDS) * informative.sum():
        return None
    broken: Mask = off & complete
    return broken if broken.sum() <= (1 - _HOLDS) * complete.sum() else None


def _without_inverses(rules: list[Rule]) -> list[Rule]:
    """One rule per set of three columns: the one with the fewest violations."""
    best: dict[frozenset[str], Rule] = {}
    for rule in rules:
        key = frozenset((rule.total, rule.left, rule.right))
        if key not in best or rule.broken.sum() < best[key].broken.sum():
            best[key] = rule
    return list(best.values())


def _broken(table: Table, rule: Rule, report: Report) -> Issue:
    series, rows = table[rule.total], np.flatnonzero(rule.broken)
    left, right = (table[name].numbers[rows] for name in (rule.left, rule.right))
    expected = left * right if rule.operator == "×" else left + right
    whole = series.kind == "integer" and bool(np.all(expected == np.rint(expected)))
    proposed = pa.array(expected.astype(np.int64) if whole else expected).cast(series.array.type, safe=False)
    for part in (rule.left, rule.right):
        table.left(table[part])
    return report.issue(
        "broken_rule",
        series,
        rule.broken,
        severity="high" if rule.broken.sum() <= 0.01 * rule.checked else "medium",
        dimension="consistency",
        certainty=0.7,
        repair=Repair(proposed, 0.6),
        en="{rule} holds in {holds:.2%} of the rows but not in {count:,}.",
        ko="{rule} 관계가 {holds:.2%}의 행에서 성립하지만 {count:,}행에서는 맞지 않습니다.",
        rule=rule.text,
        holds=1 - int(rule.broken.sum()) / rule.checked,
    )


def _is_constant(series: Series) -> bool:
    return series.distinct_count == 1 and series.rows > 1


def _constant(series: Series, report: Report) -> Issue:
    return report.issue(
        "constant",
        series,
        ~series.missing,
        severity="low",
        dimension="plausibility",
        en="{column} has the same value in every row that has one ({value}); it tells rows apart by nothing.",
        ko="{column} 열은 값이 모두 {value}(으로/로) 같아 행을 구분하는 정보가 없습니다.",
        examples=[],
        value=plain_value(series.distinct.values[0].as_py()),
    )


def _equal_pairs(table: Table) -> list[tuple[Series, Series]]:
    pairs: list[tuple[Series, Series]] = []
    for first, second in combinations(table.series, 2):
        if first.kind != second.kind or _is_constant(first) or first.distinct_count < 2:
            continue
        if first.distinct_count == second.distinct_count:
            if first.array.equals(second.array):
                pairs.append((first, second))
            table.left(second)
    return pairs


def _equal(first: Series, second: Series, report: Report) -> Issue:
    return report.issue(
        "equal_columns",
        second,
        np.ones(report.rows, np.bool_),
        severity="low",
        dimension="plausibility",
        en="{column} repeats {other} in every row.",
        ko="{column} 열은 모든 행에서 {other} 열과 같습니다.",
        examples=[],
        other=first.name,
    )
