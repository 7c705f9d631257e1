"""Storing, reading back, and what a crash or a damaged disk leaves."""

import fcntl
import hashlib
import sys
import textwrap
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import anyio
import pytest
from structlog.testing import capture_logs

from datahub.storage.errors import ChecksumError, CorruptObjectError
from datahub.storage.objects import BLOCK_BYTES, ObjectFiles
from datahub.storage.service import StorageService
from datahub.storage.store import VersionStore
from mesh.errors import InvalidRequestError, NotFoundError, TooLargeError
from tests.datahub.databases import opened

pytestmark = pytest.mark.anyio

ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[VersionStore]:
    async with opened("sqlite", tmp_path, "datahub/storage") as engine:
        yield VersionStore(engine)


@pytest.fixture
def service(store: VersionStore, tmp_path: Path) -> StorageService:
    times: Iterator[int] = iter(range(1_000_000))
    return StorageService(
        ObjectFiles(tmp_path / "storage"),
        store,
        limit_bytes=4 * BLOCK_BYTES,
        clock=lambda: float(next(times)),
    )


async def put(service: StorageService, content: bytes, name: str = "a.txt", sha256: str | None = None) -> str:
    receipt, _ = await service.put(
        chunks(content), name=name, media_type="text/plain", expected_sha256=sha256
    )
    assert receipt.sha256 is not None
    return receipt.sha256


def incoming(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "storage" / "incoming").iterdir())


async def test_bytes_come_back_under_their_published_digest(service: StorageService) -> None:
    receipt, is_new = await service.put(chunks(b"a", b"", b"bc"), name="x/abc.txt", media_type="text/plain")
    path, version = await service.locate(ABC.upper(), verify=True)
    assert (receipt.sha256, receipt.uri, receipt.bytes, receipt.version) == (
        ABC,
        f"mesh://objects/{ABC}",
        3,
        1,
    )
    assert is_new
    assert path.read_bytes() == b"abc"
    assert version.name == "x/abc.txt"


async def test_a_large_stream_is_kept_whole_in_blocks(service: StorageService, tmp_path: Path) -> None:
    content = bytes(range(256)) * (BLOCK_BYTES // 256 * 3) + b"tail"
    sizes = [content[start : start + 70_001] for start in range(0, len(content), 70_001)]
    receipt, _ = await service.put(chunks(*sizes), name="big", media_type="application/octet-stream")
    assert receipt.sha256 == hashlib.sha256(content).hexdigest()
    assert (await service.locate(receipt.sha256))[0].read_bytes() == content
    assert incoming(tmp_path) == []


async def test_what_is_refused_leaves_nothing(service: StorageService, tmp_path: Path) -> None:
    with pytest.raises(TooLargeError, match="MESH_MAX_UPLOAD_BYTES"):
        await put(service, b"x" * (4 * BLOCK_BYTES + 1))
    with pytest.raises(ChecksumError, match=ABC):
        await put(service, b"abd", sha256=ABC)
    for name in ("", "  ", "a\nb", "n" * 513, "\ud800"):
        with pytest.raises(InvalidRequestError):
            await put(service, b"abc", name=name)
    with pytest.raises(InvalidRequestError):
        await service.put(chunks(b"abc"), name="a", media_type="text/html\r\nx: y")
    assert incoming(tmp_path) == []
    assert not [path for path in (tmp_path / "storage" / "objects").rglob("*") if path.is_file()]
    with pytest.raises(NotFoundError):
        await service.stat(ABC)


async def test_a_sender_that_goes_away_leaves_nothing(service: StorageService, tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionResetError("gone")

    with pytest.raises(ConnectionResetError):
        await service.put(broken(), name="a", media_type="text/plain")
    assert incoming(tmp_path) == []


async def test_start_removes_what_a_crash_left_but_not_an_upload_under_way(
    service: StorageService, tmp_path: Path
) -> None:
    folder = tmp_path / "storage" / "incoming"
    crashed = textwrap.dedent(
        """
        import anyio, os, sys, pathlib
        from datahub.storage.objects import ObjectFiles
        async def stream():
            yield b"x" * 3_000_000
            os.kill(os.getpid(), 9)
        files = ObjectFiles(pathlib.Path(sys.argv[1]))
        anyio.run(lambda: files.receive(stream(), limit_bytes=10**9))
        """
    )
    died = await anyio.run_process([sys.executable, "-c", crashed, str(tmp_path / "storage")], check=False)
    assert died.returncode == -9
    assert [path.stat().st_size for path in incoming(tmp_path)] == [3_000_000]
    with (folder / "underway").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        await service.start()
        assert [path.name for path in incoming(tmp_path)] == ["underway"]
    await service.start()
    assert incoming(tmp_path) == []


async def test_damage_is_reported_by_name_and_repaired_by_storing_again(service: StorageService) -> None:
    await put(service, b"abc", name="report.csv")
    path, _ = await service.locate(ABC)
    path.write_bytes(b"abd")
    assert (await service.locate(ABC))[0] == path
    with capture_logs() as logs, pytest.raises(CorruptObjectError, match=rf"{ABC} \(report.csv"):
        await service.locate(ABC, verify=True)
    assert [(entry["event"], entry["log_level"], entry["name"]) for entry in logs] == [
        ("object_corrupt", "error", "report.csv")
    ]
    path.write_bytes(b"ab")
    with pytest.raises(CorruptObjectError, match="2 bytes"):
        await service.locate(ABC)
    path.unlink()
    assert not (await service.verify(ABC)).intact
    await put(service, b"abc", name="report.csv")
    assert (await service.verify(ABC)).intact
    path.write_bytes(b"abd")
    await put(service, b"abc", name="report.csv")
    assert (await service.verify(ABC)).intact


async def test_a_lost_index_is_rebuilt_from_the_objects(service: StorageService, tmp_path: Path) -> None:
    for content, name in [(b"abc", "a"), (b"abd", "a"), (b"abc", "b"), (b"abc", "a")]:
        await put(service, content, name=name)
    before = [await service.versions("a"), await service.versions("b"), (await service.names()).items]
    notes = tmp_path / "storage" / "objects" / ABC[:2] / f"{ABC}.versions"
    notes.write_bytes(notes.read_bytes() + b'{"name": "cut o')
    async with opened("sqlite", tmp_path / "fresh", "datahub/storage") as engine:
        again = StorageService(ObjectFiles(tmp_path / "storage"), VersionStore(engine), limit_bytes=100)
        await again.start()
        after = [await again.versions("a"), await again.versions("b"), (await again.names()).items]
        assert after == before
        assert [item.version for item in after[0]] == [3, 2, 1]


async def test_names_are_paged(service: StorageService) -> None:
    for name in "cab":
        await put(service, b"abc", name=name)
    first = await service.names(limit=2)
    second = await service.names(limit=2, cursor=first.next_cursor or "")
    assert [item.name for item in [*first.items, *second.items]] == ["a", "b", "c"]
    assert (first.next_cursor, second.next_cursor) == ("b", None)
    with pytest.raises(NotFoundError):
        await service.versions("zzz")
    with pytest.raises(NotFoundError):
        await service.locate("../../etc/passwd")
