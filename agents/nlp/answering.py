"""From a question and a Parquet file to an answer: reads, checks, runs and words it, or abstains with the reason."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from mesh.errors import NeedsInputError
from mesh.language import Language, say

from .catalog import Catalog
from .draft import UnsureError
from .engine import run_select
from .follow_up import read_turns, turns_of
from .guard import check_sql
from .indexing import build_catalog
from .labels import measure_label
from .mentions import Mention, find_mentions
from .periods import shift, start_of
from .query import Query
from .reading import read_question
from .sql import write_sql
from .suggestions import suggested_questions
from .wording import answer_sentence, stated_rows, too_many

STATED_ROWS = 10_000
"""How many rows a sentence may speak of; fewer are returned."""
_ABOUT_DATA = frozenset({"column", "value", "grain", "rows", "sell", "missing"})


def answer_question(
    question: str,
    path: Path,
    columns: list[dict[str, str]],
    language: Language,
    *,
    max_rows: int = 200,
    timeout_s: float = 30.0,
    earlier: Sequence[str] = (),
    progress: Callable[[float, str], None] = lambda _fraction, _message: None,
) -> dict[str, Any]:
    """The data of an `answer`: question, sql, columns, rows, answer, confidence, and how it was understood.

    `earlier` are the turns of an answer before; a question that cannot be read alone is read as a change of them, and so is
    what follows a dash in the question.
    An answer with `confidence` 0 and empty `sql` is an abstention: `answer` then holds the reason and `suggestions` questions
    that this data can answer. Raises: NeedsInputError when nothing in the question concerns the data; DeadlineError.
    """
    progress(0.1, say(language, en="Reading the columns and their values", ko="열과 값을 읽고 있습니다"))
    catalog = build_catalog(path, columns)
    progress(0.5, say(language, en="Reading the question", ko="질문을 해석하고 있습니다"))
    turns = _turns(question, list(earlier), catalog)
    mentions = [m for turn in turns for m in find_mentions(turn, catalog)]
    try:
        query = read_turns(turns, catalog)
    except UnsureError as unsure:
        return _abstention(question, unsure, mentions, catalog, language)
    sql = check_sql(write_sql(query))
    progress(0.7, say(language, en="Running the query", ko="조회를 실행하고 있습니다"))
    names, found, more = run_select(sql, path, max_rows=max(max_rows, STATED_ROWS), timeout_s=timeout_s)
    rows, truncated = found[:max_rows], len(found) > max_rows
    notes = [
        say(language, en="{t}", ko="{t}", t=ko if language == "ko" else en) for en, ko in query.assumptions
    ]
    notes += (
        _open_period_note(query, catalog, language)
        + _tie_notes(query, rows, path, language, timeout_s)
        + _truncation_note(truncated, max_rows, language)
    )
    return {
        "question": question,
        "turns": turns,
        "sql": sql,
        "columns": names,
        "rows": rows,
        "answer": too_many(len(found), language) if more else answer_sentence(query, found, language),
        "stated": stated_rows(query, found) if truncated and not more else [],
        "confidence": round(query.confidence, 2),
        "abstained": False,
        "kind": query.kind,
        "notes": notes,
        "suggestions": [],
        "filters": _filters(query),
        "settings": _settings(query),
        "calendar": _calendar(catalog, query),
        "row_count": len(found),
        "label": measure_label(query, query.measures[0], language) if query.measures else "",
    }


def answer_sql(
    sql: str, path: Path, language: Language, *, max_rows: int = 200, timeout_s: float = 30.0
) -> dict[str, Any]:
    """The data of an `answer` for a SELECT that the caller wrote. Raises: UnsafeSqlError, BadInputError, DeadlineError."""
    checked = check_sql(sql)
    names, rows, truncated = run_select(checked, path, max_rows=max_rows, timeout_s=timeout_s)
    text = say(language, en="The query returned {n:,} rows.", ko="조회 결과는 {n:,}행입니다.", n=len(rows))
    return {
        "question": sql,
        "turns": [],
        "sql": checked,
        "columns": names,
        "rows": rows,
        "answer": text,
        "confidence": 1.0,
        "abstained": False,
        "kind": "sql",
        "notes": _truncation_note(truncated, max_rows, language),
        "suggestions": [],
        "filters": [],
        "settings": {},
        "stated": [],
        "calendar": [],
        "row_count": len(rows),
        "label": "",
    }


def _turns(question: str, earlier: list[str], catalog: Catalog) -> list[str]:
    """The question with the turns it carries on: none when it says them itself or can be read alone."""
    turns = turns_of(question) or [question]
    if not earlier or len(turns) > 1:
        return turns
    try:
        read_question(find_mentions(question, catalog), catalog)
    except UnsureError:
        return [*earlier, question]
    return turns


def _abstention(
    question: str, unsure: UnsureError, mentions: list[Mention], catalog: Catalog, language: Language
) -> dict[str, Any]:
    reason = say(language, en="{t}", ko="{t}", t=unsure.ko if language == "ko" else unsure.en)
    suggestions = suggested_questions(catalog, language)
    if not any(m.kind in _ABOUT_DATA for m in mentions):
        raise NeedsInputError(
            say(
                language,
                en="{r} What should be looked up? For example: {s}",
                ko="{r} 무엇을 조회할지 알려 주십시오. 예: {s}",
                r=reason,
                s=" / ".join(suggestions),
            ),
            suggestions=suggestions,
        )
    return {
        "question": question,
        "turns": [],
        "sql": "",
        "columns": [],
        "rows": [],
        "answer": reason,
        "confidence": 0.0,
        "abstained": True,
        "kind": "abstained",
        "notes": [],
        "suggestions": suggestions,
        "filters": [],
        "settings": {},
        "stated": [],
        "calendar": _calendar(catalog, Query()),
        "row_count": 0,
        "label": "",
    }


def _tie_notes(
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
    from dataclasses import replace

    notes = []
    wider = run_select(write_sql(replace(query, limit=query.limit + 1)), path, timeout_s=timeout_s)[1]
    at = len(rows[0]) - 1 if query.kind == "share" else len(query.keys)
    if len(wider) > query.limit and wider[query.limit][at] == wider[query.limit - 1][at]:
        notes.append(
            say(
                language,
                en="{k} has the same figure as the last place shown.",
                ko="{k}도 마지막 순위와 값이 같습니다.",
                k=wider[query.limit][0],
            )
        )
    if query.kind == "value" and len(query.measures) == 2 and query.limit == 1:
        other = replace(query, measures=query.measures[::-1])
        winner = run_select(write_sql(other), path, timeout_s=timeout_s)[1][0]
        if winner[0] != rows[0][0]:
            label = measure_label(query, query.measures[1], language)
            notes.append(
                say(
                    language,
                    en="By {l} the first is {k}.",
                    ko="{l} 기준으로는 {k}(이/가) 앞섭니다.",
                    l=label,
                    k=winner[0],
                )
            )
    return notes


def _open_period_note(query: Query, catalog: Catalog, language: Language) -> list[str]:
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


def _truncation_note(truncated: bool, max_rows: int, language: Language) -> list[str]:
    if not truncated:
        return []
    return [
        say(language, en="Only the first {n} rows are shown.", ko="처음 {n}행만 표시했습니다.", n=max_rows)
    ]


def _filters(query: Query) -> list[dict[str, Any]]:
    """Filters as plain JSON, so that a reader can check what the answer is about."""
    return [
        {"column": f.column.name, "op": f.op, "values": [_json(v) for v in f.values], "part": f in query.part}
        for f in [*query.filters, *query.part]
    ] + [
        {"column": h.measure.alias, "op": h.op, "values": list(h.values), "part": False} for h in query.having
    ]


def _settings(query: Query) -> dict[str, float]:
    """Numbers of the question that shape the figures: percentiles, the place in a ranking, the length of a window."""
    settings: dict[str, float] = {m.alias: m.percent for m in query.measures if m.percent is not None}
    if query.skipped:
        settings["place"] = query.skipped + 1
    if query.window:
        settings["window"] = query.window
    return settings


def _json(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_json(v) for v in value]
    return value.isoformat() if isinstance(value, date) else value


def _calendar(catalog: Catalog, query: Query) -> list[list[int]]:
    """The days that the text names, as [year, month, day]: first and last of the data, and of each period."""
    days: list[date] = [d for d in (catalog.first, catalog.last) if d is not None]
    for item in query.filters:
        if item.op in {"period", "periods"}:
            for start, end in [item.values] if item.op == "period" else item.values:
                days += [d for d in (start, end - timedelta(days=1) if end else None) if d is not None]
    return [[d.year, d.month, d.day] for d in days]
