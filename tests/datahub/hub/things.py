"""Outputs and step records as the orchestrator sends them."""

from typing import Any

from datahub.hub.models import StepRecord
from mesh.results import Column, DatasetRef, FileRef, Output


def dataset(name: str, version: int = 1) -> Output:
    """A dataset whose id is made from its name."""
    ref = DatasetRef(
        id="ds-" + name.replace("\x00", ""),
        version=version,
        name=name,
        uri=f"mesh://objects/{name}",
        columns=[Column(name="sales", type="number", semantic="measure")],
        rows=3,
        bytes=100,
        sha256=name,
    )
    return Output(name="dataset", type="dataset", dataset=ref)


def source(path: str) -> Output:
    """A file as a person names it."""
    return Output(name="source", type="source", file=FileRef(name=path, uri=f"file:///{path}"))


def report(kind: str, **data: Any) -> Output:
    """A structured result."""
    return Output(name=kind, type=kind, data=data)


def step(analysis_id: str, name: str, inputs: list[Output], outputs: list[Output]) -> StepRecord:
    """A finished step."""
    return StepRecord(
        analysis_id=analysis_id, step=name, skill=f"do_{name}", agent="tester", inputs=inputs, outputs=outputs
    )
