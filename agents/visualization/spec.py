"""What a chart shows, apart from any library that draws it: axes, marks, titles, the table behind it."""

from dataclasses import dataclass, field
from typing import Any, Literal

AxisKind = Literal["number", "time", "category"]
BarMode = Literal["single", "group", "stack"]  # stacked bars carry their own bases
Key = str | float


@dataclass(frozen=True)
class Axis:
    """One axis. `zero` makes it start at zero; `order` fixes the order of categories; `percent` shows shares
    of one, `log` makes steps factors, `hidden` leaves out ticks and grid."""

    title: str = ""
    kind: AxisKind = "number"
    percent: bool = False
    zero: bool = False
    order: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    log: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class Line:
    """A line through points in order of x; None in `y` breaks it. `ended` writes its name at its last point."""

    name: str
    x: tuple[Key, ...]
    y: tuple[float | None, ...]
    color: str
    dashed: bool = False
    width: float = 2.2
    markers: bool = False
    secondary: bool = False
    ended: bool = False


@dataclass(frozen=True)
class Area:
    """The space between zero, or the areas before it, and a line."""

    name: str
    x: tuple[Key, ...]
    y: tuple[float | None, ...]
    color: str


@dataclass(frozen=True)
class Band:
    """The space between two lines."""

    name: str
    x: tuple[Key, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    color: str
    opacity: float


@dataclass(frozen=True)
class Bars:
    """Bars from zero (or `base`), one per category. `colors` gives each bar its own colour, `texts` what
    stands at its end instead of its length."""

    name: str
    x: tuple[str, ...]
    y: tuple[float | None, ...]
    color: str
    base: tuple[float, ...] = ()
    colors: tuple[str, ...] = ()
    labelled: bool = False
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bins:
    """Histogram counts between neighbouring `edges`."""

    name: str
    edges: tuple[float, ...]
    counts: tuple[float, ...]
    color: str


@dataclass(frozen=True)
class Points:
    """A scatter of points. `sizes` gives each its own diameter, `texts` what a pointer shows of it."""

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    color: str
    size: float = 5.0
    opacity: float = 0.45
    sizes: tuple[float, ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cells:
    """A heat map: `z[row][column]` at `y[row]`, `x[column]`; `diverging` centres the colours on zero."""

    x: tuple[str, ...]
    y: tuple[str, ...]
    z: tuple[tuple[float | None, ...], ...]
    diverging: bool
    labelled: bool
    percent: bool = False


@dataclass(frozen=True)
class Boxes:
    """One box per name by its five numbers; whiskers end inside 1.5 IQR (Tukey 1977)."""

    names: tuple[str, ...]
    low: tuple[float, ...]
    q1: tuple[float, ...]
    median: tuple[float, ...]
    q3: tuple[float, ...]
    high: tuple[float, ...]
    color: str


@dataclass(frozen=True)
class Slices:
    """Shares of one whole."""

    names: tuple[str, ...]
    values: tuple[float, ...]
    colors: tuple[str, ...]


@dataclass(frozen=True)
class Dots:
    """One dot per category, at a value."""

    name: str
    x: tuple[str, ...]
    y: tuple[float, ...]
    color: str
    labelled: bool = False


@dataclass(frozen=True)
class Stems:
    """A thin straight stroke per category, from `low` to `high`."""

    x: tuple[str, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    color: str
    width: float = 3.0


@dataclass(frozen=True)
class Violins:
    """One density per name: `widths[i]` (0 to 1) at the values `places[i]`, with its median."""

    names: tuple[str, ...]
    places: tuple[tuple[float, ...], ...]
    widths: tuple[tuple[float, ...], ...]
    medians: tuple[float, ...]
    color: str


@dataclass(frozen=True)
class Density:
    """How many points lie in each cell between neighbouring edges: `counts[row][column]` from below and the left."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    counts: tuple[tuple[int, ...], ...]
    name: str


@dataclass(frozen=True)
class Tile:
    """A rectangle of a tree map in a plane one wide and one high, from its upper left corner."""

    name: str
    parent: str
    value: float
    color: str
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Tiles:
    """A tree map: areas are values; `share` of each is of `total`."""

    tiles: tuple[Tile, ...]
    total: float


@dataclass(frozen=True)
class Node:
    """A place that flows pass, in `column` from the left, from `low` to `high` of a height of one, downwards."""

    name: str
    column: int
    low: float
    high: float
    value: float
    color: str


@dataclass(frozen=True)
class Flow:
    """What goes from node to node; `leaves` and `enters` are where it begins at each, `thick` its height."""

    source: int
    target: int
    value: float
    leaves: float
    enters: float
    thick: float


@dataclass(frozen=True)
class Flows:
    """A Sankey diagram."""

    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]


@dataclass(frozen=True)
class Candles:
    """Opening, highest, lowest and closing price per period."""

    x: tuple[str, ...]
    opened: tuple[float, ...]
    high: tuple[float, ...]
    low: tuple[float, ...]
    closed: tuple[float, ...]
    rising: str
    falling: str


@dataclass(frozen=True)
class Headline:
    """One number in large type, `note` under it, and how it came about as a small line."""

    text: str
    note: str
    history: tuple[float, ...]
    color: str


Mark = (
    Line | Area | Band | Bars | Bins | Points | Cells | Boxes | Slices | Dots | Stems | Violins | Density | Tiles
    | Flows | Candles | Headline
)  # fmt: skip


@dataclass(frozen=True)
class Panel:
    """One of several small charts; `y` is its own axis where they do not share one."""

    title: str
    marks: tuple[Mark, ...]
    y: Axis | None = None


@dataclass(frozen=True)
class Grid:
    """The numbers behind a chart, at most 200 rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart in full. `evidence` holds every number that title, subtitle, alt text and warning state.

    `panels` replace `marks` in small multiples; `square` gives both axes the same scale.
    `request` is what the chart answers, as `request.read_back` reads it; empty for charts of reports.
    `named` says that the title names what is drawn, and states nothing.
    """

    kind: str
    title: str
    subtitle: str
    alt: str
    x: Axis
    y: Axis
    marks: tuple[Mark, ...]
    grid: Grid
    y2: Axis | None = None
    horizontal: bool = False
    bars: BarMode = "single"
    legend: bool = False
    evidence: dict[str, Any] = field(default_factory=dict)
    warning: str = ""
    reason: str = ""
    panels: tuple[Panel, ...] = ()
    square: bool = False
    request: dict[str, Any] = field(default_factory=dict)
    named: bool = False
