"""Reading from a connection as a job for the compute process: drivers block, and a cancelled read is killed with it."""

from collections.abc import Callable
from pathlib import Path

from mesh.connection_options import ConnectionOptions
from mesh.connections import Connection
from mesh.errors import BadInputError, MeshError, SettingsError
from mesh.language import Language
from mesh.selection import Selection

from .landing import READ_SHARE, Landed, Limits, unreachable

_CHECK_S = 20.0


def run_read(
    connection: Connection,
    selection: Selection,
    goal: str,
    folder: Path,
    limits: Limits,
    language: Language,
    progress: Callable[[float, str], None],
) -> Landed:
    """What is selected at a connection, as a file in `folder`. Raises: MeshError, never with a secret in it."""

    def share(fraction: float, message: str) -> None:
        progress(fraction * READ_SHARE, message)

    try:
        if connection.kind == "mongodb":
            from .documents import read_collection

            return read_collection(connection, selection, folder, limits, language, share)
        if connection.kind == "s3":
            from .objects import read_object

            return read_object(connection, selection, folder, limits, language, progress)
        from .tables import read_table

        return read_table(connection, selection, goal, folder, limits, language, share)
    except SettingsError as error:
        raise BadInputError(error.message, korean=error.korean) from None
    except MeshError:
        raise
    except Exception as error:  # noqa: BLE001 - a driver's unforeseen error may hold the address with its password
        raise unreachable(connection, error) from None


def run_read_file(
    path: Path,
    name: str,
    table: str | None,
    goal: str,
    folder: Path,
    limits: Limits,
    language: Language,
    progress: Callable[[float, str], None],
) -> Landed:
    """A table of a SQLite file. `goal` tells which one when `table` does not. Raises: MeshError."""
    connection = Connection(name, ConnectionOptions(url=f"sqlite:///{path}", kind="sqlite"))
    selection = Selection(connection="file", table=table)
    return run_read(connection, selection, goal, folder, limits, language, progress)


def run_look(connection: Connection) -> list[str]:
    """What there is at a connection: tables, collections or keys. Raises: MeshError, never with a secret in it."""
    limits = Limits(_CHECK_S, 0)
    try:
        if connection.kind == "mongodb":
            from .documents import collection_names

            return collection_names(connection, limits)
        if connection.kind == "s3":
            from .objects import object_keys

            return object_keys(connection, limits)
        from .databases import open_database
        from .tables import table_names

        with open_database(connection, _CHECK_S) as database:
            return table_names(database)
    except SettingsError as error:
        raise BadInputError(error.message, korean=error.korean) from None
    except MeshError:
        raise
    except Exception as error:  # noqa: BLE001 - as above
        raise unreachable(connection, error) from None
