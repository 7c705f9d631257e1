"""MongoDB: documents come whole, nested fields become columns, and a filter runs no code."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bson import Decimal128, ObjectId

from agents.ingestion.connectors.documents import plain_document
from agents.ingestion.connectors.jobs import run_look
from agents.ingestion.contract import NamedFile, Options
from agents.ingestion.job import run_load
from mesh.connections import Connection
from mesh.errors import (
    BadInputError,
    ForbiddenError,
    NeedsInputError,
    NotFoundError,
    SourceUnavailableError,
    TooLargeError,
)
from tests.agents.ingestion.connectors.mongodb_server import ORDERS, serve_mongodb
from tests.agents.ingestion.connectors.reading import connection, read


@pytest.fixture(scope="module")
def mongodb() -> Iterator[Connection]:
    with serve_mongodb() as port:
        yield connection(f"mongodb://127.0.0.1:{port}/shop?directConnection=true", name="m")


def test_a_collection_becomes_a_table_with_dotted_columns(mongodb: Connection, tmp_path: Path) -> None:
    landed = read(mongodb, collection="orders")
    assert landed.origin["records"] == len(ORDERS) == 250
    loaded = run_load(
        [NamedFile(landed.path, landed.name)],
        landed.name,
        tmp_path / "d.parquet",
        tmp_path,
        Options(),
        "en",
    )
    types = {column.name: column.type for column in loaded.columns}
    assert loaded.rows == 250
    assert types["customer.address.city"] == types["customer.name"] == types["_id"] == "string"
    assert (types["number"], types["amount"], types["placed"]) == ("integer", "number", "datetime")
    assert (types["paid"], types["discount"]) == ("boolean", "number")
    report = {column["name"]: column for column in loaded.report["columns"]}
    assert report["discount"]["missing"] == sum(order["discount"] is None for order in ORDERS)


def test_a_filter_fields_and_a_limit_choose(mongodb: Connection) -> None:
    landed = read(mongodb, collection="orders", filter={"number": {"$gt": 240}}, fields=["number"], limit=4)
    rows = [json.loads(line) for line in landed.path.read_text().splitlines()]
    assert [row["number"] for row in rows] == [241, 242, 243, 244]
    assert all(set(row) == {"_id", "number"} for row in rows)
    assert landed.origin["limited"]


def test_which_collection_is_asked_with_the_names_there_are(mongodb: Connection) -> None:
    with pytest.raises(NeedsInputError, match="2 collections: empty, orders"):
        read(mongodb)
    with pytest.raises(NotFoundError, match="'nope' 컬렉션이 없습니다"):
        read(mongodb, language="ko", collection="nope")
    with pytest.raises(BadInputError, match="no documents"):
        read(mongodb, collection="empty")
    assert run_look(mongodb) == ["empty", "orders"]


def test_a_filter_that_runs_code_is_refused(mongodb: Connection) -> None:
    for filter_ in ({"$where": "sleep(1)"}, {"$or": [{"a": 1}, {"$expr": {"$function": {"body": "x"}}}]}):
        with pytest.raises(ForbiddenError, match="cannot run code"):
            read(mongodb, collection="orders", filter=filter_)


def test_a_size_bounds_what_is_read(mongodb: Connection) -> None:
    with pytest.raises(TooLargeError, match="5,000 bytes"):
        read(mongodb, collection="orders", size_bytes=5_000)


def test_a_refused_login_and_a_bad_address_do_not_repeat_the_password(mongodb: Connection) -> None:
    url = mongodb.url.replace("mongodb://", "mongodb://me:letmein-now@")
    with pytest.raises(ForbiddenError, match="refuses") as refused:
        read(connection(url), collection="orders")
    with pytest.raises(BadInputError) as malformed:
        read(connection("mongodb://me:letmein-now@@h:x/db"), collection="orders")
    assert "letmein" not in str(refused.value) + str(malformed.value)


def test_a_server_that_is_away_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agents.ingestion.connectors.documents._CONNECT_MS", 50)
    with pytest.raises(SourceUnavailableError, match="mesh connections test"):
        read(connection("mongodb://127.0.0.1:1/shop"), collection="orders")


def test_values_that_json_lacks_become_those_it_has() -> None:
    document = {
        "id": ObjectId("0" * 24),
        "price": Decimal128("1.10"),
        "nan": Decimal128("NaN"),
        "at": datetime(2024, 5, 1, 9, tzinfo=UTC),
        "raw": b"\x00\x01",
        "deep": [{"x": float("inf")}, None, True],
    }
    assert plain_document(document) == {
        "id": "0" * 24,
        "price": 1.1,
        "nan": None,
        "at": "2024-05-01 09:00:00",
        "raw": "(2 bytes)",
        "deep": [{"x": None}, None, True],
    }
