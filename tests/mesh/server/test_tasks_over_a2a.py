"""The life of a task, as its caller and as strangers see it."""

from typing import Any

import httpx
import pytest

from mesh.settings import MeshSettings
from tests.mesh.server.serving import CONFORMANCE, VERSION, connected, message, rpc, serving, stream

pytestmark = pytest.mark.anyio

DONE = "tck-complete-task"
LONG = "test-resubscribe-message-id"


async def started(http: httpx.AsyncClient, message_id: str, **headers: str) -> dict[str, Any]:
    """The task that a message made, returned at once."""
    params = {**message(message_id), "configuration": {"returnImmediately": True}}
    return dict((await rpc(http, "SendMessage", params, **headers))["result"]["task"])


async def test_the_context_is_that_of_the_task_when_only_the_task_is_named(http: httpx.AsyncClient) -> None:
    asked = (await rpc(http, "SendMessage", message("tck-input-required")))["result"]["task"]
    assert asked["status"]["state"] == "TASK_STATE_INPUT_REQUIRED"
    told = (await rpc(http, "SendMessage", message("more", taskId=asked["id"])))["result"]["task"]
    assert (told["id"], told["contextId"]) == (asked["id"], asked["contextId"])
    assert told["status"]["state"] == "TASK_STATE_COMPLETED"


async def test_a_context_that_is_not_the_tasks_is_refused(http: httpx.AsyncClient) -> None:
    asked = (await rpc(http, "SendMessage", message("tck-input-required")))["result"]["task"]
    reply = await rpc(http, "SendMessage", message("more", taskId=asked["id"], contextId="another"))
    assert reply["error"]["code"] == -32602


async def test_a_refused_task_says_why_in_words_and_for_machines(http: httpx.AsyncClient) -> None:
    task = (await rpc(http, "SendMessage", message("tck-reject-task")))["result"]["task"]
    assert task["status"]["state"] == "TASK_STATE_REJECTED"
    text, data = task["status"]["message"]["parts"]
    assert text == {"text": "This task is declined."}
    assert data["data"]["reason"] == "rejected"


async def test_nobody_reads_or_cancels_another_principals_task(
    http: httpx.AsyncClient, as_mesh: dict[str, str]
) -> None:
    mine = await started(http, LONG, **as_mesh)
    for method in ("GetTask", "CancelTask"):
        assert (await rpc(http, method, {"id": mine["id"]}))["error"]["code"] == -32001
    rest = await http.get(f"/a2a/rest/tasks/{mine['id']}", headers=VERSION)
    assert rest.status_code == 404
    listed = (await rpc(http, "ListTasks", {"contextId": mine["contextId"]}))["result"]
    assert listed["totalSize"] == 0
    ended = (await rpc(http, "CancelTask", {"id": mine["id"]}, **as_mesh))["result"]
    assert ended["status"]["state"] == "TASK_STATE_CANCELED"


async def test_tenants_are_apart_from_one_another(http: httpx.AsyncClient) -> None:
    task = (await rpc(http, "SendMessage", {"tenant": "acme", **message(DONE)}))["result"]["task"]
    own = await http.get(f"/a2a/rest/acme/tasks/{task['id']}", headers=VERSION)
    assert (own.status_code, own.json()["id"]) == (200, task["id"])
    for path in (f"/a2a/rest/tasks/{task['id']}", f"/a2a/rest/globex/tasks/{task['id']}"):
        assert (await http.get(path, headers=VERSION)).status_code == 404


async def test_lists_come_in_pages_without_gaps_or_repeats(http: httpx.AsyncClient) -> None:
    context = (await rpc(http, "SendMessage", message(DONE)))["result"]["task"]["contextId"]
    for _ in range(4):
        await rpc(http, "SendMessage", message(DONE, contextId=context))
    seen: list[str] = []
    token = ""
    while True:
        params = {"contextId": context, "pageSize": 2, "pageToken": token}
        page = (await rpc(http, "ListTasks", params))["result"]
        assert page["totalSize"] == 5
        seen += [task["id"] for task in page["tasks"]]
        token = page.get("nextPageToken", "")
        if not token:
            break
    assert len(seen) == len(set(seen)) == 5


async def test_a_cancelled_task_stops_and_stays_so(http: httpx.AsyncClient) -> None:
    task = await started(http, LONG)
    ended = (await rpc(http, "CancelTask", {"id": task["id"]}))["result"]
    assert ended["status"]["state"] == "TASK_STATE_CANCELED"
    assert (await rpc(http, "GetTask", {"id": task["id"]}))["result"]["status"] == ended["status"]
    assert (await rpc(http, "CancelTask", {"id": task["id"]}))["error"]["code"] == -32002


async def test_a_late_subscriber_sees_the_task_and_its_end(http: httpx.AsyncClient) -> None:
    task = await started(http, LONG)
    events = [event["result"] async for event in stream(http, "SubscribeToTask", {"id": task["id"]})]
    assert events[0]["task"]["id"] == task["id"]
    assert events[-1]["statusUpdate"]["status"]["state"] == "TASK_STATE_COMPLETED"


async def test_a_stream_goes_from_work_to_artifact_to_end(http: httpx.AsyncClient) -> None:
    events = [
        event["result"] async for event in stream(http, "SendStreamingMessage", message("tck-stream-001"))
    ]
    kinds = [next(iter(event)) for event in events]
    assert kinds == ["task", "statusUpdate", "artifactUpdate", "statusUpdate"]
    states = [event["statusUpdate"]["status"]["state"] for event in events if "statusUpdate" in event]
    assert states == ["TASK_STATE_WORKING", "TASK_STATE_COMPLETED"]


async def test_chunks_of_an_artifact_become_one(http: httpx.AsyncClient) -> None:
    task = (await rpc(http, "SendMessage", message("tck-stream-artifact-chunked")))["result"]["task"]
    assert [artifact["parts"] for artifact in task["artifacts"]] == [
        [{"text": "chunk-1 "}, {"text": "chunk-2"}]
    ]


async def test_one_idempotency_key_is_one_task(http: httpx.AsyncClient, as_mesh: dict[str, str]) -> None:
    keyed = message(DONE, metadata={"idempotency_key": "k1"})
    first = (await rpc(http, "SendMessage", keyed))["result"]["task"]
    again = (await rpc(http, "SendMessage", keyed))["result"]["task"]
    assert again == first
    streamed = [event["result"] async for event in stream(http, "SendStreamingMessage", keyed)]
    assert [event["task"]["id"] for event in streamed] == [first["id"]]
    other = (await rpc(http, "SendMessage", keyed, **as_mesh))["result"]["task"]
    assert other["id"] != first["id"]


async def test_a_repeated_call_joins_the_task_that_is_under_way(http: httpx.AsyncClient) -> None:
    keyed = message(LONG, metadata={"idempotency_key": "k2"})
    task = await rpc(http, "SendMessage", {**keyed, "configuration": {"returnImmediately": True}})
    joined = (await rpc(http, "SendMessage", keyed))["result"]["task"]
    assert joined["id"] == task["result"]["task"]["id"]
    assert joined["status"]["state"] == "TASK_STATE_COMPLETED"


async def test_finished_tasks_survive_a_restart_with_their_keys(settings: MeshSettings) -> None:
    own = settings.with_changes(home=settings.home / "restarted")
    keyed = message(DONE, metadata={"idempotency_key": "k3"})
    async with serving(CONFORMANCE, own) as url, connected(url) as http:
        before = (await rpc(http, "SendMessage", keyed))["result"]["task"]
    async with serving(CONFORMANCE, own) as url, connected(url) as http:
        assert (await rpc(http, "GetTask", {"id": before["id"]}))["result"] == before
        assert (await rpc(http, "SendMessage", keyed))["result"]["task"] == before
