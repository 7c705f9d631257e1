"""JSON Schemas as short text for people: rows of fields, type names, and an example of a whole object."""

import json
from typing import Any, NamedTuple


class FieldRow(NamedTuple):
    """One field of an object."""

    name: str
    type: str
    required: bool
    description: str


def rows_of(schema: dict[str, Any]) -> list[FieldRow]:
    """The fields of an object's schema, in order; empty for anything else."""
    required = set(schema.get("required", []))
    return [
        FieldRow(name, type_text(item), name in required, _description(item))
        for name, item in schema.get("properties", {}).items()
    ]


def schema_name(schema: dict[str, Any]) -> str:
    """The name that a reference points to; empty when it is none."""
    return str(schema.get("$ref", "")).rsplit("/", 1)[-1]


def type_text(schema: dict[str, Any]) -> str:
    """A schema's type as people write it, such as `list of Finding` or `string | null`."""
    if "$ref" in schema:
        return schema_name(schema)
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return " | ".join(dict.fromkeys(type_text(item) for item in schema[key]))
    if "enum" in schema:
        return " | ".join(json.dumps(value, ensure_ascii=False) for value in schema["enum"])
    if "const" in schema:
        return json.dumps(schema["const"], ensure_ascii=False)
    if schema.get("type") == "array":
        return f"list of {type_text(schema.get('items', {}))}"
    return str(schema.get("type", "any"))


def example_of(schema: dict[str, Any]) -> str:
    """An object with the first example of every field that has one, as indented JSON."""
    values = {name: _example(item) for name, item in schema.get("properties", {}).items()}
    return json.dumps(
        {name: value for name, value in values.items() if value is not None}, ensure_ascii=False, indent=2
    )


def _example(schema: dict[str, Any]) -> Any:
    if schema.get("examples"):
        return schema["examples"][0]
    for key in ("anyOf", "oneOf"):
        for item in schema.get(key, []):
            found = _example(item)
            if found is not None:
                return found
    return None


def _description(schema: dict[str, Any]) -> str:
    text = str(schema.get("description", ""))
    limits = [
        f"{word} {schema[key]:,}"
        for key, word in (
            ("minimum", "at least"),
            ("maximum", "at most"),
            ("maxLength", "characters: at most"),
        )
        if key in schema
    ]
    return f"{text} ({', '.join(limits)})" if limits else text
