"""What an order brings along: the person's file, and what the analysis it follows up on has produced."""

from mesh.analysis import AnalyzeOrder
from mesh.results import Output
from orchestrator.store import Store

_NOT_HANDED_ON = ("chart", "text", "answer")


class Earlier:
    """Looks up what an order's steps may take without another step making it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def given(self, order: AnalyzeOrder) -> dict[str, Output]:
        """Everything, by name; the file is called `source`."""
        given = await self.outputs(order)
        if order.source is not None:
            given["source"] = Output(name="source", type="source", file=order.source)
        return given

    async def outputs(self, order: AnalyzeOrder) -> dict[str, Output]:
        """What the analysis this one follows up on has produced, by name."""
        if order.parent_id is None:
            return {}
        parent = await self._store.get_analysis(order.parent_id)
        if parent is None or parent.answer is None:
            return {}
        if (
            order.source is not None
            and parent.order.source is not None
            and order.source.uri != parent.order.source.uri
        ):
            return {}
        found: dict[str, Output] = {}
        for step in parent.answer.steps:
            for output in step.outputs:
                if output.type not in _NOT_HANDED_ON:
                    found.setdefault(output.name, output)
        return found
