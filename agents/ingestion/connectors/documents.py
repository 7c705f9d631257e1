"""Documents of MongoDB as JSON Lines, which are then read like any other: nested fields become dotted columns."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pymongo
from bson import Decimal128, ObjectId
from pymongo.errors import (
    ConfigurationError,
    ConnectionFailure,
    ExecutionTimeout,
    InvalidURI,
    OperationFailure,
    PyMongoError,
)

from mesh.connections import Connection
from mesh.errors import (
    BadInputError,
    DeadlineError,
    ForbiddenError,
    MeshError,
    NeedsInputError,
    NotFoundError,
    SettingsError,
    TooLargeError,
)
from mesh.language import Language, refused, say
from mesh.selection import Selection

from .landing import Landed, Limits, origin_of, unreachable

_CONNECT_MS = 10_000
_BATCH = 2_000
_HALF_WAY = 200_000
_MAX_LISTED = 40
_RUNS_CODE = frozenset({"$where", "$function", "$accumulator"})


def read_collection(
    connection: Connection,
    selection: Selection,
    folder: Path,
    limits: Limits,
    language: Language,
    progress: Callable[[float, str], None],
) -> Landed:
    """The documents of a collection that pass the filter, as JSON Lines in `folder`.

    Raises: NeedsInputError listing the collections when several are there and none is named; MeshError otherwise.
    """
    _refuse_code(selection.filter or {})
    path, count = folder / "landed.jsonl", 0
    left_bytes = limits.size_bytes
    client = _client(connection, limits)
    try:
        database = client.get_default_database()
        name = _collection(connection, selection.collection, database.list_collection_names(), language)
        found = database[name].find(
            selection.filter or {}, projection=selection.fields, limit=limits.records or 0, batch_size=_BATCH
        )
        with path.open("wb") as file:
            for document in found.max_time_ms(int(limits.deadline_s * 1000)):
                line = (json.dumps(plain_document(document), ensure_ascii=False) + "\n").encode()
                left_bytes -= len(line)
                if left_bytes < 0:
                    raise refused(
                        TooLargeError,
                        en="The collection {name} is larger than the limit of {limit:,} bytes "
                        "(MESH_MAX_UPLOAD_BYTES). Ask for less with `filter`, `fields` or `limit`.",
                        ko="{name} 컬렉션이 한도 {limit:,}바이트(MESH_MAX_UPLOAD_BYTES)를 넘습니다. "
                        "`filter`, `fields`, `limit`로 줄여 주십시오.",
                        name=name,
                        limit=limits.size_bytes,
                    )
                file.write(line)
                count += 1
                if count % _BATCH == 0:
                    progress(count / (count + _HALF_WAY), _told(language, count, name))
    except PyMongoError as error:
        raise _explained(connection, error) from None
    finally:
        client.close()
    if not count:
        raise BadInputError(
            say(
                language,
                en="The collection {name} has no documents that pass the filter. Ask for others.",
                ko="{name} 컬렉션에 조건에 맞는 문서가 없습니다. 다른 조건을 지정해 주십시오.",
                name=name,
            )
        )
    limited = limits.records is not None and count >= limits.records
    return Landed(path, f"{name}.jsonl", origin_of(connection, name, records=count, limited=limited))


def collection_names(connection: Connection, limits: Limits) -> list[str]:
    """The collections of the connection's database."""
    client = _client(connection, limits)
    try:
        return sorted(client.get_default_database().list_collection_names())
    except PyMongoError as error:
        raise _explained(connection, error) from None
    finally:
        client.close()


def plain_document(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document of values that JSON has: decimals as numbers, dates as ISO text in UTC, ids and bytes as text."""
    return {key: _plain(value) for key, value in document.items()}


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if value == value and abs(value) != float("inf") else None
        case Decimal128():
            return _plain(float(value.to_decimal()))
        case Decimal():
            return _plain(float(value))
        case datetime():
            moment = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
            return moment.isoformat(sep=" ")
        case date():
            return value.isoformat()
        case ObjectId():
            return str(value)
        case Mapping():
            return plain_document(value)
        case list() | tuple():
            return [_plain(item) for item in value]
        case bytes():
            return f"({len(value):,} bytes)"
        case _:
            return str(value)


def _client(connection: Connection, limits: Limits) -> "pymongo.MongoClient[dict[str, Any]]":
    try:
        client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(
            connection.url,
            serverSelectionTimeoutMS=_CONNECT_MS,
            connectTimeoutMS=_CONNECT_MS,
            socketTimeoutMS=int(limits.deadline_s * 1000),
            appname="a2a-mesh",
            tz_aware=True,
        )
        client.get_default_database()
    except (ConfigurationError, InvalidURI, ValueError, TypeError) as error:
        raise refused(
            SettingsError,
            en="The url of the connection '{name}' is not usable: {said}. Write mongodb://user@host/database.",
            ko="'{name}' 연결의 url을 쓸 수 없습니다: {said}. mongodb://user@host/database 형식으로 적어 주십시오.",
            name=connection.name,
            said=connection.redacted(str(error)),
        ) from None
    return client


def _collection(connection: Connection, wanted: str | None, names: list[str], language: Language) -> str:
    if wanted in names:
        return str(wanted)
    if wanted is None and len(names) == 1:
        return names[0]
    values = {
        "name": connection.name,
        "wanted": wanted,
        "count": len(names),
        "listed": ", ".join(sorted(names)[:_MAX_LISTED]) or "-",
    }
    if wanted is not None:
        en = "There is no collection '{wanted}' in '{name}'. There are: {listed}."
        ko = "'{name}'에 '{wanted}' 컬렉션이 없습니다. 있는 컬렉션: {listed}."
        raise NotFoundError(say(language, en=en, ko=ko, **values))
    en = "'{name}' has {count:,} collections: {listed}. Say which one with `collection`."
    ko = "'{name}'에 컬렉션이 {count:,}개 있습니다: {listed}. `collection`으로 하나를 지정해 주십시오."
    raise NeedsInputError(say(language, en=en, ko=ko, **values))


def _refuse_code(value: Any) -> None:
    """Raises: ForbiddenError when a filter would run code on the server."""
    for key, item in _members(value):
        if key in _RUNS_CODE:
            raise refused(
                ForbiddenError,
                en="A filter cannot run code on the server ({key}). Use comparison operators.",
                ko="필터로 서버에서 코드를 실행할 수 없습니다({key}). 비교 연산자를 써 주십시오.",
                key=key,
            )
        _refuse_code(item)


def _members(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, list):
        yield from (("", item) for item in value)


def _told(language: Language, count: int, name: str) -> str:
    return say(
        language,
        en="Read {count:,} documents of {name}",
        ko="{name}에서 문서 {count:,}건을 읽었습니다",
        count=count,
        name=name,
    )


def _explained(connection: Connection, error: PyMongoError) -> MeshError:
    said = connection.redacted(" ".join(str(error).split()))[:300]
    if isinstance(error, ExecutionTimeout):
        return refused(
            DeadlineError,
            en="The connection '{name}' took too long. Ask for less.",
            ko="'{name}' 연결이 너무 오래 걸립니다. 더 적은 양을 요청해 주십시오.",
            name=connection.name,
        )
    if isinstance(error, OperationFailure) and error.code in (13, 18):
        return refused(
            ForbiddenError,
            en="The connection '{name}' refuses this: {said}. Check its user's password and rights.",
            ko="'{name}' 연결이 거부합니다: {said}. 사용자의 암호와 권한을 확인해 주십시오.",
            name=connection.name,
            said=said,
        )
    if isinstance(error, OperationFailure) and not isinstance(error, ConnectionFailure):
        return refused(
            BadInputError,
            en="The connection '{name}' cannot run this: {said}.",
            ko="'{name}' 연결에서 실행할 수 없습니다: {said}.",
            name=connection.name,
            said=said,
        )
    return unreachable(connection, error)
