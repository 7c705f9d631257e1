import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from mesh.results import Column
from mesh.tabular.focus import choose_focus
from mesh.tabular.sheet import read_sheet, sheet_of, within_reach

Table = tuple[pd.DataFrame, list[Column]]


def test_spellings_of_one_value_are_one_level(shop: Table) -> None:
    frame = shop[0].copy()
    frame.loc[[0, 9], "region"] = [" Seoul", "SEOUL"]
    clean, merged = sheet_of(*shop), sheet_of(frame, shop[1])
    assert merged.levels["region"].names == ("Busan", "Jeju", "Seoul")
    assert (merged.levels["region"].codes == clean.levels["region"].codes).all()
    assert merged.respelled == {"region": 2}
    assert clean.respelled == {}


def test_numbers_that_are_not_finite_are_missing_to_the_analysis() -> None:
    frame = pd.DataFrame({"v": [1.0, np.inf, np.nan]})
    sheet = sheet_of(frame, [Column(name="v", type="number", semantic="measure")])
    assert np.isfinite(sheet.numeric["v"]).tolist() == [True, False, False]


def test_sheets_and_functions_travel_between_processes(shop: Table) -> None:
    sheet, choose = pickle.loads(pickle.dumps((sheet_of(*shop), choose_focus)))
    assert choose(sheet, "매출").measures[0] == "revenue"


def test_starting_an_agent_that_reads_tables_loads_no_pandas() -> None:
    script = "import sys, mesh, mesh.tabular, mesh.tabular.spelling; print('pandas' in sys.modules, 'numpy' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert shown.stdout.split() == ["False", "False"]


def test_columns_beyond_computation_keep_only_their_counts() -> None:
    frame = pd.DataFrame({"huge": [1e300, 1.0, np.nan], "v": [1e60, -1e60, 0.0]})
    sheet = sheet_of(frame, [Column(name=str(name), type="number", semantic="measure") for name in frame])
    assert list(sheet.numeric) == ["v"]
    assert sheet.oversized == ("huge",)
    assert (sheet.missing["huge"], sheet.distinct["huge"]) == (1, 2)


def test_reports_with_numbers_beyond_computation_are_told_apart() -> None:
    assert within_reach({"holdout": [[1, -2.5]], "name": "1e300", "none": None, "flag": True})
    assert not within_reach({"holdout": [[1, -1e300]]})


def test_codes_beside_gaps_are_still_whole(tmp_path: Path) -> None:
    pq.write_table(pa.table({"stage": pa.array([1, 2, None, 2], pa.int64())}), tmp_path / "t.parquet")
    sheet = read_sheet(tmp_path / "t.parquet", [Column(name="stage", type="integer", semantic="category")])
    assert sheet.levels["stage"].names == ("1", "2")
    assert sheet.levels["stage"].codes.tolist() == [0, 1, -1, 1]
