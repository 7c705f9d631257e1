"""Analyses over HTTP: each address decodes, calls a use case and encodes."""

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from mesh.analysis import Analysis, ProgressEvent
from mesh.errors import InvalidRequestError
from mesh.results import FileRef

from .body import read_model
from .downloads import pass_report
from .models import AnalyzeRequest, FollowUp, ReportFormat
from .presentation import accepted, linked, links_of, presented
from .problems import MEDIA_TYPE as PROBLEM_MEDIA_TYPE
from .problems import failure_of
from .requests import accepts, page_limit, position, preferences, read_analyze, refuse_other_sites
from .service import Gateway
from .sse import ServerEvent, one_line
from .streaming import EventStream, while_connected
from .watching import Watcher

_FORMATS = get_args(ReportFormat)


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes, and how many seconds a request waits for its analysis before it answers 202."""

    body_bytes: int
    upload_bytes: int
    wait_s: float


class AnalysisRoutes:
    """Asking, following, reading and cancelling."""

    def __init__(self, gateway: Gateway, limits: Limits) -> None:
        self._gateway = gateway
        self._limits = limits

    def all(self) -> list[BaseRoute]:
        """Every route, each documented in `operations`."""
        analysis = "/analyses/{analysis_id}"
        return [
            Route("/analyze", self.analyze, methods=["POST"]),
            Route("/plan", self.plan, methods=["POST"]),
            Route("/analyses", self.analyses, methods=["GET"]),
            Route(analysis, self.analysis, methods=["GET"]),
            Route(analysis, self.cancel, methods=["DELETE"]),
            Route(f"{analysis}/events", self.events, methods=["GET"]),
            Route(f"{analysis}/report", self.report, methods=["GET"]),
            Route(f"{analysis}/lineage", self.lineage, methods=["GET"]),
            Route(f"{analysis}/messages", self.follow_up, methods=["POST"]),
            WebSocketRoute("/ws/analyses/{analysis_id}", Watcher(self._gateway).watch),
        ]

    async def analyze(self, request: Request) -> Response:
        """Orders an analysis, then waits, streams or answers at once, as the client prefers."""
        body, sent = await self._read_analyze(request)
        order = await self._gateway.submit(body, sent=sent)
        return await self._answer(request, order.analysis_id, accepted(order).model_dump(mode="json"))

    async def follow_up(self, request: Request) -> Response:
        """Orders a follow-up question, and answers like `analyze`."""
        refuse_other_sites(request)
        body = await read_model(request, FollowUp, self._limits.body_bytes)
        order = await self._gateway.follow_up(request.path_params["analysis_id"], body)
        return await self._answer(request, order.analysis_id, accepted(order).model_dump(mode="json"))

    async def plan(self, request: Request) -> Response:
        """The plan, without running it."""
        body, sent = await self._read_analyze(request)
        return JSONResponse((await self._gateway.plan(body, sent=sent)).model_dump(mode="json"))

    async def analyses(self, request: Request) -> Response:
        """A page of analyses."""
        page = await self._gateway.orchestrator.list(
            limit=page_limit(request),
            cursor=request.query_params.get("cursor"),
            session_id=request.query_params.get("session_id"),
        )
        return JSONResponse(
            {"items": [presented(item) for item in page.items], "next_cursor": page.next_cursor}
        )

    async def analysis(self, request: Request) -> Response:
        """One analysis as it stands."""
        return JSONResponse(
            presented(await self._gateway.orchestrator.get(request.path_params["analysis_id"]))
        )

    async def cancel(self, request: Request) -> Response:
        """Cancels: 202 while it takes effect, 200 when it has."""
        refuse_other_sites(request)
        outcome = await self._gateway.cancel(request.path_params["analysis_id"])
        return JSONResponse(outcome.model_dump(mode="json"), 200 if outcome.status == "cancelled" else 202)

    async def events(self, request: Request) -> Response:
        """The events behind a position; 204, which ends an EventSource, when a finished analysis has none left."""
        analysis_id, after = request.path_params["analysis_id"], position(request)
        remaining = await self._gateway.remaining(analysis_id, after)
        if remaining is None:
            return EventStream(_progress(self._gateway.follow(analysis_id, after)))
        return EventStream(_replayed(remaining)) if remaining else Response(status_code=204)

    async def report(self, request: Request) -> Response:
        """The report, passed on from the orchestrator."""
        analysis_id, form = request.path_params["analysis_id"], request.query_params.get("format", "html")
        if form not in _FORMATS:
            raise InvalidRequestError(
                f"The format '{form[:40]}' is unknown: use one of {', '.join(_FORMATS)}."
            )
        opened = self._gateway.orchestrator.report(analysis_id, form)
        if form != "json":
            return await pass_report(opened, f"{analysis_id}.{form}")
        async with opened as upstream:
            return JSONResponse(linked(json.loads(await upstream.aread())))

    async def lineage(self, request: Request) -> Response:
        """What was made from what."""
        graph = await self._gateway.lineage(request.path_params["analysis_id"])
        return JSONResponse(linked(graph.model_dump(mode="json")))

    async def _read_analyze(self, request: Request) -> tuple[AnalyzeRequest, list[FileRef]]:
        refuse_other_sites(request)
        return await read_analyze(
            request,
            self._gateway.sources,
            body_limit=self._limits.body_bytes,
            upload_limit=self._limits.upload_bytes,
        )

    async def _answer(self, request: Request, analysis_id: str, receipt: dict[str, Any]) -> Response:
        headers = {"Location": links_of(analysis_id)["self"]}
        if accepts(request, "text/event-stream"):
            return EventStream(self._events_and_result(analysis_id), headers)
        wanted = preferences(request)
        if wanted.respond_async:
            return JSONResponse(receipt, 202, {**headers, "Preference-Applied": "respond-async"})
        wait_s = self._limits.wait_s if wanted.wait_s is None else min(wanted.wait_s, self._limits.wait_s)
        analysis = await while_connected(request, lambda: self._gateway.finished(analysis_id, wait_s))
        if analysis is None:
            return JSONResponse(receipt | {"status": "running"}, 202, headers)
        return answered(analysis, headers)

    async def _events_and_result(self, analysis_id: str) -> AsyncGenerator[ServerEvent]:
        async with aclosing(_progress(self._gateway.follow(analysis_id))) as events:
            async for event in events:
                yield event
        result = presented(await self._gateway.orchestrator.get(analysis_id))
        yield ServerEvent(one_line(json.dumps(result, ensure_ascii=False)), event="result")


def answered(analysis: Analysis, headers: dict[str, str]) -> Response:
    """The finished analysis: itself, or for one that failed its problem details with the analysis in them."""
    if analysis.status not in {"failed", "cancelled"}:
        return JSONResponse(presented(analysis), headers=headers)
    problem = failure_of(analysis)
    status = int(problem["status"])
    retry = {"Retry-After": "5"} if status == 503 else {}
    body = {**problem, "analysis": presented(analysis)}
    return JSONResponse(body, status, {**headers, **retry}, PROBLEM_MEDIA_TYPE)


async def _progress(events: AsyncGenerator[ProgressEvent]) -> AsyncGenerator[ServerEvent]:
    async with aclosing(events):
        async for event in events:
            yield _server_event(event)


async def _replayed(events: list[ProgressEvent]) -> AsyncGenerator[ServerEvent]:
    for event in events:
        yield _server_event(event)


def _server_event(event: ProgressEvent) -> ServerEvent:
    return ServerEvent(one_line(event.model_dump_json()), id=str(event.seq))
