"""What of a named connection is meant: a table, a query, a collection, objects, a path or a stretch of a stream.

It travels as the address of a `FileRef`, `connection://NAME?table=orders`, which holds no secret.
"""

import json
from pathlib import PurePosixPath
from typing import Annotated, Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from pydantic import Field, ValidationError, model_validator

from .connection_options import Kind
from .errors import BadInputError, InvalidRequestError
from .results import FileRef, Model

CONNECTION_SCHEME = "connection://"
CONNECTION_MEDIA_TYPE = "application/vnd.a2a-mesh.connection"
DATABASE_MEDIA_TYPE = "application/vnd.sqlite3"
_SQL = ("table", "query")
_FIELDS: dict[Kind, tuple[str, ...]] = {
    "postgresql": _SQL,
    "mysql": _SQL,
    "sqlite": _SQL,
    "sql": _SQL,
    "mongodb": ("collection", "filter", "fields"),
    "s3": ("object",),
    "http": ("path", "params"),
    "sse": ("events", "seconds", "after"),
    "websocket": ("events", "seconds", "after"),
    "redis": ("stream", "events", "seconds", "after"),
}
_NEEDED: dict[Kind, tuple[str, ...]] = {"s3": ("object",), "redis": ("stream",)}

Text = Annotated[str, Field(min_length=1, max_length=1024)]


class Selection(Model):
    """Data behind a named connection. Which fields apply depends on what the connection leads to."""

    connection: str = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$",
        description="The connection's name in the connection file (MESH_CONNECTIONS).",
        examples=["shop"],
    )
    table: Text | None = Field(
        default=None, description="A table or view of a database, with its schema if it needs one."
    )
    query: str | None = Field(
        default=None, min_length=1, max_length=20_000, description="One SELECT statement, run read-only."
    )
    collection: Text | None = Field(default=None, description="A collection of MongoDB.")
    filter: dict[str, Any] | None = Field(default=None, description="A filter of MongoDB's find.")
    fields: list[Text] | None = Field(default=None, description="Fields of the documents to read.")
    object: Text | None = Field(
        default=None,
        description="An object's key, a prefix that ends with '/', or a pattern such as 2024/*.csv.",
    )
    path: Text | None = Field(default=None, description="Path at an HTTP API, below the connection's URL.")
    params: dict[str, str | int | float | bool] | None = Field(
        default=None, description="Query parameters for an HTTP API."
    )
    stream: Text | None = Field(default=None, description="Key of a Redis stream.")
    events: int | None = Field(
        default=None, ge=1, le=1_000_000, description="Events to read of a stream at most."
    )
    seconds: float | None = Field(default=None, gt=0, le=3600, description="Seconds to listen at most.")
    after: Text | None = Field(
        default=None, description="Id of the event behind which to begin; by default with the next one."
    )
    limit: int | None = Field(default=None, ge=1, description="Records to read at most; all by default.")

    @model_validator(mode="after")
    def _one_thing(self) -> "Selection":
        if self.table is not None and self.query is not None:
            raise ValueError("give either a table or a query")
        return self

    @property
    def name(self) -> str:
        """What to call the data: the table, collection, file or stream, else the connection."""
        last = PurePosixPath(self.object or self.path or "").name
        return self.table or self.collection or self.stream or last or self.connection

    def with_table(self, table: str | None) -> "Selection":
        """The same, with `table` where it names nothing yet."""
        if table is None or self.model_dump(exclude={"connection", "limit"}, exclude_none=True):
            return self
        return self.model_copy(update={"table": table})


def check_selection(selection: Selection, kind: Kind) -> None:
    """Raises: BadInputError when a field is given that `kind` does not have, or one is missing that it needs."""
    allowed = _FIELDS[kind]
    given = selection.model_dump(exclude={"connection", "limit"}, exclude_none=True)
    wrong = sorted(set(given) - set(allowed))
    if wrong:
        raise BadInputError(
            f"The connection '{selection.connection}' is of kind {kind}, which has no '{wrong[0]}'. "
            f"It takes {', '.join(allowed)}."
        )
    missing = [name for name in _NEEDED.get(kind, ()) if name not in given]
    if missing:
        raise BadInputError(
            f"The connection '{selection.connection}' is of kind {kind} and needs '{missing[0]}': say which one."
        )


def selection_ref(selection: Selection) -> FileRef:
    """The reference that stands for a selection. It has no digest: what it leads to is read anew each time."""
    fields = selection.model_dump(exclude={"connection"}, exclude_none=True)
    query = urlencode(
        {name: value if isinstance(value, str) else _compact(value) for name, value in fields.items()},
        quote_via=quote,
    )
    uri = f"{CONNECTION_SCHEME}{selection.connection}{'?' if query else ''}{query}"
    return FileRef(name=selection.name, media_type=CONNECTION_MEDIA_TYPE, uri=uri)


def selection_at(uri: str) -> Selection:
    """The selection that an address stands for. Raises: InvalidRequestError naming the part that is wrong."""
    parts = urlsplit(uri)
    if parts.path.strip("/") or parts.fragment or not uri.startswith(CONNECTION_SCHEME):
        raise InvalidRequestError(
            "The address of a connection is connection://NAME?table=… and has no path. "
            "Name what you mean by a parameter."
        )
    given: dict[str, Any] = {"connection": parts.netloc}
    for name, text in parse_qsl(parts.query, keep_blank_values=True):
        given[name] = text if name in _TEXT_FIELDS else _parsed(text)
    try:
        return Selection.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "the address"
        raise InvalidRequestError(f"In the address of a connection: {field}: {first['msg']}.") from None


_TEXT_FIELDS = frozenset({"table", "query", "collection", "object", "path", "stream", "after"})


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
