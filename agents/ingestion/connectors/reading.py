"""From a reference to data behind a connection, or to a database file, to a local file that can be loaded."""

from pathlib import Path

from mesh.connections import Connection, load_connections
from mesh.context import SkillContext
from mesh.errors import BadInputError, SettingsError
from mesh.selection import Selection, check_selection
from mesh.settings import MeshSettings

from .jobs import run_look, run_read, run_read_file
from .landing import Landed, Limits

STREAMS = frozenset({"sse", "websocket", "redis"})
_LOOK_S = 30.0
_SQLITE = b"SQLite format 3\x00"


class ConnectionReader:
    """Reads data for one call of a skill. Secrets are looked up here and go no further than the driver."""

    def __init__(self, ctx: SkillContext, settings: MeshSettings) -> None:
        self._ctx = ctx
        self._settings = settings

    async def read(self, selection: Selection) -> Landed:
        """What is selected, read now.

        Raises: NotFoundError for an unknown connection; SettingsError; MeshError as the place behind it answers.
        """
        connection = self.opened(selection.connection)
        check_selection(selection, connection.kind)
        ctx, limits = self._ctx, self._limits(selection.limit)
        if connection.kind == "http":
            from .webapi import WebApi

            return await WebApi(connection, limits, ctx.language, ctx.progress).read(selection, ctx.workdir)
        if connection.kind in STREAMS:
            from .capture import capture

            return await capture(connection, selection, ctx.workdir, limits, ctx.language, ctx.progress)
        return await ctx.compute(
            run_read,
            connection,
            selection,
            ctx.goal,
            ctx.workdir,
            limits,
            ctx.language,
            timeout_s=limits.deadline_s,
        )

    async def read_file(self, path: Path, name: str, table: str | None) -> Landed:
        """A table of a database file. Raises: NeedsInputError listing the tables when it is not clear which."""
        ctx, limits = self._ctx, self._limits(None)
        return await ctx.compute(
            run_read_file,
            path,
            name,
            table,
            ctx.goal,
            ctx.workdir,
            limits,
            ctx.language,
            timeout_s=limits.deadline_s,
        )

    async def look(self, name: str) -> tuple[Connection, list[str]]:
        """The connection and what there is: proof that it can be reached. Raises: MeshError."""
        connection = self.opened(name)
        if connection.kind == "http":
            from .webapi import knock

            await knock(connection)
            return connection, []
        if connection.kind in STREAMS:
            from .capture import listen

            await listen(connection)
            return connection, []
        return connection, await self._ctx.compute(run_look, connection, timeout_s=_LOOK_S)

    def opened(self, name: str) -> Connection:
        """The connection of that name, with its secrets. Raises: NotFoundError; BadInputError when its entry is wrong."""
        try:
            return load_connections(self._settings.connections_file).opened(name)
        except SettingsError as error:
            raise BadInputError(error.message, korean=error.korean) from None

    def _limits(self, records: int | None) -> Limits:
        settings = self._settings
        return Limits(settings.step_timeout_s, settings.max_upload_bytes, records)


def is_database(path: Path) -> bool:
    """Whether a file is a SQLite database, by its first bytes."""
    with path.open("rb") as file:
        return file.read(len(_SQLITE)) == _SQLITE
