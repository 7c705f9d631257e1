"""Colours that people with colour-vision deficiency can tell apart. Source: Okabe & Ito (2008)."""

BLUE = "#0072B2"
ORANGE = "#E69F00"
GREEN = "#009E73"
VERMILION = "#D55E00"
PURPLE = "#CC79A7"
SKY = "#56B4E9"

SERIES = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY)
REST = "#B4BDC6"
SOFT_BLUE = "#A9C9DE"

INK = "#1F2933"
QUIET = "#5F6C7B"
RULE = "#E4E8EC"
BASELINE = "#9AA5B1"

SEQUENTIAL = ("#F3F7FA", "#C5DDEB", "#7FB5D5", "#3389BF", "#0072B2", "#00436B")
DIVERGING = ("#D55E00", "#EBA776", "#F7F7F7", "#7FB5D5", "#0072B2")


def series_color(index: int) -> str:
    """The colour of the series at `index`; beyond the palette, the grey that stands for the rest."""
    return SERIES[index] if index < len(SERIES) else REST


def lighter(color: str, share: float) -> str:
    """The colour mixed with `share` (0 to 1) of white."""
    parts = (int(color[index : index + 2], 16) for index in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * share):02X}" for part in parts)
