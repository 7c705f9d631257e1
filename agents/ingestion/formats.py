"""Which format a file is in, by its bytes first and its name second; and the tables that its reader finds in it."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from .batches import Found, Plain, Source
from .columnar import arrow_tables, parquet_tables
from .contract import Options
from .delimited import delimited_tables
from .documents import json_lines_tables, json_tables
from .packing import PACKED, unpack
from .refusal import SourceRefused
from .workbook import workbook_tables

Format = Literal["delimited", "workbook", "json", "json_lines", "parquet", "arrow", "gzip", "zip", "zstd"]

_HEAD_BYTES = 64 * 1024
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|body|table|\?xml)\b", re.IGNORECASE)
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
    (
        b"FEA1",
        "an old Feather file (version 1); write it again as Feather version 2 or Parquet",
        "옛 Feather 파일(버전 1)입니다. Feather 버전 2나 Parquet으로 다시 저장해 주십시오",
    ),
    (b"BZh", "a bzip2 archive; use zip or gzip", "bzip2 압축 파일입니다. zip 또는 gzip을 사용해 주십시오"),
    (b"\xfd7zXZ", "an xz archive; use zip or gzip", "xz 압축 파일입니다. zip 또는 gzip을 사용해 주십시오"),
    (b"\x7fELF", "a program", "프로그램입니다. 데이터 파일을 보내 주십시오"),
    (b"MZ\x90", "a program", "프로그램입니다. 데이터 파일을 보내 주십시오"),
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
    if _MARKUP.match(head):
        raise SourceRefused(
            "{name} is a web page or an XML document, not a table. Open it and save the table as CSV or Excel.",
            "{name} 파일은 표가 아니라 웹 페이지나 XML 문서입니다. 파일을 열어 표를 CSV나 Excel로 저장해 주십시오.",
            name=name,
        )
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((b"ARROW1", b"\xff\xff\xff\xff")):
        return "arrow"
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(b"\x28\xb5\x2f\xfd"):
        return "zstd"
    if head.startswith(b"PK\x03\x04"):
        return "workbook" if _is_workbook(path) else "zip"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "workbook"
    return _text_format(head, PurePosixPath(name).suffix.lower())


def find_tables(path: Path, name: str, options: Options, workdir: Path, *, strict: bool) -> list[Found]:
    """The tables in a file, unpacked into `workdir` first when it is compressed.

    Raises: BadInputError or TooLargeError, each saying what to do.
    """
    kind = detect_format(path, name)
    if kind in PACKED:
        inside = unpack(kind, path, name, options.member, workdir)
        return [
            found
            for inner, inner_name in inside
            for found in _find_inside(
                inner, inner_name, kind, options, workdir, strict=strict, alone=len(inside) == 1
            )
        ]
    finders: dict[Format, Callable[[], list[Found]]] = {
        "workbook": lambda: workbook_tables(path, sheet=options.sheet, header=options.header),
        "json": lambda: json_tables(path, name, encoding=options.encoding),
        "json_lines": lambda: json_lines_tables(path, name, encoding=options.encoding),
        "parquet": lambda: parquet_tables(path, name),
        "arrow": lambda: arrow_tables(path, name),
        "delimited": lambda: delimited_tables(
            path,
            name,
            delimiter=options.delimiter,
            encoding=options.encoding,
            header=options.header,
            strict=strict,
        ),
    }
    return finders[kind]()


def _described(found: Found, facts: dict[str, Any]) -> Found:
    def opened(plain: Plain) -> Source:
        source = found.open(plain)
        source.details.update(facts)
        return source

    return Found(found.name, opened)


def _find_inside(
    path: Path, name: str, kind: Format, options: Options, workdir: Path, *, strict: bool, alone: bool
) -> list[Found]:
    """The tables in an unpacked file; the file's name is in front of theirs where it is not `alone` in the archive."""
    if detect_format(path, name) in PACKED:
        raise SourceRefused(
            "{name} holds another archive. Send the data file itself.",
            "{name} 파일 안에 또 다른 압축 파일이 있습니다. 데이터 파일을 직접 보내 주십시오.",
            name=name,
        )
    tables = find_tables(path, name, options, workdir, strict=strict)
    if not alone and len(tables) == 1:
        tables = [Found(name, tables[0].open)]
    elif not alone:
        tables = [Found(f"{name}: {table.name}", table.open) for table in tables]
    return [_described(found, {"compression": kind, "member": name}) for found in tables]


def _text_format(head: bytes, suffix: str) -> Format:
    if suffix in (".jsonl", ".ndjson"):
        return "json_lines"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if suffix == ".json" or (start in (b"{", b"[") and suffix not in (".csv", ".tsv", ".tab")):
        whole = len(head) < _HEAD_BYTES or head.endswith(b"\n")
        lines = [line.strip() for line in head.splitlines()[: None if whole else -1] if line.strip()][:5]
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
