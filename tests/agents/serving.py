"""One agent beside the storage on real loopback ports, its computations in a process of their own, and the SDK's own client."""

import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx
from a2a.client import A2ACardResolver, ClientConfig, ClientFactory
from a2a.types import GetTaskRequest, Message, Part, Role, SendMessageRequest, Task, TaskState
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.struct_pb2 import Value

from mesh.cards import card_port
from mesh.settings import MeshSettings, load_settings
from tests.datahub.serving import free_offset, serving

ROOT = Path(__file__).resolve().parents[2]
CARDS = ROOT / "agent_cards"
COMPUTE = "import sys; from pathlib import Path; from mesh.compute import serve_compute; serve_compute(Path(sys.argv[1]))"


@asynccontextmanager
async def agent_at_work(name: str, home: Path, *beside: str) -> AsyncIterator[tuple[str, str]]:
    """The addresses of the agent `name` and of the storage of a mesh of their own in `home`, with other services `beside`."""
    offset = free_offset(*(card_port(CARDS / f"{card}.json") for card in (name, "storage", *beside)))
    with _computing() as socket_path:
        settings: MeshSettings = load_settings(
            home=home, cards_dir=CARDS, port_offset=offset, compute_socket=socket_path
        )
        with anyio.fail_after(60):
            while not socket_path.exists():  # noqa: ASYNC110 - another process makes it
                await anyio.sleep(0.02)
        async with AsyncExitStack() as running:
            for other in beside:
                await running.enter_async_context(serving(other, settings))
            storage = await running.enter_async_context(serving("storage", settings))
            yield await running.enter_async_context(serving(name, settings)), storage


@contextmanager
def _computing() -> Iterator[Path]:
    """The socket, soon to be made, of a compute process; its folder has a short path, as sockets need."""
    folder = Path(tempfile.mkdtemp(prefix="mesh-"))
    process = subprocess.Popen([sys.executable, "-c", COMPUTE, str(folder / "c.sock")], cwd=ROOT)
    try:
        yield folder / "c.sock"
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


async def ask(url: str, *parts: Part) -> Task:
    """The task that a message with `parts` makes, once the agent has nothing more to say."""
    async with httpx.AsyncClient(trust_env=False, timeout=120) as http:
        card = await A2ACardResolver(http, url).get_agent_card()
        client = ClientFactory(ClientConfig(httpx_client=http, streaming=True)).create(card)
        message = Message(message_id=uuid.uuid4().hex, role=Role.ROLE_USER, parts=parts)
        events = [event async for event in client.send_message(SendMessageRequest(message=message))]
        return await client.get_task(GetTaskRequest(id=events[0].task.id))


def call_part(skill: str, *, inputs: dict[str, Any] | None = None, **params: Any) -> Part:
    """The data part that names a skill."""
    body = {"skill": skill, "inputs": inputs or {}, "params": params}
    return Part(data=ParseDict(body, Value()), media_type="application/json")


def result_of(task: Task) -> dict[str, Any]:
    """The structured result of a completed task."""
    assert task.status.state == TaskState.TASK_STATE_COMPLETED, said(task)
    artifact = next(item for item in task.artifacts if item.name == "result")
    return dict(
        MessageToDict(next(part.data for part in artifact.parts if part.WhichOneof("content") == "data"))
    )


def output_of(task: Task, kind: str) -> dict[str, Any]:
    """The completed task's output of a type."""
    return next(dict(output) for output in result_of(task)["outputs"] if output["type"] == kind)


def said(task: Task) -> str:
    """What the task's last status says."""
    return " ".join(part.text for part in task.status.message.parts if part.WhichOneof("content") == "text")
