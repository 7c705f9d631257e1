"""A data hub as small as the gateway needs it, on the real kernel."""

from typing import Any

from mesh import Agent, Params, SkillContext, skill


class _LineageOf(Params):
    analysis_id: str


class HubDouble(Agent):
    """Knows one edge of every analysis."""

    @skill("get_lineage", reply="message")
    async def get_lineage(self, ctx: SkillContext, params: _LineageOf) -> dict[str, Any]:
        return {
            "nodes": [{"id": "a"}, {"id": "b"}],
            "edges": [{"from": "a", "to": "b", "analysis": params.analysis_id}],
        }
