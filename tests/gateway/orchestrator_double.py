"""An orchestrator as small as the gateway needs it, on the real kernel."""

from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, datetime
from typing import Any

import anyio
from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from mesh import Agent, NoParams, Params, SkillContext, SkillResult, skill
from mesh.analysis import Analysis, AnalyzeOrder, Plan, PlanStep, ProgressEvent
from mesh.errors import ConflictError, NotFoundError, UnavailableError
from mesh.results import FileRef, Finding, Output
from tests.gateway.book import BOOKS, PNG, PNG_SHA256


class _Id(Params):
    analysis_id: str


class _Name(Params):
    name: str


class _Address(BaseModel):
    model_config = ConfigDict(extra="allow")
    url: str


class OrchestratorDouble(Agent):
    """Runs scripted analyses and keeps a registry."""

    resumes = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.book = BOOKS[self.settings.home]

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/analyses", self.list_analyses),
            Route("/analyses/{id}", self.get_analysis),
            Route("/analyses/{id}/events", self.get_events),
            Route("/analyses/{id}/report", self.get_report),
        ]

    @skill("analyze")
    async def analyze(self, ctx: SkillContext, order: AnalyzeOrder) -> SkillResult:
        book = self.book
        book.starts.append(order.analysis_id)
        script = book.scripts.get(order.query, {})
        await anyio.sleep(script.get("store_after_s", 0.0))
        if order.analysis_id not in book.orders:
            book.orders[order.analysis_id] = order
            book.events[order.analysis_id] = []
            book.analyses[order.analysis_id] = _analysis(order, "running")
        total = int(script.get("events", 3))
        while len(book.events[order.analysis_id]) < total:
            seq = len(book.events[order.analysis_id]) + 1
            while seq == total and script.get("hold") and order.analysis_id not in book.released:
                if not self._running(order.analysis_id):
                    return SkillResult(summary="cancelled")
                await anyio.sleep(0.01)
            if seq == total:
                status = "failed" if "fail" in script else "completed"
                book.analyses[order.analysis_id] = _analysis(order, status, error=script.get("fail"))
            book.events[order.analysis_id].append(_event(order.analysis_id, seq, total))
        return SkillResult(summary="done")

    @skill("plan", reply="message")
    async def plan(self, ctx: SkillContext, order: AnalyzeOrder) -> Plan:
        return _plan(order.query)

    @skill("cancel_analysis", reply="message")
    async def cancel_analysis(self, ctx: SkillContext, params: _Id) -> dict[str, Any]:
        found = self._found(params.analysis_id)
        if found.status != "running":
            raise ConflictError(f"The analysis {params.analysis_id} has already ended.")
        order = self.book.orders[params.analysis_id]
        self.book.analyses[params.analysis_id] = _analysis(order, "cancelled")
        events = self.book.events[params.analysis_id]
        events.append(_event(params.analysis_id, len(events) + 1, len(events) + 1))
        return {"status": "cancelled"}

    @skill("list_agents", reply="message")
    async def list_agents(self, ctx: SkillContext, params: NoParams) -> dict[str, Any]:
        if self.book.failures:
            self.book.failures -= 1
            raise UnavailableError("not now")
        return {"agents": list(self.book.agents.values())}

    @skill("register_agent", reply="message")
    async def register_agent(self, ctx: SkillContext, params: _Address) -> dict[str, Any]:
        name = params.url.rstrip("/").rsplit(":", 1)[-1]
        view = {
            "name": f"agent {name}",
            "version": "1",
            "description": "d",
            "state": "healthy",
            "source": "api",
        }
        if "instance" not in (params.model_extra or {}):
            self.book.agents[view["name"]] = view
        return view

    @skill("remove_agent", reply="message")
    async def remove_agent(self, ctx: SkillContext, params: _Name) -> dict[str, Any]:
        if self.book.agents.pop(params.name, None) is None:
            raise NotFoundError(f"There is no agent '{params.name}'.")
        return {"removed": params.name}

    async def list_analyses(self, request: Request) -> Response:
        wanted = request.query_params.get("session_id")
        found = [item for item in reversed(self.book.analyses.values()) if wanted in (None, item.session_id)]
        start, limit = int(request.query_params.get("cursor", "0")), int(request.query_params["limit"])
        page = [item.model_dump(mode="json") for item in found[start : start + limit]]
        rest = str(start + limit) if start + limit < len(found) else None
        return JSONResponse({"items": page, "next_cursor": rest})

    async def get_analysis(self, request: Request) -> Response:
        return JSONResponse(self._found(request.path_params["id"]).model_dump(mode="json"))

    async def get_events(self, request: Request) -> Response:
        found = self._found(request.path_params["id"])
        after = int(request.query_params["after"])
        self.book.asked_after.append(after)
        cut_after = self.book.scripts.get(found.query, {}).get("cut_after", 10**9)
        return StreamingResponse(self._stream(found.id, after, cut_after), media_type="text/event-stream")

    async def get_report(self, request: Request) -> Response:
        self._found(request.path_params["id"])
        kinds = {
            "html": "text/html",
            "md": "text/markdown",
            "json": "application/json",
            "ipynb": "application/x-ipynb+json",
        }
        form = request.query_params["format"]
        if form == "json":
            return JSONResponse(self._found(request.path_params["id"]).model_dump(mode="json"))
        return Response(f"<h1>report {form}</h1>", media_type=kinds[form])

    async def _stream(self, analysis_id: str, after: int, cut_after: int) -> AsyncGenerator[bytes]:
        sent = 0
        while analysis_id in self.book.analyses:
            for event in self.book.events.get(analysis_id, [])[after:]:
                if sent == cut_after:
                    return
                yield f"id: {event.seq}\ndata: {event.model_dump_json()}\n\n".encode()
                after, sent = event.seq, sent + 1
                if event.final:
                    return
            await anyio.sleep(0.01)

    def _running(self, analysis_id: str) -> bool:
        analysis = self.book.analyses.get(analysis_id)
        return analysis is not None and analysis.status == "running"

    def _found(self, analysis_id: str) -> Analysis:
        if analysis_id not in self.book.analyses:
            raise NotFoundError(f"There is no analysis '{analysis_id}'.")
        return self.book.analyses[analysis_id]


def _event(analysis_id: str, seq: int, total: int) -> ProgressEvent:
    return ProgressEvent(
        analysis_id=analysis_id,
        seq=seq,
        stage="data_loading",
        agent="ingestion",
        progress=100 * seq / total,
        message=f"단계 {seq}",
        time=datetime.now(UTC),
        final=seq == total,
    )


def _plan(query: str) -> Plan:
    step = PlanStep(id="s1", skill="load_dataset", agent="ingestion", stage="data_loading", reason="first")
    return Plan(goal=query, language="en", planner="built-in", steps=[step])


def _analysis(order: AnalyzeOrder, status: Any, error: dict[str, Any] | None = None) -> Analysis:
    png = FileRef(
        name="차트 1.png",
        media_type="image/png",
        uri=f"mesh://objects/{PNG_SHA256}",
        bytes=len(PNG),
        sha256=PNG_SHA256,
    )
    chart = Output(
        name="chart", type="chart", title="t", data={"kind": "line", "plotly": {"data": []}}, files=[png]
    )
    done = status == "completed"
    return Analysis(
        id=order.analysis_id,
        status=status,
        query=order.query,
        language="en",
        planner="built-in",
        session_id=order.session_id,
        parent_id=order.parent_id,
        summary="North sold most: 12." if done else "",
        findings=[Finding(text="North sold 12.", evidence={"value": 12})] if done else [],
        charts=[chart] if done else [],
        plan=_plan(order.query),
        created_at=datetime.now(UTC),
        error=error,
    )
