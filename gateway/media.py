"""Names and media types of the files that people send and get."""

import re
import unicodedata
from urllib.parse import quote

from mesh.selection import DATABASE_MEDIA_TYPE

MEDIA_TYPES = {
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".json": "application/json",
    ".jsonl": "application/x-ndjson",
    ".ndjson": "application/x-ndjson",
    ".parquet": "application/vnd.apache.parquet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xls": "application/vnd.ms-excel",
    ".txt": "text/plain",
    ".gz": "application/gzip",
    ".zip": "application/zip",
    **dict.fromkeys((".sqlite", ".sqlite3", ".db"), DATABASE_MEDIA_TYPE),
}
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')
_MAX_BYTES = 200


def media_type_of(name: str, stated: str | None = None) -> str:
    """The media type by the name's ending; else what the sender stated; else `application/octet-stream`."""
    dot = name.rfind(".")
    known = MEDIA_TYPES.get(name[dot:].lower()) if dot >= 0 else None
    return known or (stated or "").partition(";")[0].strip().lower() or "application/octet-stream"


def safe_name(name: str, default: str) -> str:
    """The last component of a client's file name, composed (NFC), without characters that a file system refuses.

    At most 200 bytes in UTF-8, the ending kept; `default` when nothing is left.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    cleaned = _FORBIDDEN.sub("_", last.encode("utf-8", "replace").decode()).strip(" .")
    if not cleaned:
        return default
    stem, dot, ending = cleaned.rpartition(".")
    if not dot or len(ending.encode()) > 20:
        return _cut(cleaned, _MAX_BYTES)
    return f"{_cut(stem, _MAX_BYTES - len(ending.encode()) - 1)}.{ending}"


def disposition(kind: str, name: str) -> str:
    """A Content-Disposition value (RFC 6266) that carries any name in any script."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _cut(text: str, size_bytes: int) -> str:
    return text.encode()[:size_bytes].decode(errors="ignore")
