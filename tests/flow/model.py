"""An OpenAI-compatible server on loopback, for a mesh that is told to plan with it."""

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

PLAN, SUMMARY = "PlanDraft", "Summary"
HOLD = "hold"
Reply = Callable[[dict[str, Any]], Any] | dict[str, Any] | str | int


@dataclass
class LoopbackModel:
    """What the model answers, by the form it is asked for, and everything that it was asked.

    A reply is an object, a text as it is, a status, `HOLD` (says nothing until the caller leaves), or a function of the facts
    in the prompt; a list of replies is given one after the other, the last one for ever.
    """

    url: str = ""
    replies: dict[str, list[Reply]] = field(default_factory=dict)
    prompts: list[dict[str, str]] = field(default_factory=list)

    def set(self, **replies: Reply | list[Reply]) -> None:
        """Forgets what was asked, and answers anew; a form that is not named gets a status 500."""
        self.prompts.clear()
        self.replies = {form: item if isinstance(item, list) else [item] for form, item in replies.items()}

    def asked(self, form: str) -> list[dict[str, Any]]:
        """The facts in the prompts that asked for this form, first tries only."""
        decode = json.JSONDecoder().raw_decode
        return [decode(item["user"])[0] for item in self.prompts if item["form"] == form]

    async def answer(self, request: Request) -> Response:
        body = await request.json()
        form = body["response_format"]["json_schema"]["name"]
        system, user = (message["content"] for message in body["messages"])
        self.prompts.append({"form": form, "system": system, "user": user})
        waiting = self.replies.get(form) or [500]
        reply = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if reply == HOLD:
            while (await request.receive())["type"] != "http.disconnect":
                pass
            reply = 500
        if isinstance(reply, int):
            return JSONResponse(
                {"error": {"message": "no", "type": "test"}}, reply, headers={"retry-after": "0"}
            )
        content = reply(json.JSONDecoder().raw_decode(user)[0]) if callable(reply) else reply
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        return JSONResponse(
            {
                "id": "1",
                "object": "chat.completion",
                "created": 0,
                "model": body["model"],
                "choices": [choice],
            }
        )


@contextlib.contextmanager
def loopback_model() -> Iterator[LoopbackModel]:
    """The server, in a thread."""
    model = LoopbackModel()
    app = Starlette(routes=[Route("/v1/chat/completions", model.answer, methods=["POST"])])
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="error", lifespan="off", timeout_graceful_shutdown=1)
        )
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        model.url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        try:
            yield model
        finally:
            server.should_exit = True
            thread.join(10)
