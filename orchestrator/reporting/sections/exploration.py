"""What the data shows: trend and season, breakdowns, drivers and tests."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

from mesh.pages.blocks import Block, Fold, Grid, Section
from mesh.pages.cells import grid_of, print_value
from mesh.pages.shapes import mapping, records
from mesh.results import Table
from orchestrator.reporting.material import Material

from .missing import absences
from .opening import said
from .pictures import charts

_OPEN_TABLES = 2
_ONE_QUESTION = ("change", "cohorts", "funnel")
_SHARES = ("share", "Share", "비중")
_PARETO_FROM = 3
_WHOLE = 1.0005
_MAX_DRIVERS = 10
_MAX_CORRELATIONS = 15


def trend(material: Material) -> Section | None:
    """Development over time, by measure; None when there is no time in the data."""
    labels = material.labels
    time = mapping(material.data("eda_report").get("time"))
    measures = records(time.get("measures"))
    blocks: list[Block] = absences(material, "trend")
    found = charts(material, "trend")
    tables = _tables_about(material, "trend")
    if found or tables or measures:
        blocks += said(material, "trend")
    blocks += found
    blocks += [grid_of(table, labels, naming=material.naming) for table in tables]
    if measures:
        blocks.append(grid_of(_by_measure(measures, material), labels))
        profiles = tuple(grid_of(profile, labels) for profile in _profiles(measures[0], material))
        if profiles:
            blocks.append(Fold(f"{labels('profile')}: {measures[0].get('name')}", profiles))
    return Section("trend", labels("trend"), tuple(blocks)) if blocks else None


def breakdowns(material: Material) -> Section | None:
    """Totals and rates by group; None when there are none."""
    labels = material.labels
    tables = _tables_about(material, "breakdowns") or _breakdowns(material)
    blocks: list[Block] = [*charts(material, "breakdowns")]
    blocks += [_breakdown_grid(table, material, shown=8) for table in tables[:_OPEN_TABLES]]
    blocks += [
        Fold(table.title, (replace(_breakdown_grid(table, material, shown=200), title=""),))
        for table in tables[_OPEN_TABLES:]
    ]
    return Section("breakdowns", labels("breakdowns"), tuple(blocks)) if blocks else None


def _breakdown_grid(table: Table, material: Material, *, shown: int) -> Grid:
    """A breakdown's table: rates as percentages, and no column that has nothing in it."""
    rates = {
        str(item.get("measure"))
        for item in records(material.data("eda_report").get("breakdowns"))
        if item.get("dimension") == table.columns[0] and item.get("aggregation") == "rate"
    }
    keep = [
        index
        for index in range(len(table.columns))
        if any(index < len(row) and row[index] is not None for row in table.rows)
    ]
    filled = table.model_copy(
        update={
            "columns": [table.columns[index] for index in keep],
            "rows": [[row[index] if index < len(row) else None for index in keep] for row in table.rows],
        }
    )
    filled = _with_cumulative_share(filled, material.labels("cumulative"))
    naming = replace(material.naming, rates=frozenset(rates & set(table.columns[1:2])))
    return grid_of(filled, material.labels, naming=naming, shown=shown)


def _with_cumulative_share(table: Table, heading: str) -> Table:
    """The table with running totals of its shares: how few groups make up most. As it is when shares do not fall or add up."""
    shares = [[row[at] for row in table.rows] for at, name in enumerate(table.columns) if name in _SHARES]
    if len(shares) != 1 or len(table.rows) < _PARETO_FROM:
        return table
    (parts,) = shares
    if not all(isinstance(part, int | float) and part >= 0 for part in parts) or sum(parts) > _WHOLE:
        return table
    if parts != sorted(parts, reverse=True):
        return table
    at = next(index for index, name in enumerate(table.columns) if name in _SHARES) + 1
    rows = [
        [*row[:at], running, *row[at:]] for row, running in zip(table.rows, accumulate(parts), strict=True)
    ]
    return table.model_copy(
        update={"columns": [*table.columns[:at], heading, *table.columns[at:]], "rows": rows}
    )


def drivers(material: Material) -> Section | None:
    """What goes with the outcome, and the differences that were tested; None when there is neither."""
    labels, report = material.labels, material.data("eda_report")
    blocks: list[Block] = []
    strongest = records(report.get("drivers"))[:_MAX_DRIVERS]
    if strongest:
        blocks.append(grid_of(_drivers(strongest, material), labels))
    blocks += charts(material, "drivers")
    tables = _tables_about(material, "drivers") or _tests(report, material)
    blocks += [grid_of(table, labels, shown=8) for table in tables]
    correlations = records(report.get("correlations"))
    if correlations:
        table = _correlations(correlations[:_MAX_CORRELATIONS], material)
        blocks.append(Fold(labels("correlations"), (grid_of(table, labels, title="", shown=200),)))
    return Section("drivers", labels("drivers"), tuple(blocks)) if blocks else None


def _tables_about(material: Material, section: str) -> list[Table]:
    """The exploring steps' tables, sorted by their first column: years and periods, groups, or anything else."""
    return [
        table
        for step in material.steps("trend")
        for table in step.tables
        if _home_of(table, [output.data or {} for output in step.outputs]) == section
    ]


def _home_of(table: Table, reports: Sequence[Mapping[str, Any]]) -> str:
    """Where a table belongs: by its first column, and all of a report of one question alone among the breakdowns."""
    dimensions = {
        str(item.get("dimension")) for report in reports for item in records(report.get("breakdowns"))
    }
    first = [row[0] for row in table.rows if row]
    if (table.columns and table.columns[0] in dimensions) or any(_is_of_one_question(it) for it in reports):
        return "breakdowns"
    return "trend" if first and all(_is_period(value) for value in first) else "drivers"


def _is_of_one_question(report: Mapping[str, Any]) -> bool:
    """Whether a report explains a change or follows people, and explores nothing beside."""
    return any(report.get(key) for key in _ONE_QUESTION) and not (
        report.get("time") or report.get("breakdowns")
    )


def _is_period(value: Any) -> bool:
    text = str(value)
    return not isinstance(value, bool) and text[:4].isdigit() and 1900 <= int(text[:4]) <= 2100


def _by_measure(measures: list[dict[str, Any]], material: Material) -> Table:
    labels = material.labels
    heads = ("measure", "aggregation", "change", "slope", "p_adjusted", "season", "best", "worst")
    rows = []
    for item in measures:
        line, season = mapping(item.get("trend")), mapping(item.get("seasonality"))
        rows.append(
            [
                item.get("name"),
                labels.word("aggregation", item.get("aggregation")),
                line.get("change_ratio"),
                line.get("slope_per_period"),
                line.get("p"),
                season.get("strength"),
                _point(item.get("best"), material),
                _point(item.get("worst"), material),
            ]
        )
    columns = [labels(name) if name != "p_adjusted" else "p" for name in heads]
    return Table(title=labels("by_measure"), columns=columns, rows=rows)


def _point(point: Any, material: Material) -> str | None:
    if not isinstance(point, dict):
        return None
    return f"{point.get('label')} ({print_value(point.get('value'), material.labels)})"


def _profiles(measure: Mapping[str, Any], material: Material) -> list[Table]:
    labels = material.labels
    found = []
    for name in ("seasonality", "weekday"):
        profile = records(mapping(measure.get(name)).get("profile"))
        if profile:
            rows = [[item.get("label"), item.get("value"), item.get("index")] for item in profile]
            columns = [labels("period"), labels("average"), labels("index")]
            found.append(Table(title="", columns=columns, rows=rows))
    return found


def _breakdowns(material: Material) -> list[Table]:
    """The breakdowns as tables, for a step that gave none of its own."""
    labels = material.labels
    found = []
    for item in records(material.data("eda_report").get("breakdowns")):
        rows = records(item.get("rows"))
        title = f"{item.get('dimension')} · {item.get('measure')} ({labels.word('aggregation', item.get('aggregation'))})"
        columns = [str(item.get("dimension")), str(item.get("measure")), labels("share")]
        cells = [[row.get("name"), row.get("value"), row.get("share")] for row in rows]
        found.append(Table(title=title, columns=columns, rows=cells))
    return found


def _drivers(items: list[dict[str, Any]], material: Material) -> Table:
    labels = material.labels
    about = ", ".join(dict.fromkeys(str(item.get("about")) for item in items))
    rows = [
        [item.get("feature"), labels.word("method", item.get("method")), item.get("value"), item.get("share")]
        for item in items
    ]
    columns = [labels(name) for name in ("feature", "method", "strength", "explained")]
    return Table(title=f"{labels('drivers_of')}: {about}", columns=columns, rows=rows)


def _correlations(items: list[dict[str, Any]], material: Material) -> Table:
    labels = material.labels
    keys = ("a", "b", "method", "value", "p_adjusted", "n")
    columns = [labels(name) for name in ("first", "second", "method", "value", "p_adjusted", "n")]
    rows = [
        [
            labels.word("method", item[key]) if key == "method" and key in item else item.get(key)
            for key in keys
        ]
        for item in items
    ]
    return Table(title="", columns=columns, rows=rows)


def _tests(report: Mapping[str, Any], material: Material) -> list[Table]:
    """The group tests as a table, for a step that gave none of its own."""
    labels = material.labels
    tests = records(report.get("group_tests"))
    if not tests:
        return []
    keys = ("group", "measure", "test", "statistic", "p_adjusted", "effect_name", "effect")
    names = ("group", "measure", "method", "statistic", "p_adjusted", "effect", "value")
    rows = [[item.get(key) for key in keys] for item in tests]
    return [Table(title=labels("tests"), columns=[labels(name) for name in names], rows=rows)]
