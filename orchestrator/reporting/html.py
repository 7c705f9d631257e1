"""The report as one HTML page."""

import html

from mesh.analysis import Analysis


def render_html(analysis: Analysis) -> str:
    """A self-contained page."""
    return f"<!doctype html><title>{html.escape(analysis.query)}</title><p>{html.escape(analysis.summary)}"
