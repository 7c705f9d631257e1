"""Agents that know nothing of the mesh, written with the bare A2A SDK or none at all: well-behaved, and not."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import uvicorn
from a2a.helpers import new_task_from_user_message
from a2a.server.agent_execution import AgentExecutor, RequestContext
from a2a.server.events import EventQueue
from a2a.server.request_handlers import DefaultRequestHandler
from a2a.server.routes import create_agent_card_routes, create_jsonrpc_routes
from a2a.server.tasks import InMemoryTaskStore, TaskUpdater
from a2a.types import AgentCapabilities, AgentCard, AgentInterface, AgentSkill, Part
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

Behaviour = Callable[[RequestContext, TaskUpdater], Any]


def card_of(name: str, skill_id: str, url: str, examples: list[str], description: str) -> AgentCard:
    """A card as a stranger writes it: no dataflow extension."""
    return AgentCard(
        name=name,
        description=description,
        version="1.0.0",
        supported_interfaces=[AgentInterface(url=url, protocol_binding="JSONRPC", protocol_version="1.0")],
        capabilities=AgentCapabilities(streaming=True),
        default_input_modes=["text/plain"],
        default_output_modes=["text/plain"],
        skills=[
            AgentSkill(id=skill_id, name=name, description=description, tags=[skill_id], examples=examples)
        ],
    )


class _Executor(AgentExecutor):
    def __init__(self, behave: Behaviour) -> None:
        self._behave = behave

    async def execute(self, context: RequestContext, event_queue: EventQueue) -> None:
        assert context.message is not None
        await event_queue.enqueue_event(new_task_from_user_message(context.message))
        updater = TaskUpdater(event_queue, context.task_id or "", context.context_id or "")
        await updater.start_work()
        await self._behave(context, updater)

    async def cancel(self, context: RequestContext, event_queue: EventQueue) -> None:
        await TaskUpdater(event_queue, context.task_id or "", context.context_id or "").cancel()


def bare_app(card: AgentCard, behave: Behaviour) -> Starlette:
    """An agent made of the SDK alone."""
    handler = DefaultRequestHandler(_Executor(behave), InMemoryTaskStore(), card)
    return Starlette(routes=[*create_agent_card_routes(card), *create_jsonrpc_routes(handler, "/")])


def rude_app(card: AgentCard, reply: Callable[[Request], Any]) -> Starlette:
    """A server with a proper card that answers calls with whatever `reply` gives."""

    async def answer(request: Request) -> Response:
        result = reply(request)
        return result if isinstance(result, Response) else Response(result, media_type="application/json")

    return Starlette(routes=[*create_agent_card_routes(card), Route("/", answer, methods=["POST"])])


def cut_stream(_: Request) -> Response:
    """An event stream that ends before anything was said."""

    async def nothing() -> AsyncIterator[bytes]:
        yield b": hello\n\n"

    return StreamingResponse(nothing(), media_type="text/event-stream")


async def say_text(updater: TaskUpdater, text: str) -> None:
    """Completes a task with one text artifact."""
    await updater.add_artifact([Part(text=text)], name="answer")
    await updater.complete()


async def hang(_: RequestContext, updater: TaskUpdater) -> None:
    """Works for ever without a word."""
    await asyncio.Event().wait()
    await updater.complete()


@contextlib.contextmanager
def serving(make: Callable[[str], Starlette]) -> Iterator[str]:
    """Serves an application in a thread; gives its address, which `make` gets too."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        server = uvicorn.Server(
            uvicorn.Config(make(url), log_level="error", lifespan="off", timeout_graceful_shutdown=1)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield url
        finally:
            server.should_exit = True
            thread.join(10)
