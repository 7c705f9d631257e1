"""What an order brings along: the person's file, and what the analyses it follows up on have produced."""

from collections.abc import AsyncIterator

from mesh.analysis import AnalyzeOrder
from mesh.results import FileRef, Output
from orchestrator.store import AnalysisRow, Store

_NOT_HANDED_ON = ("chart", "text", "answer")
_MAX_TURNS = 50


class Earlier:
    """Looks up what an order's steps may take without another step making it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def given(self, order: AnalyzeOrder) -> dict[str, Output]:
        """Everything, by name; the file is called `source`."""
        given = await self.outputs(order)
        source = await self.source(order)
        if source is not None:
            given["source"] = Output(name="source", type="source", file=source)
        return given

    async def source(self, order: AnalyzeOrder) -> FileRef | None:
        """The order's file; without one, and without a dataset made of it so far, the file the conversation is about."""
        if order.source is not None or order.parent_id is None:
            return order.source
        if any(output.dataset is not None for output in (await self.outputs(order)).values()):
            return None
        async for earlier in self._conversation(order):
            if earlier.order.source is not None:
                return earlier.order.source
        return None

    async def outputs(self, order: AnalyzeOrder) -> dict[str, Output]:
        """What the analyses before this one have produced of the same file, by name; the latest of each name."""
        found: dict[str, Output] = {}
        async for earlier in self._conversation(order):
            for step in earlier.answer.steps if earlier.answer else []:
                for output in step.outputs:
                    if output.type not in _NOT_HANDED_ON:
                        found.setdefault(output.name, output)
        return found

    async def _conversation(self, order: AnalyzeOrder) -> AsyncIterator[AnalysisRow]:
        """The analysis this one follows up on, the one before that, and so on while they are about the same file."""
        source, parent_id = order.source, order.parent_id
        for _ in range(_MAX_TURNS):
            earlier = await self._store.get_analysis(parent_id) if parent_id else None
            if earlier is None:
                return
            theirs = earlier.order.source
            if source is not None and theirs is not None and source.uri != theirs.uri:
                return
            yield earlier
            source, parent_id = source or theirs, earlier.order.parent_id
