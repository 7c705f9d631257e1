"""What an order brings along: the person's file, or the outputs of an earlier analysis."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import Field

from mesh.results import Column, DatasetRef, FileRef, Model, Output

from .skills import SOURCE

_SAMPLE_ROWS = 5
_SAMPLE_TEXT = 80


class Given(Model):
    """One thing that a step may take without another step producing it.

    `name` is what `InputRef(step=None, output=name)` says. `columns`, `rows` and `summary` describe a
    dataset; `sample` shows some of its rows, and is only there when rows may be shared.
    """

    name: str
    type: str
    columns: list[Column] = Field(default_factory=list)
    rows: int | None = None
    summary: str = ""
    sample: list[list[Any]] = Field(default_factory=list)


def given_of(
    source: FileRef | None, earlier: Iterable[Output] = (), *, share_rows: bool = False
) -> list[Given]:
    """The things an order gives: its file first, then earlier outputs in the order they come, one per name.

    Of several things of one type the planner takes the first. A caller with a new file leaves out the earlier
    outputs that came from another file: a given dataset is used as it is, and nothing is loaded again.
    With `share_rows` a dataset comes with the first rows that an earlier output's `preview` shows of it.
    """
    outputs = list(earlier)
    previews = [output.data["preview"] for output in outputs if output.data and "preview" in output.data]
    found: dict[str, Given] = {}
    if source is not None:
        found[SOURCE] = Given(name=SOURCE, type=SOURCE, summary=f"{source.name} ({source.media_type})")
    for output in outputs:
        dataset = output.dataset
        found.setdefault(
            output.name,
            Given(
                name=output.name,
                type=output.type,
                columns=dataset.columns if dataset else [],
                rows=dataset.rows if dataset else None,
                summary=output.description or output.title,
                sample=_sample(dataset, previews) if dataset and share_rows else [],
            ),
        )
    return list(found.values())


def _sample(dataset: DatasetRef, previews: Sequence[Any]) -> list[list[Any]]:
    """Rows of the preview that has the dataset's columns, at most `_SAMPLE_ROWS`, long texts cut."""
    names = [column.name for column in dataset.columns]
    for preview in previews:
        if isinstance(preview, dict) and preview.get("columns") == names:
            return [[_cut(cell) for cell in row] for row in preview.get("rows", [])[:_SAMPLE_ROWS]]
    return []


def _cut(cell: Any) -> Any:
    return cell[:_SAMPLE_TEXT] if isinstance(cell, str) else cell
