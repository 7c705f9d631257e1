"""Where the panels of small multiples lie, the same for every renderer."""

from dataclasses import dataclass, replace

from .spec import Chart

GAP_X, GAP_Y = 0.035, 0.14


@dataclass(frozen=True)
class Place:
    """A panel's part of the plot, in shares of its width and height from the lower left; its row and column."""

    left: float
    bottom: float
    width: float
    height: float
    leftmost: bool
    lowest: bool


def panel_places(chart: Chart) -> list[Place]:
    """One place per panel, row by row; panels with axes of their own stand above each other."""
    count = len(chart.panels)
    columns = (
        1
        if any(panel.y is not None for panel in chart.panels)
        else count
        if count < 4
        else 2
        if count == 4
        else 3
    )
    rows = -(-count // columns)
    width = (1 - GAP_X * (columns - 1)) / columns
    height = (1 - GAP_Y * (rows - 1) - 0.07) / rows
    places = []
    for index in range(count):
        row, column = divmod(index, columns)
        bottom = (rows - 1 - row) * (height + GAP_Y)
        lowest = index + columns >= count
        places.append(Place(column * (width + GAP_X), bottom, width, height, column == 0, lowest))
    return places


def panel_chart(chart: Chart, index: int) -> Chart:
    """One panel as a chart of its own."""
    panel = chart.panels[index]
    return replace(chart, marks=panel.marks, panels=(), y=panel.y or chart.y, legend=False)
