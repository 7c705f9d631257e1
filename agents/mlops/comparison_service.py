"""The skill `compare_models`: versions side by side, or a new model beside the champion, with a page."""

from pydantic import Field

from mesh import Output, Params, SkillContext, SkillResult, say

from .comparison_report import comparison_data
from .comparison_story import comparison_findings, comparison_kpis, metric_table, segment_table, setting_table
from .gate_story import gate_table
from .jobs import Contest, compare_versions
from .registrar import TIMEOUT_S, Registrar
from .request import Wish


class CompareParams(Params):
    """What to compare. What is not given is read from the question."""

    name: str | None = Field(None, description="Registered name; may be left out when there is only one.")
    versions: list[int] = Field(
        default_factory=list,
        max_length=8,
        description="Versions, the one to beat first; the champion and the newest other when there are none.",
    )
    margin: float | None = Field(
        None, ge=0, description="By how much more than this the metric must be better, in its own units."
    )


async def compare_models(ctx: SkillContext, params: CompareParams, registrar: Registrar) -> SkillResult:
    """Which version is better, where and by how much, and which to take."""
    newcomer = await registrar.trained(ctx)
    desk = await registrar.desk(ctx, rows=True)
    wish = Wish(ctx.goal, params.name, tuple(map(str, params.versions)), margin=params.margin)
    made = await ctx.compute(compare_versions, registrar.store, wish, newcomer, desk, timeout_s=TIMEOUT_S)
    return await _result(ctx, made)


async def _result(ctx: SkillContext, made: Contest) -> SkillResult:
    language, pairs = ctx.language, [(c.comparison, c.decision) for c in made.compared]
    page = await ctx.save_file(made.page, name=f"{made.name}-comparison.html", media_type="text/html")
    title = say(language, en="Comparison of {name}", ko="{name} 모델 비교", name=made.name)
    findings = [found for pair in pairs for found in comparison_findings(language, *pair)]
    tables = []
    for comparison, decision in pairs:
        tables += [metric_table(language, comparison), gate_table(language, decision)]
        tables += [segment_table(language, comparison)] if comparison.segments else []
        tables.append(setting_table(language, comparison))
    return SkillResult(
        summary=" ".join(found.text for found in findings[:2]),
        outputs=[
            Output(
                name="model_comparison",
                type="model_comparison",
                title=title,
                data={"name": made.name, "comparisons": [comparison_data(*pair) for pair in pairs]},
            ),
            Output(name="comparison_page", type="page", title=title, file=page),
        ],
        findings=findings,
        kpis=comparison_kpis(language, pairs[0][0]),
        tables=tables,
        warnings=list(dict.fromkeys(note for item in made.compared for note in item.notes)),
    )
