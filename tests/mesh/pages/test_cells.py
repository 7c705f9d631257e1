"""How values are printed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh.pages.cells import (
    Naming,
    column_cells,
    grid_of,
    print_number,
    print_share,
    print_short,
    print_value,
)
from mesh.pages.labels import Labels
from mesh.results import Table
from orchestrator.synthesis.numbers import unsupported_numbers

EN = Labels("en")


def column(heading: str, *values: Any, naming: Naming | None = None) -> list[str]:
    """The printed cells of a table of one column."""
    table = Table(title="", columns=[heading], rows=[[value] for value in values])
    return [row.cells[0].text for row in grid_of(table, EN, naming=naming).rows]


@pytest.mark.parametrize(
    ("heading", "values", "printed"),
    [
        ("revenue", [1234567, -3], ["1,234,567", "−3"]),
        ("mean", [1234.5, 2.25], ["1,234", "2"]),
        ("z", [1.5, None], ["1.500", "–"]),
        ("비중", [0.4379, 0.0002], ["43.8%", "0.02%"]),
        ("share", [43, 57], ["43", "57"]),
        ("증감률", [None, 1.234], ["–", "123.4%"]),
        ("corrected p", [0.0, 0.0423], ["< 0.001", "0.042"]),
        ("year", [2023, 2024], ["2023", "2024"]),
        ("baseline", [True, False], ["yes", "no"]),
        ("name", ["tea", ""], ["tea", "–"]),
    ],
)
def test_a_column_is_printed_as_its_heading_and_values_suggest(
    heading: str, values: list[Any], printed: list[str]
) -> None:
    assert column(heading, *values) == printed


def test_columns_of_the_data_are_not_taken_for_shares() -> None:
    assert column("growth", 0.5, naming=Naming(raw=frozenset({"growth"}))) == ["0.500"]


def test_rates_are_percentages_whatever_their_name() -> None:
    assert column("Churn", 0.427, naming=Naming(rates=frozenset({"Churn"}))) == ["42.7%"]


def test_numbers_that_are_names_have_no_separators() -> None:
    assert column("order", 10001, naming=Naming(plain=frozenset({"order"}))) == ["10001"]


def test_short_and_long_rows_fit_the_head() -> None:
    table = Table(title="", columns=["a", "b"], rows=[[1], [1, 2, 3]])
    assert [[cell.text for cell in row.cells] for row in grid_of(table, EN).rows] == [["1", "–"], ["1", "2"]]


def test_tables_beyond_the_bound_say_how_many_rows_are_missing() -> None:
    grid = grid_of(Table(title="", columns=["a"], rows=[[number] for number in range(450)]), EN)
    assert (len(grid.rows), grid.omitted) == (200, 250)


def test_nothing_and_not_a_number_are_dashes() -> None:
    assert [print_value(value, EN) for value in (None, float("nan"), float("inf"), " ")] == ["–"] * 4


def test_shares_close_to_the_edges_have_more_decimals() -> None:
    assert [print_share(value) for value in (0.9992, 0.5, 0.0007, 1.0, 0.0)] == [
        "99.92%",
        "50.0%",
        "0.07%",
        "100.0%",
        "0.0%",
    ]


@given(st.floats(min_value=1e-3, max_value=1e12))
def test_a_printed_number_is_the_number(value: float) -> None:
    assert unsupported_numbers(print_number(value), [value]) == []


def test_sizes_that_differ_greatly_keep_their_digits() -> None:
    cells = column_cells("statistic", [217_282.4, 186.2, 0.0412, 0.0, -1.25], Labels("en"), Naming())
    assert [cell.text for cell in cells] == ["217,282", "186", "0.0412", "0", "−1.25"]


def test_a_p_value_is_known_by_its_correction_too() -> None:
    cells = column_cells("p (Holm)", [1.08e-111, 0.324, 1.0], Labels("en"), Naming())
    assert [cell.text for cell in cells] == ["< 0.001", "0.324", "1.000"]


@pytest.mark.parametrize(("heading", "text"), [("seconds", "0"), ("lost", "0"), ("share", "0.0%")])
def test_nothing_but_zeros_is_a_share_only_where_the_heading_says_so(heading: str, text: str) -> None:
    cells = column_cells(heading, [0, 0.0], Labels("en"), Naming())
    assert [cell.text for cell in cells] == [text, text]


@pytest.mark.parametrize("value", [16, -3, 0, 12_345])
def test_a_whole_number_is_printed_the_same_however_json_gave_it(value: int) -> None:
    assert print_number(value) == print_number(float(value))
    assert print_short(value) == print_short(float(value))
