"""Asks a language model for SQL: three attempts apart from each other, each mended with the error that its query gave."""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import anyio
from pydantic import BaseModel

from mesh.errors import BadInputError, DeadlineError, MeshError
from mesh.llm.model import LanguageModel

from .voting import Candidate

ROUNDS = 3
_QUOTED = re.compile(r"'[^']*'")
Run = Callable[[str], Awaitable[tuple[list[str], list[list[Any]], bool]]]
"""Column names, rows, and whether there are more, as `run_select` gives them."""

_APPROACHES = (
    "Write the shortest query that answers the question.",
    "First take the question apart: which rows, which groups, which figure. Then write the query, part by part.",
    "Start from what the answer must look like, one row or one row for each of what, and write the query backwards from that.",
)
_SYSTEM = (
    "You translate a question about one table into one DuckDB SELECT. The table is the view `data`; it has exactly the columns "
    "that are listed, and there is no other table. Quote column names with double quotes. Use only plain functions: aggregates, "
    "window functions, dates, text, CASE. Return only what is asked for: the groups and the figure, no other columns. "
    "Relative times count from `last_day`. Values that differ only in capitals or spaces are one value: match and group all its "
    "spellings together. When the columns do not hold what is asked for, or the question is about causes, "
    "the future or advice, set `answerable` to false, say why in `reason`, and leave `sql` empty. Never replace what is asked "
    "for by something near it."
)


class SqlDraft(BaseModel):
    """A query, or why there is none."""

    answerable: bool
    reason: str
    sql: str


@dataclass
class Attempts:
    """The queries that ran, and for each attempt without one why it failed."""

    candidates: list[Candidate] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


async def ask_for_sql(
    model: LanguageModel, facts: dict[str, Any], run: Run, *, ask_s: float, total_s: float
) -> Attempts:
    """Three attempts at once, within `total_s` seconds together and `ask_s` for each call of the model.

    `facts` are those of `linked_schema`; `run` checks and runs a query and raises BadInputError or DeadlineError. Whatever the
    model does raises nothing: what went wrong is among the `problems`.
    """
    attempts = Attempts()
    with anyio.move_on_after(total_s) as scope:
        async with anyio.create_task_group() as group:
            for approach in _APPROACHES:
                group.start_soon(_attempt, model, approach, facts, run, ask_s, attempts)
    if scope.cancelled_caught:
        attempts.problems.append(f"{model.model} did not finish within {total_s:g} s.")
    return attempts


async def _attempt(
    model: LanguageModel, approach: str, facts: dict[str, Any], run: Run, ask_s: float, attempts: Attempts
) -> None:
    """One query that runs, or why there is none."""
    problem = error = ""
    for _ in range(ROUNDS):
        try:
            draft = await model.ask(SqlDraft, f"{_SYSTEM} {approach}", _prompt(facts, problem), ask_s)
        except MeshError as failure:
            attempts.problems.append(str(failure))
            return
        if not draft.answerable or not draft.sql.strip():
            attempts.problems.append(draft.reason or "No query was written.")
            return
        try:
            columns, rows, more = await run(draft.sql)
        except (BadInputError, DeadlineError) as failure:
            error = f"The error: {_without_values(str(failure), draft.sql)}"
            problem = f"This query failed: {draft.sql}\n{error}\nSend a query that is mended."
            continue
        attempts.candidates.append(Candidate(draft.sql, columns, rows, more))
        return
    attempts.problems.append(error.splitlines()[0])


def _without_values(error: str, sql: str) -> str:
    """The message without quoted values that are not the query's own: they come out of the table."""
    return _QUOTED.sub(lambda match: match.group() if match.group() in sql else "'…'", error)


def _prompt(facts: dict[str, Any], problem: str) -> str:
    told = json.dumps(facts, ensure_ascii=False)
    return f"{told}\n\n{problem}" if problem else told
