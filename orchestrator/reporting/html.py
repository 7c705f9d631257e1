"""The report as one HTML page that needs nothing else."""

from collections.abc import Mapping

from mesh.analysis import Analysis
from mesh.pages.page import render_page

from .document import report_of
from .labels import Labels


def render_html(analysis: Analysis, stills: Mapping[str, bytes] | None = None) -> str:
    """The report of an analysis as a page that makes no request, works when saved, and is below 8 MB.

    `stills` holds the charts' PNG pictures by their checksum: what a reader without scripts sees.
    """
    return render_page(report_of(analysis, stills), Labels(analysis.language))
