"""Results of steps the report has no section for, shown by their shape: any agent's work is reported."""

from mesh.analysis import StepReport
from mesh.pages.blocks import Block, Section, Text
from mesh.pages.cells import grid_of
from orchestrator.reporting.material import SHOWING, Material

from .leftovers import leftovers
from .opening import headline_kpis, is_told, tiles_of
from .pictures import charts


def others(material: Material) -> Section | None:
    """One part for each such step, and the charts of kinds with no place elsewhere; None when there is nothing."""
    blocks: list[Block] = [*charts(material, "others")]
    for step in material.analysis.steps:
        home = material.home(step)
        if home in SHOWING:
            continue
        parts = everything_of(step, material) if home == "others" else leftovers(step, material)
        if parts:
            blocks += [Text(step.skill_name or step.skill, "lead"), *parts]
    return Section("others", material.labels("others"), tuple(blocks)) if blocks else None


def everything_of(step: StepReport, material: Material) -> list[Block]:
    """What a step said and gave, less what the opening has already."""
    blocks: list[Block] = []
    if step.summary and not is_told(step.summary, material.analysis):
        blocks.append(Text(step.summary))
    kpis = [kpi for kpi in step.kpis if kpi not in headline_kpis(material)]
    if kpis:
        blocks.append(tiles_of(kpis))
    blocks += [grid_of(table, material.labels, naming=material.naming) for table in step.tables]
    return blocks + leftovers(step, material)
