"""What a model takes and gives, as its description says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mesh.pages.shapes import items, mapping, records

GENERATED = ("actual", "predicted", "probability")


@dataclass(frozen=True)
class ModelSchema:
    """`inputs` by name: `number`, `text`, `flag` or `time`, "" when nobody said; `classes` are empty for a number as output."""

    task: str
    target: str
    inputs: dict[str, str]
    classes: tuple[str, ...]


def schema_of(model: Mapping[str, Any]) -> ModelSchema:
    """The schema of a `model` output's data: its features with the types of its hold-out's columns."""
    held = {
        str(column.get("name")): column
        for column in records(mapping(model.get("predictions")).get("columns"))
    }
    inputs: dict[str, str] = {}
    for feature in items(model.get("features")):
        known = mapping(feature) or held.get(str(feature), {})
        name = str(mapping(feature).get("name", feature))
        inputs[name] = _kind(str(known.get("type", "")))
    return ModelSchema(
        str(model.get("task", "")),
        str(model.get("target", "")),
        inputs,
        tuple(str(label) for label in items(model.get("classes"))),
    )


def _kind(type_: str) -> str:
    kinds = {"integer": "number", "number": "number", "boolean": "flag", "datetime": "time", "date": "time"}
    return kinds.get(type_, "text" if type_ else "")
