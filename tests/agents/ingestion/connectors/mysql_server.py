"""A server that speaks MySQL's wire protocol, with one table of orders; it refuses writes once told to read only."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from mysql_mimic import (
    IdentityProvider,
    MysqlServer,
    NativePasswordAuthPlugin,
    ResultColumn,
    ResultSet,
    Session,
    User,
)
from mysql_mimic.errors import MysqlError
from mysql_mimic.types import ColumnType

# The numbers are those of MySQL's error reference.
NO_SUCH_TABLE, READ_ONLY_TRANSACTION = 1146, 1792
USER, PASSWORD = "reader", "p@ss/wörd:1"
CREATE = """CREATE TABLE `orders` (
  `id` bigint NOT NULL,
  `amount` decimal(10,2) DEFAULT NULL,
  `day` date DEFAULT NULL,
  `placed` datetime DEFAULT NULL,
  `paid` tinyint(1) DEFAULT NULL,
  `note` varchar(200) DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"""
COLUMNS = [
    ResultColumn("id", ColumnType.LONGLONG),
    ResultColumn("amount", ColumnType.NEWDECIMAL, text_encoder=lambda _, value: str(value).encode()),
    ResultColumn("day", ColumnType.DATE),
    ResultColumn("placed", ColumnType.DATETIME),
    ResultColumn("paid", ColumnType.TINY),
    ResultColumn("note", ColumnType.VAR_STRING),
]
ROWS = [
    (
        number,
        Decimal(number) / 4 if number % 10 else None,
        date(2024, 1, 1 + number % 28),
        datetime.fromisoformat(f"2024-01-01T{number % 24:02}:30"),
        number % 2,
        None if number % 3 == 0 else f"메모 {number}",
    )
    for number in range(1, 251)
]


class _Orders(Session):  # type: ignore[misc]
    read_only = False

    async def handle_query(self, sql: str, attrs: dict[str, str]) -> Any:
        words = sql.upper().split()
        if words[:2] == ["SHOW", "CREATE"]:
            return [("orders", CREATE)], ["Table", "Create Table"]
        if words[:1] == ["SHOW"] and "TABLES" in words:
            return [("orders", "BASE TABLE")], ["Tables_in_shop", "Table_type"]
        if "READ" in words and "ONLY" in words:
            self.read_only = True
            return [], []
        if words[0] == "WITH" and "DELETE" in words and self.read_only:
            message = "Cannot execute statement in a READ ONLY transaction."
            raise MysqlError(message, READ_ONLY_TRANSACTION)
        return await super().handle_query(sql, attrs)

    async def query(self, expression: Any, sql: str, attrs: dict[str, str]) -> Any:
        if "orders" not in sql:
            raise MysqlError("Table doesn't exist", NO_SUCH_TABLE)
        return ResultSet(iter(ROWS), COLUMNS)

    async def schema(self) -> Any:
        return {"shop": {"orders": {"id": "BIGINT"}}}


class _Readers(IdentityProvider):  # type: ignore[misc]
    def get_plugins(self) -> list[Any]:
        return [NativePasswordAuthPlugin()]

    async def get_user(self, username: str) -> User | None:
        if username != USER:
            return None
        digest = NativePasswordAuthPlugin.create_auth_string(PASSWORD)
        return User(username, auth_string=digest, auth_plugin=NativePasswordAuthPlugin.name)


@contextmanager
def serve_mysql() -> Iterator[int]:
    """Serves it on a loopback port of its own until the end of the `with` block."""
    loop, ready = asyncio.new_event_loop(), threading.Event()
    server = MysqlServer(session_factory=_Orders, identity_provider=_Readers())
    ports: list[int] = []

    async def run() -> None:
        await server.start_server(host="127.0.0.1", port=0)
        assert server._server is not None
        ports.append(server._server.sockets[0].getsockname()[1])
        ready.set()
        with suppress(asyncio.CancelledError):
            await server.serve_forever()

    task = loop.create_task(run())
    thread = threading.Thread(target=lambda: (loop.run_until_complete(task), loop.close()), daemon=True)
    thread.start()
    assert ready.wait(20)
    yield ports[0]
    loop.call_soon_threadsafe(task.cancel)
    thread.join(20)
