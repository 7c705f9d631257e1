"""What an edge keeps on disk: how far it has read, the open panes, and the batches that the watch has not taken yet.

One SQLite file. A stretch of input is one transaction: place, panes and batch are there together or not at all, so an edge that
is killed at any moment reads on where it was and sends nothing twice under another number.
"""

import json
import sqlite3
import threading
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

REMEMBERED_IDS = 1_000_000
_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, fact TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS panes (name TEXT PRIMARY KEY, pane TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox (number INTEGER PRIMARY KEY AUTOINCREMENT, batch TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS seen (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE);
"""


class Spool:
    """The file at `path`. Calls block, and may come from any thread."""

    def __init__(self, path: Path) -> None:
        self._sql = sqlite3.connect(path, timeout=15, isolation_level=None, check_same_thread=False)
        # FULL: what was acknowledged to a sender stays counted when the power goes.
        self._sql.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; {_SCHEMA}")
        self._lock = threading.Lock()

    def close(self) -> None:
        """Closes the file."""
        self._sql.close()

    def fact(self, name: str) -> Any:
        """A fact that was kept; None when there is none."""
        with self._lock:
            row = self._sql.execute("SELECT fact FROM facts WHERE name = ?", (name,)).fetchone()
        return None if row is None else json.loads(row[0])

    def keep(self, name: str, fact: Any) -> None:
        """Keeps a fact."""
        with self._lock:
            self._sql.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, json.dumps(fact)))

    def edge(self) -> str:
        """The name under which this spool's batches are numbered, made up once."""
        name = self.fact("edge")
        if name is None:
            name = f"edge-{uuid.uuid4().hex[:12]}"
            self.keep("edge", name)
        return str(name)

    def panes(self) -> list[tuple[str, float, list[Any]]]:
        """The open panes with their keys and places."""
        with self._lock:
            rows = self._sql.execute("SELECT name, pane FROM panes").fetchall()
        return [(*json.loads(name), json.loads(pane)) for name, pane in rows]

    def unseen(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that were not counted yet."""
        with self._lock:
            known = {
                id_ for id_ in ids if self._sql.execute("SELECT 1 FROM seen WHERE id = ?", (id_,)).fetchone()
            }
        return set(ids) - known

    def commit(
        self,
        facts: Mapping[str, Any],
        panes: Mapping[tuple[str, float], list[Any] | None],
        batches: Sequence[Mapping[str, Any]],
        ids: Sequence[str] = (),
    ) -> None:
        """One transaction: the facts, the panes that changed (None for one that is gone), the batches to send, and ids
        counted.
        """
        with self._lock, self._sql:
            self._sql.execute("BEGIN IMMEDIATE")
            self._sql.executemany(
                "INSERT OR REPLACE INTO facts VALUES (?, ?)",
                ((name, json.dumps(fact)) for name, fact in facts.items()),
            )
            for name, pane in panes.items():
                if pane is None:
                    self._sql.execute("DELETE FROM panes WHERE name = ?", (json.dumps(name),))
                else:
                    row = (json.dumps(name), json.dumps(pane))
                    self._sql.execute("INSERT OR REPLACE INTO panes VALUES (?, ?)", row)
            self._sql.executemany(
                "INSERT INTO outbox (batch) VALUES (?)", ((json.dumps(batch),) for batch in batches)
            )
            if ids:
                self._sql.executemany("INSERT INTO seen (id) VALUES (?)", ((id_,) for id_ in ids))
                newest = "SELECT max(number) FROM seen"
                self._sql.execute(f"DELETE FROM seen WHERE number <= ({newest}) - {REMEMBERED_IDS}")  # noqa: S608 - constants

    def next_batch(self) -> dict[str, Any] | None:
        """The oldest batch that was not taken yet, with its number; None when all were."""
        with self._lock:
            row = self._sql.execute("SELECT number, batch FROM outbox ORDER BY number LIMIT 1").fetchone()
        return None if row is None else {**json.loads(row[1]), "number": row[0]}

    def forget_batch(self, number: int) -> None:
        """The watch has taken this batch and those before it."""
        with self._lock:
            self._sql.execute("DELETE FROM outbox WHERE number <= ?", (number,))

    def waiting(self) -> int:
        """How many batches were not taken yet."""
        with self._lock:
            return int(self._sql.execute("SELECT count(*) FROM outbox").fetchone()[0])
