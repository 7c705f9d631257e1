"""Databases: types are kept, writes are refused by the database itself, and a missing name is asked for."""

import sqlite3
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from urllib.parse import quote

import psycopg
import pyarrow as pa
import pytest
from sqlalchemy.engine import make_url

from agents.ingestion.connectors.jobs import run_look
from agents.ingestion.connectors.tables import meant_table
from mesh.connections import Connection
from mesh.errors import (
    BadInputError,
    DeadlineError,
    ForbiddenError,
    MeshError,
    NeedsInputError,
    NotFoundError,
    SourceUnavailableError,
    TooLargeError,
)
from mesh.language import detect_language
from tests.agents.ingestion.connectors.mysql_server import PASSWORD, ROWS, USER, serve_mysql
from tests.agents.ingestion.connectors.reading import connection, read, table
from tests.datahub.databases import postgresql_url


@pytest.fixture(scope="module")
def postgresql() -> Connection:
    """A PostgreSQL server with orders of every type."""
    url = postgresql_url()
    with psycopg.connect(url) as database:
        database.execute("DROP SCHEMA IF EXISTS shop CASCADE")
        database.execute("CREATE SCHEMA shop")
        database.execute(
            "CREATE TABLE shop.orders (id int, amount numeric(10,2), day date, at timestamptz, paid boolean, note text,"
            " detail jsonb, big numeric(30,0))"
        )
        database.execute(
            "INSERT INTO shop.orders SELECT i, i / 4.0, date '2024-01-01' + i % 30, timestamptz '2024-01-01 00:00+09',"
            " i % 2 = 0, CASE WHEN i % 3 = 0 THEN NULL ELSE '100% ' || i END, '{\"a\": 1}', 1e20 FROM generate_series(1, 45000) i"
        )
        database.execute('CREATE TABLE shop."빈 표" (a int)')
    return connection(url)


@pytest.fixture(scope="module")
def mysql() -> Iterator[Connection]:
    with serve_mysql() as port:
        yield connection(f"mysql://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{port}/shop")


@pytest.fixture
def sqlite(tmp_path: Path) -> Connection:
    path = tmp_path / "shop's #1.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE orders (id INTEGER, amount NUMERIC, paid BOOLEAN, mixed, note TEXT)")
        values = [(1, 2.5, 1, 7, "a"), (2, None, 0, "x", None), (3, 4, None, 2.5, b"\xff\x00")]
        database.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?)", values)
        database.execute('CREATE TABLE "order items" (id INTEGER)')
    database.close()
    return connection(f"sqlite:///{path}")


def test_a_postgresql_table_keeps_its_types_and_every_row(postgresql: Connection) -> None:
    landed = read(postgresql, table="shop.orders")
    rows = table(landed)

    assert rows.schema.types == [
        *(pa.int64(), pa.float64(), pa.date32(), pa.timestamp("us"), pa.bool_(), pa.string()),
        *(pa.string(), pa.float64()),
    ]
    assert rows.num_rows == landed.origin["records"] == 45_000
    assert sum(rows["amount"].to_pylist()) == sum(range(45_001)) / 4
    assert rows["note"].null_count == 15_000
    first = rows.slice(0, 1).to_pylist()[0]
    assert first["day"] == date(2024, 1, 2)
    assert first["at"] == datetime.fromisoformat("2023-12-31T15:00")
    assert first["paid"] is False
    assert landed.name == "shop.orders"


def test_a_query_with_percent_signs_and_colons_runs_as_it_is_written(postgresql: Connection) -> None:
    query = (
        "SELECT count(*)::int AS n, sum(amount) FROM shop.orders WHERE note LIKE '100% 1%'; -- all of them"
    )
    rows = table(read(postgresql, query=query))
    expected = [i for i in range(1, 45_001) if i % 3 and str(i).startswith("1")]
    assert rows.to_pylist() == [{"n": len(expected), "sum": sum(expected) / 4}]


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM shop.orders",
        "WITH gone AS (DELETE FROM shop.orders RETURNING *) SELECT * FROM gone",
        "SELECT * INTO shop.copy FROM shop.orders",
        "SELECT lo_create(0)",
        "COPY shop.orders TO '/tmp/x'",
        "SELECT nextval('shop.numbers')",
    ],
)
def test_postgresql_refuses_to_write(postgresql: Connection, query: str) -> None:
    with psycopg.connect(postgresql.url) as database:
        database.execute("CREATE SEQUENCE IF NOT EXISTS shop.numbers")
    with pytest.raises(ForbiddenError, match="read-only"):
        read(postgresql, query=query)
    assert table(read(postgresql, query="SELECT count(*) AS n FROM shop.orders")).to_pylist() == [
        {"n": 45_000}
    ]


def test_a_read_only_transaction_cannot_be_made_writable(postgresql: Connection) -> None:
    with pytest.raises(BadInputError, match="read-write mode"):
        read(postgresql, query="SELECT set_config('transaction_read_only', 'off', true)")
    with pytest.raises(BadInputError, match="several statements"):
        read(postgresql, query="SELECT 1; COMMIT; DROP TABLE shop.orders")


def test_a_query_is_stopped_by_the_database_at_its_deadline(postgresql: Connection) -> None:
    with pytest.raises(DeadlineError):
        read(postgresql, query="SELECT pg_sleep(60)", deadline_s=0.2)


def test_a_limit_and_a_size_bound_what_is_read(postgresql: Connection) -> None:
    landed = read(postgresql, table="shop.orders", limit=20_001)
    assert table(landed).num_rows == 20_001
    assert landed.origin["limited"]
    with pytest.raises(TooLargeError, match="100,000 bytes"):
        read(postgresql, table="shop.orders", size_bytes=100_000)


def test_unknown_tables_and_columns_are_named(postgresql: Connection) -> None:
    with pytest.raises(NotFoundError, match=r"no table 'nope'.*shop\.orders"):
        read(postgresql, table="nope")
    with pytest.raises(BadInputError, match='column "nope" does not exist'):
        read(postgresql, query="SELECT nope FROM shop.orders")
    with pytest.raises(BadInputError, match=r"빈 표.*행이 없습니다"):
        read(postgresql, language="ko", table="shop.빈 표")
    assert "shop.orders" in run_look(postgresql)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"database": "elsewhere"}, NotFoundError, "database that is not there"),
        ({"username": "nobody"}, ForbiddenError, "refuses the login"),
    ],
)
def test_a_wrong_database_or_user_is_told_from_a_server_that_is_away(
    postgresql: Connection, change: dict[str, str], error: type[MeshError], words: str
) -> None:
    url = make_url(postgresql.url).set(**change)  # type: ignore[arg-type]
    with pytest.raises(error, match=words) as refused:
        read(connection(url.render_as_string(hide_password=False)), table="orders")
    refused.value.speak("ko")
    assert detect_language(refused.value.message) == "ko"


def test_a_mysql_table_keeps_its_types(mysql: Connection) -> None:
    rows = table(read(mysql, table="orders"))
    assert rows.num_rows == len(ROWS)
    assert rows.schema.types == [
        *(pa.int64(), pa.float64(), pa.date32(), pa.timestamp("us"), pa.bool_(), pa.string())
    ]
    assert rows["amount"].to_pylist() == [None if row[1] is None else float(row[1]) for row in ROWS]
    assert rows["paid"].to_pylist() == [bool(row[4]) for row in ROWS]
    assert rows["note"].to_pylist() == [row[5] for row in ROWS]


def test_mysql_refuses_to_write(mysql: Connection) -> None:
    for query in ("WITH x AS (SELECT 1) DELETE FROM orders", "SELECT * FROM orders INTO OUTFILE '/tmp/x'"):
        with pytest.raises(ForbiddenError, match="read-only"):
            read(mysql, query=query)


def test_a_wrong_password_is_refused_without_repeating_it(mysql: Connection) -> None:
    url = mysql.url.replace(quote(PASSWORD, safe=""), "not-the-password")
    with pytest.raises(ForbiddenError, match="refuses the login") as refused:
        read(connection(url), table="orders")
    assert "not-the-password" not in str(refused.value)


def test_sqlite_keeps_declared_booleans_and_mixed_values(sqlite: Connection) -> None:
    rows = table(read(sqlite, table="orders"))
    assert rows.to_pylist() == [
        {"id": 1, "amount": 2.5, "paid": True, "mixed": "7", "note": "a"},
        {"id": 2, "amount": None, "paid": False, "mixed": "x", "note": None},
        {"id": 3, "amount": 4.0, "paid": None, "mixed": "2.5", "note": "(2 bytes)"},
    ]


def test_sqlite_refuses_to_write(sqlite: Connection) -> None:
    for query in ("WITH x AS (SELECT 1) DELETE FROM orders", "DROP TABLE orders", "PRAGMA query_only = 0"):
        with pytest.raises(ForbiddenError, match="read-only"):
            read(sqlite, query=query)
    assert table(read(sqlite, table="orders")).num_rows == 3


def test_which_table_is_asked_unless_the_question_names_one(sqlite: Connection) -> None:
    with pytest.raises(NeedsInputError, match="2 tables: order items, orders"):
        read(sqlite, goal="What sold most?")
    with pytest.raises(NeedsInputError, match="어느 표인가요"):
        read(sqlite, goal="무엇이 가장 많이 팔렸나요?", language="ko")
    assert read(sqlite, goal="orders에서 무엇이 가장 많나요?").name == "orders"


@pytest.mark.parametrize(
    ("goal", "meant"),
    [
        ("Sum Total by BillingCountry in Invoice", "Invoice"),
        ("InvoiceLine을 요약해줘", "InvoiceLine"),
        ("Join Invoice and InvoiceLine", None),
        ("Which invoice is largest?", None),
        ("", None),
    ],
)
def test_a_table_is_meant_when_its_name_alone_is_spelled_out(goal: str, meant: str | None) -> None:
    assert meant_table(["Invoice", "InvoiceLine", "Track"], goal) == meant
    assert meant_table(["Track"], goal) == "Track"


def test_a_database_without_a_driver_or_a_place_says_what_to_do() -> None:
    with pytest.raises(BadInputError, match="No driver for oracle"):
        read(connection("oracle://me:hidden-word@127.0.0.1/x"), table="t")
    with pytest.raises(SourceUnavailableError, match="mesh connections test shop") as away:
        read(connection("postgresql://me:hidden-word@127.0.0.1:1/x"), table="t")
    assert "hidden-word" not in str(away.value)
    with pytest.raises(NotFoundError, match="no such file"):
        read(connection("sqlite:////nowhere/x.db"), table="t")


def test_any_other_database_must_refuse_writes_or_be_said_to(
    postgresql: Connection, sqlite: Connection
) -> None:
    url = postgresql.url.replace("postgresql://", "postgresql+psycopg://")
    assert table(read(connection(url), query="SELECT 1 AS one")).to_pylist() == [{"one": 1}]
    with pytest.raises(ForbiddenError):
        read(connection(url), query="SELECT lo_create(0)")
    other = sqlite.url.replace("sqlite://", "sqlite+pysqlite://")
    with pytest.raises(BadInputError, match="read_only_role"):
        read(connection(other), table="orders")
    assert table(read(connection(other, read_only_role=True), table="orders")).num_rows == 3
