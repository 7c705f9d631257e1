"""Reading from a connection in a test: what the compute process runs, called directly."""

import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from agents.ingestion.connectors.jobs import run_read
from agents.ingestion.connectors.landing import Landed, Limits
from mesh.connection_options import ConnectionOptions
from mesh.connections import Connection
from mesh.language import Language
from mesh.selection import Selection


def connection(url: str, name: str = "shop", **options: Any) -> Connection:
    """A connection of that URL."""
    return Connection(name, ConnectionOptions.model_validate({"url": url, **options}))


def read(
    place: Connection,
    goal: str = "",
    language: Language = "en",
    *,
    size_bytes: int = 10**9,
    deadline_s: float = 60,
    **selected: Any,
) -> Landed:
    """What is selected, landed in a folder of its own."""
    folder = Path(tempfile.mkdtemp())
    selection = Selection(connection=place.name, **selected)
    limits = Limits(deadline_s, size_bytes, selection.limit)
    return run_read(place, selection, goal, folder, limits, language, lambda _fraction, _message: None)


def table(landed: Landed) -> pa.Table:
    """The rows that have landed."""
    return parquet.read_table(landed.path)
