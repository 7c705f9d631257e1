"""From a dataset and earlier results to an executed notebook and its script."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mesh.language import Language, say
from mesh.results import Column, DatasetRef

from .analysis_cells import analysis_cells
from .cells import as_notebook, as_script, code, markdown
from .check_cells import check_cells
from .kernel import run_notebook
from .opening_cells import DATA_FILE, opening_cells
from .outline import choose_outline, read_facts
from .reported import collect_reported

NOTEBOOK_FILE = "analysis.ipynb"
SCRIPT_FILE = "analysis.py"


def build_notebook(
    data_path: Path,
    dataset: DatasetRef,
    question: str,
    language: Language,
    upstream: Mapping[str, Mapping[str, Any] | None],
    workdir: Path,
    *,
    drafted: Sequence[tuple[str, str]] = (),
    notebook_timeout_s: float = 120.0,
    progress: Callable[[float, str], None] = lambda _fraction, _message: None,
) -> dict[str, Any]:
    """Writes `analysis.ipynb`, executed, and `analysis.py` into `workdir` and says how the run went.

    Args: `drafted` are further cells, (title, source) each, that answer the question; they come after the mesh's own.
    Returns: `executed`, `error`, `cells`, `code_cells`, `executed_cells`, `checks` (numbers compared), `measure`, `aggregation`,
    `sections`, `rows`. A notebook whose run failed is still written, with the error in it.
    """
    progress(0.02, say(language, en="Reading the data", ko="데이터를 읽고 있습니다"))
    columns: Sequence[Column] = dataset.columns
    facts = read_facts(data_path, columns)
    outline = choose_outline(question, columns, facts, upstream.get("forecast"), upstream.get("eda_report"))
    reported = collect_reported(columns, facts, upstream)
    cells = [
        *opening_cells(question, dataset, columns, outline.numeric, language),
        *analysis_cells(outline, facts.rows, language),
        *(cell for title, source in drafted for cell in (markdown(f"## {title}"), code(source))),
        *check_cells(
            _with_functions(reported, outline.measure is not None and facts.rows > 0),
            upstream.get("model"),
            language,
        ),
    ]
    shutil.copyfile(data_path, workdir / DATA_FILE)
    notebook_path = workdir / NOTEBOOK_FILE
    _write(as_notebook(cells), notebook_path)
    (workdir / SCRIPT_FILE).write_text(as_script(cells), encoding="utf-8")

    def on_cell(done: int, total: int) -> None:
        progress(
            0.1 + 0.85 * done / total,
            say(language, en="Cell {d} of {t}", ko="셀 {t}개 중 {d}개 실행", d=done, t=total),
        )

    run = run_notebook(notebook_path, timeout_s=notebook_timeout_s, on_cell=on_cell)
    code_cells = sum(cell.kind == "code" for cell in cells)
    return {
        "executed": run.error is None,
        "error": run.error,
        "cells": len(cells),
        "code_cells": code_cells,
        "executed_cells": run.executed_cells,
        "checks": _count_checks(notebook_path),
        "measure": outline.measure,
        "aggregation": outline.aggregation,
        "sections": [c.source.splitlines()[0].lstrip("# ") for c in cells if c.kind == "markdown"],
        "rows": facts.rows,
    }


def _with_functions(reported: dict[str, Any], analysed: bool) -> dict[str, Any]:
    """Without a figure there are no grouping functions in the notebook, and so only the plain comparisons."""
    if analysed:
        return reported
    return {k: v for k, v in reported.items() if k not in {"breakdowns", "series", "forecast"}}


def _write(notebook: Any, path: Path) -> None:
    import nbformat

    nbformat.validate(notebook)
    write: Any = nbformat.write
    write(notebook, path)


def _count_checks(path: Path) -> int:
    """How many numbers the last cell found to be the same; 0 when it did not get that far."""
    import nbformat

    read: Any = nbformat.read
    notebook = read(path, as_version=4)
    for output in notebook.cells[-1].get("outputs", []):
        text = output.get("text", "")
        if output.get("output_type") == "stream" and " numbers are the same." in text:
            return int(text.split(" of ")[0].strip().replace(",", ""))
    return 0
