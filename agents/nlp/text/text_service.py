"""Free text as a skill: what people wrote in a column, in figures and in their own words."""

from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import Field

from mesh import DatasetRef, Output, Params, SkillContext, SkillResult, say
from mesh.language import Language

from .text_request import Aspect, aspects_of


class TextParams(Params):
    """Which texts are read and what is told of them; what is not set follows from the question."""

    column: str | None = Field(
        default=None,
        description="The column of text; by default the one that the question names, else that with the longest texts.",
    )
    aspects: list[Aspect] | None = Field(
        default=None,
        min_length=1,
        description="What to tell: sentiment (also by group and over time), topics, keywords, summary (quotes), "
        "similar (repeated texts), patterns (links, dates, sums of money, codes). All by default.",
    )


async def analyze_text(ctx: SkillContext, params: TextParams) -> SkillResult:
    """The `text_report` of a column of texts, and the report as a page."""
    dataset, page = ctx.inputs.dataset("dataset"), ctx.workdir / "texts.html"
    path = await ctx.local(dataset)
    aspects = tuple(params.aspects or aspects_of(ctx.goal))
    result: SkillResult = await ctx.compute(
        run_report, path, dataset, ctx.goal, ctx.language, aspects, params.column, page
    )
    file = await ctx.save_file(page, name=f"{dataset.name}-texts.html", media_type="text/html")
    shown = Output(name="text_page", type="page", title=result.outputs[0].title, file=file)
    return result.model_copy(update={"outputs": [*result.outputs, shown]})


def run_report(
    path: Path,
    dataset: DatasetRef,
    goal: str,
    language: Language,
    aspects: Sequence[Aspect],
    column: str | None,
    page: Path,
    progress: Callable[[float, str], None] | None = None,
) -> SkillResult:
    """What `text_report.read_report` finds, told; also writes the page to `page`."""
    from .text_page import write_page
    from .text_report import read_report
    from .text_story import findings_of, kpis_of, summary_of, warnings_of
    from .text_tables import result_tables

    data = read_report(path, dataset.columns, goal, language, aspects, column, progress)
    write_page(data, dataset.name, language, page)
    findings = findings_of(data, language)
    title = say(language, en="Texts of {name}", ko="{name}의 글", name=f"{dataset.name}.{data['column']}")
    return SkillResult(
        summary=summary_of(data, findings),
        outputs=[Output(name="text_report", type="text_report", title=title, data=data)],
        findings=findings,
        kpis=kpis_of(data, language),
        tables=result_tables(data, language),
        warnings=warnings_of(data, language),
    )
