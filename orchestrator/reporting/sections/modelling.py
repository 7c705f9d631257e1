"""The model: how it was set up, what it was compared with, how it did on data it had not seen, and what it forecasts."""

from collections.abc import Mapping
from typing import Any

from mesh.pages.blocks import Block, Fact, Facts, Fold, Grid, Mark, Section, Text
from mesh.pages.cells import grid_of, marked, print_number, print_share, print_value
from mesh.pages.shapes import mapping, records
from mesh.results import Table
from orchestrator.reporting.labels import Labels
from orchestrator.reporting.material import Material

from .leftovers import file_fact
from .missing import absences
from .others import everything_of
from .pictures import charts

_MAX_FEATURES = 15
_RELATIVE = ("wape", "mape", "smape")
_NOT_METRICS = ("rank", "model", "baseline", "selected", "validation")


def model(material: Material) -> Section | None:
    """Set-up, leaderboard with its baselines, and hold-out or backtest; None when nothing was trained."""
    labels, data = material.labels, material.data("model")
    blocks: list[Block] = absences(material, "model")
    if data.get("reason"):
        blocks.append(Text(str(data["reason"])))
    if data.get("beats_baseline") is False:
        blocks.append(Text(labels("no_gain"), "alert"))
    board, others = _leaderboard(material)
    facts = _set_up(data, board, material)
    if facts:
        blocks.append(Facts(tuple(facts), labels("set_up")))
    if board is not None:
        blocks.append(board)
    blocks += charts(material, "model")
    backtest = _backtest(material)
    if backtest:
        blocks.append(Facts(tuple(backtest), labels("backtest")))
    blocks += [grid_of(table, labels, naming=material.naming) for table in others]
    excluded = records(data.get("excluded"))
    if excluded:
        rows = [[item.get("feature"), item.get("why")] for item in excluded]
        table = Table(title="", columns=[labels("feature"), labels("why")], rows=rows)
        blocks.append(Fold(labels("excluded_features"), (grid_of(table, labels),)))
    return Section("model", labels("model"), tuple(blocks)) if blocks else None


def forecast(material: Material) -> Section | None:
    """The forecast with its bands; None when there is none."""
    labels, data = material.labels, material.data("forecast")
    blocks: list[Block] = []
    facts = _forecast_facts(data, material)
    if facts:
        blocks.append(Facts(tuple(facts)))
    drawn = charts(material, "forecast")
    blocks += drawn
    points = records(data.get("points"))
    if points and not drawn:
        keys = ("date", "mean", "lower_80", "upper_80", "lower_95", "upper_95")
        rows = [[point.get(key) for key in keys] for point in points]
        table = Table(title=labels("forecast"), columns=[labels(key) for key in keys], rows=rows)
        blocks.append(grid_of(table, labels))
    files = [file_fact(file) for output in material.outputs("forecast") for file in output.files]
    if files and blocks:
        blocks.append(Facts(tuple(files), labels("files")))
    return Section("forecast", labels("forecast"), tuple(blocks)) if blocks else None


def explanation(material: Material) -> Section | None:
    """What the steps that explain a model gave, else its own weights; None when there is neither."""
    labels, data = material.labels, material.data("model")
    blocks: list[Block] = [*absences(material, "explanation"), *charts(material, "explanation")]
    blocks += [block for step in material.steps("explanation") for block in everything_of(step, material)]
    weights = records(data.get("importance"))
    if weights and not blocks:
        rows = [[item.get("feature"), item.get("importance")] for item in weights[:_MAX_FEATURES]]
        table = Table(title="", columns=[labels("feature"), labels("importance")], rows=rows)
        blocks.append(grid_of(table, labels))
    return Section("explanation", labels("explanation"), tuple(blocks)) if blocks else None


def _leaderboard(material: Material) -> tuple[Grid | None, list[Table]]:
    """The leaderboard with the best and the baselines marked, and the model step's other tables.

    The step's own table is taken when it has a line for each model of the board: it names the models for people.
    """
    labels, data = material.labels, material.data("model")
    board = records(data.get("leaderboard"))
    tables = material.tables("model")
    own = next((table for table in tables if board and len(table.rows) == len(board)), None)
    if not board:
        return None, tables
    flags = [bool(item.get("baseline")) for item in board]
    best = str(mapping(data.get("best")).get("model", ""))
    marks: list[Mark] = [
        "baseline" if flag else "best" if str(item.get("model")) == best else ""
        for item, flag in zip(board, flags, strict=True)
    ]
    table = _without_flags(own, flags) if own is not None else _board_table(board, material)
    return marked(grid_of(table, labels, shown=200), marks), [item for item in tables if item is not own]


def _without_flags(table: Table, flags: list[bool]) -> Table:
    """The table less the column that repeats which lines are baselines: they are marked instead."""
    width = len(table.columns)
    if not any(flags) or any(len(row) != width for row in table.rows):
        return table
    keep = [index for index in range(width) if [row[index] for row in table.rows] != flags]
    return table.model_copy(
        update={
            "columns": [table.columns[index] for index in keep],
            "rows": [[row[index] for index in keep] for row in table.rows],
        }
    )


def _board_table(board: list[dict[str, Any]], material: Material) -> Table:
    labels = material.labels
    metrics = [key for key in board[0] if key not in _NOT_METRICS]
    rows = [[item.get("rank"), item.get("model"), *(item.get(key) for key in metrics)] for item in board]
    columns = [labels("rank"), labels("model_name"), *(key.upper() for key in metrics)]
    return Table(title=labels("leaderboard"), columns=columns, rows=rows)


def _set_up(data: Mapping[str, Any], board: Grid | None, material: Material) -> list[Fact]:
    labels = material.labels
    facts = []
    for key in ("target", "task", "split", "engine", "metric", "rows_train", "rows_test", "seed", "seconds"):
        if data.get(key) is None:
            continue
        value = data[key]
        printed = f"{value:,}" if isinstance(value, int) else labels.word(key, print_value(value, labels))
        facts.append(Fact(labels(key), printed.upper() if key == "metric" else printed))
    if isinstance(data.get("excluded"), list):
        left_out = ", ".join(str(item.get("feature")) for item in records(data["excluded"]))
        facts.append(Fact(labels("excluded"), left_out or labels("none_left_out")))
    chosen = _chosen(data, board)
    if chosen:
        facts.insert(0, Fact(labels("chosen"), chosen))
    return facts


def _chosen(data: Mapping[str, Any], board: Grid | None) -> str:
    """The best model as the leaderboard calls it, else by its own name."""
    row = next((row for row in board.rows if row.mark == "best"), None) if board else None
    if row is not None and board is not None:
        return next(
            (cell.text for cell, align in zip(row.cells, board.aligns, strict=True) if align == "text"), ""
        )
    return str(mapping(data.get("best")).get("model") or "")


def _backtest(material: Material) -> list[Fact]:
    labels, test = material.labels, mapping(material.data("forecast").get("backtest"))
    facts = [
        Fact(labels(key), labels.word(key, print_value(test[key], labels)))
        for key in ("method", "folds", "horizon")
        if test.get(key) is not None
    ]
    facts += [
        Fact(labels(key), print_share(float(test[key])))
        for key in ("coverage_80", "coverage_95")
        if isinstance(test.get(key), int | float)
    ]
    metrics = mapping(test.get("metrics"))
    return facts + [
        Fact(key.upper(), print_metric(key, value, labels)) for key, value in sorted(metrics.items())
    ]


def print_metric(name: str, value: Any, labels: Labels) -> str:
    """A score: relative errors as percentages, small ones with three decimals."""
    if not isinstance(value, int | float):
        return print_value(value, labels)
    if name.lower() in _RELATIVE:
        return print_share(float(value))
    return f"{value:.3f}" if abs(value) < 10 else print_number(float(value))


def _forecast_facts(data: Mapping[str, Any], material: Material) -> list[Fact]:
    labels = material.labels
    facts = []
    if isinstance(data.get("total"), int | float):
        facts.append(Fact(labels("total"), print_number(float(round(data["total"], 2)))))
    low, high = data.get("total_lower_95"), data.get("total_upper_95")
    if isinstance(low, int | float) and isinstance(high, int | float):
        facts.append(Fact(labels("band_95"), f"{print_number(float(low))} – {print_number(float(high))}"))
    if data.get("horizon") is not None:
        facts.append(
            Fact(
                labels("horizon"), f"{data['horizon']}", labels.word("frequency", data.get("frequency") or "")
            )
        )
    if data.get("aggregation"):
        facts.append(
            Fact(
                labels("aggregation"),
                labels.word("aggregation", data["aggregation"]),
                str(data.get("target") or ""),
            )
        )
    return facts
