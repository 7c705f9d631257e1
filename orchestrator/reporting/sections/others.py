"""Results of steps the report has no section for, shown by their shape: any agent's work is reported."""

from typing import Any

from mesh.analysis import StepReport
from mesh.pages.blocks import Block, Fact, Facts, Fold, Section, Text
from mesh.pages.cells import grid_of, print_value
from mesh.pages.figures import file_path
from mesh.results import Output, Table
from orchestrator.reporting.material import Material

from .opening import headline_kpis, is_told, tiles_of
from .pictures import charts

_MAX_DEPTH = 2
_MAX_LIST = 12


def others(material: Material) -> Section | None:
    """One part for each such step, and the charts of kinds with no place elsewhere; None when there is nothing."""
    blocks: list[Block] = [*charts(material, "others")]
    for step in material.analysis.steps:
        own = material.home(step) == "others"
        parts = _step_blocks(step, material) if own else _leftovers(step, material)
        if parts:
            blocks += [Text(step.skill_name or step.skill, "lead"), *parts]
    return Section("others", material.labels("others"), tuple(blocks)) if blocks else None


def _step_blocks(step: StepReport, material: Material) -> list[Block]:
    blocks: list[Block] = []
    if step.summary and not is_told(step.summary, material.analysis):
        blocks.append(Text(step.summary))
    kpis = [kpi for kpi in step.kpis if kpi not in headline_kpis(material)]
    if kpis:
        blocks.append(tiles_of(kpis))
    blocks += [grid_of(table, material.labels, naming=material.naming) for table in step.tables]
    return blocks + _leftovers(step, material)


def _leftovers(step: StepReport, material: Material) -> list[Block]:
    """Texts in the open, and the values behind them on demand where something else already tells the story."""
    blocks: list[Block] = []
    for output in material.unplaced(step):
        texts = output_texts(output, step.summary)
        values = _data_blocks(_values(output), material, "", 0)
        blocks += texts
        if values and (texts or step.summary or step.tables or step.kpis):
            blocks.append(Fold(f"{material.labels('details')}: {output.title or output.name}", tuple(values)))
        else:
            blocks += values
        files = [file for file in dict.fromkeys([output.file, *output.files]) if file is not None]
        if files:
            facts = tuple(Fact(file.name, file.media_type, link=file_path(file)) for file in files)
            blocks.append(Facts(facts, material.labels("files")))
    return blocks


def output_texts(output: Output, said: str) -> list[Block]:
    """The paragraphs of an output of unknown type: its text, or its description unless that was `said` already."""
    text = (output.data or {}).get("text")
    if isinstance(text, str):
        return [Text(part.strip()) for part in text.split("\n\n") if part.strip()]
    return [Text(output.description)] if output.description and output.description != said else []


def _values(output: Output) -> dict[str, Any]:
    """The data of an output less its text and what is empty."""
    data = {name: value for name, value in (output.data or {}).items() if value not in (None, "", [], {})}
    if isinstance(data.get("text"), str):
        del data["text"]
    return data


def _data_blocks(data: dict[str, Any], material: Material, title: str, depth: int) -> list[Block]:
    facts: list[Fact] = []
    blocks: list[Block] = []
    for name, value in data.items():
        if _is_records(value):
            blocks.append(grid_of(_records(name, value), material.labels, naming=material.naming))
        elif isinstance(value, dict) and value and depth < _MAX_DEPTH:
            blocks += _data_blocks(value, material, name, depth + 1)
        else:
            facts.append(Fact(name, _short(value, material)))
    head: list[Block] = [Facts(tuple(facts), title)] if facts else []
    return head + blocks


def _short(value: Any, material: Material) -> str:
    if isinstance(value, list) and len(value) > _MAX_LIST:
        return print_value(value[:_MAX_LIST], material.labels) + ", …"
    return print_value(value, material.labels)


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _records(name: str, records: list[dict[str, Any]]) -> Table:
    columns = list(dict.fromkeys(str(key) for record in records for key in record))
    return Table(
        title=name, columns=columns, rows=[[record.get(key) for key in columns] for record in records]
    )
