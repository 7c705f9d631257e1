"""Where the data came from and what was done to it on the way in."""

from collections.abc import Mapping
from typing import Any

from mesh.pages.blocks import Block, Fact, Facts, Fold, Section
from mesh.pages.cells import grid_of, print_bytes
from mesh.pages.shapes import mapping
from mesh.results import DatasetRef, Table
from orchestrator.reporting.material import Material

from .leftovers import leftovers
from .missing import absences
from .opening import said

_SHORT = 12
_ACCOUNT = ("read", "repaired", "padded", "dropped")


def data(material: Material) -> Section | None:
    """The source, its rows and columns, and every row accounted for; None when nothing is known of any data."""
    facts = _source_facts(material)
    blocks: list[Block] = absences(material, "data")
    blocks += said(material, "data")
    if facts:
        blocks.append(Facts(tuple(facts)))
    made = _datasets(material)
    if len(made.rows) > 1:
        blocks.append(grid_of(made, material.labels, title=material.labels("datasets")))
    tables = material.tables("data")
    if tables:
        grids = tuple(grid_of(table, material.labels, naming=material.naming) for table in tables)
        blocks.append(Fold(" · ".join(table.title for table in tables), grids))
    blocks += [block for step in material.steps("data") for block in leftovers(step, material)]
    return Section("data", material.labels("data"), tuple(blocks)) if blocks else None


def source_name(material: Material) -> str:
    """What the data is called: the source's file name, else the first dataset's, else nothing."""
    named = str(mapping(material.data("load_report").get("source")).get("name") or "")
    first = _first_dataset(material)
    return named or (first.name if first else "")


def _source_facts(material: Material) -> list[Fact]:
    labels = material.labels
    report = material.data("load_report")
    source, rows = mapping(report.get("source")), mapping(report.get("rows"))
    first = _first_dataset(material)
    facts = (
        [Fact(labels("source"), source_name(material), _encoding(source))] if source_name(material) else []
    )
    if first:
        facts.append(Fact(labels("sha256"), first.sha256[:_SHORT], code=True))
        facts.append(Fact(labels("rows"), f"{first.rows:,}"))
        facts.append(Fact(labels("columns"), f"{len(first.columns):,}"))
    grain, span = mapping(report.get("grain")), mapping(report.get("date_span"))
    if grain.get("columns"):
        facts.append(Fact(labels("grain"), ", ".join(map(str, grain["columns"]))))
    elif "grain" in report:
        facts.append(Fact(labels("grain"), labels("no_grain")))
    if span:
        facts.append(
            Fact(labels("span"), f"{span.get('start')} – {span.get('end')}", str(span.get("column") or ""))
        )
    counted = {name: rows[name] for name in _ACCOUNT if isinstance(rows.get(name), int)}
    if len(counted) == len(_ACCOUNT) and sum(counted.values()) == counted["read"]:
        facts.append(Fact(labels("read"), f"{counted['read']:,}", labels("untouched")))
    else:
        facts += [Fact(labels(name), f"{count:,}") for name, count in counted.items()]
    return facts


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
