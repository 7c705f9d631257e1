"""Personal data as skills: where a dataset holds it, and the dataset without it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from mesh import DatasetRef, Output, Params, SkillContext, SkillResult, say
from mesh.language import Language
from mesh.results import Column

from .masking import Style
from .personal_request import MaskRequest, request_from

KindName = Literal[
    "email",
    "phone",
    "resident_number",
    "card",
    "passport",
    "driver_licence",
    "ssn",
    "bank_account",
    "iban",
    "ip_address",
    "address",
    "birth_date",
    "name",
]


class MaskParams(Params):
    """What is masked and how; what is not set follows from the question, else everything that is certain is masked."""

    columns: list[str] | None = Field(default=None, description="The columns to mask; all by default.")
    kinds: list[KindName] | None = Field(
        default=None, description="The kinds of personal data to mask; all by default."
    )
    style: Style | None = Field(
        default=None,
        description="partial stars most of a value, label puts its kind in its place, pseudonym a number that is the same "
        "wherever the value occurs.",
    )


async def detect_pii(ctx: SkillContext) -> SkillResult:
    """The `pii_report` of a dataset; values in it are masked."""
    from .personal_story import detection_summary, findings_of, kpis_of, tables_of, warnings_of

    dataset, language = ctx.inputs.dataset("dataset"), ctx.language
    path = await ctx.local(dataset)
    data = await ctx.compute(run_detection, path, dataset.columns, language)
    title = say(language, en="Personal data in {name}", ko="{name}의 개인정보", name=dataset.name)
    return SkillResult(
        summary=detection_summary(data, language),
        outputs=[Output(name="pii_report", type="pii_report", title=title, data=data)],
        findings=findings_of(data, language),
        kpis=kpis_of(data, language),
        tables=tables_of(data, language),
        warnings=warnings_of(data, language) if data["kinds"] else [],
    )


async def mask_pii(ctx: SkillContext, params: MaskParams) -> SkillResult:
    """A new version of the dataset without personal data, also as CSV, and the `masking_report` of what was masked."""
    from .personal_story import findings_of, kpis_of, masking_summary, tables_of, warnings_of

    dataset, language = ctx.inputs.dataset("dataset"), ctx.language
    path, folder = await ctx.local(dataset), ctx.workdir
    request = requested(params, ctx.goal, dataset.columns)
    data, columns = await ctx.compute(run_masking, path, dataset, request, folder, language)
    masked, files = dataset, []
    if data["cells_masked"]:
        stored = await ctx.save_dataset(
            folder / "masked.parquet", name=dataset.name, columns=columns, rows=dataset.rows
        )
        masked = stored.model_copy(update={"version": dataset.version + 1})
        files = [
            await ctx.save_file(
                folder / "masked.csv", name=f"{dataset.name}-masked.csv", media_type="text/csv"
            )
        ]
    title = say(language, en="Masking of {name}", ko="{name} 개인정보 가림 보고서", name=dataset.name)
    return SkillResult(
        summary=masking_summary(data, language),
        outputs=[
            Output(name="dataset", type="dataset", title=masked.name, dataset=masked),
            Output(name="masking_report", type="masking_report", title=title, data=data, files=files),
        ],
        findings=findings_of(data, language),
        kpis=kpis_of(data, language),
        tables=tables_of(data, language),
        warnings=warnings_of(data, language),
    )


def requested(params: MaskParams, goal: str, columns: list[Column]) -> MaskRequest:
    """The request of the question, with what the parameters set in its place."""
    asked = request_from(goal, columns)
    narrowed = params.columns is not None or params.kinds is not None
    return MaskRequest(
        frozenset(params.columns or ()) if narrowed else asked.columns,
        frozenset(params.kinds or ()) if narrowed else asked.kinds,
        params.style or asked.style,
    )


def run_detection(
    path: Path,
    columns: list[Column],
    language: Language,
    progress: Callable[[float, str], None] | None = None,
) -> dict[str, Any]:
    """See `personal_report.inspect_table`."""
    from .personal_report import inspect_table

    return inspect_table(path, columns, language, progress)


def run_masking(
    path: Path,
    dataset: DatasetRef,
    request: MaskRequest,
    folder: Path,
    language: Language,
    progress: Callable[[float, str], None] | None = None,
) -> tuple[dict[str, Any], list[Column]]:
    """See `personal_report.mask_table`; writes masked.parquet and masked.csv into `folder`."""
    from pyarrow import csv, parquet

    from .personal_report import mask_table

    target = folder / "masked.parquet"
    data, columns = mask_table(
        path,
        dataset.columns,
        target,
        request.style,
        language,
        only=request.columns,
        wanted=request.kinds,
        progress=progress,
    )
    csv.write_csv(parquet.read_table(target), folder / "masked.csv")
    return data, columns
