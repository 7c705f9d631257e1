"""What the protocol demands of every request, on the bytes of the wire."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mesh.settings import MeshSettings
from tests.mesh.server.conftest import BODY_LIMIT
from tests.mesh.server.serving import VERSION, agent_folder, connected, message, rpc, serving, stream

pytestmark = pytest.mark.anyio

DONE = "tck-complete-task"
REQUIRED = "urn:test:required"


def reason_of(error: dict[str, Any]) -> str:
    """The reason in the ErrorInfo of an A2A error, of either HTTP binding."""
    return str((error.get("data") or error["details"])[0]["reason"])


async def test_a_message_gets_the_answer_that_its_id_asks_for(http: httpx.AsyncClient) -> None:
    reply = await rpc(http, "SendMessage", message(DONE))
    status = reply["result"]["task"]["status"]
    assert status["state"] == "TASK_STATE_COMPLETED"
    assert status["message"]["parts"] == [{"text": "Hello from TCK"}]


async def test_a_message_reply_makes_no_task(http: httpx.AsyncClient) -> None:
    before = (await rpc(http, "ListTasks", {}))["result"]["totalSize"]
    reply = await http.post("/a2a/rest/message:send", json=message("tck-message-response"), headers=VERSION)
    assert reply.json()["message"]["parts"] == [{"text": "Direct message response"}]
    assert (await rpc(http, "ListTasks", {}))["result"]["totalSize"] == before


@pytest.mark.parametrize("version", ["1.1", "2.0", "1", "1.0.1", "0.2"])
async def test_any_other_version_is_refused_on_both_http_bindings(
    http: httpx.AsyncClient, version: str
) -> None:
    over_rpc = await rpc(http, "SendMessage", message(DONE), **{"A2A-Version": version})
    assert over_rpc["error"]["code"] == -32009
    assert version in over_rpc["error"]["message"]
    over_rest = await http.post(
        "/a2a/rest/message:send", json=message(DONE), headers={"A2A-Version": version}
    )
    assert over_rest.status_code == 400
    assert reason_of(over_rest.json()["error"]) == "VERSION_NOT_SUPPORTED"


async def test_the_version_may_be_a_query_parameter(http: httpx.AsyncClient) -> None:
    assert (await http.get("/a2a/rest/tasks?A2A-Version=1.0")).status_code == 200
    assert (await http.get("/a2a/rest/tasks?A2A-Version=1.1")).status_code == 400


async def test_a_client_of_version_0_3_is_served_in_its_own_words(http: httpx.AsyncClient) -> None:
    body = {
        "messageId": DONE,
        "role": "user",
        "kind": "message",
        "parts": [{"kind": "text", "text": "Hi"}],
    }
    call = {"jsonrpc": "2.0", "id": "a", "method": "message/send", "params": {"message": body}}
    reply = (await http.post("/", json=call)).json()
    assert reply["id"] == "a"
    assert (reply["result"]["kind"], reply["result"]["status"]["state"]) == ("task", "completed")


@pytest.mark.parametrize(
    "parts", [[], [{"text": ""}], [{"text": "a"}, {"text": ""}], [{"raw": ""}], [{"url": ""}], [{}]]
)
async def test_a_message_of_nothing_is_refused(http: httpx.AsyncClient, parts: list[dict[str, str]]) -> None:
    reply = await rpc(http, "SendMessage", message(DONE, parts=parts))
    assert reply["error"]["code"] == -32602
    rest = await http.post("/a2a/rest/message:send", json=message(DONE, parts=parts), headers=VERSION)
    assert rest.status_code == 400
    events = [event async for event in stream(http, "SendStreamingMessage", message(DONE, parts=parts))]
    assert all("result" not in event for event in events)


@pytest.mark.parametrize(
    ("path", "media_type"), [("/", "text/plain"), ("/", ""), ("/a2a/rest/message:send", "application/xml")]
)
async def test_what_is_not_json_is_refused_by_its_media_type(
    http: httpx.AsyncClient, path: str, media_type: str
) -> None:
    headers = {**VERSION, **({"Content-Type": media_type} if media_type else {})}
    reply = await http.post(path, content=b'{"jsonrpc": "2.0"}', headers=headers)
    assert reply.status_code == 415
    error = reply.json()["error"]
    if path == "/":
        assert error["code"] == -32005
    else:
        assert reason_of(error) == "CONTENT_TYPE_NOT_SUPPORTED"


async def test_the_a2a_media_type_is_taken_and_given_when_asked_for(http: httpx.AsyncClient) -> None:
    path, kind = "/a2a/rest/message:send", "application/a2a+json"
    asked = await http.post(
        path, json=message(DONE), headers={**VERSION, "Accept": kind, "Content-Type": kind}
    )
    assert (asked.status_code, asked.headers["content-type"]) == (200, kind)
    plain = await http.post(path, json=message(DONE), headers=VERSION)
    assert plain.headers["content-type"] == "application/json"


@pytest.mark.parametrize("path", ["/", "/a2a/rest/message:send"])
@pytest.mark.parametrize("declared", [True, False], ids=["with length", "chunked"])
async def test_a_body_over_the_limit_is_refused(http: httpx.AsyncClient, path: str, declared: bool) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(BODY_LIMIT // 1000 + 1):
            yield b" " * 1000

    content: Any = b" " * (BODY_LIMIT + 1) if declared else chunks()
    reply = await http.post(path, content=content, headers={**VERSION, "Content-Type": "application/json"})
    assert reply.status_code == 413
    assert reply.json()["reason"] == "too_large"


async def test_a_body_just_under_the_limit_is_taken(http: httpx.AsyncClient) -> None:
    reply = await rpc(http, "SendMessage", message(DONE, "x" * (BODY_LIMIT - 1000)))
    assert "result" in reply


async def test_wrong_credentials_are_refused_and_none_are_anonymous(http: httpx.AsyncClient) -> None:
    wrong = await http.get("/.well-known/agent-card.json", headers={"Authorization": "Bearer no"})
    assert (wrong.status_code, wrong.json()["reason"]) == (401, "unauthenticated")
    assert wrong.headers["www-authenticate"] == "Bearer"
    assert (await http.get("/.well-known/agent-card.json")).status_code == 200


async def test_unknown_addresses_and_methods_are_problems(http: httpx.AsyncClient) -> None:
    gone = await http.get("/nowhere")
    assert (gone.status_code, gone.headers["content-type"]) == (404, "application/problem+json")
    assert "/nowhere" in gone.json()["detail"]


async def test_an_unknown_skill_and_unknown_parameters_are_named(http: httpx.AsyncClient) -> None:
    call = {"data": {"skill": "fly", "inputs": {}, "params": {}}}
    reply = await rpc(http, "SendMessage", message("m", parts=[call]))
    assert reply["error"]["code"] == -32602
    assert "'fly'" in reply["error"]["message"]
    assert "conform" in reply["error"]["message"]
    call = {"data": {"skill": "conform", "params": {"speed": 3}}}
    reply = await rpc(http, "SendMessage", message("m", parts=[call]))
    assert "speed is not a known field" in reply["error"]["message"]


async def test_a_required_extension_must_be_activated(tmp_path: Path, settings: MeshSettings) -> None:
    def require(card: dict[str, Any]) -> None:
        card["capabilities"]["extensions"] = [{"uri": REQUIRED, "required": True}]

    folder = agent_folder(tmp_path, "strict_agent", require)
    async with serving(folder, settings) as address, connected(address) as http:
        refused = await rpc(http, "SendMessage", message(DONE))
        assert refused["error"]["code"] == -32008
        assert REQUIRED in refused["error"]["message"]
        rest = await http.post("/a2a/rest/message:send", json=message(DONE), headers=VERSION)
        assert rest.status_code == 400
        taken = await rpc(http, "SendMessage", message(DONE), **{"A2A-Extensions": f"urn:other, {REQUIRED}"})
        assert taken["result"]["task"]["status"]["state"] == "TASK_STATE_COMPLETED"


async def test_the_extended_card_is_for_authenticated_callers(
    tmp_path: Path, settings: MeshSettings, as_mesh: dict[str, str]
) -> None:
    folder = agent_folder(tmp_path, "private_agent", lambda _: None)
    code = folder / "executor.py"
    code.write_text(code.read_text().replace("public_extended_card = True", "public_extended_card = False"))
    async with serving(folder, settings) as address, connected(address) as http:
        refused = await rpc(http, "GetExtendedAgentCard", {})
        assert "error" in refused
        assert "bearer token" in refused["error"]["message"]
        assert (await http.get("/a2a/rest/extendedAgentCard", headers=VERSION)).status_code == 400
        given = await rpc(http, "GetExtendedAgentCard", {}, **as_mesh)
        assert given["result"]["name"] == "Conformance Agent"
