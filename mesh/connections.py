"""Named connections: where databases, APIs, buckets and streams are, and the secrets that open them.

Everybody else speaks of a connection by its name. The file that gives names their meaning is read where a connection is
used, each time it is used, and what it holds stays in the process that read it.
"""

import os
import re
import stat
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit

from pydantic import ValidationError

from .connection_options import ConnectionOptions, Kind, fill_variables, kind_of, secrets_of, variables_of
from .errors import NotFoundError, SettingsError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_SHORTEST_REPLACED = 4


class Connection:
    """A connection as it is used, its variables filled in. Neither `place` nor its text form shows a secret.

    Args: `secrets` are the values of variables that it was filled with; those written in `options` are known anyway.
    """

    def __init__(self, name: str, options: ConnectionOptions, secrets: Iterable[str] = ()) -> None:
        self.name = name
        self.options = options
        self.kind: Kind = kind_of(name, options)
        self._secrets = {secret for secret in {*secrets, *secrets_of(options)} if secret}

    @property
    def url(self) -> str:
        """The address with all that it holds, for the driver alone."""
        return self.options.url

    @property
    def place(self) -> str:
        """The address for people: scheme, host, port and path."""
        return shown_address(self.url)

    def redacted(self, text: str) -> str:
        """`text` with `***` for every secret; nothing of it when a secret is too short to tell from other words."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            for form in (secret, quote(secret, safe=""), quote_plus(secret), repr(secret)[1:-1]):
                if form in text and len(secret) < _SHORTEST_REPLACED:
                    return "(not shown: it may hold a secret)"
                text = text.replace(form, "***")
        return text

    def __repr__(self) -> str:
        return f"Connection({self.name!r}, {self.kind!r})"


class Connections:
    """The connections of one file as they are written: no variable is looked up before `opened`."""

    def __init__(self, path: Path, entries: Mapping[str, ConnectionOptions]) -> None:
        self.path = path
        self.entries = entries

    def named(self, name: str) -> ConnectionOptions:
        """The entry of a name. Raises: NotFoundError, listing the names there are."""
        if name not in self.entries:
            known = ", ".join(sorted(self.entries)) or "none"
            raise NotFoundError(
                f"There is no connection '{name[:64]}'. Known: {known}. They are defined in {self.path.name} "
                "(MESH_CONNECTIONS).",
                korean=f"'{name[:64]}' 연결이 없습니다. 있는 연결: {known}. 연결은 {self.path.name} 파일"
                "(MESH_CONNECTIONS)에 정의합니다.",
            )
        return self.entries[name]

    def opened(self, name: str, environment: Mapping[str, str] = os.environ) -> Connection:
        """The connection with its variables filled in.

        Raises: NotFoundError; SettingsError naming a variable that is not set.
        """
        entry = self.named(name)
        variables = variables_of(entry)
        missing = sorted(variables - set(environment))
        if missing:
            raise SettingsError(
                f"The connection '{name}' needs the environment variable {missing[0]}. "
                "Set it where the mesh is started.",
                korean=f"'{name}' 연결에는 환경 변수 {missing[0]} 값이 필요합니다. 메시를 시작하는 곳에서 설정해 주십시오.",
            )
        filled = fill_variables(entry, environment)
        return Connection(name, filled, {environment[variable] for variable in variables})


def load_connections(path: Path) -> Connections:
    """The connections that `path` defines; none when there is no such file.

    Raises: SettingsError when it is not TOML, an entry is not understood, or it holds a secret that everybody may read.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        mode = path.stat().st_mode
    except FileNotFoundError:
        return Connections(path, {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"The connection file {path} cannot be read: {error}.") from None
    entries = {name: _entry(path, name, table) for name, table in document.items()}
    exposed = [name for name, entry in entries.items() if secrets_of(entry)]
    if exposed and mode & stat.S_IROTH:
        raise SettingsError(
            f"{path} holds a secret (connection '{exposed[0]}') that everybody on this machine may read. "
            f"Run chmod 600 {path}, or write ${{NAME}} and set that variable."
        )
    return Connections(path, entries)


def shown_address(url: str) -> str:
    """An address without user, password, query and fragment."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return f"{url.partition('://')[0]}://…"
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}" if parts.scheme else "…"


def _entry(path: Path, name: str, table: Any) -> ConnectionOptions:
    if not _NAME.fullmatch(name):
        raise SettingsError(
            f"{name!r} in {path} cannot name a connection: use letters, digits, '_', '.' and '-', at most 64."
        )
    try:
        return ConnectionOptions.model_validate(table)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "the entry"
        raise SettingsError(f"The connection '{name}' in {path}: {field}: {first['msg']}.") from None
