"""What a connector leaves: a file that the readers of files go on with, and where its content came from."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mesh.connections import Connection
from mesh.errors import MeshError, SourceUnavailableError
from mesh.language import refused

READ_SHARE = 0.5
"""How much of a load's progress the reading is; the rest is for what comes after it."""


@dataclass(frozen=True)
class Limits:
    """The most time and bytes that a connector may take, and the most records that it is to give (None: all)."""

    deadline_s: float
    size_bytes: int
    records: int | None = None


@dataclass(frozen=True)
class Landed:
    """Data that has arrived: the local `path`, the `name` people know it by, and its `origin` for the load report.

    What came in several files has them all, each with its name, in `parts`; `path` is the first.
    """

    path: Path
    name: str
    origin: dict[str, Any] = field(default_factory=dict)
    parts: tuple[tuple[Path, str], ...] = ()

    @property
    def files(self) -> tuple[tuple[Path, str], ...]:
        """Every file with its name."""
        return self.parts or ((self.path, self.name),)


def origin_of(connection: Connection, what: str, **facts: Any) -> dict[str, Any]:
    """Where data came from and when, without a secret: what the load report says of a live source."""
    read_at = datetime.now(UTC).replace(microsecond=0).isoformat()
    return {
        "connection": connection.name,
        "kind": connection.kind,
        "what": what,
        "read_at": read_at,
        **facts,
    }


def unreachable(connection: Connection, error: BaseException) -> MeshError:
    """The error for a place that does not answer, in the driver's words without secrets."""
    said = connection.redacted(" ".join(str(error).split()))[:300]
    return refused(
        SourceUnavailableError,
        en="The connection '{name}' ({place}) does not answer: {kind}: {said}. Try `mesh connections test {name}`.",
        ko="'{name}' 연결({place})이 응답하지 않습니다: {kind}: {said}. `mesh connections test {name}`(으로/로) 확인해 보십시오.",
        name=connection.name,
        place=connection.place,
        kind=type(error).__name__,
        said=said,
    )
