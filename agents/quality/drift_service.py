"""Drift as a skill: between two datasets, or between two periods of one."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field

from mesh import DatasetRef, Output, Params, SkillContext, SkillResult, say
from mesh.errors import BadInputError
from mesh.language import Language
from mesh.results import Column

Side = tuple[Path, Sequence[Column]]


class DriftParams(Params):
    """Which periods to compare when there is one dataset, and how sure to be."""

    periods: list[str] = Field(
        default_factory=list,
        max_length=2,
        description="Two periods of one dataset, such as 2023 and 2024, 2023-06 and 2024-06 or 2023-Q1 and 2024-Q1; by "
        "default the last twelve months and the twelve before, or the two halves of a shorter time.",
    )
    alpha: float = Field(
        default=0.05,
        gt=0,
        lt=1,
        description="Level of significance after correction for the number of tests.",
    )


async def detect_drift(ctx: SkillContext, params: DriftParams) -> SkillResult:
    """The drift report of the first two datasets that were given, or of two periods when there is but one."""
    from .drift_story import findings_of, kpis_of, summary_of, tables_of

    given = _datasets(ctx)
    await ctx.progress(0.05, say(ctx.language, en="Reading the data", ko="데이터를 읽고 있습니다"))
    sides: list[Side] = [(await ctx.local(ref), ref.columns) for ref in given]
    data = await ctx.compute(run_drift, sides, ctx.goal, params.periods, params.alpha, ctx.language)
    if len(given) == 2:
        names = [ref.name for ref in given]
        same = names[0] == names[1]
        data["reference"], data["current"] = (
            f"{name} ({number})" if same else name for number, name in enumerate(names, start=1)
        )
    title = say(
        ctx.language,
        en="Drift from {reference} to {current}",
        ko="{reference} 대비 {current}의 변화",
        reference=data["reference"],
        current=data["current"],
    )
    await ctx.progress(1.0, say(ctx.language, en="Compared", ko="비교를 마쳤습니다"))
    return SkillResult(
        summary=summary_of(data, ctx.language),
        outputs=[Output(name="drift_report", type="drift_report", title=title, data=data)],
        findings=findings_of(data, ctx.language),
        kpis=kpis_of(data, ctx.language),
        tables=tables_of(data, ctx.language),
    )


def _datasets(ctx: SkillContext) -> list[DatasetRef]:
    """One or two different datasets, the reference first.

    Raises: BadInputError when there is none.
    """
    outputs = [*ctx.inputs.outputs("reference"), *ctx.inputs.outputs("dataset")]
    found = {output.dataset.sha256: output.dataset for output in outputs if output.dataset is not None}
    if not found:
        raise BadInputError(
            say(
                ctx.language,
                en="Drift needs data: send two datasets, or one with dates.",
                ko="변화를 보려면 데이터가 필요합니다. 데이터셋 두 개를, 또는 날짜가 있는 데이터셋 하나를 보내 주십시오.",
            )
        )
    return list(found.values())[:2]


def run_drift(
    sides: Sequence[Side],
    question: str,
    periods: Sequence[str],
    alpha: float,
    language: Language,
    progress: Callable[[float, str], None] | None = None,
) -> dict[str, Any]:
    """The drift report of one or two Parquet files as JSON; heavy imports happen here, in the compute process."""
    from .drift_periods import split_by_time
    from .drift_report import drift_between
    from .tables import read_table

    tables = [read_table(path, columns) for path, columns in sides]
    if len(tables) == 2 and not periods:
        return {"mode": "datasets", **drift_between(tables[0], tables[1], language, alpha, progress)}
    split = split_by_time(tables[-1], question, periods, language)
    found = drift_between(split.sides[0], split.sides[1], language, alpha, progress)
    labels = dict(zip(("reference", "current"), (period.label for period in split.periods), strict=True))
    return {"mode": "periods", "by": split.column, "periods_named": split.named, **labels, **found}
