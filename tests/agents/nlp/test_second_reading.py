"""A language model on loopback beside the built-in reading: what it is asked and told, and what becomes of its queries."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from agents.nlp.answering import answer_question
from agents.nlp.asking import ROUNDS
from agents.nlp.engine import run_select
from agents.nlp.linking import MAX_COLUMNS, linked_schema
from agents.nlp.second_reading import SecondReader
from agents.nlp.service import result_of
from agents.nlp.voting import Candidate, elect, same_result
from mesh.language import detect_language
from mesh.llm.openai_chat import OpenAiChat
from mesh.results import Column
from tests.flow.model import HOLD, LoopbackModel, loopback_model

FORM = "SqlDraft"
UNKNOWN = "What is the takings per head in Seoul?"
RIGHT = 'SELECT SUM("amount") / COUNT(DISTINCT "client") AS per_head FROM data WHERE "city" = \'Seoul\''
ROWS = pd.DataFrame(
    {
        "client": ["kim@mail.com", "lee@mail.com", "kim@mail.com", "han@mail.com"],
        "city": ["Seoul", "Seoul", "Seoul", "Busan"],
        "amount": [10.0, 40.0, 30.0, 7.0],
        "day": pd.to_datetime(["2024-01-01", "2024-01-02", "2024-02-01", "2024-02-03"]),
    }
)
COLUMNS = [
    Column(name="client", type="string", semantic="category"),
    Column(name="city", type="string", semantic="geo"),
    Column(name="amount", type="number", semantic="measure"),
    Column(name="day", type="datetime", semantic="date"),
]


@pytest.fixture
def model() -> Iterator[LoopbackModel]:
    with loopback_model() as loopback:
        yield loopback


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "sales.parquet"
    ROWS.to_parquet(path, index=False)
    return path


def _draft(sql: str, *, answerable: bool = True, reason: str = "") -> dict[str, Any]:
    return {"answerable": answerable, "reason": reason, "sql": sql}


def _read(question: str, path: Path, url: str, *, ask_s: float = 20.0) -> dict[str, Any]:
    """The answer of the built-in reading after the model at `url` has had its say."""
    described = [{"name": c.name, "type": c.type, "semantic": c.semantic} for c in COLUMNS]
    language = detect_language(question)
    first = answer_question(question, path, described, language)

    async def facts() -> dict[str, Any]:
        return linked_schema(question, path, COLUMNS, share_values=True)

    async def run(sql: str) -> tuple[list[str], list[list[Any]], bool]:
        return run_select(sql, path, timeout_s=10)

    async def work() -> dict[str, Any]:
        chat = OpenAiChat("key", url, max_retries=0)
        try:
            return await SecondReader(chat, facts, run, ask_s).read(first, language)
        finally:
            await chat.aclose()

    return asyncio.run(work())


def test_a_model_is_not_asked_when_the_built_in_reading_is_sure(model: LoopbackModel, table: Path) -> None:
    model.set(SqlDraft=_draft("SELECT 1 FROM data"))
    assert _read("total amount in Seoul", table, model.url)["rows"] == [[80.0]]
    assert model.prompts == []


@pytest.mark.parametrize("question", ["why did the amount fall?", "predict the amount of next month"])
def test_a_model_is_not_asked_for_what_no_query_gives(
    model: LoopbackModel, table: Path, question: str
) -> None:
    model.set(SqlDraft=_draft("SELECT 1 FROM data"))
    assert _read(question, table, model.url)["abstained"]
    assert model.prompts == []


@pytest.mark.parametrize("question", [UNKNOWN, "서울의 객단가는 얼마야?"])
def test_rows_that_the_models_queries_agree_on_are_the_answer(
    model: LoopbackModel, table: Path, question: str
) -> None:
    other = RIGHT.replace('SUM("amount")', 'ROUND(SUM("amount"), 6)')
    model.set(SqlDraft=[_draft(RIGHT), _draft(other), _draft('SELECT AVG("amount") FROM data')])
    data = _read(question, table, model.url)
    assert data["rows"] == [[80.0 / 2]]
    assert "40" in data["answer"]
    assert data["settings"] == {"attempts": 3, "agreeing": 2}
    assert "gpt-4o" in data["notes"][-1]
    assert data["confidence"] < 0.8
    result = result_of(data, detect_language(question))
    assert [kpi.value for kpi in result.kpis] == [40.0]


def test_rows_beyond_those_shown_are_not_counted_as_all(model: LoopbackModel, table: Path) -> None:
    pd.concat([ROWS] * 60).assign(amount=range(240)).to_parquet(table, index=False)
    model.set(SqlDraft=_draft('SELECT "amount" FROM data ORDER BY "amount"'))
    data = _read(UNKNOWN, table, model.url)
    assert data["rows"] == [[n] for n in range(200)]
    assert "more than 200 rows" in data["answer"]
    assert "first 200 rows" in data["notes"][-1]
    unsure = {"kind": "value", "beyond_sql": False, "confidence": 0.6, "row_count": 240, "rows": data["rows"]}
    asked = len(model.prompts)
    assert _after(unsure, table, model.url) == unsure
    assert len(model.prompts) == asked


def test_queries_that_do_not_agree_are_no_answer(model: LoopbackModel, table: Path) -> None:
    drafts = [_draft(f'SELECT SUM("amount") * {n} AS a FROM data') for n in (1, 2, 3)]
    model.set(SqlDraft=[*drafts])
    data = _read(UNKNOWN, table, model.url)
    assert data["abstained"]
    assert data["rows"] == []
    assert "agree" in data["notes"][-1]


def test_a_query_is_mended_with_the_error_it_gave(model: LoopbackModel, table: Path) -> None:
    wrong = _draft('SELECT SUM("takings") FROM data')
    model.set(SqlDraft=[wrong, wrong, wrong, _draft(RIGHT)])
    assert _read(UNKNOWN, table, model.url)["rows"] == [[40.0]]
    assert sum("takings" in item["user"].split("\n\n", 1)[-1] for item in model.prompts) >= 3


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE data",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT 1 FROM data; DELETE FROM data",
        "COPY data TO '/tmp/stolen.csv'",
        'SELECT * FROM "other"',
    ],
)
def test_a_query_that_is_not_one_read_only_select_never_counts(
    model: LoopbackModel, table: Path, sql: str
) -> None:
    model.set(SqlDraft=_draft(sql))
    data = _read(UNKNOWN, table, model.url)
    assert data["abstained"]
    assert data["sql"] == ""
    assert len(model.prompts) == 3 * ROUNDS


def test_the_note_holds_the_error_of_a_query_of_several_lines(model: LoopbackModel, table: Path) -> None:
    model.set(SqlDraft=_draft('SELECT SUM("takings")\nFROM data\nWHERE "city" = \'Seoul\''))
    note = _read(UNKNOWN, table, model.url)["notes"][-1]
    assert "Binder Error" in note
    assert "FROM data" not in note


def test_a_model_that_says_it_cannot_is_believed(model: LoopbackModel, table: Path) -> None:
    model.set(SqlDraft=_draft("", answerable=False, reason="There is no column of heads."))
    data = _read(UNKNOWN, table, model.url)
    assert data["abstained"]
    assert "There is no column of heads." in data["notes"][-1]


def test_empty_results_are_nothing_to_agree_on(model: LoopbackModel, table: Path) -> None:
    model.set(SqlDraft=_draft('SELECT "amount" FROM data WHERE "city" = \'Tokyo\''))
    assert _read(UNKNOWN, table, model.url)["abstained"]


@pytest.mark.parametrize("reply", [503, "no json at all", '{"sql": 7}'])
def test_a_model_that_fails_costs_nothing_but_a_note(model: LoopbackModel, table: Path, reply: Any) -> None:
    without = _read(UNKNOWN, table, "http://127.0.0.1:9/v1")
    model.set(SqlDraft=reply)
    data = _read(UNKNOWN, table, model.url)
    for answer in (without, data):
        assert answer["abstained"]
        assert len(answer["notes"]) == 1


def test_a_model_that_says_nothing_is_left_at_the_deadline(model: LoopbackModel, table: Path) -> None:
    model.set(SqlDraft=HOLD)
    data = _read(UNKNOWN, table, model.url, ask_s=0.3)
    assert data["abstained"]
    assert "0.3" in data["notes"][-1]


def test_an_unsure_answer_is_confirmed_or_contradicted_and_never_replaced(
    model: LoopbackModel, table: Path
) -> None:
    path = table.with_name("net.parquet")
    frame = pd.DataFrame({"gross": [1.0, 2.0, 3.0], "net_amount": [1.0, 1.0, 6.0]})
    frame.to_parquet(path, index=False)
    first = {
        "kind": "value",
        "beyond_sql": False,
        "confidence": 0.6,
        "abstained": False,
        "rows": [[8.0]],
        "row_count": 1,
        "sql": 'SELECT SUM("net_amount") FROM data',
        "notes": ["net"],
    }
    for sql, said in (
        ('SELECT SUM("net_amount") FROM data', "same rows"),
        ('SELECT SUM("gross") FROM data', "differently"),
    ):
        model.set(SqlDraft=_draft(sql))
        data = _after(first, path, model.url)
        assert (data["rows"], data["sql"]) == (first["rows"], first["sql"])
        assert said in data["notes"][-1]
        assert data.get("other_sql") == (None if said == "same rows" else sql)


def _after(first: dict[str, Any], path: Path, url: str) -> dict[str, Any]:
    async def facts() -> dict[str, Any]:
        return {"question": "net?"}

    async def run(sql: str) -> tuple[list[str], list[list[Any]], bool]:
        return run_select(sql, path, timeout_s=10)

    async def work() -> dict[str, Any]:
        chat = OpenAiChat("key", url, max_retries=0)
        try:
            return await SecondReader(chat, facts, run, 20.0).read(first, "en")
        finally:
            await chat.aclose()

    return asyncio.run(work())


def test_no_personal_value_is_told(model: LoopbackModel, table: Path) -> None:
    wrong = _draft('SELECT CAST("client" AS INTEGER) FROM data')
    model.set(SqlDraft=wrong)
    _read(UNKNOWN, table, model.url)
    told = json.dumps(model.prompts)
    assert "@mail.com" not in told
    assert "Seoul" in told
    assert "Conversion" in told
    columns = {c["name"]: c for c in model.asked(FORM)[0]["columns"]}
    assert columns["city"]["values"] == ["Busan", "Seoul"]
    assert "values" not in columns["client"]


def test_only_columns_that_may_matter_are_told(tmp_path: Path) -> None:
    names = [f"note_{n:02d}" for n in range(40)]
    frame = pd.DataFrame({name: ["x", "y"] for name in names} | {"profit": [1.0, 2.0]})
    path = tmp_path / "wide.parquet"
    frame.to_parquet(path, index=False)
    columns = [Column(name=name, type="string", semantic="category") for name in names]
    columns.append(Column(name="profit", type="number", semantic="measure"))
    facts = linked_schema("profit of note 33", path, columns, share_values=True)
    told = [column["name"] for column in facts["columns"]]
    assert len(told) == MAX_COLUMNS
    assert {"profit", "note_33"} <= set(told)


def test_values_that_the_question_does_not_name_are_told_only_when_they_may_be_shared(table: Path) -> None:
    for shared, values in ((True, ["Busan", "Seoul"]), (False, ["Seoul"])):
        facts = linked_schema(UNKNOWN, table, COLUMNS, share_values=shared)
        assert {c["name"]: c.get("values") for c in facts["columns"]}["city"] == values


def test_results_are_the_same_whatever_the_order_of_rows_and_columns() -> None:
    one, other = [["a", 1], ["b", 2]], [[2.0, "b", 9], [1.0, "a", 8]]
    assert same_result(one, other)
    assert not same_result(one, [["a", 2], ["b", 1]])
    wide, narrow = Candidate("wide", ["n", "k", "x"], other), Candidate("narrow", ["k", "n"], one)
    elected = elect([wide, Candidate("other", ["n"], [[7]]), narrow])
    assert elected == (narrow, 2)
