"""Outputs of types the report has no place for, shown by their shape: texts, code, values, tables, files."""

from typing import Any

from mesh.analysis import StepReport
from mesh.pages.blocks import Block, Code, Fact, Facts, Fold, Text
from mesh.pages.cells import grid_of, print_bytes, print_value
from mesh.pages.figures import file_path
from mesh.results import FileRef, Output, Table
from orchestrator.reporting.material import Material

_MAX_DEPTH = 2
_MAX_LIST = 12


def leftovers(step: StepReport, material: Material) -> list[Block]:
    """Texts in the open, and the values behind them on demand where something else already tells the story."""
    blocks: list[Block] = []
    for output in material.unplaced(step):
        texts = output_texts(output, step.summary)
        values = [*_codes(output), *_data_blocks(_values(output), material, output.title, 0)]
        blocks += texts
        if values and (texts or step.summary or step.tables or step.kpis):
            blocks.append(Fold(f"{material.labels('details')}: {output.title or output.name}", tuple(values)))
        else:
            blocks += values
        files = [file for file in dict.fromkeys([output.file, *output.files]) if file is not None]
        if files:
            facts = tuple(file_fact(file) for file in files)
            blocks.append(Facts(facts, material.labels("files")))
    return blocks


def output_texts(output: Output, said: str) -> list[Block]:
    """The paragraphs of an output of unknown type: its text, or its description unless that was `said` already."""
    text = (output.data or {}).get("text")
    if isinstance(text, str):
        return [Text(part.strip()) for part in text.split("\n\n") if part.strip()]
    return [Text(output.description)] if output.description and output.description != said else []


def file_fact(file: FileRef) -> Fact:
    """A file as it is listed: its name leads to it, its size stands beside."""
    size = print_bytes(file.bytes) if file.bytes is not None else file.media_type
    return Fact(file.name, size, link=file_path(file))


def _codes(output: Output) -> list[Block]:
    """The texts of several lines that a step wrote for machines: code, queries, logs."""
    return [Code(value) for name, value in (output.data or {}).items() if _is_code(name, value)]


def _is_code(name: str, value: Any) -> bool:
    return name != "text" and isinstance(value, str) and "\n" in value.strip()


def _values(output: Output) -> dict[str, Any]:
    """The data of an output less its texts and what is empty."""
    return {
        name: value
        for name, value in (output.data or {}).items()
        if value not in (None, "", [], {})
        and not _is_code(name, value)
        and not (name == "text" and isinstance(value, str))
    }


def _data_blocks(data: dict[str, Any], material: Material, title: str, depth: int) -> list[Block]:
    """Single values as facts under the title, lists of objects as tables; the only one of them bears the title too."""
    facts: list[Fact] = []
    blocks: list[Block] = []
    alone = sum(_is_records(value) for value in data.values()) == 1
    for name, value in data.items():
        if _is_records(value):
            heading = title if title and alone else name
            blocks.append(grid_of(_records(heading, value), material.labels, naming=material.naming))
        elif isinstance(value, dict) and value and depth < _MAX_DEPTH:
            blocks += _data_blocks(value, material, name, depth + 1)
        else:
            facts.append(Fact(name, _short(value, material)))
    head: list[Block] = [Facts(tuple(facts), title)] if facts else []
    return head + blocks


def _short(value: Any, material: Material) -> str:
    """A value on one line; of every long list in it the beginning."""
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_short(item, material)}" for key, item in value.items())
    if isinstance(value, list):
        shown = [_short(item, material) for item in value[:_MAX_LIST]]
        return ", ".join([*shown, "…"] if len(value) > _MAX_LIST else shown)
    return print_value(value, material.labels)


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _records(name: str, records: list[dict[str, Any]]) -> Table:
    columns = list(dict.fromkeys(str(key) for record in records for key in record))
    return Table(
        title=name, columns=columns, rows=[[record.get(key) for key in columns] for record in records]
    )
