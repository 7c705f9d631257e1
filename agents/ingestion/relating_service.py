"""The skills that relate datasets to each other: what they take from the call, and the result they make of it."""

from pydantic import Field

from mesh import NeedsInputError, Output, Params, SkillContext, SkillResult, say

from .relating import MIN_MATCH, How, Sheet, Wish
from .relating_job import run_combine, run_propose
from .relating_wording import (
    combination_findings,
    combination_kpis,
    combination_summary,
    combination_warnings,
    joins_table,
    orphans_table,
    proposals_findings,
    proposals_summary,
)

_MAX_TABLE_NAME = 200


class JoinParams(Params):
    """Which keys to look at."""

    on: list[str] = Field(
        default_factory=list,
        max_length=5,
        description="Key columns to examine in any case, each as name or left=right; found by default.",
    )


class CombineParams(JoinParams):
    """How to combine where finding out is not wanted."""

    on: list[str] = Field(
        default_factory=list,
        max_length=5,
        description="Key columns to join by, each as name or left=right; the safest by default.",
    )
    how: How = Field(
        default="auto",
        description="join side by side, stack tables of one schema, or auto: stack where the columns are the same.",
    )
    min_match: float = Field(
        default=MIN_MATCH,
        ge=0,
        le=1,
        description="Share of the rows that must find a partner before tables are joined without being told the key.",
    )


async def propose_joins(ctx: SkillContext, params: JoinParams) -> SkillResult:
    """The keys by which the datasets can be joined, surest first."""
    sheets = await _sheets(ctx)
    await ctx.progress(0.1, say(ctx.language, en="Comparing keys", ko="키를 비교하고 있습니다"))
    report = await ctx.compute(run_propose, sheets, ctx.workdir, tuple(params.on), ctx.language)
    title = say(ctx.language, en="Join keys", ko="조인 키 제안")
    proposals = report["proposals"]
    return SkillResult(
        summary=proposals_summary(report, ctx.language),
        outputs=[Output(name="join_proposals", type="join_proposals", title=title, data=report)],
        findings=proposals_findings(report, ctx.language),
        tables=[joins_table(proposals, ctx.language), *orphans_table(proposals, ctx.language)]
        if proposals
        else [],
    )


async def combine_datasets(ctx: SkillContext, params: CombineParams) -> SkillResult:
    """The datasets as one, with the report of how it came about."""
    sheets = await _sheets(ctx)
    wish = Wish(tuple(params.on), params.how, params.min_match, ctx.goal)
    target = ctx.workdir / "combined.parquet"
    made = await ctx.compute(run_combine, sheets, target, ctx.workdir, wish, ctx.language)
    dataset = await ctx.save_dataset(
        target, name=made.name[:_MAX_TABLE_NAME], columns=made.columns, rows=made.rows
    )
    title = say(ctx.language, en="How the tables were combined", ko="표를 합친 방법")
    joins = made.report["joins"]
    return SkillResult(
        summary=combination_summary(made.report, ctx.language),
        outputs=[
            Output(name="dataset", type="dataset", title=dataset.name, dataset=dataset),
            Output(name="combination_report", type="combination_report", title=title, data=made.report),
        ],
        findings=combination_findings(made.report, ctx.language),
        kpis=combination_kpis(made.report, ctx.language),
        tables=[joins_table(joins, ctx.language), *orphans_table(joins, ctx.language)] if joins else [],
        warnings=list(combination_warnings(made.report, ctx.language)),
    )


async def _sheets(ctx: SkillContext) -> list[Sheet]:
    """The datasets of the call as local tables under distinct names. Raises: NeedsInputError when they are fewer than two."""
    refs = [output.dataset for output in ctx.inputs.outputs("dataset") if output.dataset is not None]
    if len(refs) < 2:
        raise NeedsInputError(
            say(
                ctx.language,
                en="Relating tables takes two or more. Send the other files together with this one.",
                ko="표를 결합하려면 둘 이상이 필요합니다. 다른 파일도 함께 보내 주십시오.",
            )
        )
    seen: dict[str, int] = {}
    sheets = []
    for ref in refs:
        seen[ref.name] = seen.get(ref.name, 0) + 1
        name = ref.name if seen[ref.name] == 1 else f"{ref.name}-{seen[ref.name]}"
        sheets.append(Sheet(name, await ctx.local(ref), ref.columns, ref.rows))
    return sheets
