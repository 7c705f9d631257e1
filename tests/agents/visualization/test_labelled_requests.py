"""Requests in people's words, labelled with what they ask for; a third of them were set aside before any was tried."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agents.visualization.form_rules import choose_form
from agents.visualization.request import Filter, Request
from agents.visualization.request_reading import read_request
from agents.visualization.table import Table
from mesh.language import detect_language

from .tables import said, table_of

ROWS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "requests.json").read_text(encoding="utf-8"))


def _filter_text(one: Filter) -> str:
    values = [f"{v:g}" if isinstance(v, float) else str(v) for v in one.values]
    return f"{one.column} {one.op} {('..' if one.op == 'between' else ',').join(values)}"


def _understood(request: Request) -> dict[str, Any]:
    return {
        "form": request.form,
        "measures": list(request.measures),
        "dimensions": list(request.dimensions),
        "time": request.date is not None,
        "grain": request.grain,
        "aggregation": request.aggregation,
        "filters": [_filter_text(one) for one in request.filters],
        "top": request.top,
        "bottom": request.bottom,
        "sort": request.sort,
        "color": request.color,
        "facet": request.facet,
        "log": request.log,
        "title": request.title,
    }


def _misread(row: dict[str, Any], table: Table) -> dict[str, Any]:
    """What is understood otherwise than labelled, by field."""
    want = said(row["want"])
    request, _ = choose_form(read_request(table, row["question"]), table)
    read = _understood(request)
    return {key: {"read": read[key], "want": want[key]} for key in want if read[key] != want[key]}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Table]:
    """The tables by name, each opened once."""
    folder = tmp_path_factory.mktemp("tables")
    known: dict[str, Table] = {}

    def table(name: str) -> Table:
        if name not in known:
            known[name] = table_of(name, folder)
        return known[name]

    return table


def test_the_questions_are_many_balanced_and_different() -> None:
    korean = sum(detect_language(row["question"]) == "ko" for row in ROWS)
    assert len({row["question"] for row in ROWS}) == len(ROWS) >= 120
    assert 0.4 <= korean / len(ROWS) <= 0.6
    assert sum(row["held_out"] for row in ROWS) >= 0.3 * len(ROWS)


@pytest.mark.parametrize("row", [row for row in ROWS if not row["held_out"]], ids=lambda row: row["question"])
def test_a_request_is_read_as_labelled(row: dict[str, Any], opened: Callable[[str], Table]) -> None:
    assert _misread(row, opened(row["table"])) == {}


def test_requests_set_aside_are_read_as_well(opened: Callable[[str], Table]) -> None:
    rows = [row for row in ROWS if row["held_out"]]
    wrong = {row["question"]: found for row in rows if (found := _misread(row, opened(row["table"])))}
    assert len(wrong) <= 0.05 * len(rows), json.dumps(wrong, ensure_ascii=False, indent=1)
