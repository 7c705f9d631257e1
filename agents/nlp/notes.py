"""What is said beside an answer: shared places of a ranking, an incomplete last period, rows that are not shown."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from mesh.language import Language, say

from .catalog import Catalog
from .engine import run_select
from .labels import figure_place, key_text, measure_label, number_text
from .periods import shift, start_of
from .query import Query
from .sql import write_sql

_LOOKED_AT = 50
"""How many places behind the last one are looked at for equal figures."""


def tie_notes(
    query: Query, rows: list[list[Any]], path: Path, language: Language, timeout_s: float
) -> list[str]:
    """Says when the last place of a ranking is shared, and when a second measure has another winner."""
    if (
        not query.superlative
        or query.per_group
        or not query.keys
        or not rows
        or query.limit is None
        or len(rows) < query.limit
    ):
        return []
    notes = []
    wider = run_select(write_sql(replace(query, limit=query.limit + _LOOKED_AT)), path, timeout_s=timeout_s)[
        1
    ]
    at = figure_place(query, rows[0])
    equal = [row for row in wider[query.limit :] if row[at] == wider[query.limit - 1][at]]
    if equal:
        notes.append(
            say(
                language,
                en="{k} has the same figure as the last place shown.",
                ko="{k}도 마지막 순위와 값이 같습니다.",
                k=key_text(query, equal[0], language),
            )
            if len(equal) == 1
            else say(
                language,
                en="{n} more have the same figure as the last place shown, such as {k}.",
                ko="{k} 등 {n}개도 마지막 순위와 값이 같습니다.",
                k=", ".join(key_text(query, row, language) for row in equal[:3]),
                n=len(equal),
            )
        )
    if query.kind == "change" and query.limit == 1:
        _, every, cut = run_select(write_sql(replace(query, limit=None)), path, timeout_s=timeout_s)
        sign = -1 if query.order == "asc" else 1
        moved = [(sign * (row[-2] - row[-3]), row) for row in every if None not in row[-3:-1]]
        furthest = max(moved, key=lambda pair: pair[0])[1] if moved else rows[0]
        if not cut and furthest[: len(query.keys)] != rows[0][: len(query.keys)]:
            notes.append(
                say(
                    language,
                    en="In absolute numbers {k} is first: {a} to {b}.",
                    ko="변화한 양으로는 {k}(이/가) 첫째입니다({a} → {b}).",
                    k=key_text(query, furthest, language),
                    a=number_text(furthest[-3]),
                    b=number_text(furthest[-2]),
                )
            )
    if query.kind == "value" and len(query.measures) == 2 and query.limit == 1:
        other = replace(query, measures=query.measures[::-1])
        winner = run_select(write_sql(other), path, timeout_s=timeout_s)[1][0]
        keys = len(query.keys)
        if winner[:keys] != rows[0][:keys]:
            label = measure_label(query, query.measures[1], language)
            notes.append(
                say(
                    language,
                    en="By {l} the first is {k}.",
                    ko="{l} 기준으로는 {k}(이/가) 앞섭니다.",
                    l=label,
                    k=key_text(query, winner, language),
                )
            )
    return notes


def open_period_note(query: Query, catalog: Catalog, language: Language) -> list[str]:
    """Says that the last month, quarter or year shown is not complete."""
    grain = next((k.grain for k in query.keys if k.grain in {"week", "month", "quarter", "year"}), None)
    if grain is None or catalog.last is None:
        return []
    start = start_of(catalog.last, grain)
    ends = [end for f in query.filters for end in _ends(f.op, f.values)]
    if shift(start, grain, 1) - timedelta(days=1) == catalog.last or (ends and max(ends) <= start):
        return []
    return [
        say(
            language,
            en="The last {g} of the data is incomplete: it ends on {d}.",
            ko="데이터가 {d}에 끝나므로 마지막 {g}의 값은 일부만 집계된 것입니다.",
            g=grain
            if language == "en"
            else {"week": "주", "month": "달", "quarter": "분기", "year": "해"}[grain],
            d=catalog.last,
        )
    ]


def _ends(op: str, values: tuple[Any, ...]) -> list[date]:
    periods = [values] if op == "period" else list(values) if op == "periods" else []
    return [end for _, end in periods if end is not None]


def truncation_note(truncated: bool, max_rows: int, language: Language) -> list[str]:
    """Says that rows were left out."""
    if not truncated:
        return []
    return [
        say(language, en="Only the first {n} rows are shown.", ko="처음 {n}행만 표시했습니다.", n=max_rows)
    ]
