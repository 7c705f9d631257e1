"""Which format a file is in, by its bytes first and its name second; and the reader for it."""

import gzip
import shutil
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import IO, Literal

from mesh.errors import TooLargeError

from .batches import Source
from .columnar import open_parquet
from .delimited import open_delimited
from .documents import open_json, open_json_lines
from .job import Options
from .refusal import SourceRefused
from .workbook import open_workbook

Format = Literal["delimited", "workbook", "json", "json_lines", "parquet", "gzip", "zip"]

MAX_UNPACKED_BYTES = 16 << 30
_HEAD_BYTES = 64 * 1024
_REFUSED = (
    (
        b"%PDF",
        "a PDF document; export its table as CSV or Excel",
        "PDF 문서입니다. 표를 CSV나 Excel로 내보내 주십시오",
    ),
    (
        b"\x89PNG",
        "a picture; send the data it was drawn from",
        "그림입니다. 그림의 바탕이 된 데이터를 보내 주십시오",
    ),
    (
        b"\xff\xd8\xff",
        "a picture; send the data it was drawn from",
        "그림입니다. 그림의 바탕이 된 데이터를 보내 주십시오",
    ),
    (
        b"GIF8",
        "a picture; send the data it was drawn from",
        "그림입니다. 그림의 바탕이 된 데이터를 보내 주십시오",
    ),
    (
        b"SQLite format 3\x00",
        "a SQLite database; export the table you want as CSV",
        "SQLite 데이터베이스입니다. 필요한 표를 CSV로 내보내 주십시오",
    ),
    (
        b"7z\xbc\xaf",
        "a 7-Zip archive; unpack it or use zip or gzip",
        "7-Zip 압축 파일입니다. 압축을 풀거나 zip 또는 gzip을 사용해 주십시오",
    ),
    (
        b"Rar!",
        "a RAR archive; unpack it or use zip or gzip",
        "RAR 압축 파일입니다. 압축을 풀거나 zip 또는 gzip을 사용해 주십시오",
    ),
    (b"BZh", "a bzip2 archive; use zip or gzip", "bzip2 압축 파일입니다. zip 또는 gzip을 사용해 주십시오"),
    (b"\xfd7zXZ", "an xz archive; use zip or gzip", "xz 압축 파일입니다. zip 또는 gzip을 사용해 주십시오"),
    (b"\x7fELF", "a program", "프로그램입니다. 데이터 파일을 보내 주십시오"),
    (b"MZ\x90", "a program", "프로그램입니다. 데이터 파일을 보내 주십시오"),
)
_DATA_SUFFIXES = frozenset(
    {".csv", ".tsv", ".txt", ".tab", ".json", ".jsonl", ".ndjson", ".parquet", ".xlsx", ".xls", ".ods"}
)


def detect_format(path: Path, name: str) -> Format:
    """The format of a file by its first bytes, and by the suffix of `name` where bytes do not settle it.

    Raises: BadInputError when it is empty or of a kind that is no table.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    if not head:
        raise SourceRefused(
            "{name} is empty (0 bytes). Send a file that has a header row and data rows.",
            "{name} 파일이 비어 있습니다(0바이트). 머리글 행과 데이터 행이 있는 파일을 보내 주십시오.",
            name=name,
        )
    for magic, what, what_ko in _REFUSED:
        if head.startswith(magic):
            raise SourceRefused(
                "{name} is {what}.", "{name} 파일은 {what_ko}.", name=name, what=what, what_ko=what_ko
            )
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(b"PK\x03\x04"):
        return "workbook" if _is_workbook(path) else "zip"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "workbook"
    return _text_format(head, PurePosixPath(name).suffix.lower())


def open_source(path: Path, name: str, options: Options, workdir: Path, *, strict: bool) -> Source:
    """The file as a source, unpacked into `workdir` first when it is compressed.

    Raises: BadInputError or TooLargeError, each saying what to do.
    """
    kind = detect_format(path, name)
    if kind in ("gzip", "zip"):
        inner, inner_name = (_gunzip if kind == "gzip" else _unzip)(path, name, options, workdir)
        if detect_format(inner, inner_name) in ("gzip", "zip"):
            raise SourceRefused(
                "{name} holds another archive. Send the data file itself.",
                "{name} 파일 안에 또 다른 압축 파일이 있습니다. 데이터 파일을 직접 보내 주십시오.",
                name=name,
            )
        source = open_source(inner, inner_name, options, workdir, strict=strict)
        return Source(
            source.names,
            source.batches,
            source.account,
            {**source.details, "compression": kind, "member": inner_name},
            source.fraction,
        )
    openers: dict[str, Callable[[], Source]] = {
        "workbook": lambda: open_workbook(path, sheet=options.sheet, header=options.header),
        "json": lambda: open_json(path, encoding=options.encoding),
        "json_lines": lambda: open_json_lines(path, encoding=options.encoding),
        "parquet": lambda: open_parquet(path),
        "delimited": lambda: open_delimited(
            path, delimiter=options.delimiter, encoding=options.encoding, header=options.header, strict=strict
        ),
    }
    return openers[kind]()


def _text_format(head: bytes, suffix: str) -> Format:
    if suffix in (".jsonl", ".ndjson"):
        return "json_lines"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if suffix == ".json" or (start in (b"{", b"[") and suffix not in (".csv", ".tsv", ".tab")):
        lines = [line.strip() for line in head.splitlines()[:-1] if line.strip()][:5]
        one_each = len(lines) > 1 and all(line.startswith(b"{") and line.endswith(b"}") for line in lines)
        return "json_lines" if one_each else "json"
    return "delimited"


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile as error:
        raise SourceRefused(
            "The zip or Excel file is damaged. Save it again and send it again.",
            "zip 또는 Excel 파일이 손상되었습니다. 다시 저장해 보내 주십시오.",
        ) from error
    return "[Content_Types].xml" in names or "mimetype" in names


def _gunzip(path: Path, name: str, options: Options, workdir: Path) -> tuple[Path, str]:
    del options
    inner_name = PurePosixPath(name).name.removesuffix(".gz").removesuffix(".gzip")
    target = workdir / "unpacked"
    try:
        with gzip.open(path) as packed:
            _copy(packed, target, name)
    except (OSError, EOFError, zlib.error) as error:
        raise SourceRefused(
            "{name} is a damaged gzip file ({error}). Pack it again and send it again.",
            "{name} 파일은 손상된 gzip 파일입니다({error}). 다시 압축해 보내 주십시오.",
            name=name,
            error=error,
        ) from error
    return target, inner_name


def _several(name: str, listed: str) -> SourceRefused:
    if not listed:
        return SourceRefused(
            "{name} holds no data file. Send the data file itself.",
            "{name} 파일 안에 데이터 파일이 없습니다. 데이터 파일을 직접 보내 주십시오.",
            name=name,
        )
    return SourceRefused(
        "{name} holds several data files: {listed}. Say which one with `member`, or send the file itself.",
        "{name} 파일 안에 데이터 파일이 여러 개 있습니다: {listed}. `member`로 하나를 지정하거나 그 파일을 직접 보내 주십시오.",
        name=name,
        listed=listed,
    )


def _unzip(path: Path, name: str, options: Options, workdir: Path) -> tuple[Path, str]:
    target = workdir / "unpacked"
    with zipfile.ZipFile(path) as archive:
        members = [
            info
            for info in archive.infolist()
            if not info.is_dir()
            and PurePosixPath(info.filename).suffix.lower() in _DATA_SUFFIXES
            and "__MACOSX" not in info.filename
        ]
        listed = ", ".join(info.filename for info in members[:20])
        if options.member is not None:
            members = [info for info in members if info.filename == options.member]
        if len(members) != 1:
            raise _several(name, listed)
        if members[0].flag_bits & 1:
            raise SourceRefused(
                "{name} is protected by a password. Send it without one.",
                "{name} 파일은 암호로 보호되어 있습니다. 암호 없이 보내 주십시오.",
                name=name,
            )
        try:
            with archive.open(members[0]) as packed:
                _copy(packed, target, name)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise SourceRefused(
                "{name} is a damaged zip file ({error}). Pack it again and send it again.",
                "{name} 파일은 손상된 zip 파일입니다({error}). 다시 압축해 보내 주십시오.",
                name=name,
                error=error,
            ) from error
    return target, PurePosixPath(members[0].filename).name


class _Limited:
    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream, self._name, self._left = stream, name, MAX_UNPACKED_BYTES

    def read(self, size: int = -1) -> bytes:
        block = self._stream.read(size)
        self._left -= len(block)
        if self._left < 0:
            raise TooLargeError(
                f"{self._name} unpacks to more than {MAX_UNPACKED_BYTES >> 30} GiB. Send it in parts."
            )
        return block


def _copy(packed: "IO[bytes] | gzip.GzipFile | zipfile.ZipExtFile", target: Path, name: str) -> None:
    with target.open("wb") as out:
        shutil.copyfileobj(_Limited(packed, name), out, 1 << 20)  # type: ignore[arg-type]
