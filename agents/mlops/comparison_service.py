"""The skill `compare_models`: versions side by side, or a new model beside the champion, with a page."""

from pydantic import Field

from mesh import Output, Params, SkillContext, SkillResult, say

from .jobs import compare_versions
from .registrar import TIMEOUT_S, Registrar, result_of
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
    told = await ctx.compute(compare_versions, registrar.store, wish, newcomer, desk, timeout_s=TIMEOUT_S)
    name = told.data["name"]
    title = say(ctx.language, en="Comparison of {name}", ko="{name} 모델 비교", name=name)
    outputs = [Output(name="model_comparison", type="model_comparison", title=title, data=told.data)]
    if told.page is not None:
        page = await ctx.save_file(told.page, name=f"{name}-comparison.html", media_type="text/html")
        outputs.append(Output(name="comparison_page", type="page", title=title, file=page))
    return result_of(told, *outputs)
