"""What people wrote as a page: sentiment, groups, time, topics, words and quotes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mesh.language import Language
from mesh.pages.blocks import (
    Align,
    Block,
    Bullets,
    Cell,
    Document,
    Fact,
    Fold,
    Grid,
    Picture,
    Row,
    Section,
    Text,
    Tiles,
)
from mesh.pages.cells import print_share
from mesh.pages.labels import Labels
from mesh.pages.page import render_page

from .breakdown import SIGNIFICANT
from .text_page_words import WORDS
from .text_story import findings_of, language_name, pattern_name, summary_of, warnings_of

BLUE, ORANGE, BAND = "#0072B2", "#D55E00", "rgba(213,94,0,0.18)"


def write_page(data: dict[str, Any], name: str, language: Language, target: Path) -> None:
    """The page of a `text_report` of the dataset called `name`, as HTML at `target`."""
    labels = Labels(language, WORDS)
    target.write_text(render_page(document_of(data, name, labels), labels), encoding="utf-8")


def document_of(data: dict[str, Any], name: str, labels: Labels) -> Document:
    """The page as a document; what the report does not have is left out."""
    sections = [
        Section("overview", labels("overview"), _overview(data, labels)),
        Section("sentiment", labels("sentiment"), _sides(data, labels)),
        Section("groups", labels("groups"), _groups(data, labels)),
        Section("time", labels("time"), _time(data, labels)),
        Section("topics", labels("topics"), _topics(data, labels)),
        Section("quotes", labels("quotes"), _quotes("", data.get("summary"), labels)),
        Section("keywords", labels("keywords"), _keywords(data, labels)),
        Section("similar", labels("similar"), _similar(data, labels)),
        Section("patterns", labels("patterns"), _patterns(data, labels)),
        Section("method", labels("method"), (Text(labels("method_text"), "note"),)),
    ]
    return Document(
        title=name,
        language=labels.language,
        eyebrow=labels("eyebrow"),
        byline=(Fact(labels("column"), data["column"]), Fact(labels("texts"), f"{data['texts']:,}")),
        sections=tuple(section for section in sections if section.blocks),
        generator="a2a-mesh",
    )


def _overview(data: dict[str, Any], labels: Labels) -> tuple[Block, ...]:
    held = data.get("sentiment")
    tiles = [Fact(labels("texts"), f"{data['texts']:,}", f"{labels('empty')}: {data['empty']:,}")]
    if held and held["texts"]:
        tiles += [
            Fact(labels(side), print_share(held[f"{side}_share"]), _interval(held[f"{side}_interval"]))
            for side in ("positive", "negative")
        ]
    spoken = [
        f"{language_name(item['language'], labels.language)} {print_share(item['share'])}"
        for item in data["languages"]
    ]
    notes = [Text(text, "note") for text in warnings_of(data, labels.language)]
    lead = Text(summary_of(data, findings_of(data, labels.language)), "lead")
    return (lead, Tiles(tuple(tiles)), Text(f"{labels('languages')}: {', '.join(spoken)}", "note"), *notes)


def _sides(data: dict[str, Any], labels: Labels) -> tuple[Block, ...]:
    held = data.get("sentiment")
    if not held:
        return ()
    blocks: list[Block] = []
    for side in ("negative", "positive"):
        part = held["sides"][side]
        blocks += _quotes(labels(f"say_{side}"), part["quotes"], labels)
        if part["words"]:
            rows = [(w["word"], f"{w['texts']:,}", f"{w['elsewhere']:,}") for w in part["words"]]
            heads = (labels("word"), labels("here"), labels("elsewhere"))
            blocks.append(_grid(heads, "tnn", rows, title=labels(f"speak_{side}")))
    return tuple(blocks)


def _groups(data: dict[str, Any], labels: Labels) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for grouping in data.get("by_group") or []:
        p_value = grouping["p_value"]
        note = "untested" if p_value is None else "no_chance" if p_value < SIGNIFICANT else "chance"
        rows = tuple(
            Row(
                (
                    Cell(group["group"]),
                    *_measures(group),
                    Cell(", ".join(item["word"] for item in group["words"])),
                )
            )
            for group in grouping["groups"]
        )
        heads = (grouping["column"], *_measure_heads(labels), labels("words"))
        blocks.append(
            Grid(grouping["column"], heads, _aligns("tnnnnt"), rows, note=labels(note), sortable=True)
        )
    return tuple(blocks)


def _time(data: dict[str, Any], labels: Labels) -> tuple[Block, ...]:
    held = data.get("over_time")
    if not held:
        return ()
    periods = [item for item in held["periods"] if item["texts"]]
    rows = tuple(Row((Cell(item["period"]), *_measures(item))) for item in periods)
    table = Grid("", (labels("period"), *_measure_heads(labels)), _aligns("tnnnn"), rows)
    x = [item["period"] for item in periods]
    low = [item["negative_interval"][0] for item in periods]
    high = [item["negative_interval"][1] for item in periods]
    line = {"type": "scatter", "mode": "lines", "x": x}
    negative = {"name": labels("negative"), "y": [item["negative_share"] for item in periods]}
    positive = {"name": labels("positive"), "y": [item["positive_share"] for item in periods]}
    edge = {**line, "line": {"width": 0}, "showlegend": False, "hoverinfo": "skip"}
    figure = {
        "data": [
            {**edge, "y": low},
            {**edge, "y": high, "fill": "tonexty", "fillcolor": BAND},
            {**line, **negative, "line": {"color": ORANGE}},
            {**line, **positive, "line": {"color": BLUE, "dash": "dot"}},
        ],
        "layout": {
            "autosize": True,
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "margin": {"l": 56, "r": 20, "t": 36, "b": 40},
            "legend": {"orientation": "h", "y": 1.12},
            "xaxis": {"type": "category", "nticks": 12},
            "yaxis": {"tickformat": ".0%", "rangemode": "tozero", "gridcolor": "#E4E7EB"},
        },
    }  # fmt: skip
    title = labels("time_chart")
    return (Picture("over-time", title, labels("band"), title, figure, table),)


def _topics(data: dict[str, Any], labels: Labels) -> tuple[Block, ...]:
    held = data.get("topics")
    if not held:
        return ()
    heads = (labels("topic"), labels("texts"), labels("share"), labels("negative"), labels("coherence"))
    rows = tuple(
        Row(
            (
                Cell(topic["label"]),
                Cell(f"{topic['texts']:,}"),
                Cell(print_share(topic["share"]), bar=topic["share"]),
                _share(topic["negative_share"]),
                Cell(f"{topic['coherence']:.2f}"),
            )
        )
        for topic in held["topics"]
    )
    note = f"{labels('unassigned')}: {held['unassigned']:,}"
    folds = tuple(
        Fold(topic["label"], (Text(", ".join(topic["words"]), "note"), *_quotes("", topic["quotes"], labels)))
        for topic in held["topics"]
    )
    return (Grid("", heads, _aligns("tnnnn"), rows, note=note), *folds)


def _keywords(data: dict[str, Any], labels: Labels) -> tuple[Block, ...]:
    if not data.get("keywords"):
        return ()
    rows = tuple(
        Row(
            (
                Cell(item["word"]),
                Cell(f"{item['texts']:,}"),
                Cell(print_share(item["share"]), bar=item["share"]),
            )
        )
        for item in data["keywords"]
    )
    return (Grid("", (labels("word"), labels("texts"), labels("share")), _aligns("tnn"), rows, shown=20),)


def _similar(data: dict[str, Any], labels: Labels) -> tuple[Block, ...]:
    groups = (data.get("similar") or {}).get("groups") or []
    if not groups:
        return ()
    rows = [
        (
            f"{group['size']:,}",
            labels("exactly" if group["exact"] else "nearly"),
            ", ".join(f"{row:,}" for row in group["rows"][:5]),
            group["text"],
        )
        for group in groups
    ]
    heads = (labels("size"), labels("alike"), labels("first_rows"), labels("text"))
    return (_grid(heads, "nttt", rows),)


def _patterns(data: dict[str, Any], labels: Labels) -> tuple[Block, ...]:
    if not data.get("patterns"):
        return ()
    rows = [
        (
            pattern_name(item["kind"], labels.language),
            f"{item['texts']:,}",
            ", ".join(value["value"] for value in item["values"]),
        )
        for item in data["patterns"]
    ]
    return (_grid((labels("kind"), labels("texts"), labels("frequent")), "tnt", rows),)


def _quotes(title: str, quotes: Sequence[dict[str, Any]] | None, labels: Labels) -> tuple[Bullets, ...]:
    if not quotes:
        return ()
    said = tuple(f"“{item['text']}” ({_row(item['row'], labels)})" for item in quotes)
    return (Bullets(title, said),)


def _row(row: int, labels: Labels) -> str:
    return f"{row:,}{labels('row')}" if labels.language == "ko" else f"{labels('row')} {row:,}"


def _measure_heads(labels: Labels) -> tuple[str, ...]:
    return (labels("texts"), labels("positive"), labels("negative"), labels("interval"))


def _measures(group: dict[str, Any]) -> tuple[Cell, ...]:
    """Number of texts, positive and negative share, and the interval of the negative share."""
    return (
        Cell(f"{group['texts']:,}"),
        _share(group["positive_share"]),
        _share(group["negative_share"]),
        Cell(_interval(group["negative_interval"])),
    )


def _share(value: float | None) -> Cell:
    return Cell("–") if value is None else Cell(print_share(value), bar=value)


def _interval(bounds: Sequence[float] | None) -> str:
    return f"{print_share(bounds[0])} – {print_share(bounds[1])}" if bounds else "–"


def _grid(heads: tuple[str, ...], aligns: str, rows: Sequence[tuple[str, ...]], *, title: str = "") -> Grid:
    cells = tuple(Row(tuple(Cell(text) for text in row)) for row in rows)
    return Grid(title, heads, _aligns(aligns), cells)


def _aligns(letters: str) -> tuple[Align, ...]:
    return tuple("number" if letter == "n" else "text" for letter in letters)
