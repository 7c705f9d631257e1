"""What a chart shows, apart from any library that draws it: axes, marks, titles, the table behind it."""

from dataclasses import dataclass, field
from typing import Any, Literal

AxisKind = Literal["number", "time", "category"]
BarMode = Literal["single", "group", "stack"]
Key = str | float


@dataclass(frozen=True)
class Axis:
    """One axis. `zero` makes it start at zero; `order` fixes the order of categories; `percent` shows shares
    of one."""

    title: str = ""
    kind: AxisKind = "number"
    percent: bool = False
    zero: bool = False
    order: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Line:
    """A line through points in order of x; None in `y` breaks it."""

    name: str
    x: tuple[Key, ...]
    y: tuple[float | None, ...]
    color: str
    dashed: bool = False
    width: float = 2.2
    markers: bool = False
    secondary: bool = False


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
    """Bars from zero (or `base`), one per category. `colors` gives each bar its own colour."""

    name: str
    x: tuple[str, ...]
    y: tuple[float | None, ...]
    color: str
    base: tuple[float, ...] = ()
    colors: tuple[str, ...] = ()
    labelled: bool = False


@dataclass(frozen=True)
class Bins:
    """Histogram counts between neighbouring `edges`."""

    name: str
    edges: tuple[float, ...]
    counts: tuple[float, ...]
    color: str


@dataclass(frozen=True)
class Points:
    """A scatter of points."""

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    color: str
    size: float = 5.0
    opacity: float = 0.45


@dataclass(frozen=True)
class Cells:
    """A heat map: `z[row][column]` at `y[row]`, `x[column]`; `diverging` centres the colours on zero."""

    x: tuple[str, ...]
    y: tuple[str, ...]
    z: tuple[tuple[float | None, ...], ...]
    diverging: bool
    labelled: bool


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


Mark = Line | Area | Band | Bars | Bins | Points | Cells | Boxes | Slices


@dataclass(frozen=True)
class Grid:
    """The numbers behind a chart, at most 200 rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart in full. `evidence` holds every number that title, subtitle, alt text and warning state."""

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
