"""Cells of a notebook, and the two files made of them: the notebook itself and a plain Python script."""

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Cell:
    """One cell: Markdown text or Python source."""

    kind: Literal["markdown", "code"]
    source: str


def markdown(text: str) -> Cell:
    """A Markdown cell."""
    return Cell("markdown", text.strip())


def code(source: str) -> Cell:
    """A Python cell; blank lines around it are dropped."""
    return Cell("code", source.strip("\n").rstrip())


def as_notebook(cells: list[Cell]) -> Any:
    """An nbformat 4 notebook whose cell ids are their numbers, so that the same cells give the same file."""
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    make_notebook: Any = new_notebook
    notebook = make_notebook()
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.metadata["language_info"] = {"name": "python"}
    for number, cell in enumerate(cells):
        make: Any = new_markdown_cell if cell.kind == "markdown" else new_code_cell
        notebook.cells.append(make(cell.source, id=f"cell-{number:02d}"))
    return notebook


def as_script(cells: list[Cell]) -> str:
    """The same code as a script: Markdown becomes comments, notebook magics are left out."""
    parts = []
    for cell in cells:
        if cell.kind == "markdown":
            parts.append("\n".join(f"# {line}".rstrip() for line in cell.source.splitlines()))
        else:
            kept = [line for line in cell.source.splitlines() if not line.startswith("%")]
            parts.append("\n".join(kept))
    return "\n\n".join(parts) + "\n"
