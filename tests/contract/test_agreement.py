"""What one agent says of a table is what every other agent says of it, to the digit."""

import copy
import hashlib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from agents.codegen.building import build_notebook
from agents.eda.service import explore
from agents.nlp.answering import answer_question
from agents.visualization.service import Order, draw
from mesh.results import Column, DatasetRef, SkillResult

QUESTION = "지역별 매출 합계"
COLUMNS = [
    Column(name="date", type="datetime", semantic="date"),
    Column(name="region", type="string", semantic="geo"),
    Column(name="revenue", type="integer", semantic="measure"),
]
SPELLINGS = ["Seoul", "Seoul", "SEOUL", "Busan", "seoul ", "Busan", "New  York", "New York", "New York", None]
# By hand from SPELLINGS: positions 0, 1, 2, 4 are Seoul; 3, 5 Busan; 6, 7, 8 New York; the last has no region.
GROUPS = {"Seoul": (0, 1, 2, 4), "Busan": (3, 5), "New York": (6, 7, 8)}
RESPELLED_PER_ROUND = 3
ROUNDS = 80


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """Eighty days with ten rows each, in which regions have several spellings."""
    rows = ROUNDS * len(SPELLINGS)
    return pd.DataFrame(
        {
            "date": pd.date_range("2024-01-01", periods=ROUNDS).repeat(len(SPELLINGS)),
            "region": SPELLINGS * ROUNDS,
            "revenue": [1_000_003 + 7919 * n % 1_000_000 for n in range(rows)],
        }
    )


@pytest.fixture(scope="module")
def expected(frame: pd.DataFrame) -> dict[str, int]:
    """Revenue by region, added up by position."""
    revenue = frame["revenue"].tolist()
    return {
        region: sum(revenue[day * len(SPELLINGS) + place] for day in range(ROUNDS) for place in places)
        for region, places in GROUPS.items()
    }


@pytest.fixture(scope="module")
def path(frame: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The table as a Parquet file."""
    target = tmp_path_factory.mktemp("agreement") / "data.parquet"
    frame.to_parquet(target, index=False)
    return target


@pytest.fixture(scope="module")
def explored(path: Path) -> SkillResult:
    """What the exploration says."""
    return explore(path, COLUMNS, QUESTION, "ko")


def report_of(explored: SkillResult) -> dict[str, Any]:
    """The exploration's data."""
    data = explored.outputs[0].data
    assert data is not None
    return data


def test_the_exploration_adds_up_all_spellings(explored: SkillResult, expected: dict[str, int]) -> None:
    (table,) = [t for t in report_of(explored)["breakdowns"] if t["dimension"] == "region"]
    assert {row["name"]: row["value"] for row in table["rows"]} == expected
    respelled = RESPELLED_PER_ROUND * ROUNDS
    assert f"region 열 {respelled:,}행" in explored.warnings[0]


def test_answers_add_up_all_spellings(path: Path, expected: dict[str, int]) -> None:
    answer = answer_question(QUESTION, path, [c.model_dump() for c in COLUMNS], "ko")
    assert {name: value for name, value in answer["rows"] if name is not None} == expected


def test_charts_add_up_all_spellings(path: Path, tmp_path: Path, expected: dict[str, int]) -> None:
    question = "지역별 매출 합계를 막대그래프로 그려줘"
    (chart,) = draw(Order(path, COLUMNS, question, "ko", "sales", {}, tmp_path))
    shown = {row[0]: row[1] for row in chart.data["table"]["rows"]}
    assert {region: shown[region] for region in expected} == expected
    assert chart.data["respelled"] == {"region": RESPELLED_PER_ROUND * ROUNDS}
    assert "region 열" in chart.data["table"]["note"]


@pytest.mark.parametrize("reported_seoul", ["merged", "one spelling"])
def test_the_notebook_finds_the_merged_numbers(
    path: Path, tmp_path: Path, frame: pd.DataFrame, explored: SkillResult, reported_seoul: str
) -> None:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    dataset = DatasetRef(
        id="ds-1",
        name="sales",
        uri=f"mesh://objects/{digest}",
        columns=COLUMNS,
        rows=ROUNDS * len(SPELLINGS),
        bytes=path.stat().st_size,
        sha256=digest,
    )
    report = copy.deepcopy(report_of(explored))
    if reported_seoul == "one spelling":
        (table,) = [t for t in report["breakdowns"] if t["dimension"] == "region"]
        table["rows"][0]["value"] = int(frame.loc[frame["region"] == "Seoul", "revenue"].sum())
    answer = answer_question(QUESTION, path, [c.model_dump() for c in COLUMNS], "ko")
    upstream = {"eda_report": report, "answer": answer}
    built = build_notebook(path, dataset, QUESTION, "ko", upstream, tmp_path)
    assert built["executed"] == (reported_seoul == "merged"), built["error"]
    if not built["executed"]:
        assert "sum of revenue, region Seoul" in built["error"]
