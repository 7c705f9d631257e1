"""The shape of a map without a projection's grid."""

import math

from .spec import Chart, Points


def aspect(chart: Chart) -> float:
    """How many times longer a degree of latitude is drawn than one of longitude: 1 / cos of the middle latitude."""
    heights = [y for mark in chart.marks if isinstance(mark, Points) for y in mark.y]
    middle = (min(heights) + max(heights)) / 2 if heights else 0.0
    return 1 / max(0.2, math.cos(math.radians(middle)))
