"""The ingestion agent: a file, an object in storage or an address on the web becomes a dataset."""

import re
from pathlib import Path, PurePosixPath

import anyio.to_thread
from pydantic import Field

from mesh import Agent, FileRef, Output, Params, SkillContext, SkillResult, say, skill
from mesh.filesets import FILE_SET_SCHEME, file_set_name, find_files, means_several
from mesh.results import Model
from mesh.selection import CONNECTION_SCHEME, selection_at

from .connectors.landing import Landed
from .connectors.reading import ConnectionReader, is_database
from .contract import LoadedTable, NamedFile, Options
from .job import run_load
from .refusal import SourceRefused
from .relating_service import CombineParams, JoinParams, combine_datasets, propose_joins


class LoadParams(Params):
    """How to read the source where finding out by itself is not wanted."""

    name: str | None = Field(
        default=None, max_length=200, description="Name of the dataset; the file's name by default."
    )
    sheet: str | int | None = Field(
        default=None, description="Sheet of a workbook: its name, or its position from 1."
    )
    delimiter: str | None = Field(
        default=None, min_length=1, max_length=1, description="Delimiter of a text file; detected by default."
    )
    encoding: str | None = Field(
        default=None, description="Encoding of a text file such as utf-8 or cp949; detected by default."
    )
    header: bool | None = Field(
        default=None, description="Whether the first row names the columns; detected by default."
    )
    member: str | None = Field(
        default=None, description="File to read from a zip archive that holds several."
    )
    table: str | int | None = Field(
        default=None,
        description="Table of a database, or of a file that holds several, to load: its name or title; in a file also its "
        "position from 1. By default the largest of a file.",
    )


class ConnectionParams(Params):
    """Which connection."""

    connection: str = Field(min_length=1, max_length=64, description="The connection's name.")


class Reached(Model):
    """A place that answered: its address without secrets, and the tables, collections or keys that are there."""

    connection: str
    kind: str
    place: str
    contents: list[str]


class IngestionAgent(Agent):
    """Loads data and accounts for every row of it."""

    preload = ("mesh_agents.ingestion.loading", "mesh_agents.ingestion.connectors.tables")

    @skill("load_dataset")
    async def load_dataset(self, ctx: SkillContext, params: LoadParams) -> SkillResult:
        """The source as a typed dataset, with the load report."""
        source = ctx.inputs.file("source")
        landed = await self._landed(ctx, source, None if params.table is None else str(params.table))
        name = landed.name
        options = Options(
            params.sheet,
            params.delimiter,
            params.encoding,
            params.header,
            params.member,
            None if landed.origin else params.table,
        )
        target = ctx.workdir / "dataset.parquet"
        files = [NamedFile(path, known_as) for path, known_as in landed.files]
        loaded = await ctx.compute(run_load, files, name, target, ctx.workdir, options, ctx.language)
        await ctx.progress(
            0.95, say(ctx.language, en="Storing the dataset", ko="데이터셋을 저장하고 있습니다")
        )
        dataset = await ctx.save_dataset(
            target, name=params.name or _stem(name), columns=loaded.columns, rows=loaded.rows
        )
        await ctx.progress(
            1.0, say(ctx.language, en="Loaded {name}", ko="{name}(을/를) 불러왔습니다", name=name)
        )
        report = {**loaded.report, "source": {**loaded.report["source"], **landed.origin}}
        outputs = [
            Output(name="dataset", type="dataset", title=dataset.name, dataset=dataset),
            Output(
                name="load_report",
                type="load_report",
                title=say(ctx.language, en="Load report of {name}", ko="{name} 적재 보고서", name=name),
                data=report,
                files=await _emptied(loaded.emptied, dataset.name, ctx),
            ),
            *[await _stored(table, position, ctx) for position, table in enumerate(loaded.further, start=2)],
        ]
        return _result(report, landed.origin, outputs, ctx)

    @skill("test_connection", reply="message")
    async def test_connection(self, ctx: SkillContext, params: ConnectionParams) -> Reached:
        """What a named connection leads to, seen by connecting."""
        connection, contents = await ConnectionReader(ctx, self.settings).look(params.connection)
        return Reached(
            connection=connection.name, kind=connection.kind, place=connection.place, contents=contents
        )

    @skill("propose_joins")
    async def propose_joins(self, ctx: SkillContext, params: JoinParams) -> SkillResult:
        """The keys by which several datasets can be joined."""
        return await propose_joins(ctx, params)

    @skill("combine_datasets")
    async def combine_datasets(self, ctx: SkillContext, params: CombineParams) -> SkillResult:
        """Several datasets as one."""
        return await combine_datasets(ctx, params)

    async def _landed(self, ctx: SkillContext, source: FileRef, table: str | None) -> Landed:
        """The source as a readable file: fetched, read from a connection or a database, or where it lies."""
        reader = ConnectionReader(ctx, self.settings)
        if source.uri.startswith(CONNECTION_SCHEME):
            selection = selection_at(source.uri)
            return await reader.read(selection.with_table(table))
        if source.uri.startswith(FILE_SET_SCHEME):
            name = file_set_name(source.uri)
            found = await anyio.to_thread.run_sync(find_files, self.settings.data_dirs, name)
            parts = tuple((path, file) for file, path in found.items())
            return Landed(parts[0][0], name, parts=parts)
        if source.uri.startswith(("http://", "https://")):
            landed = await self._fetched(ctx, source)
        else:
            landed = Landed(await ctx.local(source), source.name)
        if is_database(landed.path):
            return await reader.read_file(landed.path, landed.name, table)
        return landed

    async def _fetched(self, ctx: SkillContext, source: FileRef) -> Landed:
        """The file at an address on the web, and the name that its server gives it."""
        from .fetching import Limits, fetch

        async def progress(fraction: float) -> None:
            message = say(
                ctx.language, en="Fetching {name}", ko="{name}(을/를) 내려받고 있습니다", name=source.name
            )
            await ctx.progress(fraction * 0.05, message)

        limits = Limits(
            deadline_s=self.settings.step_timeout_s,
            size_bytes=self.settings.max_upload_bytes,
            allow_hosts=self.settings.source_allow_hosts,
        )
        try:
            fetched = await fetch(source.uri, ctx.workdir, limits, progress)
        except SourceRefused as error:
            raise error.spoken(ctx.language) from None
        return Landed(fetched.path, fetched.name)


async def _emptied(cells: Path | None, name: str, ctx: SkillContext) -> list[FileRef]:
    """The cells that held a text and are empty in the dataset, in storage; [] without any."""
    if cells is None:
        return []
    media_type = "application/vnd.apache.parquet"
    return [await ctx.save_file(cells, name=f"{name}-emptied.parquet", media_type=media_type)]


async def _stored(table: LoadedTable, position: int, ctx: SkillContext) -> Output:
    """A further table of the source, in storage."""
    dataset = await ctx.save_dataset(table.path, name=table.name, columns=table.columns, rows=table.rows)
    return Output(name=f"table_{position}", type="table", title=table.name, dataset=dataset)


def _result(
    report: dict[str, object], origin: dict[str, object], outputs: list[Output], ctx: SkillContext
) -> SkillResult:
    from .connectors.telling import origin_findings, origin_warnings
    from .narrative import findings_of, kpis_of, summary_of, tables_of, warnings_of

    return SkillResult(
        summary=summary_of(report, ctx.language),
        outputs=outputs,
        findings=[*findings_of(report, ctx.language), *origin_findings(origin, ctx.language)],
        kpis=kpis_of(report, ctx.language),
        tables=tables_of(report, ctx.language),
        warnings=[*origin_warnings(origin, ctx.language), *warnings_of(report, ctx.language)],
    )


def _stem(name: str) -> str:
    """The file's name without its suffixes: `sales.csv.gz` is `sales`."""
    if means_several(name):
        return re.sub(r"[^\w-]+", " ", name.rpartition("/")[0] or name).strip() or "dataset"
    stem = PurePosixPath(name).name
    while (
        PurePosixPath(stem).suffix
        and len(PurePosixPath(stem).suffix) <= 8
        and not PurePosixPath(stem).suffix[1:].isdigit()
    ):
        stem = PurePosixPath(stem).stem
    return stem or "dataset"
