import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from agents.eda.association import ranked
from agents.eda.service import explore
from agents.eda.time_findings import time_findings
from mesh.language import Language
from mesh.results import Column

Writer = Callable[[pd.DataFrame], Path]
DATED = [
    Column(name="date", type="datetime", semantic="date"),
    Column(name="v", type="number", semantic="measure"),
]


def test_numbers_beyond_computation_are_said_to_be_so_and_the_rest_is_explored(parquet: Writer) -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "huge": [1e300 * (1 + i) for i in range(60)],
            "sign": [1.7e308, -1.7e308] * 30,
            "v": rng.normal(size=60),
        }
    )
    columns = [Column(name=str(name), type="number", semantic="measure") for name in frame]
    result = explore(parquet(frame), columns, "analyse the data", "en")
    assert "huge, sign cannot be computed" in result.warnings[0]
    data = result.outputs[0].data
    assert data is not None
    json.dumps(data, allow_nan=False)
    assert [("mean" in record) for record in data["columns"]] == [False, False, True]


def test_a_table_of_such_numbers_alone_is_no_failure(parquet: Writer) -> None:
    frame = pd.DataFrame({"huge": [1e300, 1.5e300, 1.7e308]})
    columns = [Column(name="huge", type="number", semantic="measure")]
    result = explore(parquet(frame), columns, "분석해줘", "ko")
    assert result.warnings == [
        "huge 열은 숫자가 너무 커서 제곱하거나 더할 수 없어 통계를 계산하지 못했습니다. 다른 열에는 영향이 없습니다."
    ]


def test_relations_that_cannot_be_computed_are_left_out() -> None:
    record = {"a": "a", "b": "b", "method": "pearson", "n": 9}
    kept = ranked([record | {"value": None, "p": 0.1}, record | {"value": 0.5, "p": 0.04}])
    assert [(r["value"], r["p_adjusted"]) for r in kept] == [(0.5, 0.04)]


@pytest.mark.parametrize(
    ("language", "word", "wrong"),
    [("en", "unchanged", ("rose", "fell")), ("ko", "변화가 없습니다", ("늘었", "줄었"))],
)
@pytest.mark.parametrize("last", [100_000.0, 100_040.0, 99_960.0])
def test_a_change_that_prints_as_nothing_is_neither_a_rise_nor_a_fall(
    language: Language, word: str, wrong: tuple[str, str], last: float, parquet: Writer
) -> None:
    dates = pd.date_range("2022-01-01", "2023-12-01", freq="MS")
    frame = pd.DataFrame({"date": dates, "v": [100_000.0 / 12] * 12 + [last / 12] * 12})
    (output,) = explore(parquet(frame), DATED, "v", language).outputs
    assert output.data is not None
    growth = [f.text for f in time_findings(output.data["time"], language) if f.kind == "growth"]
    assert word in growth[0]
    assert not any(term in text for term in wrong for text in growth)
