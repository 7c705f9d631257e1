"""The report as one HTML page that needs nothing else."""

from mesh.analysis import Analysis
from mesh.pages.page import render_page

from .document import report_of
from .labels import Labels


def render_html(analysis: Analysis) -> str:
    """The report of an analysis as a page that makes no request, works when saved, and is below 8 MB."""
    return render_page(report_of(analysis), Labels(analysis.language))
