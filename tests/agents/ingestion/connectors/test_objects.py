"""Objects at an S3 endpoint: one by its key, by a prefix or by a pattern, read like a local file."""

import socket
from collections.abc import Iterator
from io import BytesIO

import pytest
from minio import Minio
from moto.server import ThreadedMotoServer

from agents.ingestion.connectors.jobs import run_look
from mesh.connections import Connection
from mesh.errors import NotFoundError, SourceUnavailableError, TooLargeError
from tests.agents.ingestion.connectors.reading import connection, read

SECRET = "letmein-secret-key"
CSV = b"region,sales\nSeoul,10\nBusan,7\n"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    client = Minio(f"127.0.0.1:{port}", "key", SECRET, secure=False, region="us-east-1")
    client.make_bucket("lake")
    for key in (
        "2024/01.csv",
        "2024/02.csv",
        "2024/deep/03.csv",
        "한글/매출.csv",
        "only/one.csv",
        "other.txt",
    ):
        client.put_object("lake", key, BytesIO(CSV), len(CSV))
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def lake(endpoint: str) -> Connection:
    return connection("s3://lake", "lake", endpoint=endpoint, access_key="key", secret_key=SECRET)


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("2024/01.csv", "01.csv"),
        ("한글/매출.csv", "매출.csv"),
        ("only/", "one.csv"),
        ("2024/0[2-9].csv", "02.csv"),
        ("*.txt", "other.txt"),
    ],
)
def test_an_object_is_fetched_by_key_prefix_or_pattern(lake: Connection, asked: str, name: str) -> None:
    landed = read(lake, object=asked)
    assert (landed.name, landed.path.read_bytes()) == (name, CSV)
    assert landed.origin["bytes"] == len(CSV)


def test_a_prefix_means_every_object_below_it(lake: Connection) -> None:
    landed = read(lake, object="2024/")
    assert [name for _, name in landed.files] == ["2024/01.csv", "2024/02.csv", "2024/deep/03.csv"]
    assert [path.read_bytes() for path, _ in landed.files] == [CSV] * 3
    assert (landed.name, landed.origin["objects"], landed.origin["bytes"]) == ("lake", 3, 3 * len(CSV))
    assert len(read(lake, object="2024/*.csv").files) == 2


def test_the_prefix_of_a_connection_is_in_front(endpoint: str) -> None:
    place = connection("s3://lake/2024/", endpoint=endpoint, access_key="key", secret_key=SECRET)
    assert read(place, object="deep/03.csv").name == "03.csv"
    assert run_look(place) == ["2024/01.csv", "2024/02.csv", "2024/deep/03.csv"]


def test_what_is_not_there_is_named(lake: Connection, endpoint: str) -> None:
    with pytest.raises(NotFoundError, match=r"no object nope\.csv \(NoSuchKey\)"):
        read(lake, object="nope.csv")
    with pytest.raises(NotFoundError, match="Nothing in the bucket matches 2023/"):
        read(lake, object="2023/*.csv")
    other = connection("s3://nope", endpoint=endpoint, access_key="key", secret_key=SECRET)
    with pytest.raises(NotFoundError, match="객체가 없습니다"):
        read(other, language="ko", object="x.csv")


def test_a_size_bounds_what_is_fetched(lake: Connection) -> None:
    with pytest.raises(TooLargeError, match="10 bytes"):
        read(lake, object="other.txt", size_bytes=10)


def test_an_endpoint_that_is_away_is_said_to_be_without_its_key() -> None:
    away = connection("s3://lake", endpoint="http://127.0.0.1:1", access_key="key-id-1", secret_key=SECRET)
    with pytest.raises(SourceUnavailableError, match="does not answer") as error:
        read(away, object="x.csv")
    assert SECRET not in str(error.value)
    assert "key-id-1" not in str(error.value)
