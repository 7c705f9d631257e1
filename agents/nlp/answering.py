"""From a question and a Parquet file to an answer: reads, checks, runs and words it, or abstains with the reason."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from mesh.language import Language, say

from .abstention import abstention
from .basis import calendar_of, filters_of, settings_of
from .catalog import Catalog
from .denials import require_clear_denials
from .draft import UnsureError
from .engine import run_select
from .follow_up import read_turns, turns_of
from .guard import check_sql
from .indexing import build_catalog
from .labels import measure_label
from .notes import open_period_note, tie_notes, truncation_note
from .pandas_code import write_pandas
from .reading import read_question
from .scanning import find_mentions
from .sql import write_sql
from .wording import answer_sentence, stated_rows, too_many

DATA_FILE = "data.parquet"
"""What the pandas code calls the dataset's file."""
STATED_ROWS = 10_000
"""How many rows a sentence may speak of; fewer are returned."""


def answer_question(
    question: str,
    path: Path,
    columns: list[dict[str, Any]],
    language: Language,
    *,
    name: str = "",
    max_rows: int = 200,
    timeout_s: float = 30.0,
    earlier: Sequence[str] = (),
    progress: Callable[[float, str], None] = lambda _fraction, _message: None,
) -> dict[str, Any]:
    """The data of an `answer`: question, sql, columns, rows, answer, confidence, and how it was understood.

    `name` is the dataset's name, which may say what its rows are. `earlier` are the turns of an answer before; a question that
    cannot be read alone is read as a change of them, and so is what follows a dash in the question.
    An answer with `confidence` 0 and empty `sql` is an abstention: `answer` then holds the reason and `suggestions` questions
    that this data can answer. Raises: NeedsInputError when nothing in the question concerns the data; DeadlineError.
    """
    progress(0.1, say(language, en="Reading the columns and their values", ko="열과 값을 읽고 있습니다"))
    catalog = build_catalog(path, columns, name)
    progress(0.5, say(language, en="Reading the question", ko="질문을 해석하고 있습니다"))
    turns = _turns(question, list(earlier), catalog)
    try:
        query = read_turns(turns, catalog)
        require_clear_denials(query, path, timeout_s)
    except UnsureError as unsure:
        mentions = [m for turn in turns for m in find_mentions(turn, catalog)]
        return abstention(question, unsure, mentions, catalog, language)
    sql = check_sql(write_sql(query))
    progress(0.7, say(language, en="Running the query", ko="조회를 실행하고 있습니다"))
    names, found, more = run_select(sql, path, max_rows=max(max_rows, STATED_ROWS), timeout_s=timeout_s)
    rows, truncated = found[:max_rows], len(found) > max_rows
    notes = [
        say(language, en="{t}", ko="{t}", t=ko if language == "ko" else en) for en, ko in query.assumptions
    ]
    notes += (
        open_period_note(query, catalog, language)
        + tie_notes(query, rows, path, language, timeout_s)
        + truncation_note(truncated, max_rows, language)
    )
    return {
        "question": question,
        "turns": turns,
        "sql": sql,
        "pandas": write_pandas(query, DATA_FILE),
        "columns": names,
        "rows": rows,
        "answer": too_many(len(found), language) if more else answer_sentence(query, found, language),
        "stated": stated_rows(query, found) if truncated and not more else [],
        "confidence": round(query.confidence, 2),
        "abstained": False,
        "beyond_sql": False,
        "kind": query.kind,
        "notes": notes,
        "suggestions": [],
        "filters": filters_of(query),
        "settings": settings_of(query),
        "calendar": calendar_of(catalog, query),
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
    if truncated:
        text = too_many(len(rows), language)
    return {
        "question": sql,
        "turns": [],
        "sql": checked,
        "pandas": "",
        "columns": names,
        "rows": rows,
        "answer": text,
        "confidence": 1.0,
        "abstained": False,
        "beyond_sql": False,
        "kind": "sql",
        "notes": truncation_note(truncated, max_rows, language),
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
