"""Free text as a skill: what people wrote in a column, in figures and in their own words."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field

from mesh import Output, Params, SkillContext, SkillResult, say
from mesh.language import Language
from mesh.results import Column

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
    from .text_story import findings_of, kpis_of, summary_of, tables_of, warnings_of

    dataset, language = ctx.inputs.dataset("dataset"), ctx.language
    path, page = await ctx.local(dataset), ctx.workdir / "texts.html"
    aspects = tuple(params.aspects or aspects_of(ctx.goal))
    data = await ctx.compute(
        run_report, path, dataset.columns, ctx.goal, language, aspects, params.column, dataset.name, page
    )
    findings = findings_of(data, language)
    file = await ctx.save_file(page, name=f"{dataset.name}-texts.html", media_type="text/html")
    title = say(language, en="Texts of {name}", ko="{name}의 글", name=f"{dataset.name}.{data['column']}")
    return SkillResult(
        summary=summary_of(data, findings),
        outputs=[
            Output(name="text_report", type="text_report", title=title, data=data),
            Output(name="text_page", type="page", title=title, file=file),
        ],
        findings=findings,
        kpis=kpis_of(data, language),
        tables=tables_of(data, language),
        warnings=warnings_of(data, language),
    )


def run_report(
    path: Path,
    columns: Sequence[Column],
    goal: str,
    language: Language,
    aspects: Sequence[Aspect],
    column: str | None,
    name: str,
    page: Path,
    progress: Callable[[float, str], None] | None = None,
) -> dict[str, Any]:
    """See `text_report.read_report`; also writes the page to `page`."""
    from .text_page import write_page
    from .text_report import read_report

    data = read_report(path, columns, goal, language, aspects, column, progress)
    write_page(data, name, language, page)
    return data
