"""Where the data came from and what was done to it on the way in."""

from collections.abc import Mapping
from typing import Any

from mesh.pages.blocks import Block, Fact, Facts, Fold, Section
from mesh.pages.cells import grid_of, print_bytes, print_value
from mesh.pages.shapes import mapping
from mesh.results import DatasetRef, Table
from orchestrator.reporting.material import Material

from .leftovers import leftovers
from .missing import absences
from .opening import said

_SHORT = 12
_ACCOUNT = ("read", "repaired", "padded", "dropped")


def data(material: Material) -> Section | None:
    """Each source, its rows and columns, and every row accounted for; None when nothing is known of any data."""
    blocks: list[Block] = absences(material, "data")
    blocks += said(material, "data")
    loads = _loads(material)
    for name, report, dataset in loads:
        facts = _source_facts(name, report, dataset, material)
        if facts:
            blocks.append(Facts(tuple(facts), name if len(loads) > 1 else ""))
    made = _datasets(material)
    if len(made.rows) > 1:
        blocks.append(grid_of(made, material.labels, title=material.labels("datasets")))
    tables = material.tables("data")
    if tables:
        grids = tuple(grid_of(table, material.labels, naming=material.naming) for table in tables)
        titles = dict.fromkeys(table.title for table in tables)
        blocks.append(Fold(" · ".join(titles), grids))
    blocks += [block for step in material.steps("data") for block in leftovers(step, material)]
    return Section("data", material.labels("data"), tuple(blocks)) if blocks else None


def source_name(material: Material) -> str:
    """What the data is called: the sources' file names, else the first dataset's name, else nothing."""
    return ", ".join(dict.fromkeys(name for name, _, _ in _loads(material) if name))


def _loads(material: Material) -> list[tuple[str, Mapping[str, Any], DatasetRef | None]]:
    """Name, load report and dataset of everything that was loaded; of what else there is, the first dataset."""
    found: list[tuple[str, Mapping[str, Any], DatasetRef | None]] = []
    for step in material.analysis.steps:
        dataset = next((output.dataset for output in step.outputs if output.dataset), None)
        for output in step.outputs:
            if output.type == "load_report":
                report = output.data or {}
                name = str(mapping(report.get("source")).get("name") or (dataset.name if dataset else ""))
                found.append((name, report, dataset))
    first = _first_dataset(material)
    return found or ([(first.name, {}, first)] if first else [])


def _source_facts(
    name: str, report: Mapping[str, Any], dataset: DatasetRef | None, material: Material
) -> list[Fact]:
    labels = material.labels
    source, rows = mapping(report.get("source")), mapping(report.get("rows"))
    facts = [Fact(labels("source"), name, _encoding(source))] if name else []
    if dataset:
        facts.append(Fact(labels("sha256"), dataset.sha256[:_SHORT], code=True))
        facts.append(Fact(labels("rows"), f"{dataset.rows:,}"))
        facts.append(Fact(labels("columns"), f"{len(dataset.columns):,}"))
    grain, span = mapping(report.get("grain")), mapping(report.get("date_span"))
    if grain.get("columns"):
        facts.append(Fact(labels("grain"), print_value(grain["columns"], labels)))
    elif "grain" in report:
        facts.append(Fact(labels("grain"), labels("no_grain")))
    if span:
        facts.append(
            Fact(labels("span"), f"{span.get('start')} – {span.get('end')}", str(span.get("column") or ""))
        )
    counted = {what: rows[what] for what in _ACCOUNT if isinstance(rows.get(what), int)}
    if len(counted) == len(_ACCOUNT) and sum(counted.values()) == counted["read"]:
        return [*facts, Fact(labels("read"), f"{counted['read']:,}", labels("untouched"))]
    return facts + [Fact(labels(what), f"{count:,}") for what, count in counted.items()]


def _datasets(material: Material) -> Table:
    labels = material.labels
    heads = [labels(name) for name in ("name", "made_by", "rows", "columns", "size", "sha256")]
    rows = [
        [
            output.dataset.name,
            step.skill_name or step.skill,
            output.dataset.rows,
            len(output.dataset.columns),
            print_bytes(output.dataset.bytes),
            output.dataset.sha256[:_SHORT],
        ]
        for step in material.analysis.steps
        for output in step.outputs
        if output.dataset
    ]
    return Table(title="", columns=heads, rows=rows)


def _first_dataset(material: Material) -> DatasetRef | None:
    found = [output.dataset for output in [*material.outputs("dataset"), *material.analysis.datasets]]
    return next((dataset for dataset in found if dataset is not None), None)


def _encoding(source: Mapping[str, Any]) -> str:
    said = [str(source[name]) for name in ("format", "encoding") if source.get(name)]
    if isinstance(source.get("bytes"), int):
        said.append(print_bytes(source["bytes"]))
    return " · ".join(said)
