"""Cleaning as a skill: a new version of a dataset, and a report of everything that was done to it and why."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from mesh import DatasetRef, FileRef, Output, Params, SkillContext, SkillResult, say
from mesh.language import Language
from mesh.results import Column

from .cleaning_request import Duplicates, Missing, OutlierTreatment, Request, request_from, wants_preview


class CleaningParams(Params):
    """What to clean and how; what is not set follows from the question, else from what is safe."""

    kinds: list[str] | None = Field(
        default=None,
        description="Kinds of cell errors to repair, such as string_variants, possible_typo, dependency_violation, "
        "format_deviation or disguised_missing; by default every repair that is sure enough.",
    )
    min_confidence: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="How sure a repair must be; 0.85, or 0.5 for what was asked for by name.",
    )
    missing: Missing | None = Field(
        default=None, description="What to do with missing values; left as they are unless asked for."
    )
    outliers: OutlierTreatment | None = Field(
        default=None, description="What to do with outliers; left as they are unless asked for."
    )
    duplicates: Duplicates | None = Field(
        default=None,
        description="Which repeated rows to remove; exact ones by default, near ones on request.",
    )
    preview: bool = Field(default=False, description="Only the plan: the dataset is passed on unchanged.")
    today: dt.date | None = Field(
        default=None, description="Dates after this day are in the future; the current day by default."
    )


@dataclass(frozen=True)
class Done:
    """What the compute process hands back: the report, and the cleaned table's columns and rows when it changed."""

    data: dict[str, Any]
    columns: list[Column]
    rows: int
    scripted: bool


async def clean_data(ctx: SkillContext, params: CleaningParams) -> SkillResult:
    """The cleaned dataset and the report with its files; the dataset as it was in a preview and when nothing was changed."""
    from .cleaning_story import findings_of, kpis_of, summary_of, tables_of, warnings_of

    dataset, language = ctx.inputs.dataset("dataset"), ctx.language
    await ctx.progress(
        0.02, say(language, en="Reading {name}", ko="{name}(을/를) 읽고 있습니다", name=dataset.name)
    )
    path, folder = await ctx.local(dataset), ctx.workdir
    request = requested(params, ctx.goal)
    today = params.today or dt.datetime.now(dt.UTC).date()
    done = await ctx.compute(run_cleaning, path, dataset, request, folder, today, language)
    preview = params.preview or wants_preview(ctx.goal)
    data = {**done.data, "preview": preview}
    cleaned = dataset
    if data["changes"] and not preview:
        stored = await ctx.save_dataset(
            folder / "cleaned.parquet", name=dataset.name, columns=done.columns, rows=done.rows
        )
        cleaned = stored.model_copy(update={"version": dataset.version + 1})
    files = await _files(ctx, dataset, done, preview=preview) if data["changes"] else []
    await ctx.progress(1.0, say(language, en="Cleaned", ko="정제를 마쳤습니다"))
    title = say(language, en="Cleaning of {name}", ko="{name} 정제 보고서", name=dataset.name)
    return SkillResult(
        summary=summary_of(data, language),
        outputs=[
            Output(name="dataset", type="dataset", title=cleaned.name, dataset=cleaned),
            Output(name="cleaning_report", type="cleaning_report", title=title, data=data, files=files),
        ],
        findings=findings_of(data, language),
        kpis=kpis_of(data, language),
        tables=tables_of(data, language),
        warnings=warnings_of(data, language) if not preview else [],
    )


def requested(params: CleaningParams, question: str) -> Request:
    """The request of the question, with what the parameters set in its place."""
    asked = request_from(question)
    kinds = frozenset(params.kinds) if params.kinds is not None else asked.kinds
    floor = params.min_confidence if params.min_confidence is not None else asked.min_confidence
    return Request(
        kinds,
        floor,
        params.missing or asked.missing,
        params.outliers or asked.outliers,
        params.duplicates or asked.duplicates,
        asked.repeats_named or params.duplicates is not None,
    )


async def _files(ctx: SkillContext, dataset: DatasetRef, done: Done, *, preview: bool) -> list[FileRef]:
    """The list of changes, the program, and the cleaned table for download."""
    parquet = "application/vnd.apache.parquet"
    wanted = [("changes.parquet", "changes.parquet", parquet), ("changes.csv", "changes.csv", "text/csv")]
    if done.scripted:
        wanted.append(("clean.py", "clean.py", "text/x-python"))
    if not preview:
        wanted += [
            ("cleaned.csv", "cleaned.csv", "text/csv"),
            ("cleaned.parquet", "cleaned.parquet", parquet),
        ]
    return [
        await ctx.save_file(ctx.workdir / file, name=f"{dataset.name}-{name}", media_type=kind)
        for file, name, kind in wanted
    ]


def run_cleaning(
    path: Path,
    dataset: DatasetRef,
    request: Request,
    folder: Path,
    today: dt.date,
    language: Language,
    progress: Callable[[float, str], None] | None = None,
) -> Done:
    """Cleans a Parquet file; writes cleaned.parquet, cleaned.csv, changes.parquet, changes.csv and clean.py into `folder`.

    Raises: BadInputError when the dataset has no rows or no columns.
    """
    from mesh.errors import BadInputError

    from .cleaning_plan import clean
    from .cleaning_report import report_of, write_changes, write_cleaned
    from .cleaning_script import script_of
    from .detection import silent
    from .tables import read_table

    table = read_table(path, dataset.columns)
    if not table.rows or not table.series:
        raise BadInputError(
            say(
                language,
                en="The dataset has no rows or no columns, so there is nothing to clean. Load one that has.",
                ko="데이터셋에 행이나 열이 없어 정제할 것이 없습니다. 행과 열이 있는 데이터를 불러와 주십시오.",
            )
        )
    cleaned = clean(table, request, language, today, progress or silent)
    data = report_of(cleaned, request, language)
    script = script_of(dataset.name, cleaned.draft.log, f"{dataset.name}-clean.py")
    columns: Sequence[Column] = dataset.columns
    if cleaned.draft.log:
        write_changes(cleaned.draft.log, folder / "changes.parquet", folder / "changes.csv")
        columns = write_cleaned(cleaned, path, folder / "cleaned.parquet", folder / "cleaned.csv")
        if script is not None:
            (folder / "clean.py").write_text(script, encoding="utf-8")
    return Done(data, list(columns), cleaned.draft.table.rows, script is not None)
