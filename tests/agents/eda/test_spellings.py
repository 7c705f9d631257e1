from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from agents.eda.service import explore
from mesh.results import Column

Table = tuple[pd.DataFrame, list[Column]]


def messy(shop: Table) -> tuple[pd.DataFrame, int]:
    """The shop with every 40th row in another spelling, and how many rows those are."""
    frame = shop[0].copy()
    rows = np.arange(len(frame)) % 40 == 0
    frame.loc[rows, "region"] = [
        (" " + value, value.upper())[position % 2] for position, value in enumerate(frame.loc[rows, "region"])
    ]
    return frame, int(rows.sum())


def test_a_messy_table_gives_the_same_report_and_says_what_was_merged(
    shop: Table, parquet: Callable[[pd.DataFrame], Path]
) -> None:
    frame, rows = messy(shop)
    question = "지역별 매출을 분석해줘"
    clean = explore(parquet(shop[0]), shop[1], question, "ko")
    merged = explore(parquet(frame), shop[1], question, "ko")
    (expected,), (report,) = clean.outputs, merged.outputs
    assert report.data is not None
    assert expected.data is not None
    for part in ("breakdowns", "group_tests", "associations", "columns"):
        assert report.data[part] == expected.data[part]
    assert report.data["spellings"] == [{"column": "region", "rows": rows}]
    assert merged.warnings == [*merged.warnings[:1], *clean.warnings]
    assert f"region 열 {rows:,}행" in merged.warnings[0]
