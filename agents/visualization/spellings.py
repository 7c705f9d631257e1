"""Charts of columns in which several spellings of one value were counted together."""

from collections.abc import Mapping
from dataclasses import replace

from mesh.language import Language
from mesh.tabular.spelling import spelling_note

from .spec import Chart


def respelled_in(chart: Chart, respelled: Mapping[str, int]) -> dict[str, int]:
    """Rows counted under another spelling, by column, for the columns that the chart groups, colours or filters by."""
    request = chart.request
    used = {
        *request.get("dimensions", ()),
        *request.get("measures", ()),
        request.get("color"),
        request.get("facet"),
    }
    used |= {one["column"] for one in request.get("filters", ())}
    return {name: rows for name, rows in respelled.items() if name in used}


def with_note(chart: Chart, respelled: dict[str, int], language: Language) -> Chart:
    """The chart with a note on its table that says which spellings were counted together."""
    if not respelled:
        return chart
    note = " ".join(part for part in (chart.grid.note, spelling_note(language, respelled)) if part)
    return replace(chart, grid=replace(chart.grid, note=note))
