"""The gateway as an agent: the whole mesh behind one skill, and the HTTP addresses for everybody else."""

import re
from collections.abc import Sequence
from contextlib import aclosing
from typing import Any

import anyio
import httpx
from pydantic import Field
from starlette.routing import BaseRoute

from mesh import Agent, FileRef, Params, SkillContext, SkillResult, skill
from mesh.analysis import Analysis
from mesh.cards import interface_url
from mesh.client import AgentClient
from mesh.storage import StorageClient
from mesh.tracing import inject_trace

from .answers import as_result
from .assets import PlotlyAsset
from .body import validated
from .clients.orchestrator import OrchestratorClient
from .clients.platform import HubClient, ObjectReader
from .clients.upstream import Upstream
from .models import AnalyzeRequest
from .problems import failure_error
from .registry import RegistryRoutes
from .routes import AnalysisRoutes, Limits
from .service import Gateway, analysis_id_of
from .site import SiteRoutes
from .sources import SourceResolver

_SESSION = re.compile(r"[A-Za-z0-9_.:-]{1,128}")


class AnalyzeParams(Params):
    """What a caller may say beside the question and the file."""

    query: str | None = Field(default=None, description="The question; default: the message's text.")
    data: Any = Field(
        default=None,
        description="A file name, {url}, {connection}, {inline}, a list of these, or records, as in POST /analyze.",
    )
    params: dict[str, Any] = Field(
        default_factory=dict, description="Wishes for the skills that run, by name."
    )


class GatewayAgent(Agent):
    """Turns what people and agents ask into analyses, and analyses into answers.

    An interrupted call is taken up again: its analysis is found by the id that derives from the task.
    """

    resumes = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        settings = self.settings
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=50)
        self._http = httpx.AsyncClient(
            limits=limits, event_hooks={"request": [inject_trace]}, trust_env=False
        )
        self._base_url = interface_url(self.card).rstrip("/") + "/"
        orchestrator_url = settings.url_of("orchestrator")
        self.gateway = Gateway(
            OrchestratorClient(
                AgentClient(orchestrator_url, http=self._http, settings=settings),
                Upstream("orchestrator", orchestrator_url, self._http),
            ),
            HubClient(AgentClient(settings.url_of("hub"), http=self._http, settings=settings)),
            SourceResolver(
                settings.data_dirs,
                StorageClient(settings, self._http),
                upload_limit_bytes=settings.max_upload_bytes,
                allowed_hosts=settings.source_allow_hosts,
                connections_file=settings.connections_file,
            ),
        )

    def routes(self) -> Sequence[BaseRoute]:
        """The HTTP addresses."""
        settings = self.settings
        limits = Limits(settings.max_body_bytes, settings.max_upload_bytes, settings.analysis_timeout_s)
        objects = ObjectReader(Upstream("storage", settings.url_of("storage"), self._http))
        plotly = PlotlyAsset(self.state_dir / "assets")
        return [
            *SiteRoutes(objects, plotly, self.card, self._base_url).all(),
            *AnalysisRoutes(self.gateway, limits).all(),
            *RegistryRoutes(
                self.gateway, self.card, self._base_url, body_limit=settings.max_body_bytes
            ).all(),
        ]

    async def start(self) -> None:
        """Keeps the connections to the services behind open until the last call has ended."""
        self.tasks.start_soon(self._close_http_at_the_end)

    async def _close_http_at_the_end(self) -> None:
        # Background tasks are cancelled after the running calls; `stop` comes before them and would cut them off.
        try:
            await anyio.sleep_forever()
        finally:
            with anyio.CancelScope(shield=True):
                await self._http.aclose()

    @skill("analyze")
    async def analyze(self, ctx: SkillContext, params: AnalyzeParams) -> SkillResult:
        """Runs the analysis that belongs to this task, and passes its progress on."""
        query = params.query or ctx.goal
        session = ctx.context_id if _SESSION.fullmatch(ctx.context_id) else None
        fields = {"query": query, "data": params.data, "session_id": session, "params": params.params}
        request = validated(AnalyzeRequest, fields)
        sent = await self._sent_files(ctx)
        analysis_id = analysis_id_of(ctx.task_id, ctx.goal)

        async def cancel() -> None:
            await self.gateway.cancel(analysis_id)

        ctx.on_cancel(cancel)
        await self.gateway.submit(request, sent=sent, analysis_id=analysis_id)
        async with aclosing(self.gateway.follow(analysis_id)) as events:
            async for event in events:
                await ctx.progress(event.progress / 100, event.message)
        return self._answer(await self.gateway.orchestrator.get(analysis_id))

    async def _sent_files(self, ctx: SkillContext) -> list[FileRef]:
        sent = [output.file for output in ctx.inputs.outputs("source") if output.file is not None]
        return [await self.gateway.sources.checked(file) for file in sent]

    def _answer(self, analysis: Analysis) -> SkillResult:
        if analysis.status not in {"failed", "cancelled"}:
            return as_result(analysis, self._base_url)
        raise failure_error(analysis)
