"""Push notifications to a real webhook."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.mesh.server.serving import _Server, free_port, message, rpc, stream

pytestmark = pytest.mark.anyio
PROMPT = 30.0


class Webhook:
    """A receiver that can be slow or broken. `received` are the bodies it accepted, `attempts` all that came."""

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.attempts = 0
        self.failures_left = 0
        self.open = anyio.Event()
        self.done = anyio.Event()

    async def take(self, request: Request) -> Response:
        """One delivery."""
        self.attempts += 1
        body = await request.json()
        if self.failures_left:
            self.failures_left -= 1
            return Response(status_code=503)
        await self.open.wait()
        self.received.append(body)
        self.headers.append(dict(request.headers))
        if body.get("statusUpdate", {}).get("status", {}).get("state") == "TASK_STATE_COMPLETED":
            self.done.set()
        return Response(status_code=204)


@asynccontextmanager
async def listening(webhook: Webhook) -> AsyncIterator[str]:
    """The webhook's address, while it listens."""
    port = free_port()
    app = Starlette(routes=[Route("/hook", webhook.take, methods=["POST"])])
    server = _Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, lifespan="off"))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(server.serve)
        await server.up.wait()
        try:
            yield f"http://127.0.0.1:{port}/hook"
        finally:
            webhook.open.set()
            server.should_exit = True


def pushed(message_id: str, url: str) -> dict[str, Any]:
    """A message whose task's events go to `url` too."""
    config = {
        "url": url,
        "token": "n0nce",
        "authentication": {"scheme": "Bearer", "credentials": "secret"},
    }
    return {**message(message_id), "configuration": {"taskPushNotificationConfig": config}}


async def test_a_stalled_webhook_holds_up_neither_stream_nor_order(http: httpx.AsyncClient) -> None:
    webhook = Webhook()
    webhook.failures_left = 1
    async with listening(webhook) as url:
        events = [
            event async for event in stream(http, "SendStreamingMessage", pushed("tck-stream-001", url))
        ]
        assert events[-1]["result"]["statusUpdate"]["status"]["state"] == "TASK_STATE_COMPLETED"
        assert webhook.received == []
        webhook.open.set()
        with anyio.fail_after(PROMPT):
            await webhook.done.wait()
    streamed = [event["result"] for event in events]
    kinds = [next(iter(body)) for body in webhook.received]
    assert kinds == [next(iter(body)) for body in streamed]
    assert webhook.attempts == len(webhook.received) + 1
    assert {headers["x-a2a-notification-token"] for headers in webhook.headers} == {"n0nce"}
    assert {headers["authorization"] for headers in webhook.headers} == {"Bearer secret"}


@pytest.mark.parametrize(
    "target",
    [
        "http://10.0.0.1/hook",
        "http://169.254.169.254/latest/meta-data",
        "http://[::ffff:10.0.0.1]/hook",
        "http://localhost:9/hook",
        "file:///etc/passwd",
        "http://user:pass@127.0.0.1/hook",
    ],
)
async def test_webhooks_at_private_addresses_are_refused(http: httpx.AsyncClient, target: str) -> None:
    task = (await rpc(http, "SendMessage", message("tck-input-required")))["result"]["task"]
    reply = await rpc(http, "CreateTaskPushNotificationConfig", {"taskId": task["id"], "url": target})
    assert reply["error"]["code"] == -32602
    inline = await rpc(http, "SendMessage", pushed("tck-complete-task", target))
    assert inline["error"]["code"] == -32602


async def test_configurations_are_kept_listed_and_deleted(http: httpx.AsyncClient) -> None:
    task = (await rpc(http, "SendMessage", message("tck-input-required")))["result"]["task"]["id"]
    made = await rpc(
        http,
        "CreateTaskPushNotificationConfig",
        {"taskId": task, "id": "c1", "url": "http://127.0.0.1:9/hook"},
    )
    assert made["result"]["id"] == "c1"
    listed = await rpc(http, "ListTaskPushNotificationConfigs", {"taskId": task})
    assert [item["id"] for item in listed["result"]["configs"]] == ["c1"]
    await rpc(http, "DeleteTaskPushNotificationConfig", {"taskId": task, "id": "c1"})
    listed = await rpc(http, "ListTaskPushNotificationConfigs", {"taskId": task})
    assert listed["result"].get("configs", []) == []
