"""What a model takes and gives, as its description says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mesh.pages.shapes import items, mapping, records


@dataclass(frozen=True)
class ModelSchema:
    """`inputs` are the table's columns that the model takes: `number`, `category` or `date`, "" when nobody said.

    `classes` are empty when the output is a number.
    """

    task: str
    target: str
    inputs: dict[str, str]
    classes: tuple[str, ...]


def schema_of(model: Mapping[str, Any]) -> ModelSchema:
    """The schema of a `model` output's data; a forecast takes what it says as its features, without types."""
    inputs = {str(name): "" for name in items(model.get("features"))}
    described = records(model.get("inputs"))
    if described:
        inputs = {
            str(item.get("source", "")): "date" if item.get("part") else str(item.get("type", ""))
            for item in described
        }
    return ModelSchema(
        str(model.get("task", "")),
        str(model.get("target", "")),
        inputs,
        tuple(str(label) for label in items(model.get("classes"))),
    )


def input_changes(old: ModelSchema, new: ModelSchema) -> dict[str, list[str]]:
    """Input columns that were `added`, `removed` and `retyped` from the old to the new, sorted. A type nobody said is none."""
    before, after = old.inputs, new.inputs
    retyped = [n for n in before if n in after and before[n] and after[n] and before[n] != after[n]]
    return {
        "added": sorted(set(after) - set(before)),
        "removed": sorted(set(before) - set(after)),
        "retyped": sorted(retyped),
    }


def training_data(model: Mapping[str, Any]) -> dict[str, str]:
    """What the description says of the dataset it was trained on: `id`, `name` and `sha256`, as far as they are known."""
    return {key: str(value) for key, value in mapping(model.get("dataset")).items() if value}
