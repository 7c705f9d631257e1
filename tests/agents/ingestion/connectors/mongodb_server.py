"""A server that speaks as much of MongoDB's wire protocol as reading takes: hello, listCollections, find and getMore.

It answers filters of equality and `$gt`, hands out batches of 100, and refuses every login.
"""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import bson
from bson import Decimal128, Int64, ObjectId

OP_REPLY, OP_QUERY, OP_MSG = 1, 2004, 2013
BATCH = 100
HELLO = {
    "ismaster": True,
    "isWritablePrimary": True,
    "helloOk": True,
    "maxBsonObjectSize": 16 << 20,
    "maxMessageSizeBytes": 48_000_000,
    "maxWriteBatchSize": 100_000,
    "minWireVersion": 0,
    "maxWireVersion": 21,
    "readOnly": False,
    "ok": 1.0,
}
ORDERS: list[dict[str, Any]] = [
    {
        "_id": ObjectId(f"{number:024x}"),
        "number": number,
        "amount": Decimal128(f"{number}.25"),
        "placed": datetime(2024, 1, 1 + number % 28, 12, tzinfo=UTC),
        "customer": {"name": f"손님 {number % 7}", "address": {"city": "Seoul" if number % 2 else "Busan"}},
        "tags": ["a", "b"] if number % 2 else [],
        "paid": number % 3 == 0,
        "discount": None if number % 4 else 0.1,
    }
    for number in range(1, 251)
]
COLLECTIONS: dict[str, list[dict[str, Any]]] = {"orders": ORDERS, "empty": []}


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.left: list[dict[str, Any]] = []
        self.asked: list[str] = []
        while len(head := self.rfile.read(16)) == 16:
            length, request, _, code = struct.unpack("<iiii", head)
            body = self.rfile.read(length - 16)
            if code == OP_QUERY:
                reply = struct.pack("<iqii", 8, 0, 0, 1) + bson.encode(HELLO)
                self._send(request, OP_REPLY, reply)
            else:
                command = bson.decode(body[5:])
                reply = struct.pack("<iB", 0, 0) + bson.encode(self._answer(command))
                self._send(request, OP_MSG, reply)

    def _send(self, request: int, code: int, body: bytes) -> None:
        self.wfile.write(struct.pack("<iiii", 16 + len(body), 1, request, code) + body)

    def _answer(self, command: dict[str, Any]) -> dict[str, Any]:
        name = next(iter(command))
        match name.lower():
            case "hello" | "ismaster":
                return HELLO
            case "listcollections":
                found = [{"name": each, "type": "collection"} for each in COLLECTIONS]
                return {"cursor": {"id": Int64(0), "ns": "shop.$cmd", "firstBatch": found}, "ok": 1.0}
            case "find":
                rows = [
                    _projected(row, command.get("projection"))
                    for row in COLLECTIONS[command["find"]]
                    if _passes(row, command.get("filter", {}))
                ]
                limit = command.get("limit") or len(rows)
                return self._batch(rows[:limit], "firstBatch")
            case "getmore":
                return self._batch(self.left, "nextBatch")
            case "endsessions" | "killcursors":
                return {"ok": 1.0}
            case "saslstart":
                return {
                    "ok": 0.0,
                    "code": 18,
                    "codeName": "AuthenticationFailed",
                    "errmsg": "Authentication failed.",
                }
            case _:
                return {
                    "ok": 0.0,
                    "code": 59,
                    "codeName": "CommandNotFound",
                    "errmsg": f"no such command: {name}",
                }

    def _batch(self, rows: list[dict[str, Any]], label: str) -> dict[str, Any]:
        now, self.left = rows[:BATCH], rows[BATCH:]
        cursor = Int64(7 if self.left else 0)
        return {"cursor": {"id": cursor, "ns": "shop.orders", label: now}, "ok": 1.0}


def _passes(row: dict[str, Any], filter_: dict[str, Any]) -> bool:
    return all(
        row.get(key) > wanted["$gt"] if isinstance(wanted, dict) else row.get(key) == wanted
        for key, wanted in filter_.items()
    )


def _projected(row: dict[str, Any], projection: dict[str, Any] | None) -> dict[str, Any]:
    return (
        row if not projection else {key: value for key, value in row.items() if key in {"_id", *projection}}
    )


@contextmanager
def serve_mongodb() -> Iterator[int]:
    """Serves it on a loopback port of its own until the end of the `with` block."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Session) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01))
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()
