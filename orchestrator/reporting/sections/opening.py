"""How the report opens: the answer with what speaks against it, and the headline figures."""

from mesh.analysis import Analysis, StepReport
from mesh.pages.blocks import Block, Bullets, Code, Fact, Fold, Section, Text, Tiles
from mesh.pages.cells import grid_of
from mesh.results import Kpi
from orchestrator.reporting.material import Material

_MAX_TILES = 8
_MAX_NOTE = 48
_FIRST = ("answer", "model", "explanation", "others", "trend")
_SUPPORT = ("quality", "data")
_MAX_WARNINGS = 4
_CAUTIONED = ("partial", "failed", "cancelled")


def answer(material: Material) -> Section:
    """The summary, how far it may be trusted, and the table of a direct answer."""
    analysis, labels = material.analysis, material.labels
    blocks: list[Block] = []
    caution = labels(f"said_{analysis.status}") if analysis.status in _CAUTIONED else ""
    if caution and not analysis.summary.startswith(caution.rstrip(".")):
        missing = ", ".join(step.skill_name or step.skill for step in _without_result(analysis))
        blocks.append(Text(f"{caution} {labels('no_result')}: {missing}." if missing else caution, "alert"))
    blocks += _summary(analysis)
    reason = str((analysis.error or {}).get("detail") or (analysis.error or {}).get("title") or "")
    if reason and reason not in analysis.summary:
        blocks.append(Text(reason, "alert"))
    if not blocks:
        blocks.append(Text(labels("nothing"), "alert"))
    warnings = _news(analysis)
    if warnings:
        blocks.append(Bullets(labels("keep_in_mind"), warnings[:_MAX_WARNINGS], "alert"))
    if len(warnings) > _MAX_WARNINGS:
        blocks.append(Fold(labels("details"), (Bullets("", warnings[_MAX_WARNINGS:]),)))
    blocks += _results(material)
    return Section("answer", labels("answer"), tuple(blocks))


def headline(material: Material) -> Section | None:
    """The headline numbers of the steps that answer, then one of the data's quality; None when there are none."""
    tiles = headline_kpis(material)
    if not tiles:
        return None
    short = [kpi if len(kpi.note) <= _MAX_NOTE else kpi.model_copy(update={"note": ""}) for kpi in tiles]
    return Section("headline", material.labels("headline"), (tiles_of(short),))


def headline_kpis(material: Material) -> list[Kpi]:
    """The numbers of the headline strip; none when the only ones describe the data."""
    chosen = _distinct([kpi for section in _FIRST for kpi in material.kpis(section)])
    support = [kpi for section in _SUPPORT for kpi in material.kpis(section)[:1]]
    if not chosen and not material.kpis(_SUPPORT[0]):
        return []
    return _distinct([*chosen[: _MAX_TILES - min(1, len(support))], *support])[:_MAX_TILES]


def said(material: Material, section: str) -> list[Block]:
    """The summaries of a section's steps, less those the answer already gives."""
    return [
        Text(step.summary)
        for step in material.steps(section)
        if step.status == "completed" and step.summary and not is_told(step.summary, material.analysis)
    ]


def is_told(summary: str, analysis: Analysis) -> bool:
    """Whether the answer has the summary's first sentence."""
    return summary.partition(". ")[0].strip() in analysis.summary


def _distinct(kpis: list[Kpi]) -> list[Kpi]:
    seen: dict[str, Kpi] = {}
    for kpi in kpis:
        seen.setdefault(kpi.text, kpi)
    return list(seen.values())


def tiles_of(kpis: list[Kpi]) -> Tiles:
    """Headline numbers as they are printed."""
    return Tiles(tuple(Fact(kpi.label, kpi.text, kpi.note) for kpi in kpis))


def _summary(analysis: Analysis) -> list[Block]:
    """The first sentence stands out; the others follow it."""
    paragraphs = [line.strip() for line in analysis.summary.splitlines() if line.strip()]
    if not paragraphs:
        return []
    first, mark, rest = paragraphs[0].partition(". ")
    lead = first + mark.strip()
    blocks: list[Block] = [Text(lead, "lead")]
    if rest:
        blocks.append(Text(rest))
    return blocks + [Text(text) for text in paragraphs[1:]]


def _without_result(analysis: Analysis) -> list[StepReport]:
    return [step for step in analysis.steps if step.status in ("failed", "skipped")]


def _news(analysis: Analysis) -> tuple[str, ...]:
    """The warnings less those whose reason the summary gives already."""
    told = [step.error for step in _without_result(analysis) if step.error and step.error in analysis.summary]
    return tuple(text for text in analysis.warnings if not any(reason in text for reason in told))


def _results(material: Material) -> list[Block]:
    labels = material.labels
    blocks: list[Block] = []
    for step in material.steps("answer"):
        queries = [
            str(output.data["sql"]) for output in step.outputs if output.data and output.data.get("sql")
        ]
        for table in step.tables:
            note = "" if table.note in queries else table.note
            title = "" if table.title == material.analysis.query else table.title
            shown = table.model_copy(update={"note": note, "title": title})
            blocks.append(grid_of(shown, labels, naming=material.naming))
        blocks += [Fold(labels("query"), (Code(sql, "sql"),)) for sql in queries]
    return blocks
