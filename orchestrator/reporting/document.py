"""Puts the report together: the sections in their order, those with nothing to say left out."""

from collections.abc import Mapping

from mesh.analysis import Analysis
from mesh.pages.blocks import Document, Fact

from .labels import Labels
from .material import Material
from .sections import closing, exploration, lineage, modelling, opening, others, quality

_LONGEST_TITLE = 300


def report_of(analysis: Analysis, stills: Mapping[str, bytes] | None = None) -> Document:
    """The report of an analysis, in its language, from what the analysis holds and nothing else.

    `stills` holds the charts' PNG pictures by their checksum, to be embedded.
    """
    material = Material(analysis, stills)
    body = [
        lineage.data(material),
        quality.quality(material),
        exploration.trend(material),
        exploration.breakdowns(material),
        exploration.drivers(material),
        modelling.model(material),
        modelling.forecast(material),
        modelling.explanation(material),
        others.others(material),
    ]
    opened = [opening.answer(material), opening.headline(material)]
    sections = [section for section in [*opened, *body] if section is not None]
    anchors = {section.id for section in sections}
    ending = [
        closing.findings(material, anchors),
        closing.recommendations(material, anchors),
        closing.reproduce(material),
    ]
    sections += [section for section in ending if section is not None]
    labels = material.labels
    return Document(
        title=_title(analysis.query, labels),
        language=analysis.language,
        eyebrow=labels("report"),
        status=analysis.status,
        status_label=labels(analysis.status),
        byline=_byline(material),
        sections=tuple(sections),
        generator=closing.generator(),
    )


def _title(query: str, labels: Labels) -> str:
    title = " ".join(query.split()) or labels("report")
    return title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1] + "…"


def _byline(material: Material) -> tuple[Fact, ...]:
    analysis, labels = material.analysis, material.labels
    facts = [Fact(labels("created"), f"{analysis.created_at:%Y-%m-%d}")]
    source = lineage.source_name(material)
    if source:
        facts.insert(0, Fact(labels("source"), source))
    rows = next((output.dataset.rows for output in analysis.datasets if output.dataset), None)
    if rows is not None:
        facts.append(Fact(labels("rows"), f"{rows:,}"))
    return tuple(facts)
