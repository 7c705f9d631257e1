"""Charts of columns in which several spellings of one value were counted together."""

from dataclasses import replace

from mesh.language import Language
from mesh.tabular.sheet import Sheet
from mesh.tabular.spelling import spelling_note

from .spec import Chart


def respelled_in(chart: Chart, sheet: Sheet) -> dict[str, int]:
    """Rows counted under another spelling, by column, for the columns whose values the chart's table names."""
    shown = {cell for row in chart.grid.rows for cell in row if isinstance(cell, str)} | set(
        chart.grid.columns
    )
    return {
        name: rows for name, rows in sheet.respelled.items() if not shown.isdisjoint(sheet.levels[name].names)
    }


def with_note(chart: Chart, respelled: dict[str, int], language: Language) -> Chart:
    """The chart with a note on its table that says which spellings were counted together."""
    if not respelled:
        return chart
    note = " ".join(part for part in (chart.grid.note, spelling_note(language, respelled)) if part)
    return replace(chart, grid=replace(chart.grid, note=note))
