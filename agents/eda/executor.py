"""Exploratory analysis over A2A: takes a dataset and a question, gives an `eda_report` and what it says."""

from pydantic import Field

from mesh import Agent, Output, Params, SkillContext, SkillResult, say, skill

from .change_service import explain_change
from .cohort_service import analyze_cohorts
from .group_service import compare
from .series_service import analyze_series
from .service import explore

PAGE_FILE = "exploration.html"
COHORT_PAGE_FILE = "cohorts.html"


class ExploreParams(Params):
    """The question itself says what to look at; there is nothing else to set."""


class CompareParams(Params):
    """What to compare, when the question does not name its columns."""

    measure: str | None = Field(
        None, description="The column whose values are compared; found from the question if empty."
    )
    group: str | None = Field(
        None, description="The column that tells the groups apart; found from the question if empty."
    )


class ChangeParams(Params):
    """Whose change to explain, when the question does not name it."""

    measure: str | None = Field(
        None, description="The column whose change is explained; found from the question if empty."
    )


class SeriesParams(Params):
    """The question itself says which series to take apart; there is nothing else to set."""


class CohortParams(Params):
    """Whom to follow through which steps, when the question does not name the columns."""

    person: str | None = Field(
        None,
        description="The column that tells people apart, such as customer_id; found from the question if empty.",
    )
    date: str | None = Field(
        None, description="The column that says when a person was active; found from the question if empty."
    )
    stage: str | None = Field(
        None,
        description="The column of funnel steps, such as stage or event; found from the question if empty.",
    )
    order: list[str] = Field(
        default_factory=list,
        description="The steps of the funnel in their order; found from the data if empty.",
    )


class EdaAgent(Agent):
    """Explores datasets; all computation runs in the compute process."""

    @skill("explore_data")
    async def explore_data(self, ctx: SkillContext, params: ExploreParams) -> SkillResult:
        """Distributions, relations, group differences, breakdowns and the development over time."""
        dataset = ctx.inputs.dataset("dataset")
        path = await ctx.local(dataset)
        page = ctx.workdir / PAGE_FILE
        result: SkillResult = await ctx.compute(explore, path, dataset.columns, ctx.goal, ctx.language, page)
        file = await ctx.save_file(page, name=PAGE_FILE, media_type="text/html")
        title = say(ctx.language, en="Interactive exploration", ko="인터랙티브 탐색 페이지")
        shown = Output(name="exploration_page", type="page", title=title, file=file)
        return result.model_copy(update={"outputs": [*result.outputs, shown]})

    @skill("compare_groups")
    async def compare_groups(self, ctx: SkillContext, params: CompareParams) -> SkillResult:
        """Whether groups differ, by how much, with the test that the data allow."""
        dataset = ctx.inputs.dataset("dataset")
        path = await ctx.local(dataset)
        result: SkillResult = await ctx.compute(
            compare, path, dataset.columns, ctx.goal, params.measure, params.group, ctx.language
        )
        return result

    @skill("explain_change")
    async def explain_change(self, ctx: SkillContext, params: ChangeParams) -> SkillResult:
        """What a change between two periods or two groups is made of."""
        dataset = ctx.inputs.dataset("dataset")
        path = await ctx.local(dataset)
        result: SkillResult = await ctx.compute(
            explain_change, path, dataset.columns, ctx.goal, params.measure, ctx.language
        )
        return result

    @skill("analyze_time_series")
    async def analyze_time_series(self, ctx: SkillContext, params: SeriesParams) -> SkillResult:
        """Trend, seasons, shifts of level and outlying periods of a series."""
        dataset = ctx.inputs.dataset("dataset")
        path = await ctx.local(dataset)
        result: SkillResult = await ctx.compute(analyze_series, path, dataset.columns, ctx.goal, ctx.language)
        return result

    @skill("analyze_cohorts")
    async def analyze_cohorts(self, ctx: SkillContext, params: CohortParams) -> SkillResult:
        """Retention of people by the period they came in, and the funnel of steps they take."""
        dataset = ctx.inputs.dataset("dataset")
        path = await ctx.local(dataset)
        page = ctx.workdir / COHORT_PAGE_FILE
        result: SkillResult = await ctx.compute(
            analyze_cohorts,
            path,
            dataset.columns,
            ctx.goal,
            params.person,
            params.date,
            params.stage,
            params.order,
            ctx.language,
            page,
        )
        file = await ctx.save_file(page, name=COHORT_PAGE_FILE, media_type="text/html")
        title = say(ctx.language, en="Cohorts and funnel", ko="코호트·퍼널 페이지")
        shown = Output(name="cohort_page", type="page", title=title, file=file)
        return result.model_copy(update={"outputs": [*result.outputs, shown]})
