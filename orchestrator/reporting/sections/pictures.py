"""The charts of a section."""

from mesh.pages.blocks import Picture
from mesh.pages.figures import picture_of
from orchestrator.reporting.material import Material


def charts(material: Material, section: str) -> list[Picture]:
    """Every chart that belongs into the section, in the order they were made."""
    return [
        picture_of(chart, material.chart_number(chart), material.labels, material.stills)
        for chart in material.charts(section)
    ]
