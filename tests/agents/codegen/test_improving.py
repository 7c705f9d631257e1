"""Versions of code: only one that does the same is taken, whoever wrote it."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from agents.codegen.drafting import Draft, Task, draft_cells
from agents.codegen.improving import Improvement, Improver
from agents.codegen.linting import complaints_of, counted, tidied
from agents.codegen.sandbox import Limits
from agents.codegen.sessions import Sessions
from mesh.llm.openai_chat import OpenAiChat
from mesh.results import Column
from tests.flow.model import LoopbackModel, loopback_model

LOOP = "import os\nsquares = []\nfor n in range(2000):\n    squares.append(n * n)\nprint(sum(squares))\n"
SLOW = "import time\ntime.sleep(0.3)\ntotal = int(df['n'].sum())\nprint(total)\n"
FAST = "total = int(df['n'].sum())\nprint(total)\n"
WRONG = "total = 7\nprint(6)\n"


@pytest.fixture
def model() -> Iterator[LoopbackModel]:
    with loopback_model() as loopback:
        yield loopback


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "t.parquet"
    pd.DataFrame({"n": [1, 2, 3]}).to_parquet(path)
    return path


def improved(folder: Path, code: str, table: Path | None = None, url: str | None = None) -> Improvement:
    async def work() -> Improvement:
        sessions = Sessions(folder / "sandboxes")
        model = OpenAiChat("key", url, max_retries=0) if url else None
        improver = Improver(sessions, {"df": table} if table else {}, Limits(time_s=20), model, 10.0)
        try:
            return await improver.improve(code, "Make it faster", _nothing)
        finally:
            await sessions.close()
            if model is not None:
                await model.aclose()

    return asyncio.run(work())


async def _nothing(_: float) -> None:
    return None


def drafted(folder: Path, table: Path, url: str) -> Draft:
    async def work() -> Draft:
        sessions = Sessions(folder / "sandboxes")
        model = OpenAiChat("key", url, max_retries=0)
        columns = [Column(name="n", type="integer", semantic="measure")]
        task = Task("How much is n in total?", "en", columns, 3, {}, table)
        try:
            return await draft_cells(model, task, sessions, 10.0)
        finally:
            await sessions.close()
            await model.aclose()

    return asyncio.run(work())


def test_the_linter_counts_and_mends() -> None:
    assert counted(complaints_of("import os\n\nimport sys\n\nx = y\n", known=("y",))) == {
        "F401": 2,
        "I001": 1,
    }
    assert [item.rule for item in complaints_of("def (:")][:1] == ["syntax"]
    assert tidied("import os\nx=dict()\n", unsafe=True) == "x = {}\n"


def test_a_cleaner_version_with_equal_results_is_taken(tmp_path: Path) -> None:
    found = improved(tmp_path, LOOP)
    assert "import os" not in found.after.code
    assert found.by == "ruff"
    assert found.compared == {"output": 1, "value": 0, "files": 0, "variables": 2}
    assert len(found.complaints_after) < len(found.complaints_before)
    assert found.diff.startswith("--- before.py")


def test_a_loop_over_rows_becomes_an_expression_over_columns(tmp_path: Path) -> None:
    table = tmp_path / "t.parquet"
    pd.DataFrame({"n": range(3000), "shop": ["A", "B", "C"] * 1000}).to_parquet(table)
    slow = (
        "labels = []\nfor i, row in df.iterrows():\n    if row['n'] > 100 and row['shop'] == 'A':\n"
        "        labels.append('big')\n    else:\n        labels.append('small')\nprint(labels.count('big'))\n"
    )
    found = improved(tmp_path, slow, table)
    assert found.by.startswith("built-in")
    assert "iterrows" not in found.after.code
    assert found.after.run.stdout == found.before.run.stdout == "966\n"
    assert found.compared["variables"] == 2


def test_code_that_fails_stays_as_it_is(tmp_path: Path) -> None:
    found = improved(tmp_path, "import os\n1 / 0\n")
    assert found.before.run.error is not None
    assert found.diff == ""


def test_code_that_leaves_nothing_cannot_be_compared(tmp_path: Path) -> None:
    found = improved(tmp_path, "import os\n")
    assert found.diff == ""
    assert "nothing to compare" in found.refused[0]


def test_a_models_wrong_version_is_refused_and_told_why(
    tmp_path: Path, table: Path, model: LoopbackModel
) -> None:
    model.set(
        Rewrite=[
            f'{{"code": {WRONG!a}, "explanation": "x"}}'.replace("'", '"'),
            {"code": FAST, "explanation": "no pause"},
        ]
    )
    found = improved(tmp_path, SLOW, table, model.url)
    assert found.after.code == FAST
    assert found.by == "gpt-4o"
    assert found.explanation == "no pause"
    assert found.refused == ["the new version leaves other values in total"]
    assert "the new version leaves other values in total" in model.prompts[1]["user"]
    assert found.after.median_s < found.before.median_s


def test_drafted_cells_are_run_and_mended(tmp_path: Path, table: Path, model: LoopbackModel) -> None:
    broken = {"cells": [{"title": "Total", "source": "data['m'].sum()"}]}
    unknown = {"cells": [{"title": "Total", "source": "frame['n'].sum()"}]}
    right = {"cells": [{"title": "Total", "source": "data['n'].sum()"}]}
    model.set(CodeDraft=[broken, unknown, right])
    draft = drafted(tmp_path, table, model.url)
    assert [cell.source for cell in draft.cells] == ["data['n'].sum()"]
    assert draft.rounds == 3
    assert "KeyError" in draft.problems[0]
    assert "F821" in draft.problems[1]
    assert "KeyError" in model.prompts[1]["user"]


def test_three_failures_are_the_end(tmp_path: Path, table: Path, model: LoopbackModel) -> None:
    model.set(CodeDraft={"cells": [{"title": "Total", "source": "1 / 0"}]})
    draft = drafted(tmp_path, table, model.url)
    assert (draft.cells, draft.rounds, len(draft.problems)) == ([], 3, 3)


def test_a_model_that_is_away_costs_one_try(tmp_path: Path, table: Path, model: LoopbackModel) -> None:
    model.set(CodeDraft=500)
    draft = drafted(tmp_path, table, model.url)
    assert (draft.cells, draft.rounds) == ([], 1)
