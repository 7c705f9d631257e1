"""The columns of a quality page: one line for each, and a card with its profile."""

from typing import Any

from mesh.pages.blocks import Align, Bars, Block, Cell, Choice, Fact, Facts, Grid, Row, Section
from mesh.pages.cells import print_share, print_value
from mesh.pages.labels import Labels

MAX_CARDS = 300
_EXTENT = ("min", "mean", "max")
_NUMBER_FACTS = ("min", "max", "mean", "std", "skewness", "zeros", "negatives")


def column_sections(data: dict[str, Any], labels: Labels) -> list[Section]:
    """The table of all columns, and their cards behind a picker."""
    profiles = data["column_profiles"]
    cards = tuple((profile["name"], _card(profile, labels)) for profile in profiles[:MAX_CARDS])
    return [
        Section("columns", labels("columns"), (_table(profiles, labels),)),
        Section("profiles", labels("profiles"), (Choice(labels("column"), cards),) if cards else ()),
    ]


def _table(profiles: list[dict[str, Any]], labels: Labels) -> Grid:
    heads = ("column", "type", "meaning", "missing", "distinct", *_EXTENT)
    rows = tuple(
        Row(
            (
                Cell(profile["name"]),
                Cell(labels.word("type", profile["type"])),
                Cell(labels.word("semantic", profile["semantic"])),
                Cell(print_share(profile["missing_share"]), bar=profile["missing_share"]),
                Cell(f"{profile['distinct']:,}"),
                *(Cell(print_value(profile.get(key), labels)) for key in _EXTENT),
            )
        )
        for profile in profiles
    )
    aligns: tuple[Align, ...] = ("text", "text", "text", "number", "number", "number", "number", "number")
    return Grid("", tuple(labels(head) for head in heads), aligns, rows, shown=30, sortable=True)


def _card(profile: dict[str, Any], labels: Labels) -> tuple[Block, ...]:
    """Counts and extent, a histogram for numbers, the most frequent values, and the forms of texts."""
    blocks: list[Block] = [Facts(tuple(_facts(profile, labels)))]
    histogram = profile.get("histogram")
    if histogram and len(histogram["counts"]) > 1:
        blocks.append(_bars(histogram, labels))
    if profile["top_values"]:
        blocks.append(_shares(labels("top_values"), labels("value"), profile["top_values"], "value", labels))
    if profile.get("patterns"):
        blocks.append(_shares(labels("patterns"), labels("pattern"), profile["patterns"], "pattern", labels))
    return tuple(blocks)


def _facts(profile: dict[str, Any], labels: Labels) -> list[Fact]:
    unit = f" ({profile['unit']})" if profile.get("unit") else ""
    found = [
        Fact(labels("type"), labels.word("type", profile["type"]) + unit),
        Fact(labels("meaning"), labels.word("semantic", profile["semantic"])),
        Fact(labels("values"), f"{profile['count']:,}"),
        Fact(labels("missing"), f"{profile['missing']:,}", print_share(profile["missing_share"])),
        Fact(labels("distinct"), f"{profile['distinct']:,}", print_share(profile["unique_share"])),
    ]
    found += [Fact(labels(key), print_value(profile[key], labels)) for key in _NUMBER_FACTS if key in profile]
    quantiles = profile.get("quantiles")
    if quantiles:
        middle = [print_value(quantiles[key], labels) for key in ("0.25", "0.5", "0.75")]
        found.append(Fact(labels("quartiles"), " · ".join(middle)))
    if "length" in profile:
        length = profile["length"]
        found.append(Fact(labels("length"), f"{length['min']:,} – {length['max']:,}"))
    return found


def _bars(histogram: dict[str, list[float]], labels: Labels) -> Bars:
    edges, counts = histogram["edges"], histogram["counts"]
    low, high = print_value(edges[0], labels), print_value(edges[-1], labels)
    return Bars(tuple(float(count) for count in counts), f"{labels('histogram')}: {low} – {high}", low, high)


def _shares(title: str, head: str, entries: list[dict[str, Any]], key: str, labels: Labels) -> Grid:
    rows = tuple(
        Row(
            (
                Cell(print_value(entry[key], labels), code=key == "pattern"),
                Cell(f"{entry['count']:,}"),
                Cell(print_share(entry["share"]), bar=entry["share"]),
            )
        )
        for entry in entries
    )
    return Grid(title, (head, labels("count"), labels("share")), ("text", "number", "number"), rows)
