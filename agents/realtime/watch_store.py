"""Watches on disk: what was asked for, the state after the last event, the ids of events, and alerts still to be told.

One SQLite file. A batch of events is one transaction: ids, state, place in the source and alerts are there together or not at
all, so a process that is killed at any moment counts each event once. Of a state only the parts that changed are written.
"""

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from .live_watch import LiveWatch
from .watch_models import StreamAlert, WatchSpec

REMEMBERED_IDS = 1_000_000
_LOOKED_UP = 500
_SCHEMA = """
CREATE TABLE IF NOT EXISTS watches (id TEXT PRIMARY KEY, spec TEXT NOT NULL, status TEXT NOT NULL, note TEXT NOT NULL,
    after TEXT, state TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS parts (watch_id TEXT NOT NULL, name TEXT NOT NULL, part TEXT NOT NULL,
    PRIMARY KEY (watch_id, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen (watch_id TEXT NOT NULL, event_id TEXT NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (watch_id, event_id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS seen_by_number ON seen (watch_id, number);
CREATE TABLE IF NOT EXISTS alerts (watch_id TEXT NOT NULL, number INTEGER NOT NULL, alert TEXT NOT NULL,
    firing INTEGER NOT NULL, told INTEGER NOT NULL, PRIMARY KEY (watch_id, number));
"""


class WatchStore:
    """The file at `path`, which is made with the first watch. Calls block: run them in a thread, one after the other."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened: sqlite3.Connection | None = None

    @property
    def _connection(self) -> sqlite3.Connection:
        if self._opened is None:
            opened = sqlite3.connect(self._path, timeout=15, isolation_level=None, check_same_thread=False)
            # FULL: what a sender was told is counted stays counted when the power goes.
            opened.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; {_SCHEMA}")
            self._opened = opened
        return self._opened

    def close(self) -> None:
        """Closes the file."""
        if self._opened is not None:
            self._opened.close()

    def _is_empty(self) -> bool:
        """Whether there has never been a watch."""
        return self._opened is None and not self._path.exists()

    def add(self, watch: LiveWatch) -> None:
        """Keeps a new watch."""
        self._connection.execute(
            "INSERT INTO watches VALUES (?, ?, 'running', '', NULL, ?)",
            (watch.spec.id, watch.spec.model_dump_json(), json.dumps(watch.state())),
        )

    def all(self) -> list[tuple[LiveWatch, str, str, str | None]]:
        """Every watch with its status, the note on it and the place in its source, oldest first."""
        if self._is_empty():
            return []
        rows = self._connection.execute(
            "SELECT id, status, note, after FROM watches ORDER BY rowid"
        ).fetchall()
        return [(self.load(watch_id), status, note, after) for watch_id, status, note, after in rows]

    def load(self, watch_id: str) -> LiveWatch:
        """A watch as it was after its last transaction."""
        query = "SELECT spec, state FROM watches WHERE id = ?"
        spec, state = self._connection.execute(query, (watch_id,)).fetchone()
        parts = self._connection.execute("SELECT name, part FROM parts WHERE watch_id = ?", (watch_id,))
        return LiveWatch.from_state(
            WatchSpec.model_validate_json(spec),
            json.loads(state),
            ((name, json.loads(part)) for name, part in parts),
        )

    def set_status(self, watch_id: str, status: str, note: str = "") -> None:
        """Notes that a watch runs, has ended, failed or was stopped; a stopped one needs its events' ids no more."""
        self._connection.execute(
            "UPDATE watches SET status = ?, note = ? WHERE id = ?", (status, note, watch_id)
        )
        if status == "stopped":
            self._connection.execute("DELETE FROM seen WHERE watch_id = ?", (watch_id,))

    def unseen(self, watch_id: str, event_ids: Sequence[str]) -> set[str]:
        """Those of the ids that the watch has not counted yet."""
        wanted = list(dict.fromkeys(event_ids))
        known: set[str] = set()
        for start in range(0, len(wanted), _LOOKED_UP):
            part = wanted[start : start + _LOOKED_UP]
            marks = ",".join("?" * len(part))
            query = f"SELECT event_id FROM seen WHERE watch_id = ? AND event_id IN ({marks})"  # noqa: S608 - marks only
            known.update(row[0] for row in self._connection.execute(query, (watch_id, *part)))
        return set(wanted) - known

    def commit(
        self, watch: LiveWatch, event_ids: Sequence[str], alerts: Sequence[StreamAlert], after: str | None
    ) -> None:
        """One transaction: the ids of the events just taken in, the state they led to, its alerts, the place in the source.

        Args: `event_ids` are empty for events without one.
        """
        watch_id, first = watch.spec.id, watch.counted - len(event_ids)
        state, parts = json.dumps(watch.state()), watch.changed_parts()
        with _Transaction(self._connection) as sql:
            sql.executemany(
                "INSERT INTO seen VALUES (?, ?, ?)",
                (
                    (watch_id, event_id, first + n)
                    for n, event_id in enumerate(event_ids, start=1)
                    if event_id
                ),
            )
            sql.execute(
                "DELETE FROM seen WHERE watch_id = ? AND number <= ?",
                (watch_id, watch.counted - REMEMBERED_IDS),
            )
            sql.execute(
                "UPDATE watches SET state = ?, after = coalesce(?, after) WHERE id = ?",
                (state, after, watch_id),
            )
            sql.executemany(
                "INSERT OR REPLACE INTO parts VALUES (?, ?, ?)",
                ((watch_id, name, json.dumps(part)) for name, part in parts.items() if part is not None),
            )
            sql.executemany(
                "DELETE FROM parts WHERE watch_id = ? AND name = ?",
                ((watch_id, name) for name, part in parts.items() if part is None),
            )
            sql.executemany(
                "INSERT INTO alerts VALUES (?, ?, ?, ?, 0) ON CONFLICT (watch_id, number) DO UPDATE SET "
                "alert = excluded.alert, firing = excluded.firing, told = 0",
                ((watch_id, a.number, a.model_dump_json(), a.ends_at is None) for a in alerts),
            )

    def alerts_of(self, watch_id: str, limit: int = 50) -> list[StreamAlert]:
        """The newest alerts of a watch, newest first."""
        rows = self._connection.execute(
            "SELECT alert FROM alerts WHERE watch_id = ? ORDER BY number DESC LIMIT ?", (watch_id, limit)
        )
        return [StreamAlert.model_validate_json(row[0]) for row in rows]

    def untold(self, *, also_firing: bool) -> list[tuple[str, StreamAlert]]:
        """Alerts that changed since they were told, and those that go on when they are to be told again."""
        if self._is_empty():
            return []
        condition = "told = 0 OR firing = 1" if also_firing else "told = 0"
        rows = self._connection.execute(f"SELECT watch_id, alert FROM alerts WHERE {condition}")  # noqa: S608 - constants
        return [(watch_id, StreamAlert.model_validate_json(alert)) for watch_id, alert in rows]

    def mark_told(self, told: Sequence[tuple[str, StreamAlert]]) -> None:
        """Notes that alerts were told as they are; one that has changed meanwhile stays untold."""
        self._connection.executemany(
            "UPDATE alerts SET told = 1 WHERE watch_id = ? AND number = ? AND alert = ?",
            ((watch_id, alert.number, alert.model_dump_json()) for watch_id, alert in told),
        )


class _Transaction:
    """All or nothing, taken for writing from the start."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> sqlite3.Connection:
        self._connection.execute("BEGIN IMMEDIATE")
        return self._connection

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._connection.execute("COMMIT" if kind is None else "ROLLBACK")
