"""Cards of the release's shape, written for these tests, and an OpenAI-compatible server on loopback."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from orchestrator.planning.given import Given
from orchestrator.planning.skills import DATAFLOW_URI, SkillView, skills_of

CARDS = Path(__file__).parent / "cards"


@pytest.fixture(scope="session")
def skills() -> list[SkillView]:
    cards = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(CARDS.glob("*.json"))]
    return [skill for card in cards for skill in skills_of(card)]


@pytest.fixture
def source() -> list[Given]:
    return [Given(name="source", type="source", summary="sales.csv (text/csv)")]


CardMaker = Callable[..., dict[str, Any]]


@pytest.fixture
def make_card() -> CardMaker:
    """Builds a card with one skill; without `consumes` and `produces` it is a bare A2A card."""

    def make(
        name: str,
        skill: str,
        examples: list[str],
        tags: list[str] | None = None,
        consumes: list[dict[str, Any]] | None = None,
        produces: list[dict[str, Any]] | None = None,
        **flow: Any,
    ) -> dict[str, Any]:
        card: dict[str, Any] = {
            "name": name,
            "description": name,
            "version": "1.0.0",
            "supportedInterfaces": [
                {
                    "url": "http://127.0.0.1:8301/",
                    "protocolBinding": "JSONRPC",
                    "protocolVersion": "1.0",
                }
            ],
            "capabilities": {"streaming": True},
            "skills": [
                {
                    "id": skill,
                    "name": skill.replace("_", " "),
                    "description": skill,
                    "tags": tags or [],
                    "examples": examples,
                }
            ],
        }
        if produces is not None:
            entry = {"stage": skill, "consumes": consumes or [], "produces": produces, **flow}
            card["capabilities"]["extensions"] = [
                {"uri": DATAFLOW_URI, "required": False, "params": {"skills": {skill: entry}}}
            ]
        return card

    return make


Reply = Callable[[dict[str, Any]], Any]


@dataclass
class ModelServer:
    """What the loopback model answers, in turn, and what it was asked."""

    url: str = ""
    replies: list[Reply | Response | str | int] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    async def answer(self, request: Request) -> Response:
        body = await request.json()
        self.requests.append(body)
        reply = self.replies.pop(0) if self.replies else 500
        if reply == "hold":
            while (await request.receive())["type"] != "http.disconnect":
                pass
            reply = 500
        if isinstance(reply, int):
            return JSONResponse(
                {"error": {"message": f"status {reply}", "type": "test"}}, reply, headers=self.headers
            )
        if isinstance(reply, Response):
            return reply
        content = reply(body) if callable(reply) else reply
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        return JSONResponse(
            {
                "id": "chat-1",
                "object": "chat.completion",
                "created": 0,
                "model": body["model"],
                "choices": [
                    {
                        "index": 0,
                        "finish_reason": "stop",
                        "message": {"role": "assistant", "content": text},
                    }
                ],
            }
        )


@pytest.fixture
def model_server() -> Iterator[ModelServer]:
    state = ModelServer()
    app = Starlette(routes=[Route("/v1/chat/completions", state.answer, methods=["POST"])])
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    yield state
    server.should_exit = True
    thread.join(timeout=10)
    listener.close()
