"""A profile is exact, however the file is cut into row groups and however many columns are worked on at once."""

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.quality import tables
from agents.quality.assessment import assess_file
from agents.quality.duplicates import repeated_rows, sharing_rows
from agents.quality.profiles import profile_of
from agents.quality.tables import Series, read_table
from mesh.results import Column

TODAY = dt.date(2026, 1, 1)
VALUES: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    "few": (pa.int64(), st.integers(-3, 3)),
    "wide": (pa.int64(), st.integers(-(10**9), 10**9)),
    "number": (pa.float64(), st.sampled_from([-1.5, 0.0, 0.25, 3.0, 1e6, float("nan")])),
    "price": (pa.float64(), st.integers(-30, 30).map(lambda cents: cents / 100)),
    "any number": (pa.float64(), st.floats(-1e6, 1e6)),
    "word": (pa.string(), st.sampled_from(["", "a", "가나", "Zz9"])),
    "text": (pa.string(), st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=8)),
    "day": (pa.date32(), st.dates(dt.date(1990, 1, 1), dt.date(2030, 1, 1))),
    "flag": (pa.bool_(), st.booleans()),
}


@st.composite
def arrow_tables(draw: st.DrawFn) -> pa.Table:
    rows = draw(st.integers(1, 24))
    columns = {
        name: pa.array(draw(st.lists(st.none() | values, min_size=rows, max_size=rows)), kind)
        for name, (kind, values) in VALUES.items()
    }
    return pa.table(columns)


def in_threads_and_pieces(table: pa.Table, group: int, long: int) -> list[dict[str, Any]]:
    """The profiles of a table written in row groups of so many rows and read as a large one is."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(tables, "CELLS_IN_MEMORY", 0)
        patched.setattr(tables, "LONG", long)
        path = Path(folder) / "table.parquet"
        pq.write_table(table, path, row_group_size=group)
        return list(read_table(path, []).each(profile_of))


@settings(deadline=None, max_examples=40)
@given(arrow_tables(), st.integers(1, 9), st.sampled_from([0, 10**6]))
def test_a_profile_in_threads_and_pieces_is_that_of_the_whole(table: pa.Table, group: int, long: int) -> None:
    whole = [
        profile_of(Series.of(Column(name=name, type="string"), table[name].combine_chunks()))
        for name in table.column_names
    ]
    assert in_threads_and_pieces(table, group, long) == whole


@settings(deadline=None, max_examples=40)
@given(arrow_tables(), st.integers(1, 9))
def test_a_profile_counts_as_pandas_does(table: pa.Table, group: int) -> None:
    for profile in in_threads_and_pieces(table, group, 10**6):
        values = table[profile["name"]].to_pandas().dropna()
        counts = values.value_counts()
        assert profile["count"] == len(values)
        assert profile["missing"] == table.num_rows - len(values)
        assert profile["distinct"] == values.nunique()
        assert [top["count"] for top in profile["top_values"]] == (
            [] if len(counts) > 1 and counts.iloc[0] == 1 else counts.head(10).tolist()
        )
        if "quantiles" in profile:
            numbers = values.astype(float)
            assert (profile["min"], profile["max"]) == (numbers.min(), numbers.max())
            assert profile["mean"] == pytest.approx(numbers.mean(), rel=1e-9, abs=1e-9)
            assert (profile["zeros"], profile["negatives"]) == ((numbers == 0).sum(), (numbers < 0).sum())
            for share, value in profile["quantiles"].items():
                assert value == pytest.approx(numbers.quantile(float(share)), rel=1e-9, abs=1e-9)
            if len(numbers) > 1:
                assert profile["std"] == pytest.approx(numbers.std(), rel=1e-6, abs=1e-6)
        if "length" in profile:
            assert profile["length"]["mean"] == pytest.approx(values.str.len().mean())


def test_long_identifiers_that_round_to_one_float_are_told_apart(tmp_path: Path) -> None:
    first = 2**60
    path = tmp_path / "ids.parquet"
    pq.write_table(pa.table({"id": [first, first + 1, first + 2, first + 2]}), path)
    profile = profile_of(read_table(path, [])["id"])
    assert profile["distinct"] == 3
    assert profile["top_values"][0] == {"value": first + 2, "count": 2, "share": 0.5}
    columns = [Column(name="id", type="integer", semantic="identifier")]
    assert assess_file(path, columns, "en", 5, TODAY)["duplicates"]["rows"] == 1


def test_texts_of_few_values_keep_the_order_of_their_first_rows(tmp_path: Path) -> None:
    coded = pa.DictionaryArray.from_arrays(pa.array([2, 1, None, 2, 1], pa.int32()), ["unused", "b", "a"])
    path = tmp_path / "coded.parquet"
    pq.write_table(pa.table({"word": coded}), path)
    distinct = read_table(path, [])["word"].distinct
    assert distinct.values.to_pylist() == ["a", "b"]
    assert distinct.counts.tolist() == [2, 2]
    assert distinct.codes.tolist() == [0, 1, -1, 0, 1]


@given(st.lists(st.integers(0, 300)).map(lambda keys: np.array(keys, np.uint64)))
def test_repeated_keys_are_those_of_pandas(keys: npt.NDArray[np.uint64]) -> None:
    series = pd.Series(keys)
    assert repeated_rows(keys).tolist() == series.duplicated().tolist()
    assert set(np.flatnonzero(series.duplicated(keep=False))) <= set(sharing_rows(keys).tolist())


def test_few_repeated_keys_among_many_are_found() -> None:
    keys = np.arange(1000, dtype=np.uint64)
    keys[[7, 500, 999]] = 3
    assert sharing_rows(keys).tolist() == [3, 7, 500, 999]
    assert np.flatnonzero(repeated_rows(keys)).tolist() == [7, 500, 999]


def dirty_frame() -> pd.DataFrame:
    """Four hundred rows with a dependency, a sum, gaps, an outlier and a repeated row."""
    rng = np.random.default_rng(5)
    n = 400
    city = rng.integers(0, 20, n)
    frame = pd.DataFrame(
        {
            "id": np.arange(n),
            "city": [f"City {'ABCDEFGHIJKLMNOPQRST'[c]}" for c in city],
            "region": [f"Region {'ABCD'[c % 4]}" for c in city],
            "net": rng.gamma(3, 10, n).round(2),
            "tax": rng.gamma(2, 5, n).round(2),
            "height": np.where(rng.random(n) < 0.05, np.nan, rng.normal(170, 8, n)),
        }
    )
    frame["gross"] = frame["net"] + frame["tax"]
    frame.loc[3, "region"] = "Region Z"
    frame.loc[5, ["height", "gross"]] = [900.0, 1.0]
    return pd.concat([frame, frame.iloc[[0]]], ignore_index=True)


def test_an_assessment_in_threads_and_pieces_is_that_of_the_whole(tmp_path: Path) -> None:
    frame, path = dirty_frame(), tmp_path / "dirty.parquet"
    meaning = {"id": "identifier", "city": "category", "region": "category"}
    columns = [
        Column.model_validate({"name": name, "type": "string", "semantic": meaning.get(name, "measure")})
        for name in frame.columns
    ]
    frame.to_parquet(path, index=False)
    whole = assess_file(path, columns, "en", 5, TODAY)
    frame.to_parquet(path, index=False, row_group_size=64)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(tables, "CELLS_IN_MEMORY", 0)
        assert assess_file(path, columns, "en", 5, TODAY) == whole
    kinds = {issue["kind"] for issue in whole["issues"]}
    assert {"dependency_violation", "broken_rule", "outliers", "missing", "duplicate_rows"} <= kinds
