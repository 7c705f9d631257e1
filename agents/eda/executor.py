"""Exploratory analysis over A2A: takes a dataset and a question, gives an `eda_report` and what it says."""

from mesh import Agent, Params, SkillContext, SkillResult, skill

from .service import explore


class ExploreParams(Params):
    """The question itself says what to look at; there is nothing else to set."""


class EdaAgent(Agent):
    """Explores datasets; all computation runs in the compute process."""

    @skill("explore_data")
    async def explore_data(self, ctx: SkillContext, params: ExploreParams) -> SkillResult:
        """Distributions, relations, group differences, breakdowns and the development over time."""
        dataset = ctx.inputs.dataset("dataset")
        path = await ctx.local(dataset)
        result: SkillResult = await ctx.compute(explore, path, dataset.columns, ctx.goal, ctx.language)
        return result
