"""What an order brings along: the person's files, and the outputs of earlier analyses."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from pydantic import Field

from mesh.results import Column, DatasetRef, FileRef, Model, Output

from .skills import SOURCE

_SAMPLE_ROWS = 5
_SAMPLE_TEXT = 80


Part = Literal["own", "combined", "derived"]


class Given(Model):
    """One thing that a step may take without another step producing it.

    `name` is what `InputRef(step=None, output=name)` says, `title` what people call it. `columns`, `rows` and `summary`
    describe a dataset; `sample` shows some of its rows, and is only there when rows may be shared. `part` tells of an earlier
    dataset whether it is one of its own, was `combined` of several, or `derived` of another beside which it stands.
    """

    name: str
    type: str
    title: str = ""
    part: Part = "own"
    columns: list[Column] = Field(default_factory=list)
    rows: int | None = None
    summary: str = ""
    sample: list[list[Any]] = Field(default_factory=list)

    @property
    def called(self) -> str:
        """Its title, or without one its name."""
        return self.title or self.name


class Kept(Model):
    """An output of an earlier analysis, under the name by which a step takes it."""

    name: str
    output: Output
    part: Part = "own"


def source_names(sources: Sequence[FileRef]) -> dict[str, FileRef]:
    """The sources of an order by the names by which steps take them: `source`, `source-2`, …"""
    return {SOURCE if place == 1 else f"{SOURCE}-{place}": file for place, file in enumerate(sources, 1)}


def given_of(
    sources: Mapping[str, FileRef], kept: Iterable[Kept] = (), *, share_rows: bool = False
) -> list[Given]:
    """The things an order gives: its files first, then earlier outputs in the order they come.

    A caller with new files leaves out the earlier outputs that came from other files: a given dataset is used as it is,
    and nothing is loaded again. With `share_rows` a dataset comes with the first rows that an earlier output's `preview`
    shows of it, and other outputs with what they say, which may hold values of the data.
    """
    items = list(kept)
    shown = [item.output.data for item in items if item.output.data]
    previews = [data["preview"] for data in shown if "preview" in data]
    found = [
        Given(name=name, type=SOURCE, title=file.name, summary=f"{file.name} ({file.media_type})")
        for name, file in sources.items()
    ]
    return [*found, *(_given(item, previews, share_rows=share_rows) for item in items)]


def _given(item: Kept, previews: Sequence[Any], *, share_rows: bool) -> Given:
    output, dataset = item.output, item.output.dataset
    return Given(
        name=item.name,
        type=output.type,
        title=dataset.name if dataset else "",
        part=item.part,
        columns=dataset.columns if dataset else [],
        rows=dataset.rows if dataset else None,
        summary=(output.description or output.title) if dataset or share_rows else "",
        sample=_sample(dataset, previews) if dataset and share_rows else [],
    )


def _sample(dataset: DatasetRef, previews: Sequence[Any]) -> list[list[Any]]:
    """Rows of the preview that has the dataset's columns, at most `_SAMPLE_ROWS`, long texts cut."""
    names = [column.name for column in dataset.columns]
    for preview in previews:
        if isinstance(preview, dict) and preview.get("columns") == names:
            return [[_cut(cell) for cell in row] for row in preview.get("rows", [])[:_SAMPLE_ROWS]]
    return []


def _cut(cell: Any) -> Any:
    return cell[:_SAMPLE_TEXT] if isinstance(cell, str) else cell
