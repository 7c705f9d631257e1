"""One entry of the connection file: its fields, the kind of place it leads to, its variables and its secrets."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from pydantic import Field

from .errors import SettingsError
from .results import Model

Kind = Literal["postgresql", "mysql", "sqlite", "sql", "mongodb", "s3", "http", "sse", "websocket", "redis"]
SCHEMES: dict[str, Kind] = {
    **dict.fromkeys(("postgresql", "postgres"), "postgresql"),
    **dict.fromkeys(("mysql", "mariadb"), "mysql"),
    "sqlite": "sqlite",
    **dict.fromkeys(("mongodb", "mongodb+srv"), "mongodb"),
    "s3": "s3",
    **dict.fromkeys(("http", "https"), "http"),
    **dict.fromkeys(("ws", "wss"), "websocket"),
    **dict.fromkeys(("redis", "rediss"), "redis"),
}
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_SECRET_NAME = re.compile(r"auth|cookie|token|secret|passw|api[-_]?key|credential", re.IGNORECASE)
_SECRET_OPTIONS = ("secret_key", "session_token", "access_key")


class Paging(Model):
    """How an HTTP API hands out its pages. `auto` follows a Link header or an address in the body, else reads one page."""

    style: Literal["auto", "cursor", "page", "offset", "none"] = "auto"
    parameter: str | None = Field(default=None, description="Parameter that carries page, offset or cursor.")
    size_parameter: str | None = Field(default=None, description="Parameter that carries the page's size.")
    size: int = Field(default=100, ge=1, le=100_000, description="Records asked for per page.")
    first: int | None = Field(default=None, ge=0, description="Number of the first page or offset.")
    next: str | None = Field(default=None, description="Dotted path of the next address or cursor in a page.")
    records: str | None = Field(default=None, description="Dotted path of the list of records in a page.")


class ConnectionOptions(Model):
    """What an entry may say. Every text may hold `${NAME}`, which stands for an environment variable."""

    url: str = Field(min_length=1)
    kind: Kind | None = None
    description: str = ""
    headers: dict[str, str] = Field(default_factory=dict)
    paging: Paging = Paging()
    endpoint: str | None = None
    region: str | None = None
    access_key: str | None = None
    secret_key: str | None = None
    session_token: str | None = None
    read_only_role: bool = False
    id_field: str = "id"
    time_field: str = "time"
    subscribe: str | None = None
    resume_parameter: str | None = None


def kind_of(name: str, options: ConnectionOptions) -> Kind:
    """What kind of place a connection leads to: as it says, else by the scheme of its URL; `sql` for any other scheme.

    Raises: SettingsError when it says nothing and the URL has no scheme.
    """
    scheme, separator, _ = options.url.partition("://")
    if options.kind is not None:
        return options.kind
    if not separator:
        raise SettingsError(
            f"The url of the connection '{name}' has no scheme such as postgresql://. Write one, or set kind."
        )
    return SCHEMES.get(scheme.lower(), "sql")


def variables_of(options: ConnectionOptions) -> set[str]:
    """The environment variables that an entry refers to."""
    return {name for text in _texts(options.model_dump()) for name in _VARIABLE.findall(text)}


def fill_variables(options: ConnectionOptions, environment: Mapping[str, str]) -> ConnectionOptions:
    """The entry with its variables' values. Raises: KeyError for one that is not set."""

    def fill(text: str) -> str:
        return _VARIABLE.sub(lambda match: environment[match[1]], text)

    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: filled(item) for name, item in value.items()}
        return fill(value) if isinstance(value, str) else value

    fields = options.model_dump()
    return ConnectionOptions.model_validate(
        {**filled(fields), "url": _filled_url(options.url, fill, environment)}
    )


def secrets_of(options: ConnectionOptions) -> set[str]:
    """The secrets written in an entry: passwords, keys, values of telling headers and URL parameters; no variables."""
    found = [getattr(options, name) or "" for name in _SECRET_OPTIONS]
    found += [value for name, value in options.headers.items() if _SECRET_NAME.search(name)]
    if "://" in options.url:
        parts = urlsplit(options.url)
        found += [unquote(parts.password or "")]
        found += [value for name, value in parse_qsl(parts.query) if _SECRET_NAME.search(name)]
    words = {word for text in found for word in _VARIABLE.sub(" ", text).split()}
    return words - {"Bearer", "Basic", "Token"}


def _filled_url(url: str, fill: Any, environment: Mapping[str, str]) -> str:
    """Variables in front of the host are percent-encoded: a password may hold any character."""
    scheme, separator, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    user, at, host = authority.rpartition("@")
    encoded = _VARIABLE.sub(lambda match: quote(environment[match[1]], safe=""), user)
    return f"{fill(scheme)}{separator}{encoded}{at}{fill(host + slash + path)}"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
