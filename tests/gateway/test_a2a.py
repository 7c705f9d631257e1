"""The mesh as one agent, asked by the A2A SDK's own client."""

from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import httpx
from a2a.client import A2ACardResolver, Client, ClientConfig, ClientFactory
from a2a.types import (
    CancelTaskRequest,
    GetTaskRequest,
    Message,
    Part,
    Role,
    SendMessageRequest,
    StreamResponse,
    Task,
    TaskState,
)
from google.protobuf.json_format import MessageToDict

from gateway.service import analysis_id_of
from mesh.analysis import Analysis
from tests.gateway.book import PNG_SHA256
from tests.gateway.conftest import Mesh


def asked(mesh: Mesh, use: Callable[[Client], Awaitable[Any]]) -> Any:
    """What `use` returns for a client of the gateway's card."""

    async def run() -> Any:
        async with httpx.AsyncClient(timeout=30, trust_env=False) as http:
            card = await A2ACardResolver(http, mesh.gateway.url).get_agent_card()
            return await use(ClientFactory(ClientConfig(httpx_client=http, streaming=True)).create(card))

    return anyio.run(run)


def question(*parts: Part) -> SendMessageRequest:
    return SendMessageRequest(message=Message(message_id="m-1", role=Role.ROLE_USER, parts=parts))


async def events_of(client: Client, request: SendMessageRequest) -> list[StreamResponse]:
    return [event async for event in client.send_message(request)]


def task_of(mesh: Mesh, *parts: Part) -> Task:
    """The finished task of a question."""

    async def ask(client: Client) -> Task:
        events = await events_of(client, question(*parts))
        return await client.get_task(GetTaskRequest(id=events[0].task.id))

    task = asked(mesh, ask)
    assert isinstance(task, Task)
    return task


def test_text_and_a_file_are_answered_with_artifacts(mesh: Mesh) -> None:
    file = Part(raw=b"region,sales\nNorth,12\n", filename="sales.csv", media_type="text/csv")
    task = task_of(mesh, Part(text="Which region sold most?"), file)
    assert task.status.state == TaskState.TASK_STATE_COMPLETED
    order = mesh.book.orders[analysis_id_of(task.id, "Which region sold most?")]
    (source,) = order.sources
    assert (source.name, source.media_type) == ("sales.csv", "text/csv")
    assert order.session_id == task.context_id
    parts = [part for artifact in task.artifacts for part in artifact.parts]
    assert "North sold most: 12." in [part.text for part in parts]
    urls = [part.url for part in parts if part.url]
    assert f"{mesh.gateway.url}files/{PNG_SHA256}/%EC%B0%A8%ED%8A%B8%201.png" in urls
    assert f"{mesh.gateway.url}analyses/{order.analysis_id}/report" in urls
    assert all(httpx.get(url, trust_env=False).status_code == 200 for url in urls)


def test_all_files_of_a_message_are_taken_in_order(mesh: Mesh) -> None:
    files = [Part(raw=b"a,b\n1,2\n", filename=f"{name}.csv", media_type="text/csv") for name in "yx"]
    task = task_of(mesh, Part(text="Join them"), *files)
    order = mesh.book.orders[analysis_id_of(task.id, "Join them")]
    assert [source.name for source in order.sources] == ["y.csv", "x.csv"]


def test_the_analysis_itself_comes_as_data(mesh: Mesh) -> None:
    task = task_of(mesh, Part(text="q"))
    data = [
        MessageToDict(part.data)
        for artifact in task.artifacts
        for part in artifact.parts
        if part.HasField("data")
    ]
    body = data[0]["outputs"][0]["data"]
    assert body["status"] == "completed"
    assert body["links"]["report"].startswith(mesh.gateway.url)
    assert "plotly" not in body["charts"][0]["data"]
    assert Analysis.model_validate({**body, "steps": [], "plan": None}).summary == "North sold most: 12."


def test_progress_comes_as_status_updates(mesh: Mesh) -> None:
    events = asked(mesh, lambda client: events_of(client, question(Part(text="q"))))
    messages = [event.status_update.status.message for event in events if event.HasField("status_update")]
    assert any("단계" in part.text for message in messages for part in message.parts)


def test_a_failed_analysis_is_a_failed_task_with_its_reason(mesh: Mesh) -> None:
    mesh.book.scripts["fails"] = {"fail": {"reason": "bad_input", "message": "The file has no rows."}}
    task = task_of(mesh, Part(text="fails"))
    assert task.status.state == TaskState.TASK_STATE_FAILED
    assert "The file has no rows." in [part.text for part in task.status.message.parts]


def test_an_unclear_question_requires_input(mesh: Mesh) -> None:
    mesh.book.scripts["unclear"] = {"fail": {"reason": "needs_input", "message": "Which column?"}}
    assert task_of(mesh, Part(text="unclear")).status.state == TaskState.TASK_STATE_INPUT_REQUIRED


def test_addresses_inside_are_refused(mesh: Mesh) -> None:
    for url in ("file:///etc/passwd", "http://127.0.0.1:8502/objects/x"):
        task = task_of(mesh, Part(text="q"), Part(url=url, filename="x.csv"))
        assert task.status.state == TaskState.TASK_STATE_FAILED
    assert mesh.book.orders == {}


def test_a_question_over_the_limit_is_refused(mesh: Mesh) -> None:
    assert task_of(mesh, Part(text="x" * 30_000)).status.state == TaskState.TASK_STATE_FAILED


def test_cancelling_the_task_cancels_the_analysis(mesh: Mesh) -> None:
    mesh.book.scripts["long"] = {"hold": True}

    async def start_and_cancel(client: Client) -> Task:
        async for event in client.send_message(question(Part(text="long"))):
            if event.HasField("status_update") and event.status_update.status.message.parts:
                return await client.cancel_task(CancelTaskRequest(id=event.status_update.task_id))
        raise AssertionError("the stream ended early")

    assert asked(mesh, start_and_cancel).status.state == TaskState.TASK_STATE_CANCELED
    assert [analysis.status for analysis in mesh.book.analyses.values()] == ["cancelled"]


def test_a_restarted_gateway_takes_its_tasks_up_again(mesh: Mesh) -> None:
    mesh.book.scripts["long"] = {"hold": True}

    async def start(client: Client) -> str:
        async for event in client.send_message(question(Part(text="long"))):
            if event.HasField("status_update") and event.status_update.status.message.parts:
                return event.status_update.task_id
        raise AssertionError("the stream ended early")

    task_id = asked(mesh, start)
    mesh.restart_gateway()
    mesh.book.released.update(mesh.book.orders)

    async def wait(client: Client) -> Task:
        while True:
            task = await client.get_task(GetTaskRequest(id=task_id))
            if task.status.state != TaskState.TASK_STATE_WORKING:
                return task

    assert asked(mesh, wait).status.state == TaskState.TASK_STATE_COMPLETED
    assert list(mesh.book.orders) == [analysis_id_of(task_id, "long")]
