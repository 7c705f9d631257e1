"""Streams over A2A: a dataset with times is replayed into a `stream_report`; live streams are watched for as long as wanted."""

from collections.abc import Sequence
from typing import Literal

import anyio
import httpx
from anyio.abc import TaskStatus
from pydantic import Field
from starlette.routing import BaseRoute

from mesh import (
    Agent,
    BadInputError,
    NoParams,
    Params,
    SkillContext,
    SkillResult,
    UnavailableError,
    say,
    skill,
)
from mesh.connections import load_connections

from .alerting import AlertSender, condition_text
from .story import stream_result
from .watch_asking import WatchParams, spec_of, watch_to_stop
from .watch_routes import WatchRoutes
from .watch_service import WatchService
from .watch_store import WatchStore
from .watch_story import begun_result, list_result, stopped_result
from .watching import replay_stream

_ALERT_MANAGER = "alerts"


class WindowParams(Params):
    """How the stream is cut into windows."""

    window: str | None = Field(
        None, description="Length of a window, such as 5m, 1h or 7d; chosen from the data by default."
    )
    slide: str | None = Field(
        None, description="Distance between the starts of windows; the window's length by default."
    )
    allowed_lateness: str | None = Field(
        None, description="How long a window waits for late events; 0 by default."
    )
    session_gap: str | None = Field(
        None, description="Session windows: a session ends after this long without an event."
    )
    column: str | None = Field(None, description="The numeric column to watch.")
    items: str | None = Field(
        None, description="Column whose distinct and most frequent values are kept per window."
    )
    order: Literal["auto", "arrival", "reversed", "time"] = Field(
        "auto", description="How rows are replayed: as they lie, from last to first, or sorted by time."
    )


class StopParams(Params):
    """Which watch."""

    watch: str | None = Field(
        None, max_length=64, description="Id of the watch; may be left out while there is only one."
    )


class RealtimeAgent(Agent):
    """Replays datasets in the compute process, and watches live streams in the background."""

    _service: WatchService | None = None

    async def start(self) -> None:
        """Takes up the watches where they were left."""
        await self.tasks.start(self._watch)

    def routes(self) -> Sequence[BaseRoute]:
        """Where events are pushed to, and the live pages."""
        return WatchRoutes(self._running, max_body_bytes=self.settings.max_body_bytes).routes()

    @skill("window_statistics")
    async def window_statistics(self, ctx: SkillContext, params: WindowParams) -> SkillResult:
        """Statistics per event-time window, drift and anomaly alerts."""
        dataset = ctx.inputs.dataset("dataset")
        path = await ctx.local(dataset)
        data = await ctx.compute(
            replay_stream,
            path,
            dataset.columns,
            ctx.goal,
            ctx.language,
            window=params.window,
            slide=params.slide,
            allowed_lateness=params.allowed_lateness,
            session_gap=params.session_gap,
            column=params.column,
            items=params.items,
            order=params.order,
        )
        return stream_result(data, ctx.language)

    @skill("watch_stream")
    async def watch_stream(self, ctx: SkillContext, params: WatchParams) -> SkillResult:
        """Begins a watch that goes on until it is stopped; the reply says what it alerts on and where it is seen."""
        known = sorted(load_connections(self.settings.connections_file).entries)
        watch = await self._running().begin(
            spec_of(ctx.goal, ctx.language, params, known, ctx.message_id or ctx.task_id)
        )
        return begun_result(watch, ctx.language, self._page(watch.spec.id))

    @skill("list_watches")
    async def list_watches(self, ctx: SkillContext, _: NoParams) -> SkillResult:
        """Every watch that was not stopped, with its totals."""
        service = self._running()
        return list_result([await service.picture(running) for running in service.all()], ctx.language)

    @skill("stop_watch")
    async def stop_watch(self, ctx: SkillContext, params: StopParams) -> SkillResult:
        """Stops one watch; its totals stay."""
        service = self._running()
        ids = [running.watch.spec.id for running in service.all()]
        watch_id = params.watch or watch_to_stop(ctx.goal, ids)
        if watch_id is None and not ids:
            raise BadInputError(say(ctx.language, en="No watch is running.", ko="실행 중인 감시가 없습니다."))
        if watch_id is None:
            raise BadInputError(
                say(
                    ctx.language,
                    en="Say which watch to stop by its id: {watches}.",
                    ko="멈출 감시의 번호를 알려 주십시오: {watches}.",
                    watches="; ".join(
                        f"{item.watch.spec.id} ({condition_text(item.watch)})" for item in service.all()
                    ),
                )
            )
        await service.stop(watch_id, ctx.language)
        stopped = await service.picture(service.named(watch_id, ctx.language))
        left = [await service.picture(running) for running in service.all()]
        return stopped_result(stopped, left, ctx.language)

    def _page(self, watch_id: str) -> str:
        return f"{self.settings.url_of(self.name)}watches/{watch_id}"

    def _running(self) -> WatchService:
        if self._service is None:
            raise UnavailableError("The watches are not loaded yet; try again in a moment.")
        return self._service

    async def _watch(self, *, task_status: TaskStatus[None]) -> None:
        store = WatchStore(self.path("watches.db"))
        try:
            async with httpx.AsyncClient(trust_env=False) as http, anyio.create_task_group() as tasks:
                alert_manager, own = self.settings.url_of(_ALERT_MANAGER), self.settings.url_of(self.name)
                sender = AlertSender(http, alert_manager, own)
                service = WatchService(store, sender, tasks, self.settings.connections_file)
                await service.start()
                self._service = service
                task_status.started()
                await anyio.sleep_forever()
        finally:
            store.close()
