"""A quality report as a page of its own: score, alerts with examples, every column, missing values, repeats and rules."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mesh.language import Language
from mesh.pages.blocks import (
    Align,
    Block,
    Cell,
    Document,
    Fact,
    Grid,
    Row,
    Section,
    Statement,
    Statements,
    Text,
    Tiles,
)
from mesh.pages.cells import print_share, print_value
from mesh.pages.labels import Labels
from mesh.pages.page import render_page

from .narrative import kind_name, severity_name, summary_of
from .page_columns import column_sections
from .page_words import WORDS

MAX_ALERTS = 80
MAX_CELLS = 60
MAX_RULES = 100


def write_page(data: dict[str, Any], name: str, language: Language, target: Path) -> None:
    """The page of a quality report (the data of a `quality_report`) of the dataset called `name`, as HTML at `target`."""
    target.write_text(render_page(document_of(data, name, language)), encoding="utf-8")


def document_of(data: dict[str, Any], name: str, language: Language) -> Document:
    """The page as a document; sections that would be empty are left out."""
    labels = Labels(language, WORDS)
    sections = [
        _overview(data, labels),
        _alerts(data, labels),
        *column_sections(data, labels),
        _missing(data, labels),
        _cells(data, labels),
        _rules(data, labels),
    ]
    size = f"{data['rows']:,} × {data['columns']:,}"
    return Document(
        title=name,
        language=language,
        eyebrow=labels("quality_report"),
        byline=(Fact(labels("rows_columns"), size),),
        sections=tuple(section for section in sections if section.blocks),
        generator="a2a-mesh",
    )


def _overview(data: dict[str, Any], labels: Labels) -> Section:
    counts = data["issue_counts"]
    tiles = (
        Fact(labels("score"), f"{data['score']:.2f}", labels("of_100")),
        Fact(
            labels("missing_cells"),
            f"{data['missing_cells']:,}",
            print_share(data["missing_cells"] / data["cells"]),
        ),
        Fact(
            labels("repeated_rows"),
            f"{data['duplicates']['rows']:,}",
            print_share(data["duplicates"]["share"]),
        ),
        Fact(labels("alerts"), f"{sum(counts.values()):,}", _by_severity(counts, labels)),
    )
    parts = ("completeness", "uniqueness", "validity", "consistency")
    grid = Grid(
        "",
        (labels("part"), labels("share"), labels("means")),
        ("text", "number", "text"),
        tuple(
            Row(
                (
                    Cell(labels(part)),
                    Cell(print_share(data[part]), bar=data[part]),
                    Cell(labels(f"means.{part}")),
                )
            )
            for part in parts
        ),
        note=data["score_formula"],
    )
    lead = Text(summary_of(data, labels.language), "lead")
    return Section("overview", labels("overview"), (lead, Tiles(tiles), grid))


def _by_severity(counts: dict[str, int], labels: Labels) -> str:
    return ", ".join(
        f"{severity_name(s, labels.language)} {counts[s]:,}" for s in ("high", "medium", "low") if counts[s]
    )


def _alerts(data: dict[str, Any], labels: Labels) -> Section:
    """The issues, the most severe first, each with examples under it."""
    issues = data["issues"][:MAX_ALERTS]
    blocks: list[Block] = []
    for severity in ("high", "medium", "low"):
        chosen = [
            (rank, issue) for rank, issue in enumerate(issues, start=1) if issue["severity"] == severity
        ]
        if chosen:
            title = f"{labels('severity')}: {severity_name(severity, labels.language)}"
            blocks += [
                Text(title, "note"),
                Statements(tuple(_alert(rank, issue, labels) for rank, issue in chosen)),
            ]
    left = len(data["issues"]) - len(issues)
    if left:
        blocks.append(Text(f"{labels('omitted')}: {left:,}", "note"))
    return Section("alerts", labels("alerts"), tuple(blocks) or (Text(labels("no_alerts")),))


def _alert(rank: int, issue: dict[str, Any], labels: Labels) -> Statement:
    examples = tuple(_example(example, labels) for example in issue["examples"][:5])
    return Statement(rank, issue["message"], examples, kind_name(issue["kind"], labels.language))


def _example(example: dict[str, Any], labels: Labels) -> Fact:
    """An example as a labelled value: its row, and what stands there."""
    rest = {key: value for key, value in example.items() if key not in ("row", "record", "z")}
    label = f"{labels('row')} {example['row']:,}" if "row" in example else labels("example")
    return Fact(label, print_value(rest["value"] if set(rest) == {"value"} else rest, labels))


def _missing(data: dict[str, Any], labels: Labels) -> Section:
    """How many rows are whole, and the columns that lack values, the emptiest first."""
    lacking = sorted((p for p in data["column_profiles"] if p["missing"]), key=lambda p: -p["missing"])
    if not lacking:
        return Section("missing", labels("missing"), ())
    whole = data["complete_rows"]
    said = f"{labels('complete_rows')}: {whole:,} ({print_share(whole / data['rows'])})"
    rows = [
        (
            Cell(p["name"]),
            Cell(f"{p['missing']:,}"),
            Cell(print_share(p["missing_share"]), bar=p["missing_share"]),
        )
        for p in lacking
    ]
    heads = (labels("column"), labels("missing"), labels("share"))
    return Section("missing", labels("missing"), (Text(said), _grid(heads, "tnn", rows)))


def _cells(data: dict[str, Any], labels: Labels) -> Section:
    """Examples of wrong cells with what they should be."""
    found = data.get("cell_errors") or {"count": 0, "examples": []}
    if not found["count"]:
        return Section("cells", labels("cells"), ())
    rows = [
        (
            Cell(f"{cell['row']:,}"),
            Cell(cell["column"]),
            Cell(print_value(cell["value"], labels)),
            Cell(print_value(cell["repair"], labels) if cell["repair_confidence"] else "–"),
            Cell(cell["why"]),
        )
        for cell in found["examples"][:MAX_CELLS]
    ]
    heads = tuple(labels(key) for key in ("row", "column", "value", "proposed", "why"))
    said = Text(f"{labels('wrong_cells')}: {found['count']:,}")
    return Section("cells", labels("cells"), (said, _grid(heads, "ntttt", rows)))


def _rules(data: dict[str, Any], labels: Labels) -> Section:
    """Arithmetic and dependencies that the rows follow, and how many break them."""
    rules = [(r["rule"], r["checked"], r["broken"]) for r in data["rules"]]
    rules += [
        (d["rule"], d["checked"], round(d["g3_error"] * d["checked"])) for d in data.get("dependencies", [])
    ]
    rows = [
        (Cell(text), Cell(f"{checked:,}"), Cell(f"{broken:,}")) for text, checked, broken in rules[:MAX_RULES]
    ]
    if not rows:
        return Section("rules", labels("rules"), ())
    return Section(
        "rules", labels("rules"), (_grid((labels("rule"), labels("checked"), labels("broken")), "tnn", rows),)
    )


def _grid(heads: Sequence[str], aligns: str, rows: Sequence[tuple[Cell, ...]]) -> Grid:
    sides: tuple[Align, ...] = tuple("number" if letter == "n" else "text" for letter in aligns)
    return Grid("", tuple(heads), sides, tuple(Row(cells) for cells in rows), sortable=True)
