"""Opening a database through SQLAlchemy so that it cannot be written to, for each kind of database its own way."""

import math
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy
from sqlalchemy import Engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from mesh.connections import Connection
from mesh.errors import (
    BadInputError,
    DeadlineError,
    ForbiddenError,
    MeshError,
    NotFoundError,
    SettingsError,
)
from mesh.language import refused

from .landing import unreachable

CONNECT_TIMEOUT_S = 10
_READ_ONLY = {"25006", 1290, 1792, 1836}
_WOULD_WRITE = ("readonly database", "data-modifying statements")
_LOGIN = {"28000", "28P01", 1044, 1045, 1698}
_NO_DATABASE = {"3D000", 1049}
_NO_LOGIN = re.compile(r'authentication failed|no password supplied|role "[^"]*" does not exist')
_NOT_THERE = re.compile(r'database "[^"]*" does not exist')
"""PostgreSQL refuses a connection in words alone: its driver has no code for them."""
_OUT_OF_TIME = {"57014", 1969, 3024}
_REFUSED = {"42501", 1142, 1143}

_SAID: dict[str, tuple[str, str]] = {
    "writes": (
        "The connection '{name}' ({place}) is read-only, and the query would write: {said}.",
        "'{name}' 연결({place})은 읽기 전용인데 질의가 쓰려고 합니다: {said}.",
    ),
    "login": (
        "The connection '{name}' ({place}) refuses the login: {said}. Check its user and password.",
        "'{name}' 연결({place})이 로그인을 거부합니다: {said}. 사용자와 암호를 확인해 주십시오.",
    ),
    "nowhere": (
        "The connection '{name}' ({place}) leads to a database that is not there: {said}. Check the name in its url.",
        "'{name}' 연결({place})이 가리키는 데이터베이스가 없습니다: {said}. url의 이름을 확인해 주십시오.",
    ),
    "refused": (
        "The connection '{name}' ({place}) does not allow this: {said}.",
        "'{name}' 연결({place})에는 이 일을 할 권한이 없습니다: {said}.",
    ),
    "late": (
        "The connection '{name}' ({place}) took too long and was stopped: {said}. Ask for less.",
        "'{name}' 연결({place})이 너무 오래 걸려 멈추었습니다: {said}. 더 적은 양을 요청해 주십시오.",
    ),
    "query": (
        "The connection '{name}' ({place}) cannot run the query: {said}.",
        "'{name}' 연결({place})에서 질의를 실행할 수 없습니다: {said}.",
    ),
}
"""What a database says, in its own words, and what that means."""


@contextmanager
def open_database(connection: Connection, deadline_s: float) -> Iterator[sqlalchemy.Connection]:
    """A connection inside a transaction in which the database refuses to write.

    Raises: MeshError for everything that goes wrong with the database while it is open, without a secret in it.
    """
    engine = _engine(connection, deadline_s)
    opened = False
    try:
        with engine.connect() as database:
            opened = True
            _begin_read_only(database, connection)
            yield database
            database.rollback()
    except SQLAlchemyError as error:
        raise _explained(connection, error, opened=opened) from None
    finally:
        engine.dispose()


def _engine(connection: Connection, deadline_s: float) -> Engine:
    try:
        url = make_url(connection.url)
        if connection.kind == "sqlite":
            return _sqlite_engine(connection, url)
        if connection.kind == "postgresql":
            settings = {
                "default_transaction_read_only": "on",
                "statement_timeout": f"{math.ceil(deadline_s * 1000)}",
                "timezone": "UTC",
                "synchronize_seqscans": "off",
            }
            options = " ".join(f"-c {name}={value}" for name, value in settings.items())
            arguments: dict[str, Any] = {"options": options, "application_name": "a2a-mesh"}
            url = url.set(drivername="postgresql+psycopg")
        elif connection.kind == "mysql":
            # As bytes: the driver would encode a password in Latin-1, which the server does not.
            arguments = {"read_timeout": math.ceil(deadline_s), "password": (url.password or "").encode()}
            url = url.set(drivername="mysql+pymysql")
        else:
            return sqlalchemy.create_engine(url, poolclass=NullPool)
        arguments["connect_timeout"] = CONNECT_TIMEOUT_S
        return sqlalchemy.create_engine(url, poolclass=NullPool, connect_args=arguments)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        scheme = connection.url.partition("://")[0]
        raise refused(
            SettingsError,
            en="No driver for {scheme}:// is installed ({error}). "
            "Install the SQLAlchemy dialect of that database beside the mesh.",
            ko="{scheme}:// 드라이버가 설치되어 있지 않습니다({error}). "
            "그 데이터베이스의 SQLAlchemy 방언을 메시와 함께 설치해 주십시오.",
            scheme=scheme,
            error=error,
        ) from None
    except (ArgumentError, ValueError):
        raise refused(
            SettingsError,
            en="The url of the connection '{name}' is not one of a database. Write {kind}://user@host/name.",
            ko="'{name}' 연결의 url이 데이터베이스 주소가 아닙니다. {kind}://user@host/name 형식으로 적어 주십시오.",
            name=connection.name,
            kind=connection.kind,
        ) from None


def _sqlite_engine(connection: Connection, url: URL) -> Engine:
    path = Path(url.database or "").expanduser().absolute()
    if not path.is_file():
        raise refused(
            NotFoundError,
            en="The connection '{name}' leads to {path}, and there is no such file.",
            ko="'{name}' 연결이 가리키는 {path} 파일이 없습니다.",
            name=connection.name,
            path=path,
        )
    # A file that nobody writes to is read as it lies; one with a write-ahead log is read together with it.
    beside = path.with_name(f"{path.name}-wal")
    mode = "mode=ro" if beside.exists() else "mode=ro&immutable=1"

    def connect() -> sqlite3.Connection:
        opened = sqlite3.connect(f"file:{quote(str(path))}?{mode}", uri=True, timeout=CONNECT_TIMEOUT_S)
        opened.execute("PRAGMA query_only = 1")
        opened.text_factory = lambda raw: raw.decode("utf-8", "replace")
        return opened

    return sqlalchemy.create_engine("sqlite://", creator=connect, poolclass=NullPool)


def _begin_read_only(database: sqlalchemy.Connection, connection: Connection) -> None:
    if connection.kind == "sqlite":
        return
    if connection.kind == "postgresql":
        database.exec_driver_sql("SET TRANSACTION READ ONLY")
        return
    if connection.kind == "mysql":
        database.exec_driver_sql("SET SESSION TRANSACTION READ ONLY")
        database.exec_driver_sql("SET time_zone = '+00:00'")
        database.exec_driver_sql("START TRANSACTION READ ONLY")
        return
    if connection.options.read_only_role:
        return
    try:
        database.exec_driver_sql("SET TRANSACTION READ ONLY")
    except SQLAlchemyError:
        raise refused(
            SettingsError,
            en="The database of the connection '{name}' cannot be told to refuse writes. "
            "Give the connection a role that may only read, and say so with read_only_role = true.",
            ko="'{name}' 연결의 데이터베이스에는 쓰기를 거부하게 할 수 없습니다. 읽기만 할 수 있는 역할을 쓰고 "
            "read_only_role = true로 알려 주십시오.",
            name=connection.name,
        ) from None


def _explained(connection: Connection, error: SQLAlchemyError, *, opened: bool) -> MeshError:
    """What a database said, as an error of ours: why, and what to do about it."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if cause is None or (isinstance(error, DBAPIError) and error.connection_invalidated):
        return unreachable(connection, cause or error)
    kind: type[MeshError]
    codes = {getattr(cause, "sqlstate", None), *cause.args[:1]}
    said = connection.redacted(" ".join(_words(cause).split()))[:400].rstrip(".")
    if codes & _READ_ONLY or any(words in said for words in _WOULD_WRITE):
        kind, (en, ko) = ForbiddenError, _SAID["writes"]
    elif codes & _LOGIN or _NO_LOGIN.search(said):
        kind, (en, ko) = ForbiddenError, _SAID["login"]
    elif codes & _NO_DATABASE or _NOT_THERE.search(said):
        kind, (en, ko) = NotFoundError, _SAID["nowhere"]
    elif codes & _REFUSED:
        kind, (en, ko) = ForbiddenError, _SAID["refused"]
    elif codes & _OUT_OF_TIME:
        kind, (en, ko) = DeadlineError, _SAID["late"]
    elif not opened:
        return unreachable(connection, cause)
    else:
        kind, (en, ko) = BadInputError, _SAID["query"]
    return refused(kind, en=en, ko=ko, name=connection.name, place=connection.kind, said=said)


def _words(cause: BaseException) -> str:
    """The database's sentence alone: PostgreSQL's comes with the statement behind it, MySQL's with a number in front."""
    primary = getattr(getattr(cause, "diag", None), "message_primary", None)
    if primary:
        return str(primary)
    sentences = [item for item in cause.args if isinstance(item, str)]
    return sentences[-1] if sentences else str(cause)
