"""Drift between two tables: values, missing cells, columns and sizes, ranked, with every p-value corrected together."""

from collections.abc import Callable
from typing import Any

from mesh.errors import BadInputError
from mesh.language import Language, say
from mesh.tabular.drift import MAJOR, MODERATE, SMALL_EFFECT, cohens_h, fisher, holm

from .drift_columns import ColumnDrift, compare_columns
from .tables import Series, Table

ALPHA = 0.05
_RANK = {"major": 0, "moderate": 1, "undecided": 2, "none": 3}
_NUMERIC = {"integer", "number"}
_DATES = {"date", "datetime"}
Progress = Callable[[float, str], None]


def drift_between(
    reference: Table,
    current: Table,
    language: Language,
    alpha: float = ALPHA,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """The drift from `reference` to `current` as JSON, columns with the largest change first.

    Raises: BadInputError when one of them has no rows or they share no column.
    """
    for table in (reference, current):
        if not table.rows:
            raise BadInputError(
                say(
                    language,
                    en="One of the two sides has no rows, so there is nothing to compare. Choose sides that have rows.",
                    ko="두 데이터 중 하나에 행이 없어 비교할 수 없습니다. 행이 있는 데이터를 골라 주십시오.",
                )
            )
    names = {series.name for series in current.series}
    shared = [(series, current[series.name]) for series in reference.series if series.name in names]
    if not shared:
        raise BadInputError(
            say(
                language,
                en="The two datasets have no column in common, so drift cannot be judged. Rename columns that mean the same.",
                ko="두 데이터셋에 공통된 열이 없어 변화를 판단할 수 없습니다. 같은 뜻의 열 이름을 맞춰 주십시오.",
            )
        )
    compared, skipped = _compared(shared, language, progress)
    missing = [
        _missing(before, after) for before, after in shared if before.missing.any() or after.missing.any()
    ]
    adjusted = holm([item.test.p for item in compared] + [entry["p"] for entry in missing])
    for item, p in zip(compared, adjusted, strict=False):
        item.decide(p, alpha)
    for entry, p in zip(missing, adjusted[len(compared) :], strict=True):
        entry["p_adjusted"] = p
        entry["changed"] = bool(p < alpha and abs(entry["cohens_h"]) >= SMALL_EFFECT)
    compared.sort(key=lambda item: (_RANK[item.level], -item.size, item.column))
    missing.sort(key=lambda entry: (not entry["changed"], -abs(entry["cohens_h"]), entry["column"]))
    return {
        "reference_rows": reference.rows,
        "current_rows": current.rows,
        "compared": len(compared),
        "tests": len(adjusted),
        "levels": {level: sum(item.level == level for item in compared) for level in _RANK},
        "missing_changed": sum(entry["changed"] for entry in missing),
        "columns": [item.as_data() for item in compared],
        "missing": missing,
        "not_compared": skipped,
        "schema": _schema(reference, current, shared),
        "thresholds": {"moderate": MODERATE, "major": MAJOR, "cohens_h": SMALL_EFFECT, "alpha": alpha},
        "correction": "Holm",
    }


def _compared(
    shared: list[tuple[Series, Series]], language: Language, progress: Progress | None
) -> tuple[list[ColumnDrift], list[dict[str, str]]]:
    compared: list[ColumnDrift] = []
    skipped: list[dict[str, str]] = []
    for position, (before, after) in enumerate(shared):
        if progress:
            message = say(
                language, en="Comparing {column}", ko="{column} 열을 비교하고 있습니다", column=before.name
            )
            progress(0.2 + 0.7 * position / len(shared), message)
        found = compare_columns(before, after) if _family(before) == _family(after) else "retyped"
        if isinstance(found, ColumnDrift):
            compared.append(found)
        else:
            skipped.append({"column": before.name, "why": found})
    return compared, skipped


def _family(series: Series) -> str:
    return "number" if series.kind in _NUMERIC else "date" if series.kind in _DATES else series.kind


def _missing(before: Series, after: Series) -> dict[str, Any]:
    """The share of missing cells on both sides, and whether chance explains the difference."""
    counts = int(before.missing.sum()), int(after.missing.sum())
    totals = len(before.array), len(after.array)
    shares = counts[0] / totals[0], counts[1] / totals[1]
    return {
        "column": before.name,
        "before": shares[0],
        "after": shares[1],
        "reference_count": counts[0],
        "current_count": counts[1],
        "cohens_h": cohens_h(*shares),
        "p": fisher(counts[0], totals[0], counts[1], totals[1]).p,
    }


def _schema(reference: Table, current: Table, shared: list[tuple[Series, Series]]) -> dict[str, Any]:
    known = {before.name for before, _ in shared}
    return {
        "added": [series.name for series in current.series if series.name not in known],
        "removed": [series.name for series in reference.series if series.name not in known],
        "retyped": [
            {"column": before.name, "before": before.kind, "after": after.kind}
            for before, after in shared
            if _family(before) != _family(after)
        ],
    }
