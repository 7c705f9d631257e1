"""Packed files: gzip, Zstandard and zip, unpacked to data files of limited size."""

import gzip
import shutil
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp
from typing import IO, Any

import zstandard

from mesh.errors import TooLargeError
from mesh.language import refused

from .refusal import SourceRefused

PACKED = frozenset({"gzip", "zip", "zstd"})
MAX_UNPACKED_BYTES = 16 << 30
MAX_MEMBERS = 200
_ENDINGS = (".gz", ".gzip", ".zst", ".zstd")
_DATA_SUFFIXES = frozenset(
    {".csv", ".tsv", ".txt", ".tab", ".json", ".jsonl", ".ndjson", ".parquet", ".feather", ".arrow"}
    | {".xlsx", ".xls", ".ods"}
)


def unpack(kind: str, path: Path, name: str, member: str | None, workdir: Path) -> list[tuple[Path, str]]:
    """The data files inside a packed one, each with its name; `member` chooses one within a zip archive.

    Raises: BadInputError when it is damaged, protected or holds no data file, or too many; TooLargeError.
    """
    folder = Path(mkdtemp(dir=workdir))
    if kind == "zip":
        return _unzip(path, name, member, folder)
    target = folder / "unpacked"
    try:
        with gzip.open(path) if kind == "gzip" else zstandard.open(path) as packed:
            _copy(packed, target, name)
    except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
        raise _damaged(kind, name, error) from error
    plain = PurePosixPath(name).name
    packed_name = plain.lower().endswith(_ENDINGS)
    return [(target, plain.removesuffix(PurePosixPath(plain).suffix) if packed_name else plain)]


def _damaged(kind: str, name: str, error: Exception) -> SourceRefused:
    return SourceRefused(
        "{name} is a damaged {kind} file ({error}). Pack it again and send it again.",
        "{name} 파일은 손상된 {kind} 파일입니다({error}). 다시 압축해 보내 주십시오.",
        name=name,
        kind=kind,
        error=error,
    )


def _several(name: str, listed: str) -> SourceRefused:
    if not listed:
        return SourceRefused(
            "{name} holds no data file. Send the data file itself.",
            "{name} 파일 안에 데이터 파일이 없습니다. 데이터 파일을 직접 보내 주십시오.",
            name=name,
        )
    return SourceRefused(
        "{name} holds other data files, or too many: {listed}. Say which one with `member`, or send the file itself.",
        "{name} 파일 안에 그 파일이 없거나 데이터 파일이 너무 많습니다: {listed}. "
        "`member`로 하나를 지정하거나 그 파일을 직접 보내 주십시오.",
        name=name,
        listed=listed,
    )


def _unzip(path: Path, name: str, member: str | None, folder: Path) -> list[tuple[Path, str]]:
    with zipfile.ZipFile(path) as archive:
        members = [
            info
            for info in archive.infolist()
            if not info.is_dir()
            and PurePosixPath(info.filename).suffix.lower() in _DATA_SUFFIXES
            and "__MACOSX" not in info.filename
        ]
        listed = ", ".join(info.filename for info in members[:20])
        if member is not None:
            members = [info for info in members if info.filename == member]
        if not 1 <= len(members) <= MAX_MEMBERS:
            raise _several(name, listed)
        if any(info.flag_bits & 1 for info in members):
            raise SourceRefused(
                "{name} is protected by a password. Send it without one.",
                "{name} 파일은 암호로 보호되어 있습니다. 암호 없이 보내 주십시오.",
                name=name,
            )
        if sum(info.file_size for info in members) > MAX_UNPACKED_BYTES:
            raise _too_large(name)
        unpacked = []
        for position, info in enumerate(members):
            target = folder / f"unpacked-{position}"
            try:
                with archive.open(info) as packed:
                    _copy(packed, target, name)
            except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
                raise _damaged("zip", name, error) from error
            unpacked.append(
                (target, info.filename if len(members) > 1 else PurePosixPath(info.filename).name)
            )
    return unpacked


def _too_large(name: str) -> TooLargeError:
    return refused(
        TooLargeError,
        en="{name} unpacks to more than {limit} GiB. Send it in parts.",
        ko="{name} 파일의 압축을 풀면 {limit} GiB를 넘습니다. 나누어 보내 주십시오.",
        name=name,
        limit=MAX_UNPACKED_BYTES >> 30,
    )


class _Limited:
    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream, self._name, self._left = stream, name, MAX_UNPACKED_BYTES

    def read(self, size: int = -1) -> bytes:
        block = self._stream.read(size)
        self._left -= len(block)
        if self._left < 0:
            raise _too_large(self._name)
        return block


def _copy(packed: Any, target: Path, name: str) -> None:
    with target.open("wb") as out:
        shutil.copyfileobj(_Limited(packed, name), out, 1 << 20)
