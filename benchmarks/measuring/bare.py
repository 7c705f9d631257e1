"""The same three calls with nothing but the A2A SDK: a server per link in its own process, and its client.

Run as a script with a port it serves one link.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import uuid4

import httpx
import uvicorn
from a2a.client import A2ACardResolver, Client, ClientConfig, ClientFactory
from a2a.helpers import new_task_from_user_message
from a2a.server.agent_execution import AgentExecutor, RequestContext
from a2a.server.events import EventQueue
from a2a.server.request_handlers import DefaultRequestHandler
from a2a.server.routes import create_agent_card_routes, create_jsonrpc_routes
from a2a.server.tasks import InMemoryTaskStore, TaskUpdater
from a2a.types import (
    AgentCapabilities,
    AgentCard,
    AgentInterface,
    AgentSkill,
    Message,
    Part,
    Role,
    SendMessageRequest,
)
from google.protobuf.struct_pb2 import Struct, Value
from starlette.applications import Starlette

LINKS = 3
_START_S = 30.0


class NoopExecutor(AgentExecutor):
    """A task that starts, gives one empty result and completes."""

    async def execute(self, context: RequestContext, event_queue: EventQueue) -> None:
        """Does nothing, as an A2A task."""
        assert context.message is not None
        await event_queue.enqueue_event(new_task_from_user_message(context.message))
        updater = TaskUpdater(event_queue, context.task_id or "", context.context_id or "")
        await updater.start_work()
        await updater.add_artifact([Part(data=Value(struct_value=Struct()))], name="result")
        await updater.complete()

    async def cancel(self, context: RequestContext, event_queue: EventQueue) -> None:
        """Nothing runs long enough to be cancelled."""


@contextmanager
def serving_bare(port: int) -> Iterator[list[str]]:
    """Three bare servers from `port` on, each in a process of its own; their addresses, once they answer."""
    urls = [f"http://127.0.0.1:{port + position}" for position in range(LINKS)]
    processes = [
        subprocess.Popen([sys.executable, __file__, str(port + position)]) for position in range(LINKS)
    ]
    try:
        for url in urls:
            _wait_for(f"{url}/.well-known/agent-card.json")
        yield urls
    finally:
        for process in processes:
            process.terminate()
            process.wait(10)


async def connect(http: httpx.AsyncClient, urls: list[str]) -> list[Client]:
    """An SDK client for each address."""
    factory = ClientFactory(ClientConfig(httpx_client=http, streaming=True))
    return [factory.create(await A2ACardResolver(http, url).get_agent_card()) for url in urls]


async def call_in_turn(clients: list[Client]) -> float:
    """Seconds for one streamed call to each client, one after the other."""
    begun = time.perf_counter()
    for client in clients:
        message = Message(message_id=str(uuid4()), role=Role.ROLE_USER, parts=[Part(text="Do nothing.")])
        async for _ in client.send_message(SendMessageRequest(message=message)):
            pass
    return time.perf_counter() - begun


def serve(port: int) -> None:
    """One bare server, until SIGTERM."""
    card = AgentCard(
        name="Bare no-op",
        description="Does nothing.",
        version="1.0.0",
        supported_interfaces=[
            AgentInterface(
                url=f"http://127.0.0.1:{port}/", protocol_binding="JSONRPC", protocol_version="1.0"
            )
        ],
        capabilities=AgentCapabilities(streaming=True),
        default_input_modes=["text/plain"],
        default_output_modes=["application/json"],
        skills=[AgentSkill(id="noop", name="No-op", description="Does nothing.", tags=["noop"])],
    )
    handler = DefaultRequestHandler(NoopExecutor(), InMemoryTaskStore(), card)
    app = Starlette(routes=[*create_agent_card_routes(card), *create_jsonrpc_routes(handler, "/")])
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error")


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        with suppress(httpx.TransportError):
            if httpx.get(url, timeout=5).status_code == 200:
                return
        time.sleep(0.05)
    raise TimeoutError(f"{url} did not answer within {_START_S:.0f} s")


if __name__ == "__main__":
    serve(int(sys.argv[1]))
