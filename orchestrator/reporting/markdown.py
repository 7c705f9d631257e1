"""The report as GitHub-flavoured Markdown."""

import re
from collections.abc import Sequence

from mesh.analysis import Analysis
from mesh.pages.blocks import (
    Bars,
    Block,
    Bullets,
    Cell,
    Choice,
    Code,
    Fact,
    Facts,
    Fold,
    Grid,
    Links,
    Picture,
    Row,
    Section,
    Statement,
    Statements,
    Text,
    Tiles,
)

from .document import report_of
from .labels import Labels

_SPECIAL = re.compile(r"([\\`*\[\]|~]|(?<!\w)_|_(?!\w))")
_LINE_START = re.compile(r"^([-+#]|\d+[.)])(?=\s|#|$)")
_MAX_ROWS = 40


def render_markdown(analysis: Analysis) -> str:
    """The answer, its figures, tables and findings, in the order of the HTML report."""
    report = report_of(analysis)
    labels = Labels(report.language)
    byline = " · ".join([report.status_label, *(f"{fact.label} {fact.value}" for fact in report.byline)])
    parts = [f"# {plain(report.title)}", f"*{plain(byline)}*"]
    for section in report.sections:
        parts += _section(section, labels)
    parts += ["---", f"*{plain(report.generator)}*"]
    return "\n\n".join(part for part in parts if part) + "\n"


def plain(text: str) -> str:
    """Text in which nothing is markup: neither Markdown nor HTML, on one line."""
    flat = " ".join(text.split())
    escaped = _SPECIAL.sub(r"\\\1", flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    return _LINE_START.sub(_escape_marker, escaped)


def _escape_marker(match: re.Match[str]) -> str:
    marker = match.group(1)
    return f"{marker[:-1]}\\{marker[-1]}"


def _section(section: Section, labels: Labels) -> list[str]:
    parts = [f"## {plain(section.title)}"]
    for block in section.blocks:
        parts += _block(block, labels)
    return parts


def _blocks(blocks: Sequence[Block], labels: Labels) -> list[str]:
    return [part for block in blocks for part in _block(block, labels)]


def _block(block: Block, labels: Labels) -> list[str]:
    match block:
        case Text(text=text, role=role):
            return [_text(text, role)]
        case Bullets(label=label, items=items):
            head = [f"**{plain(label)}**"] if label else []
            return [*head, "\n".join(f"- {plain(item)}" for item in items)]
        case Facts(items=items, title=title) | Fold(title=title, blocks=(Facts(items=items),)):
            return [*_head(title), _facts(items)]
        case Tiles(items=items):
            return [_facts(items)]
        case Grid():
            return _grid(block, labels)
        case Picture():
            return _picture(block, labels)
        case Code(text=text, syntax=syntax):
            fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
            return [f"{fence}{syntax}\n{text}\n{fence}"]
        case Fold(title=title, blocks=blocks):
            titled = any(isinstance(inner, Grid) and inner.title for inner in blocks)
            head = [] if titled else _head(title)
            return [*head, *_blocks(blocks, labels)]
        case Bars(alt=alt):
            return [plain(alt)]
        case Choice(options=options):
            return [part for title, blocks in options for part in (*_head(title), *_blocks(blocks, labels))]
        case Statements(items=items):
            return ["\n".join(_statement(item) for item in items)]
        case Links(items=links):
            return [" · ".join(f"[{plain(label)}]({_address(path)})" for label, path in links)]


def _text(text: str, role: str) -> str:
    said = plain(text)
    if role == "lead":
        return f"**{said}**"
    return f"> {said}" if role == "alert" else said


def _head(title: str) -> list[str]:
    return [f"### {plain(title)}"] if title else []


def _facts(items: tuple[Fact, ...]) -> str:
    lines = ["| | |", "| :-- | :-- |"]
    for fact in items:
        label = f"[{plain(fact.label)}]({_address(fact.link)})" if fact.link else plain(fact.label)
        value = f"`{fact.value}`" if fact.code else plain(fact.value)
        lines.append(f"| {label} | {value}{f' ({plain(fact.note)})' if fact.note else ''} |")
    return "\n".join(lines)


def _grid(grid: Grid, labels: Labels) -> list[str]:
    rule = " | ".join("--:" if align == "number" else ":--" for align in grid.aligns)
    lines = [f"| {' | '.join(plain(name) for name in grid.columns)} |", f"| {rule} |"]
    lines += [f"| {' | '.join(_cells(row, grid, labels))} |" for row in grid.rows[:_MAX_ROWS]]
    parts = [*_head(grid.title), "\n".join(lines)]
    left_out = grid.omitted + max(0, len(grid.rows) - _MAX_ROWS)
    if left_out:
        parts.append(f"| {plain(labels('omitted'))} | {left_out:,} |\n| :-- | --: |")
    return [*parts, *([plain(grid.note)] if grid.note else [])]


def _cells(row: Row, grid: Grid, labels: Labels) -> list[str]:
    texts = [_cell(cell) for cell in row.cells]
    named = next((index for index, align in enumerate(grid.aligns) if align == "text"), 0)
    if row.mark == "best":
        texts[named] = f"**{texts[named]}**"
    elif row.mark == "baseline":
        texts[named] = f"{texts[named]} *({plain(labels('baseline'))})*"
    return texts


def _cell(cell: Cell) -> str:
    return f"`{cell.text}`" if cell.code and "`" not in cell.text else plain(cell.text)


def _picture(picture: Picture, labels: Labels) -> list[str]:
    parts = [f"### {plain(picture.title)}", plain(picture.subtitle)]
    if picture.image:
        parts.append(f"![{plain(picture.alt)}]({_address(picture.image)})")
    if picture.note:
        parts.append(f"> {plain(picture.note)}")
    if picture.table is not None and not picture.image:
        parts += _grid(picture.table, labels)
    return parts


def _statement(item: Statement) -> str:
    source = f" — {plain(item.source)}" if item.source else ""
    title = f"**{plain(item.title)}** " if item.title else ""
    line = f"{item.rank}. {title}{plain(item.text)}{source}"
    if not item.evidence:
        return line
    return line + "\n    - " + "; ".join(f"`{fact.label}` = {plain(fact.value)}" for fact in item.evidence)


def _address(path: str) -> str:
    return path.replace(" ", "%20").replace("(", "%28").replace(")", "%29").replace("|", "%7C")
