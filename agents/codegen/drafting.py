"""Code that a language model writes for the question: generated, linted, run, and repaired with the error it gave."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, Field

from mesh.errors import MeshError
from mesh.language import Language
from mesh.llm.model import LanguageModel
from mesh.results import Column

from .linting import ERRORS, complaints_of
from .sandbox import CodeRun
from .sessions import Sessions

ROUNDS = 3
_MOST_CELLS = 12
_PRELUDE = "import matplotlib.pyplot as plt\nfrom IPython.display import display\n"


class DraftedCell(BaseModel):
    """One cell: what it is about, and its source."""

    title: str
    source: str


class CodeDraft(BaseModel):
    """The cells that answer the question, in order."""

    cells: list[DraftedCell] = Field(min_length=1, max_length=_MOST_CELLS)


@dataclass(frozen=True)
class Draft:
    """Cells that ran clean, or none and in `problems` why each round failed."""

    cells: list[DraftedCell] = field(default_factory=list)
    rounds: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Task:
    """What the code is for, and what there is: the table's columns and numbers that earlier steps reported."""

    goal: str
    language: Language
    columns: Sequence[Column]
    rows: int
    reported: Mapping[str, object]
    dataset: Path


async def draft_cells(model: LanguageModel, task: Task, sessions: Sessions, deadline_s: float) -> Draft:
    """Asks for cells at most three times; each time they are linted and run on the data inside walls before they are taken."""
    problems: list[str] = []
    for turn in range(1, ROUNDS + 1):
        try:
            drafted = await model.ask(CodeDraft, _system(task.language), _prompt(task, problems), deadline_s)
        except MeshError as error:
            return Draft([], turn, [*problems, str(error)])
        problem = await _problem_of(drafted.cells, task, sessions)
        if problem is None:
            return Draft(drafted.cells, turn, problems)
        problems.append(problem)
    return Draft([], ROUNDS, problems)


async def _problem_of(cells: Sequence[DraftedCell], task: Task, sessions: Sessions) -> str | None:
    """The first error of the linter or of a run; None when all is well."""
    source = "\n\n".join(cell.source for cell in cells)
    wrong = await asyncio.to_thread(complaints_of, source, ERRORS, known=("data", "plt", "display"))
    if wrong:
        return f"{wrong[0].rule} in line {wrong[0].line}: {wrong[0].message}"
    async with sessions.single() as sandbox:
        await sandbox.run(_PRELUDE + "None", {"data": task.dataset})
        for number, cell in enumerate(cells, 1):
            run = await sandbox.run(cell.source)
            if not run.ok:
                return f"cell {number} ({cell.title}): {_what(run)}"
    return None


def _what(run: CodeRun) -> str:
    if run.error is None:
        return f"it was stopped by the limit on {run.stopped}"
    return f"{run.error['type']}: {run.error['message']} in line {run.error['line']}: {run.error['code']}"


def _system(language: Language) -> str:
    return (
        "You write Python cells for a Jupyter notebook that answers a question about a table. The table is the pandas data "
        "frame `data`, already loaded; pd, np, plt and display are there. "
        "Compute everything from `data`: invent no number, no row and no "
        "column, and read no file. Show results as the last expression of a cell or with display. Titles and comments are in "
        + ("Korean." if language == "ko" else "English.")
    )


def _prompt(task: Task, problems: Sequence[str]) -> str:
    columns = [{"name": item.name, "type": item.type, "meaning": item.semantic} for item in task.columns]
    parts = [
        f"Question: {task.goal[:4000]}",
        f"The table has {task.rows} rows and these columns: {json.dumps(columns, ensure_ascii=False)}",
        f"Earlier steps reported: {json.dumps(task.reported, ensure_ascii=False, default=str)[:6000]}",
    ]
    if problems:
        parts.append(f"Your last cells failed: {problems[-1]}. Send all cells again, mended.")
    return "\n\n".join(parts)
