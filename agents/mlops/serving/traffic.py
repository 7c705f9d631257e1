"""What an endpoint has scored, on disk: requests, rows with their features, predictions, true outcomes and losses.

One SQLite file, written by the scorer's process and read by the agent's. Rows are kept up to `MAX_ROWS`, the oldest go first; the
losses of labelled rows, which verdicts add up, up to `MAX_LOSSES`.
"""

import json
import sqlite3
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mesh.errors import ConflictError

from .sequential import Sums

MAX_ROWS = 200_000
MAX_LOSSES = 1_000_000
LATENCIES = 10_000
_SCHEMA = """
CREATE TABLE IF NOT EXISTS requests (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, digest TEXT NOT NULL,
    version INTEGER NOT NULL, rows INTEGER NOT NULL, seconds REAL NOT NULL, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS scored (number INTEGER NOT NULL, row INTEGER NOT NULL, version INTEGER NOT NULL,
    shadow INTEGER NOT NULL, features TEXT, predicted TEXT NOT NULL, PRIMARY KEY (number, row, shadow)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS labels (number INTEGER NOT NULL, row INTEGER NOT NULL, actual TEXT NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (number, row)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS losses (number INTEGER NOT NULL, row INTEGER NOT NULL, version INTEGER NOT NULL,
    shadow INTEGER NOT NULL, loss REAL NOT NULL, PRIMARY KEY (number, row, shadow)) WITHOUT ROWID;
"""
_SETTLE = """
INSERT OR IGNORE INTO losses
SELECT s.number, s.row, s.version, s.shadow,
    CASE WHEN typeof(json_extract(l.actual, '$')) = 'text' THEN s.predicted <> l.actual
         ELSE abs(json_extract(s.predicted, '$') - json_extract(l.actual, '$')) END
FROM labels l JOIN scored s ON s.number = l.number AND s.row = l.row WHERE l.number = ?
"""


@dataclass(frozen=True)
class Answered:
    """One request as it was answered: per row its features and the prediction, a class name or a number."""

    id: str
    digest: str
    version: int
    seconds: float
    features: Sequence[dict[str, Any]]
    predicted: Sequence[str | float]


@dataclass(frozen=True)
class Outcome:
    """The true value of a row of a request, in the words of the model: a class name or a number."""

    request_id: str
    row: int
    actual: str | float


@dataclass(frozen=True)
class Totals:
    """How much was answered and labelled, and how fast: the median and the 99th percentile of the latest requests, in seconds."""

    requests: int
    rows: int
    labels: int
    p50_s: float | None
    p99_s: float | None


class TrafficLog:
    """The file at `path`. Calls block and may come from any thread."""

    def __init__(self, path: Path, *, max_rows: int = MAX_ROWS) -> None:
        self._max_rows = max_rows
        self._lock = threading.Lock()
        self._sql = sqlite3.connect(path, timeout=15, isolation_level=None, check_same_thread=False)
        # NORMAL: what was logged survives the death of the process; the last moments may not survive that of the machine.
        self._sql.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; {_SCHEMA}")
        self._rows = int(self._one("SELECT total(rows) FROM requests")[0])
        self._losses = int(self._one("SELECT count(*) FROM losses")[0])

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._sql.close()

    def check(self, request_id: str, digest: str) -> None:
        """Returns when a request may be answered under this id: it is new, or the same one sent again.

        Raises: ConflictError when the id was used for other rows.
        """
        with self._lock:
            row = self._sql.execute("SELECT digest FROM requests WHERE id = ?", (request_id,)).fetchone()
        if row is not None and row[0] != digest:
            raise ConflictError(
                f"The request_id {request_id!r} was used for other rows already; choose another, or leave it out."
            )

    def record(self, answered: Answered) -> None:
        """Keeps a request once, however often it is sent; the oldest go when there are too many rows."""
        with self._lock, _Transaction(self._sql) as sql:
            made = sql.execute(
                "INSERT OR IGNORE INTO requests (id, digest, version, rows, seconds, at) VALUES (?, ?, ?, ?, ?, ?)",
                (
                    *(answered.id, answered.digest, answered.version),
                    *(len(answered.predicted), answered.seconds, time.time()),
                ),
            )
            if made.rowcount:
                self._insert(sql, int(made.lastrowid or 0), answered, shadow=False)
                self._rows += len(answered.predicted)
                self._forget(sql)

    def record_shadow(self, answered: Answered) -> None:
        """Keeps what another version would have answered to a request that is in the log."""
        with self._lock, _Transaction(self._sql) as sql:
            number = _number_of(sql, answered.id)
            if number is not None:
                self._insert(sql, number, answered, shadow=True)
                self._settle(sql, [number])

    def label(self, outcomes: Sequence[Outcome]) -> dict[str, int]:
        """Takes true outcomes; how many were new, known before (the first stays), and of rows that the log does not hold."""
        counts = {"accepted": 0, "duplicates": 0, "unknown": 0}
        with self._lock, _Transaction(self._sql) as sql:
            touched: set[int] = set()
            for outcome in outcomes:
                number = _number_of(sql, outcome.request_id)
                at = (number, outcome.row)
                known = sql.execute("SELECT 1 FROM scored WHERE number = ? AND row = ?", at).fetchone()
                if number is None or known is None:
                    counts["unknown"] += 1
                    continue
                made = sql.execute(
                    "INSERT OR IGNORE INTO labels VALUES (?, ?, ?, ?)",
                    (*at, json.dumps(outcome.actual), time.time()),
                )
                counts["accepted" if made.rowcount else "duplicates"] += 1
                touched.add(number)
            self._settle(sql, touched)
        return counts

    def last_number(self) -> int:
        """The number of the latest request; 0 before the first. What begins now has larger ones."""
        return int(self._one("SELECT coalesce(max(number), 0) FROM requests")[0])

    def losses(self, version: int, since: int) -> Sums:
        """The losses of the answers that `version` gave to requests after number `since`."""
        return _sums(
            self._one(
                "SELECT count(*), total(loss), total(loss * loss) FROM losses WHERE shadow = 0 AND version = ? AND number > ?",
                (version, since),
            )
        )

    def paired_losses(self, champion: int, challenger: int, since: int) -> tuple[Sums, Sums, Sums]:
        """Of rows that the champion answered and the challenger scored in its shadow: the losses of both, and challenger minus
        champion."""
        row = self._one(
            "SELECT count(*), total(a.loss), total(a.loss * a.loss), total(b.loss), total(b.loss * b.loss), "
            "total(b.loss - a.loss), total((b.loss - a.loss) * (b.loss - a.loss)) FROM losses a JOIN losses b "
            "ON a.number = b.number AND a.row = b.row AND a.shadow = 0 AND b.shadow = 1 "
            "WHERE a.version = ? AND b.version = ? AND a.number > ?",
            (champion, challenger, since),
        )
        n = row[0]
        return _sums((n, *row[1:3])), _sums((n, *row[3:5])), _sums((n, *row[5:7]))

    def paired_predictions(
        self, champion: int, challenger: int, since: int
    ) -> list[tuple[str | float, str | float]]:
        """What the champion answered and the challenger would have, row by row, oldest first."""
        rows = self._all(
            "SELECT a.predicted, b.predicted FROM scored a JOIN scored b ON a.number = b.number AND a.row = b.row "
            "AND a.shadow = 0 AND b.shadow = 1 WHERE a.version = ? AND b.version = ? AND a.number > ?",
            (champion, challenger, since),
        )
        return [(json.loads(one), json.loads(other)) for one, other in rows]

    def served_rows(self, since: int) -> int:
        """How many rows were answered after number `since`."""
        return int(self._one("SELECT total(rows) FROM requests WHERE number > ?", (since,))[0])

    def answered_rows(self, version: int, since: int) -> int:
        """How many rows `version` answered after number `since`."""
        query = "SELECT total(rows) FROM requests WHERE version = ? AND number > ?"
        return int(self._one(query, (version, since))[0])

    def window(self, since: int, rows: int) -> tuple[int, list[tuple[dict[str, Any], str | float, int]]]:
        """The first `rows` rows answered after number `since`, up to the end of their last request, and that one's number.

        Each row is its features, the prediction, and the version that made it.
        """
        last = self._one(
            "SELECT coalesce(max(number), ?) FROM (SELECT number FROM scored WHERE shadow = 0 AND number > ? "
            "ORDER BY number, row LIMIT ?)",
            (since, since, rows),
        )[0]
        found = self._all(
            "SELECT features, predicted, version FROM scored WHERE shadow = 0 AND number > ? AND number <= ? "
            "ORDER BY number, row",
            (since, last),
        )
        return int(last), [(json.loads(row[0]), json.loads(row[1]), row[2]) for row in found]

    def totals(self) -> Totals:
        """How much was answered and labelled, and how fast."""
        requests = self.last_number()
        rows, labels = self._one("SELECT (SELECT total(rows) FROM requests), (SELECT count(*) FROM labels)")
        latest = self._all("SELECT seconds FROM requests ORDER BY number DESC LIMIT ?", (LATENCIES,))
        seconds = sorted(row[0] for row in latest)
        return Totals(requests, int(rows), labels, _quantile(seconds, 0.5), _quantile(seconds, 0.99))

    def _insert(self, sql: sqlite3.Connection, number: int, answered: Answered, *, shadow: bool) -> None:
        sql.executemany(
            "INSERT OR IGNORE INTO scored VALUES (?, ?, ?, ?, ?, ?)",
            (
                (
                    *(number, row, answered.version, shadow),
                    None if shadow else json.dumps(answered.features[row], ensure_ascii=False),
                    json.dumps(predicted),
                )
                for row, predicted in enumerate(answered.predicted)
            ),
        )

    def _settle(self, sql: sqlite3.Connection, numbers: Iterable[int]) -> None:
        """Works out the losses of what is both scored and labelled; drops the oldest tenth when there are too many."""
        self._losses += sum(sql.execute(_SETTLE, (number,)).rowcount for number in numbers)
        if self._losses > MAX_LOSSES:
            gone = sql.execute(
                "DELETE FROM losses WHERE number <= (SELECT number FROM losses ORDER BY number LIMIT 1 OFFSET ?)",
                (MAX_LOSSES // 10,),
            )
            self._losses -= gone.rowcount

    def _forget(self, sql: sqlite3.Connection) -> None:
        """Drops the oldest requests, with their rows and labels, beyond `max_rows` rows."""
        while self._rows > self._max_rows:
            number, rows = sql.execute("SELECT number, rows FROM requests ORDER BY number LIMIT 1").fetchone()
            for table in ("requests", "scored", "labels"):
                sql.execute(f"DELETE FROM {table} WHERE number = ?", (number,))  # noqa: S608 - constants
            self._rows -= rows

    def _one(self, query: str, values: Sequence[Any] = ()) -> Any:
        with self._lock:
            return self._sql.execute(query, values).fetchone()

    def _all(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        with self._lock:
            return self._sql.execute(query, values).fetchall()


class _Transaction:
    """All or nothing, taken for writing from the start."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> sqlite3.Connection:
        self._connection.execute("BEGIN IMMEDIATE")
        return self._connection

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._connection.execute("COMMIT" if kind is None else "ROLLBACK")


def _number_of(sql: sqlite3.Connection, request_id: str) -> int | None:
    row = sql.execute("SELECT number FROM requests WHERE id = ?", (request_id,)).fetchone()
    return None if row is None else int(row[0])


def _sums(row: Sequence[Any]) -> Sums:
    return Sums(int(row[0]), float(row[1]), float(row[2]))


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None
