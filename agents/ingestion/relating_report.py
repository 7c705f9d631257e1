"""What relating tables found and did, as JSON."""

from collections.abc import Sequence
from typing import Any

from .relating import Combination, Join, Sheet, Side
from .relating_combining import SOURCE_COLUMN, Combined


def proposals_report(sheets: Sequence[Sheet], joins: Sequence[Join]) -> dict[str, Any]:
    """The tables, and the joins between them, surest first."""
    return {"tables": _tables(sheets), "proposals": [join_facts(join, sheets) for join in joins]}


def combination_report(
    groups: Sequence[Sequence[Sheet]], parts: Sequence[Sheet], plan: Combination, made: Combined
) -> dict[str, Any]:
    """The tables, what was stacked and joined in which order, the columns that came in, and the rows before and after."""
    stacks = [
        {
            "kind": "stack",
            "tables": [sheet.name for sheet in group],
            "column": next(
                column.name for column in reversed(part.columns) if column.name.startswith(SOURCE_COLUMN)
            ),
            "rows": part.rows,
        }
        for group, part in zip(groups, parts, strict=True)
        if len(group) > 1
    ]
    return {
        "tables": _tables([sheet for group in groups for sheet in group]),
        "stacks": stacks,
        "joins": [join_facts(join, parts) for join in plan.joins],
        "columns_added": [vars(column) for column in made.added],
        "root": parts[plan.root].name,
        "rows": {"before": parts[plan.root].rows, "after": made.sheet.rows},
    }


def join_facts(join: Join, sheets: Sequence[Sheet]) -> dict[str, Any]:
    """One join: tables, keys and what they are compared as, cardinality, match rates and orphans of both sides."""
    return {
        "left": sheets[join.left].name,
        "right": sheets[join.right].name,
        "keys": [
            {"left": key.left, "right": key.right, "coercions": list(key.coercions)} for key in join.keys
        ],
        "cardinality": join.cardinality,
        "confidence": join.confidence,
        "safe": join.is_safe(),
        "of_left": _side(join.of_left),
        "of_right": _side(join.of_right),
    }


def _side(side: Side) -> dict[str, Any]:
    return {
        "rows": side.rows,
        "without_key": side.rows - side.keyed,
        "matched": side.matched,
        "unmatched": side.keyed - side.matched,
        "match_rate": round(side.match_rate, 6),
        "repeated_keys": side.repeated,
        "orphans": side.orphans,
        "orphan_examples": list(side.examples),
    }


def _tables(sheets: Sequence[Sheet]) -> list[dict[str, Any]]:
    return [{"name": sheet.name, "rows": sheet.rows, "columns": len(sheet.columns)} for sheet in sheets]
