"""The quality agent: what is wrong with a dataset, with evidence; the dataset itself is never changed."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field

from mesh import Agent, DatasetRef, NoParams, Output, Params, SkillContext, SkillResult, say, skill

from . import cleaning_service, constraints_service, drift_service
from .cleaning_service import CleaningParams
from .constraints_service import ValidationParams
from .drift_service import DriftParams
from .job import run_assessment, run_page

if TYPE_CHECKING:
    from .assessment import Exported


class QualityParams(Params):
    """How much evidence to give, and the day that future dates are measured by."""

    max_examples: int = Field(default=5, ge=1, le=50, description="Examples per issue.")
    today: dt.date | None = Field(
        default=None, description="Dates after this day are in the future; the current day by default."
    )
    target: str | None = Field(
        default=None, description="The column to predict: columns that give it away are reported as leakage."
    )


class QualityAgent(Agent):
    """Checks data and says how far it can be trusted."""

    preload = ("mesh_agents.quality.assessment",)

    @skill("assess_quality")
    async def assess_quality(self, ctx: SkillContext, params: QualityParams) -> SkillResult:
        """Profile, issues by importance, and a score with its formula."""
        from .narrative import findings_of, kpis_of, summary_of, tables_of

        dataset = ctx.inputs.dataset("dataset")
        await ctx.progress(
            0.02, say(ctx.language, en="Reading {name}", ko="{name}(을/를) 읽고 있습니다", name=dataset.name)
        )
        path = await ctx.local(dataset)
        today = params.today or dt.datetime.now(dt.UTC).date()
        found = await ctx.compute(
            run_assessment,
            ctx.workdir,
            path,
            dataset.columns,
            ctx.language,
            params.max_examples,
            today,
            params.target,
            await self._emptied(ctx, dataset),
        )
        data = found.data
        await ctx.progress(1.0, say(ctx.language, en="Quality assessed", ko="품질 점검을 마쳤습니다"))
        output = Output(
            name="quality_report",
            type="quality_report",
            title=say(ctx.language, en="Quality of {name}", ko="{name} 데이터 품질", name=dataset.name),
            data=data,
        )
        return SkillResult(
            summary=summary_of(data, ctx.language),
            outputs=[output, *await self._files(ctx, dataset.name, found)],
            findings=findings_of(data, ctx.language),
            kpis=kpis_of(data, ctx.language),
            tables=tables_of(data, ctx.language),
            warnings=data["bounds"],
        )

    async def _emptied(self, ctx: SkillContext, dataset: DatasetRef) -> Path | None:
        """The file of the cells that loading emptied, where the load of this very dataset left one."""
        loaded = ctx.inputs.output("load_report")
        if loaded is None or loaded.data is None or not loaded.files:
            return None
        names = [column["name"] for column in loaded.data["columns"]]
        if (names, loaded.data["rows"]["loaded"]) != ([c.name for c in dataset.columns], dataset.rows):
            return None
        return await ctx.local(loaded.files[0])

    async def _files(self, ctx: SkillContext, name: str, found: "Exported") -> list[Output]:
        """The report as a page, every wrong cell as a file, and the outliers as a set of rows; these only when there are any."""
        outputs = [await self._page(ctx, name, found.data)]
        if found.data["cell_errors"]["count"]:
            file = await ctx.save_file(
                found.cell_errors,
                name=f"{name}-cell-errors.parquet",
                media_type="application/vnd.apache.parquet",
            )
            outputs.append(
                Output(
                    name="cell_errors",
                    type="cell_errors",
                    title=say(ctx.language, en="Wrong cells of {name}", ko="{name}의 잘못된 셀", name=name),
                    file=file,
                    data=found.data["cell_errors"],
                )
            )
        rows = found.outlier_rows
        if rows is not None:
            dataset = await ctx.save_dataset(
                rows.path, name=f"{name}-outliers", columns=rows.columns, rows=rows.rows
            )
            title = say(ctx.language, en="Outlier rows of {name}", ko="{name}의 이상치 행", name=name)
            outputs.append(Output(name="outlier_rows", type="row_set", title=title, dataset=dataset))
        return outputs

    async def _page(self, ctx: SkillContext, name: str, data: dict[str, Any]) -> Output:
        """The report as an HTML page of its own."""
        path = ctx.workdir / "quality.html"
        await ctx.compute(run_page, data, name, ctx.language, path)
        file = await ctx.save_file(path, name=f"{name}-quality.html", media_type="text/html")
        title = say(ctx.language, en="Quality report of {name}", ko="{name} 품질 보고서", name=name)
        return Output(name="quality_page", type="page", title=title, file=file)

    @skill("clean_data")
    async def clean_data(self, ctx: SkillContext, params: CleaningParams) -> SkillResult:
        """A new version of a dataset, and a report of every change."""
        return await cleaning_service.clean_data(ctx, params)

    @skill("detect_drift")
    async def detect_drift(self, ctx: SkillContext, params: DriftParams) -> SkillResult:
        """What changed between two datasets, or two periods of one."""
        return await drift_service.detect_drift(ctx, params)

    @skill("suggest_constraints")
    async def suggest_constraints(self, ctx: SkillContext, params: NoParams) -> SkillResult:
        """What a dataset keeps to, as rules for the next one."""
        return await constraints_service.suggest_constraints(ctx, params)

    @skill("validate_data")
    async def validate_data(self, ctx: SkillContext, params: ValidationParams) -> SkillResult:
        """Whether a dataset keeps given rules."""
        return await constraints_service.validate_data(ctx, params)
