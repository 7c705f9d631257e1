"""What a document is made of, before it is HTML or Markdown: sections of texts, facts, tables and charts, all ready to print."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from mesh.language import Language

Role = Literal["lead", "body", "note", "alert"]
Align = Literal["text", "number"]
Mark = Literal["", "best", "baseline", "missing"]


@dataclass(frozen=True)
class Text:
    """A paragraph. `lead` opens a section, `note` is small print, `alert` must not be overlooked."""

    text: str
    role: Role = "body"


@dataclass(frozen=True)
class Bullets:
    """A list of sentences, under a label of its own."""

    label: str
    items: tuple[str, ...]
    role: Role = "body"


@dataclass(frozen=True)
class Fact:
    """A labelled value; `code` sets it in a fixed-width face, `note` stands small behind it."""

    label: str
    value: str
    note: str = ""
    code: bool = False
    link: str = ""


@dataclass(frozen=True)
class Facts:
    """Labelled values, one below the other."""

    items: tuple[Fact, ...]
    title: str = ""


@dataclass(frozen=True)
class Tiles:
    """Headline numbers side by side: label, printed number, note."""

    items: tuple[Fact, ...]


@dataclass(frozen=True)
class Cell:
    """One cell as printed. `bar` in [0, 1] is the length of the bar behind a share."""

    text: str
    bar: float | None = None
    code: bool = False


@dataclass(frozen=True)
class Row:
    """The cells of one line; `mark` sets the best and the baselines apart."""

    cells: tuple[Cell, ...]
    mark: Mark = ""


@dataclass(frozen=True)
class Grid:
    """A table. Rows beyond `shown` are folded away on a screen; `omitted` more were left out altogether.

    A `sortable` table is sorted by a click on a heading, numbers by their size.
    """

    title: str
    columns: tuple[str, ...]
    aligns: tuple[Align, ...]
    rows: tuple[Row, ...]
    note: str = ""
    shown: int = 12
    omitted: int = 0
    sortable: bool = False


@dataclass(frozen=True)
class Picture:
    """A chart: the Plotly figure to draw, what it shows in words, and the table behind it.

    `figure` is None when it was too large to embed or there was none. `image` is where its PNG is, and `still` that PNG as a
    data URI, shown until the figure is drawn and wherever no script runs; both may be empty.
    """

    id: str
    title: str
    subtitle: str
    alt: str
    figure: dict[str, Any] | None
    table: Grid | None
    image: str = ""
    still: str = ""
    note: str = ""
    height_px: int = 380


@dataclass(frozen=True)
class Code:
    """Source text, in the language a highlighter would call it."""

    text: str
    syntax: str = ""


@dataclass(frozen=True)
class Fold:
    """Blocks that open on demand."""

    title: str
    blocks: "tuple[Block, ...]"


@dataclass(frozen=True)
class Bars:
    """A small histogram without axes: heights of any unit, 0 or more, and in words what it shows."""

    heights: tuple[float, ...]
    alt: str
    low: str = ""
    high: str = ""


@dataclass(frozen=True)
class Choice:
    """Groups of blocks of which a person sees one at a time: a label for the picker, and each group under its title.

    On paper, and without scripts, the groups stand one below the other.
    """

    label: str
    options: "tuple[tuple[str, tuple[Block, ...]], ...]"


@dataclass(frozen=True)
class Statement:
    """A finding or a recommendation: its rank, its sentence under an optional title, the values it rests on and their source."""

    rank: int
    text: str
    evidence: tuple[Fact, ...]
    source: str = ""
    link: str = ""
    title: str = ""


@dataclass(frozen=True)
class Statements:
    """Findings, the most important first."""

    items: tuple[Statement, ...]


@dataclass(frozen=True)
class Links:
    """Where else to go: label and address."""

    items: tuple[tuple[str, str], ...]


Block = Text | Bullets | Facts | Tiles | Grid | Picture | Code | Fold | Bars | Choice | Statements | Links


@dataclass(frozen=True)
class Section:
    """A headed part of a document. `id` is its anchor."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """The whole document. `eyebrow` says above the title what kind it is; `byline` holds the short facts under it.

    `status` is a word the style sheet colours (`completed`, `partial`, `failed`), shown as `status_label`; both may be empty.
    """

    title: str
    language: Language
    eyebrow: str
    byline: tuple[Fact, ...]
    sections: tuple[Section, ...] = field(default=())
    status: str = ""
    status_label: str = ""
    generator: str = ""


def pictures(blocks: Sequence[Block]) -> list[Picture]:
    """Every chart in `blocks`, also those in folds and choices, in order."""
    found: list[Picture] = []
    for block in blocks:
        match block:
            case Picture():
                found.append(block)
            case Fold(blocks=inner):
                found.extend(pictures(inner))
            case Choice(options=options):
                found.extend(picture for _, inner in options for picture in pictures(inner))
            case _:
                pass
    return found
