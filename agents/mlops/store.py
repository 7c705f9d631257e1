"""Where MLflow keeps things, and who may write there now."""

import contextlib
import fcntl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit


@dataclass(frozen=True)
class Store:
    """A server at `uri`, or (None) a SQLite file and a folder under `folder`."""

    folder: Path
    uri: str | None = None

    @property
    def tracking_uri(self) -> str:
        """What MLflow is given."""
        return self.uri or f"sqlite:///{self.folder.resolve() / 'mlflow.db'}"

    @property
    def shown_uri(self) -> str:
        """The same for readers: a server's address without user, password and query; no path of this host."""
        if self.uri is None:
            return "embedded (MESH_HOME/mlops)"
        parts = urlsplit(self.uri)
        if parts.scheme not in {"http", "https"}:
            return f"{parts.scheme or 'file'} (MLFLOW_TRACKING_URI)"
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """The store to oneself among the processes of this host; the lock falls when its holder dies."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "store.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
