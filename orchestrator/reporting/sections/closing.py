"""How the report closes: the findings with their evidence, and everything that is needed to do it again."""

import json
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from mesh.analysis import StepReport
from mesh.pages.blocks import (
    Block,
    Bullets,
    Cell,
    Code,
    Fact,
    Facts,
    Fold,
    Grid,
    Links,
    Row,
    Section,
    Statement,
    Statements,
    Text,
)
from mesh.pages.cells import grid_of, print_value
from mesh.results import Table
from orchestrator.reporting.advice.advice import recommend
from orchestrator.reporting.calls import made_by
from orchestrator.reporting.material import Material

_DOCUMENTS = (("notebook", "notebook"), ("lineage", "lineage"))
_FORMATS = ("json", "md", "zip")


def findings(material: Material, anchors: set[str]) -> Section | None:
    """The findings by importance, each with the values it states; `anchors` are the sections it may point to."""
    labels = material.labels
    names = {step.id: step.skill_name or step.skill for step in material.analysis.steps}
    ranked = sorted(material.analysis.findings, key=lambda item: -item.importance)
    items = []
    for rank, item in enumerate(ranked, 1):
        evidence = tuple(
            Fact(name, print_value(value, labels)) for name, value in sorted(item.evidence.items())
        )
        home = material.section_of(item)
        items.append(
            Statement(
                rank,
                item.text,
                evidence,
                source=names.get(item.step or "", ""),
                link=f"#{home}" if home in anchors else "",
            )
        )
    return Section("findings", labels("findings"), (Statements(tuple(items)),)) if items else None


def recommendations(material: Material, anchors: set[str]) -> Section | None:
    """What the declared rules advise, each with its condition and the values that meet it; None when none is met."""
    labels = material.labels
    items = []
    for rank, item in enumerate(recommend(material.analysis), 1):
        evidence = (
            Fact(labels("rule"), item.rule),
            *(Fact(basis.name, print_value(basis.value, labels)) for basis in item.basis),
        )
        shown = item.section in anchors
        items.append(
            Statement(
                rank,
                item.reason,
                evidence,
                source=labels(item.section) if shown else "",
                link=f"#{item.section}" if shown else "",
                title=item.action,
            )
        )
    if not items:
        return None
    return Section("recommendations", labels("recommendations"), (Statements(tuple(items)),))


def reproduce(material: Material) -> Section:
    """The plan as it ran, versions and seeds, and where the other documents are."""
    labels, analysis = material.labels, material.analysis
    blocks: list[Block] = [Links(documents(material))] if documents(material) else []
    if analysis.steps:
        blocks.append(_steps(material))
    blocks.append(Facts(tuple(_versions(material)), labels("versions")))
    calls = tuple(_calls(material))
    if calls:
        blocks.append(Fold(labels("calls"), calls))
    reasons = tuple(
        f"{step.skill_name or step.skill}: {step.reason}" for step in analysis.steps if step.reason
    )
    if reasons:
        blocks.append(Fold(labels("why_planned"), (Bullets("", reasons),)))
    return Section("reproduce", labels("reproduce"), tuple(blocks))


def documents(material: Material) -> tuple[tuple[str, str], ...]:
    """The other forms of this analysis: label and path, as `analysis.links` has them."""
    links, labels = material.analysis.links, material.labels
    found = [(labels(label), links[name]) for label, name in _DOCUMENTS if name in links]
    if "report" in links:
        found += [(labels(form), f"{links['report']}?format={form}") for form in _FORMATS]
    return tuple((label, path) for label, path in found if path.startswith("/") and not path.startswith("//"))


def generator() -> str:
    """The name and version of what made the report."""
    try:
        return f"a2a-mesh {version('a2a-mesh')}"
    except PackageNotFoundError:
        return "a2a-mesh"


def _steps(material: Material) -> Grid:
    labels, analysis = material.labels, material.analysis
    planned = {step.id: step for step in analysis.plan.steps} if analysis.plan else {}
    keys = ("step", "agent", "skill", "needs", "status", "seconds", "cached", "attempts")
    rows = [
        [
            step.id,
            step.agent,
            step.skill_name or step.skill,
            ", ".join(planned[step.id].depends_on) if step.id in planned else None,
            _status(step, material),
            step.seconds,
            step.cached,
            step.attempts,
        ]
        for step in analysis.steps
    ]
    table = Table(title=labels("plan"), columns=[labels(key) for key in keys], rows=rows)
    grid = grid_of(table, labels, shown=200)
    coded = tuple(
        Row(
            (Cell(row.cells[0].text, code=True), *row.cells[1:]),
            "" if step.status == "completed" else "missing",
        )
        for row, step in zip(grid.rows, analysis.steps, strict=True)
    )
    return Grid(grid.title, grid.columns, grid.aligns, coded, shown=grid.shown)


def _calls(material: Material) -> Iterator[Block]:
    """What each step was called with, and the SQL it ran."""
    for step in material.analysis.steps:
        made = made_by(step, material.analysis)
        if made["params"]:
            yield Text(step.skill_name or step.skill)
            yield Code(json.dumps(made["params"], ensure_ascii=False, indent=2), "json")
        if made.get("sql"):
            yield Text(step.skill_name or step.skill)
            yield Code(made["sql"], "sql")


def _status(step: StepReport, material: Material) -> str:
    status = material.labels(step.status)
    return f"{status}: {step.error}" if step.error else status


def _versions(material: Material) -> list[Fact]:
    labels, analysis = material.labels, material.analysis
    model = material.data("model")
    facts = [
        Fact(labels("analysis_id"), analysis.id, code=True),
        Fact("a2a-mesh", generator().partition(" ")[2] or "–"),
        Fact(labels("planner"), labels.word("planner", analysis.planner)),
        Fact(labels("created"), f"{analysis.created_at:%Y-%m-%d %H:%M:%S %Z}".strip()),
    ]
    if analysis.finished_at:
        facts.append(Fact(labels("finished"), f"{analysis.finished_at:%Y-%m-%d %H:%M:%S %Z}".strip()))
    if "total_s" in analysis.timing:
        facts.append(Fact(labels("seconds"), f"{analysis.timing['total_s']:.1f}"))
    facts += [Fact(labels(key), str(model[key])) for key in ("engine", "seed") if model.get(key) is not None]
    shown = {output.dataset.sha256: output.dataset for output in analysis.datasets if output.dataset}
    return facts + [Fact(f"{item.name} v{item.version}", item.sha256, code=True) for item in shown.values()]
