"""Charts and dashboards over A2A: takes a dataset, a question and earlier reports, gives charts as Plotly JSON, HTML and PNG,
or one page of charts that filter one another."""

from pydantic import Field

from mesh import Agent, NoParams, Output, Params, SkillContext, SkillResult, say, skill
from mesh.language import Language
from mesh.results import Finding
from mesh.tabular.spelling import spelling_note

from .dashboard_service import build_dashboard
from .service import Drawing, Order, draw

REPORTS = ("eda_report", "quality_report", "model", "forecast")


class ChartParams(Params):
    """How many charts to draw when the question does not ask for one in particular."""

    max_charts: int = Field(7, ge=1, le=8, description="At most this many charts, the most telling first.")


class VisualizationAgent(Agent):
    """Draws charts; choosing, aggregating and rendering run in the compute process."""

    preload = ("mesh_agents.visualization.recommendation", "mesh_agents.visualization.raster")

    @skill("draw_charts")
    async def draw_charts(self, ctx: SkillContext, params: ChartParams) -> SkillResult:
        """The chart that the question asks for, the earlier one with a change, or those that say most about the data."""
        dataset = ctx.inputs.dataset("dataset")
        earlier = tuple(output.data for output in ctx.inputs.outputs("chart") if output.data is not None)
        reports = {name: data for name in REPORTS if (data := ctx.inputs.data(name)) is not None}
        order = Order(
            path=await ctx.local(dataset),
            columns=dataset.columns,
            goal=ctx.goal,
            language=ctx.language,
            source=dataset.name,
            inputs=reports,
            folder=ctx.workdir,
            limit=params.max_charts,
            earlier=earlier,
        )
        drawings = await ctx.compute(draw, order)
        outputs = [await self._store(ctx, drawing) for drawing in drawings]
        return SkillResult(
            summary=_summary(drawings, ctx.language),
            outputs=outputs,
            findings=_findings(drawings),
            warnings=_warnings(drawings, ctx.language),
        )

    @skill("build_dashboard")
    async def build_dashboard(self, ctx: SkillContext, _params: NoParams) -> SkillResult:
        """One page of headline numbers, charts and a table that filter one another, and a description of what is on it."""
        dataset = ctx.inputs.dataset("dataset")
        report = ctx.inputs.data("eda_report")
        order = Order(
            path=await ctx.local(dataset),
            columns=dataset.columns,
            goal=ctx.goal,
            language=ctx.language,
            source=dataset.name,
            inputs={"eda_report": report} if report is not None else {},
            folder=ctx.workdir,
        )
        built = await ctx.compute(build_dashboard, order)
        file = await ctx.save_file(built.path, name=built.path.name, media_type="text/html")
        page = Output(name="dashboard", type="page", title=built.data["title"], file=file, data=built.data)
        return SkillResult(
            summary=say(
                ctx.language,
                en="Dashboard “{title}”: {kpis} headline numbers, {charts} charts and {filters} filters that work together.",
                ko="대시보드 ‘{title}’: 핵심 지표 {kpis}개, 그래프 {charts}개, 필터 {filters}개가 서로 연동됩니다.",
                title=built.data["title"],
                kpis=len(built.data["kpis"]),
                charts=len(built.data["charts"]),
                filters=len(built.data["filters"]) + (built.data["time"]["grain"] is not None),
            ),
            outputs=[page],
            warnings=built.data["notes"],
        )

    async def _store(self, ctx: SkillContext, drawing: Drawing) -> Output:
        png = await ctx.save_file(drawing.png, name=drawing.png.name, media_type="image/png")
        html = await ctx.save_file(drawing.html, name=drawing.html.name, media_type="text/html")
        return Output(
            name=drawing.name,
            type="chart",
            title=drawing.data["title"],
            description=drawing.data["alt"],
            data=drawing.data,
            files=[png, html],
        )


def _summary(drawings: list[Drawing], language: Language) -> str:
    """What one chart shows and says; of several, what each says."""
    if len(drawings) == 1:
        shown = drawings[0].data
        return f"{shown['subtitle']}: {shown['title']}." if shown.get("subtitle") else f"{shown['title']}."
    titles = "; ".join(drawing.data["title"] for drawing in drawings)
    return say(language, en="Charts: {titles}.", ko="그래프: {titles}.", titles=titles)


def _findings(drawings: list[Drawing]) -> list[Finding]:
    """What the one chart that answers a question states; several show what other skills found."""
    return [drawing.finding for drawing in drawings if drawing.finding is not None and len(drawings) == 1]


def _warnings(drawings: list[Drawing], language: Language) -> list[str]:
    """What the charts warn of, and once for all of them the spellings that were counted together."""
    warnings = [drawing.data["warning"] for drawing in drawings if "warning" in drawing.data]
    respelled: dict[str, int] = {}
    for drawing in drawings:
        respelled |= drawing.data.get("respelled", {})
    return [*warnings, spelling_note(language, respelled)] if respelled else warnings
