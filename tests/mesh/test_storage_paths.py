"""From where the storage client reads on this host, and from where it refuses to."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from mesh.errors import ForbiddenError, NotFoundError, UnavailableError
from mesh.results import FileRef
from mesh.settings import REPOSITORY_ROOT, load_settings
from mesh.storage import StorageClient, object_path

pytestmark = pytest.mark.anyio
ABC = hashlib.sha256(b"abc").hexdigest()


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[StorageClient]:
    """A client whose data folder is `data`, of a storage service that is not there."""
    (tmp_path / "data").mkdir()
    settings = load_settings(
        home=tmp_path / "home",
        data_dirs=[tmp_path / "data"],
        cards_dir=REPOSITORY_ROOT / "agent_cards",
        port_offset=47_000,
    )
    async with httpx.AsyncClient(trust_env=False) as http:
        yield StorageClient(settings, http)


def at(uri: str) -> FileRef:
    return FileRef(name="f", uri=uri)


async def test_a_file_in_a_data_folder_is_read_where_it_lies(storage: StorageClient, tmp_path: Path) -> None:
    path = tmp_path / "data" / "월 매출 100%.csv"
    path.write_text("a")
    assert await storage.local(at(path.as_uri())) == path
    plain = tmp_path / "data" / "plain.csv"
    plain.write_text("a")
    assert await storage.local(at(f"file://{plain}")) == plain


@pytest.mark.parametrize(
    "path", ["secret.csv", "data/../secret.csv", "data/%2e%2e/secret.csv", "data/link.csv", "data-2/x.csv"]
)
async def test_nothing_outside_the_data_folders_is_read(
    storage: StorageClient, tmp_path: Path, path: str
) -> None:
    (tmp_path / "secret.csv").write_text("a")
    (tmp_path / "data-2").mkdir()
    (tmp_path / "data-2" / "x.csv").write_text("a")
    (tmp_path / "data" / "link.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(ForbiddenError, match="MESH_DATA_DIRS"):
        await storage.local(at(f"file://{tmp_path}/{path}"))


async def test_what_is_not_there_is_not_found(storage: StorageClient, tmp_path: Path) -> None:
    for name in ("none.csv", ""):
        with pytest.raises(NotFoundError):
            await storage.local(at(f"file://{tmp_path}/data/{name}"))


@pytest.mark.parametrize("name", ["ab", "../../etc/passwd", "A" * 64, "g" * 64, "0" * 63 + "/"])
async def test_only_a_digest_names_an_object(storage: StorageClient, name: str) -> None:
    with pytest.raises(NotFoundError):
        await storage.local(at(f"mesh://objects/{name}"))


@pytest.mark.parametrize("uri", ["http://example.com/a.csv", "s3://b/k", "a.csv", ""])
async def test_other_addresses_must_be_loaded_first(storage: StorageClient, uri: str) -> None:
    with pytest.raises(ForbiddenError, match="load it first"):
        await storage.local(at(uri))


async def test_an_object_on_this_host_is_read_where_it_lies(storage: StorageClient, tmp_path: Path) -> None:
    path = object_path(tmp_path / "home", ABC)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"abc")
    assert await storage.local(at(f"mesh://objects/{ABC}")) == path
    assert storage.object_url(at(f"mesh://objects/{ABC}")) == f"http://127.0.0.1:55502/objects/{ABC}"
    assert storage.object_url(at("https://example.com/x")) == "https://example.com/x"


async def test_a_service_that_is_away_is_unavailable(storage: StorageClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"abc"

    with pytest.raises(UnavailableError, match="cannot be reached"):
        await storage.put_stream(chunks(), name="x", media_type="text/csv")
