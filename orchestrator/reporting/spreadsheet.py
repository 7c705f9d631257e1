"""What a spreadsheet would open: the forecast's file, or the table of an answer as CSV."""

import csv
import io

from mesh.analysis import Analysis
from mesh.results import FileRef, Table

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def forecast_file(analysis: Analysis) -> FileRef | None:
    """The CSV file of the first forecast that has one."""
    return next(
        (
            file
            for step in analysis.steps
            for output in step.outputs
            if output.type == "forecast"
            for file in [*([output.file] if output.file else []), *output.files]
            if file.media_type == "text/csv"
        ),
        None,
    )


def answer_table(analysis: Analysis) -> Table | None:
    """The first table of the first step that answers a question."""
    return next(
        (
            table
            for step in analysis.steps
            if any(output.type == "answer" for output in step.outputs)
            for table in step.tables
        ),
        None,
    )


def table_csv(table: Table) -> str:
    """The table as CSV (RFC 4180). Texts that a spreadsheet would run as a formula get an apostrophe in front."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_harmless(name) for name in table.columns])
    writer.writerows([_harmless(value) for value in row] for row in table.rows)
    return text.getvalue()


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
