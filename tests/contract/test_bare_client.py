"""Every data agent of a running mesh, called by a client that knows the A2A SDK and nothing else: text and a CSV file."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from a2a.client import A2ACardResolver, ClientCallContext, ClientConfig, ClientFactory
from a2a.types import GetTaskRequest, Message, Part, Role, SendMessageRequest, Task, TaskState
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.struct_pb2 import Value

from tests.flow.conftest import RunningMesh, start_mesh, stop_mesh, write_small_sales

pytestmark = [pytest.mark.anyio, pytest.mark.flow]

TIMEOUT_S = 60.0
FORECAST = "Forecast revenue for the next 14 days"
CALLS = [
    (8201, "Load this file", {"dataset", "load_report"}),
    (8202, "데이터 품질을 점검해줘", {"quality_report", "page"}),
    (8202, "중복을 제거하고 데이터를 정제해줘", {"dataset", "cleaning_report"}),
    (8202, "Suggest constraints for this data", {"constraints"}),
    (8202, "Has the data drifted?", {"drift_report"}),
    (8203, "Analyse the sales data", {"eda_report", "page"}),
    (8203, "지역별 매출 차이가 통계적으로 유의한가요?", {"eda_report"}),
    (8203, "Why did revenue fall last month?", {"eda_report"}),
    (8203, "매출 시계열을 분석해줘", {"eda_report"}),
    (8204, "Draw revenue by region as a bar chart", {"chart"}),
    (8204, "지역별 매출 대시보드를 만들어줘", {"page"}),
    (8205, FORECAST, {"model", "forecast"}),
    (8207, "Write a notebook that analyses this data", {"notebook"}),
    (8207, "Run this code on the data:\n```python\nlen(df)\n```", {"code_result"}),
    (8207, "이 코드를 최적화해줘\n```python\nn = len(df)\nn\n```", {"improved_code"}),
    (8208, "지역별 매출 합계를 알려줘", {"answer"}),
    (8208, "이 데이터에 개인정보가 있나요?", {"pii_report"}),
    (8208, "Mask the personal data", {"dataset", "masking_report"}),
    (8209, "Watch revenue with 7 day windows", {"stream_report"}),
    (8209, "Distinct regions per 7 day window of the event stream", {"stream_report"}),
    (8209, "매출의 5분 평균이 100을 넘으면 알려줘", {"watch"}),
    (8209, "Alert when the p95 of the revenue exceeds 300 in 5 minutes", {"watch"}),
]


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """The SDK runs on asyncio."""
    return "asyncio"


@pytest.fixture(scope="module")
def running() -> Iterator[RunningMesh]:
    """A mesh of its own, whose agents the tests call without the gateway or the orchestrator."""
    folder = Path(tempfile.mkdtemp(prefix="mesh-bare-"))
    mesh = start_mesh(folder)
    try:
        write_small_sales(mesh.data_dir / "small.csv", days=120)
        yield mesh
    finally:
        stop_mesh(mesh)
        shutil.rmtree(folder, ignore_errors=True)


def csv_part(mesh: RunningMesh) -> Part:
    """The small table as the file that a client sends along."""
    return Part(raw=(mesh.data_dir / "small.csv").read_bytes(), filename="small.csv", media_type="text/csv")


async def send(url: str, *parts: Part) -> Task:
    """The task that a message with `parts` makes, once it has ended."""
    async with httpx.AsyncClient(trust_env=False, timeout=TIMEOUT_S) as http:
        card = await A2ACardResolver(http, url).get_agent_card()
        client = ClientFactory(ClientConfig(httpx_client=http, streaming=True)).create(card)
        context = ClientCallContext(timeout=TIMEOUT_S)
        message = Message(message_id=f"bare-{id(parts):x}", role=Role.ROLE_USER, parts=parts)
        task_id = ""
        async for event in client.send_message(SendMessageRequest(message=message), context=context):
            if event.HasField("task"):
                task_id = event.task.id
        assert task_id, "the agent made no task"
        return await client.get_task(GetTaskRequest(id=task_id), context=context)


def result_of(task: Task) -> dict[str, Any]:
    """The structured result of a completed task."""
    assert task.status.state == TaskState.TASK_STATE_COMPLETED, said(task)
    (artifact,) = [item for item in task.artifacts if item.name == "result"]
    (text,) = [part.text for part in artifact.parts if part.WhichOneof("content") == "text"]
    (data,) = [part.data for part in artifact.parts if part.WhichOneof("content") == "data"]
    body = dict(MessageToDict(data))
    assert text
    assert body["summary"] == text
    return body


def said(task: Task) -> str:
    """What a task's last status says."""
    return " ".join(part.text for part in task.status.message.parts if part.WhichOneof("content") == "text")


@pytest.mark.parametrize(("port", "text", "types"), CALLS, ids=[str(port) for port, _, _ in CALLS])
async def test_an_agent_answers_text_and_a_file(
    running: RunningMesh, port: int, text: str, types: set[str]
) -> None:
    task = await send(running.url(port), Part(text=text), csv_part(running))
    outputs = result_of(task)["outputs"]
    assert types <= {output["type"] for output in outputs}
    korean = any("가" <= letter <= "힣" for letter in text)
    assert any("가" <= letter <= "힣" for letter in result_of(task)["summary"]) == korean


async def test_two_files_are_joined_for_a_stranger(running: RunningMesh) -> None:
    regions = b"region,country\nSeoul,KR\nBusan,KR\n"
    second = Part(raw=regions, filename="regions.csv", media_type="text/csv")
    for text, type_ in (
        ("Join these two files", "dataset"),
        ("두 파일의 조인 키를 제안해줘", "join_proposals"),
    ):
        task = await send(running.url(8201), Part(text=text), csv_part(running), second)
        output = next(item for item in result_of(task)["outputs"] if item["type"] == type_)
        if type_ == "dataset":
            assert output["dataset"]["rows"] == 120 * 4
            assert "country" in {column["name"] for column in output["dataset"]["columns"]}
        else:
            assert output["data"]["proposals"][0]["cardinality"] == "n:1"


async def test_comments_are_read_for_a_stranger(running: RunningMesh) -> None:
    rows = "".join(f"{n},The parcel arrived late and the box was broken\n" for n in range(6))
    comments = Part(raw=f"id,comment\n{rows}".encode(), filename="comments.csv", media_type="text/csv")
    for text in ("Analyze the comments", "댓글의 감성을 분석해줘"):
        result = result_of(await send(running.url(8208), Part(text=text), comments))
        assert {"text_report", "page"} <= {output["type"] for output in result["outputs"]}
        report = next(output["data"] for output in result["outputs"] if output["type"] == "text_report")
        assert (report["texts"], report["sentiment"]["negative"]) == (6, 6)


async def test_a_model_goes_from_training_to_the_registry(running: RunningMesh) -> None:
    trained = result_of(await send(running.url(8205), Part(text=FORECAST), csv_part(running)))
    model = next(output for output in trained["outputs"] if output["type"] == "model")
    call = {"skill": "register_model", "inputs": {"model": model}, "params": {}}
    for _ in range(2):
        registered = await send(
            running.url(8206),
            Part(data=ParseDict(call, Value()), media_type="application/json"),
            Part(text="Register the model"),
        )
        assert "model_version" in {output["type"] for output in result_of(registered)["outputs"]}
    for text, types in (
        ("Compare version 1 and version 2", {"model_comparison", "page"}),
        ("버전 2를 강제로 챔피언으로 승격해줘", {"promotion_decision"}),
        ("Roll back the model", {"champion_rollback"}),
        ("등록된 모델 목록을 보여줘", {"model_list", "model_version"}),
    ):
        answered = await send(running.url(8206), Part(text=text))
        assert {output["type"] for output in result_of(answered)["outputs"]} == types


@pytest.mark.parametrize("text", ["Which models are served right now?", "지금 어떤 모델이 서빙되고 있어?"])
async def test_a_stranger_is_told_what_is_served(running: RunningMesh, text: str) -> None:
    outputs = result_of(await send(running.url(8206), Part(text=text)))["outputs"]
    assert [(output["type"], output["data"]["endpoints"]) for output in outputs] == [("endpoint_list", [])]


async def test_constraints_go_from_suggestion_to_validation(running: RunningMesh) -> None:
    suggested = result_of(await send(running.url(8202), Part(text="Suggest constraints"), csv_part(running)))
    constraints = next(output for output in suggested["outputs"] if output["type"] == "constraints")
    call = {"skill": "validate_data", "inputs": {"constraints": constraints}, "params": {}}
    asked = Part(data=ParseDict(call, Value()), media_type="application/json")
    header, *rows = (running.data_dir / "small.csv").read_text().splitlines()
    broken = "\n".join([header, *rows, rows[0].replace("Seoul", "Atlantis").replace("Busan", "Atlantis")])
    for text, holds in (("\n".join([header, *rows]), True), (broken, False)):
        table = Part(raw=text.encode(), filename="new.csv", media_type="text/csv")
        (report,) = result_of(await send(running.url(8202), asked, table))["outputs"]
        assert report["type"] == "validation_report"
        assert (report["data"]["listed_violations"] == 0) == holds


async def test_cohorts_of_customers_are_followed_for_a_stranger(running: RunningMesh) -> None:
    rows = ["customer_id,order_date"]
    rows += [
        f"c{n},2024-{month:02d}-15" for n in range(40) for month in (1, 2, 3) if month == 1 or n % month == 0
    ]
    table = Part(raw="\n".join(rows).encode(), filename="orders.csv", media_type="text/csv")
    result = result_of(await send(running.url(8203), Part(text="월별 코호트 유지율을 분석해줘"), table))
    assert "eda_report" in {output["type"] for output in result["outputs"]}
    assert "50" in result["summary"]


async def test_a_model_scores_the_rows_of_another_file_and_is_explained(running: RunningMesh) -> None:
    train = Part(text="Train a regression model for revenue")
    trained = result_of(await send(running.url(8205), train, csv_part(running)))
    model = next(output for output in trained["outputs"] if output["type"] == "model")
    call = {"skill": "predict", "inputs": {"model": model}, "params": {}}
    data = Part(data=ParseDict(call, Value()), media_type="application/json")
    scored = result_of(await send(running.url(8205), data, Part(text="Score these rows"), csv_part(running)))
    outputs = {output["type"]: output for output in scored["outputs"]}
    assert outputs["prediction_report"]["data"]["rows"] == outputs["dataset"]["dataset"]["rows"] == 120 * 4
    call = {"skill": "explain_model", "inputs": {"model": model}, "params": {}}
    data = Part(data=ParseDict(call, Value()), media_type="application/json")
    explained = result_of(await send(running.url(8205), data, Part(text="모델을 설명해줘")))
    assert {"model_explanation", "page"} <= {output["type"] for output in explained["outputs"]}
    assert "변수" in explained["summary"]


async def test_a_source_inside_the_data_folders_is_loaded(running: RunningMesh) -> None:
    for task in await load(running, f"file://{running.data_dir}/small.csv"):
        assert "dataset" in {output["type"] for output in result_of(task)["outputs"]}


@pytest.mark.parametrize(
    "source",
    [
        "file:///etc/passwd",
        "file://{data}/../secret.csv",
        "file://{data}/%2e%2e/secret.csv",
        "file://{data}/link.csv",
        "file://link.csv",
        "file:link.csv",
        "/etc/passwd",
        "../secret.csv",
        "link.csv",
    ],
)
async def test_a_source_outside_the_data_folders_is_refused(running: RunningMesh, source: str) -> None:
    secret = running.data_dir.parent / "secret.csv"
    secret.write_text("name,pin\nroot:,1234\n")
    link = running.data_dir / "link.csv"
    if not link.is_symlink():
        link.symlink_to(secret)
    for task in await load(running, source.format(data=running.data_dir)):
        assert task.status.state in (TaskState.TASK_STATE_FAILED, TaskState.TASK_STATE_REJECTED)
        assert reason_of(task) == "forbidden"
        assert not task.artifacts
        assert "root:" not in str(task)


async def load(running: RunningMesh, uri: str) -> list[Task]:
    """The ingestion agent asked for the file at `uri`, once as a skill's input and once as a plain file part."""
    file = {"name": "source.csv", "media_type": "text/csv", "uri": uri}
    source = {"name": "source", "type": "source", "title": "source", "file": file}
    call = {"skill": "load_dataset", "inputs": {"source": source}, "params": {}}
    as_input = Part(data=ParseDict(call, Value()), media_type="application/json")
    as_file = Part(url=uri, filename="source.csv", media_type="text/csv")
    return [await send(running.url(8201), part, Part(text="Load this file")) for part in (as_input, as_file)]


def reason_of(task: Task) -> str:
    """The machine-readable reason in a task's last status."""
    (data,) = [part.data for part in task.status.message.parts if part.WhichOneof("content") == "data"]
    return str(dict(MessageToDict(data))["reason"])
