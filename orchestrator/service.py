"""What the orchestrator does for its callers, independent of A2A and HTTP."""

from collections.abc import AsyncIterator
from datetime import datetime

from mesh.analysis import Analysis, AnalyzeOrder, Plan, ProgressEvent
from mesh.errors import InvalidRequestError, NotFoundError
from mesh.language import detect_language
from mesh.results import Model

from .events import EventLog
from .running.analyst import Analyst, links_of
from .running.runner import Runner
from .store import AnalysisRow, Store


class AnalysisPage(Model):
    """Analyses, the newest first. `next_cursor` is None on the last page."""

    items: list[Analysis]
    next_cursor: str | None = None


class AnalysisService:
    """Starts, follows, reads and cancels analyses."""

    def __init__(self, store: Store, events: EventLog, analyst: Analyst, runner: Runner) -> None:
        self._store = store
        self._events = events
        self._analyst = analyst
        self._runner = runner

    async def submit(self, order: AnalyzeOrder) -> bool:
        """Starts an analysis; False when its id is known already."""
        return await self._runner.submit(order)

    async def plan(self, order: AnalyzeOrder) -> Plan:
        """The plan an order would get, without running it."""
        return await self._analyst.plan(order, announce=False)

    async def cancel(self, analysis_id: str) -> None:
        """Cancels a running analysis. Raises: NotFoundError; ConflictError when it has ended."""
        await self._runner.cancel(analysis_id)

    async def get(self, analysis_id: str) -> Analysis:
        """One analysis: the answer, or where it stands. Raises: NotFoundError."""
        return self._view(await self._row(analysis_id))

    async def page(self, limit: int, cursor: str | None, session_id: str | None) -> AnalysisPage:
        """One page of analyses, without the steps' outputs."""
        before = _moment(cursor) if cursor else None
        rows = await self._store.list_analyses(limit + 1, before, session_id)
        more = rows[limit - 1].created_at.isoformat() if len(rows) > limit else None
        return AnalysisPage(items=[_brief(self._view(row)) for row in rows[:limit]], next_cursor=more)

    async def follow(self, analysis_id: str, after: int) -> AsyncIterator[ProgressEvent]:
        """The events of an analysis after a sequence number, to the final one. Raises: NotFoundError."""
        await self._row(analysis_id)
        async for event in self._events.follow(analysis_id, after):
            yield event

    async def _row(self, analysis_id: str) -> AnalysisRow:
        row = await self._store.get_analysis(analysis_id)
        if row is None:
            raise NotFoundError(f"There is no analysis {analysis_id}.")
        return row

    def _view(self, row: AnalysisRow) -> Analysis:
        if row.answer is not None:
            return row.answer
        return Analysis(
            id=row.order.analysis_id,
            status="running" if row.status == "running" else "queued",
            query=row.order.query,
            language=detect_language(row.order.query),
            planner="built-in",
            session_id=row.order.session_id,
            parent_id=row.order.parent_id,
            links=links_of(row.order.analysis_id),
            created_at=row.created_at,
        )


def _moment(cursor: str) -> datetime:
    try:
        return datetime.fromisoformat(cursor)
    except ValueError:
        raise InvalidRequestError(
            f"cursor={cursor!r} is not one that a page gave; leave it out to start anew."
        ) from None


def _brief(analysis: Analysis) -> Analysis:
    return analysis.model_copy(
        update={"steps": [], "charts": [], "model": None, "datasets": [], "plan": None}
    )
