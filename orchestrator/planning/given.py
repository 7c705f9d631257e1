"""What an order brings along: the person's file, or the outputs of an earlier analysis."""

from collections.abc import Iterable

from pydantic import Field

from mesh.results import Column, FileRef, Model, Output

from .skills import SOURCE


class Given(Model):
    """One thing that a step may take without another step producing it.

    `name` is what `InputRef(step=None, output=name)` says. `columns`, `rows` and `summary` describe a
    dataset, never show it.
    """

    name: str
    type: str
    columns: list[Column] = Field(default_factory=list)
    rows: int | None = None
    summary: str = ""


def given_of(source: FileRef | None, earlier: Iterable[Output] = ()) -> list[Given]:
    """The things an order gives: its file first, then earlier outputs in the order they come, one per name.

    Of several things of one type the planner takes the first. A caller with a new file leaves out the earlier
    outputs that came from another file: a given dataset is used as it is, and nothing is loaded again.
    """
    found: dict[str, Given] = {}
    if source is not None:
        found[SOURCE] = Given(name=SOURCE, type=SOURCE, summary=f"{source.name} ({source.media_type})")
    for output in earlier:
        dataset = output.dataset
        found.setdefault(
            output.name,
            Given(
                name=output.name,
                type=output.type,
                columns=dataset.columns if dataset else [],
                rows=dataset.rows if dataset else None,
                summary=output.description or output.title,
            ),
        )
    return list(found.values())
