"""JSON documents and JSON Lines as text batches: nested objects become dotted columns, lists become JSON text."""

import json
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from .account import Account, Drop
from .batches import BATCH_ROWS, Batch, Found, Plain, Source
from .encoding import Encoding, detect_encoding
from .headers import is_data_like, unique_names
from .refusal import SourceRefused

_MAX_COLUMNS = 5_000
_MAX_BAD_LINES_SHARE = 0.5


def json_tables(path: Path, name: str, *, encoding: str | None = None) -> list[Found]:
    """The tables in a JSON document: lists of objects, an object of columns, or pandas' `split` layout.

    Raises: BadInputError when it is not JSON (the place is named) or holds no table.
    """
    codec = detect_encoding(path, encoding)
    try:
        document = json.loads(path.read_text(encoding=codec.name, errors=codec.errors))
    except json.JSONDecodeError as error:
        raise SourceRefused(
            "The file is not valid JSON: {problem} at line {line}, column {column}. "
            "For one object per line, name the file .jsonl.",
            "파일이 올바른 JSON이 아닙니다({line}번째 줄 {column}번째 글자: {problem}). "
            "한 줄에 객체가 하나씩 있다면 파일 이름을 .jsonl로 끝내 주십시오.",
            problem=error.msg,
            line=error.lineno,
            column=error.colno,
        ) from error
    except RecursionError:
        raise SourceRefused(
            "The JSON is nested too deeply to be a table.", "JSON이 너무 깊게 중첩되어 표로 읽을 수 없습니다."
        ) from None
    return [
        Found(
            name if where == "$" else where.removeprefix("$."),
            partial(_open_records, where, records, codec.name),
        )
        for where, records in find_tables(document)
    ]


def _open_records(where: str, records: list[dict[str, Any]], encoding: str, plain: Plain) -> Source:
    del plain
    account = Account()
    flat = [_flatten(record) for record in records]
    names = _names(flat)
    details = {"format": "JSON", "encoding": encoding, "path": where}
    numbered_rows = enumerate(flat, start=1)
    return Source(names, _batches(numbered_rows, names, account), account, details, [], lambda: 1.0)


def json_lines_tables(path: Path, name: str, *, encoding: str | None = None) -> list[Found]:
    """A file with one JSON object per line; lines that are not objects are dropped and accounted for.

    Raises: BadInputError when most lines are not JSON objects.
    """
    codec = detect_encoding(path, encoding)
    names: dict[str, None] = {}
    bad = total = 0
    with path.open(encoding=codec.name, errors=codec.errors) as stream:
        for line in stream:
            record = _object_of(line)
            total += bool(line.strip())
            bad += record is None and bool(line.strip())
            names.update(dict.fromkeys(_flatten(record) if record else ()))
            _check_width(len(names))
    if total == 0 or bad > _MAX_BAD_LINES_SHARE * total:
        raise SourceRefused(
            "{bad} of {total} lines are not JSON objects. Send one object per line, or a JSON list.",
            "{total}줄 가운데 {bad}줄이 JSON 객체가 아닙니다. 한 줄에 객체를 하나씩 적거나 JSON 목록을 보내 주십시오.",
            bad=bad,
            total=total,
        )
    return [Found(name, partial(_open_lines, path, codec, list(names)))]


def _open_lines(path: Path, codec: Encoding, names: list[str], plain: Plain) -> Source:
    del plain
    account = Account()
    size = max(1, path.stat().st_size)
    consumed = [0]

    def rows() -> Iterator[tuple[int, dict[str, str | None]]]:
        with path.open(encoding=codec.name, errors=codec.errors) as stream:
            for line in stream:
                consumed[0] += len(line.encode("utf-8", "replace"))
                account.read += 1
                record = _object_of(line)
                if record is not None:
                    yield account.read, _flatten(record)
                else:
                    why: Drop = "not_an_object" if line.strip() else "blank_line"
                    account.drop(why, account.read, line.strip())

    details = {"format": "JSON Lines", "encoding": codec.name}
    batches = _batches(rows(), names, account, counted=True)
    return Source(names, batches, account, details, [], lambda: min(1.0, consumed[0] / size))


def find_tables(document: Any) -> list[tuple[str, list[dict[str, Any]]]]:
    """The tables in a document with the dotted paths to them (`$` is the document itself), the longest first.

    A list of objects is records; an object of equally long lists is columns, one of objects with the
    same keys is columns when these are numbers, else records by name; `columns`
    beside `data` is the split layout; else every list of objects inside the object is a table. Values under dates or
    numbers are a series of `key` and `value`.
    """
    if isinstance(document, list):
        return [("$", _rows_of(document))]
    if isinstance(document, dict):
        whole = _split_of(document) or _columns_of(document)
        if whole is not None:
            return [("$", whole)]
        inner = [
            (path, _rows_of(rows))
            for path, rows in _lists_within(document, "$", depth=4)
            if all(isinstance(r, dict) for r in rows)
        ]
        if inner:
            return sorted(inner, key=lambda item: -len(item[1]))
        by_name = _by_name(document)
        if by_name:
            return [("$", by_name)]
    raise SourceRefused(
        "The JSON holds no table. Send a list of objects, or an object whose values are equally long lists.",
        "JSON에 표가 없습니다. 객체의 목록이나, 길이가 같은 목록들을 값으로 가진 객체를 보내 주십시오.",
    )


def _by_name(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Records that an object holds by name, of which each has some field of every other; a record or a series by itself."""
    values = list(document.values())
    if values and all(isinstance(value, dict) for value in values):
        shared = set.intersection(*(set(value) for value in values))
        return [{"index": name, **record} for name, record in document.items()] if shared else []
    if any(isinstance(value, list | dict) for value in values):
        return []
    if len(values) > 1 and all(map(is_data_like, document)):
        return [{"key": key, "value": value} for key, value in document.items()]
    return [document] if document else []


def _split_of(document: dict[str, Any]) -> list[dict[str, Any]] | None:
    """Rows of `{"columns": [...], "data": [[...], ...]}`."""
    columns, data = document.get("columns"), document.get("data")
    if not isinstance(columns, list) or not isinstance(data, list) or not data:
        return None
    names = [str(c.get("name")) if isinstance(c, dict) else str(c) for c in columns]
    if all(isinstance(row, list) and len(row) == len(names) for row in data):
        return [dict(zip(unique_names(names), row, strict=True)) for row in data]
    return None


def _rows_of(items: list[Any]) -> list[dict[str, Any]]:
    if items and all(isinstance(item, dict) for item in items):
        return items
    if len(items) > 1 and all(isinstance(item, list) for item in items):
        head = [str(cell) for cell in items[0]]
        if len(set(head)) == len(head) and all(isinstance(cell, str) for cell in items[0]):
            return [dict(zip(head, row, strict=False)) for row in items[1:]]
        return [{f"column_{i + 1}": cell for i, cell in enumerate(row)} for row in items]
    if items and not any(isinstance(item, list | dict) for item in items):
        return [{"value": item} for item in items]
    raise SourceRefused(
        "The JSON list mixes objects with other values. Send a list of objects with the same fields.",
        "JSON 목록에 객체와 다른 값이 섞여 있습니다. 같은 필드를 가진 객체의 목록을 보내 주십시오.",
    )


def _columns_of(document: dict[str, Any]) -> list[dict[str, Any]] | None:
    values = list(document.values())
    if values and all(isinstance(v, list) for v in values) and len({len(v) for v in values}) == 1:
        if any(isinstance(cell, dict) for column in values for cell in column):
            return None
        return [dict(zip(document, row, strict=True)) for row in zip(*values, strict=True)]
    if len(values) > 1 and all(isinstance(v, dict) and v for v in values):
        keys = list(values[0])
        if all(list(v) == keys for v in values):
            if all(key.isdigit() for key in keys):
                return [{name: column[key] for name, column in document.items()} for key in keys]
            return [{"index": name, **record} for name, record in document.items()]
    return None


def _lists_within(document: dict[str, Any], path: str, depth: int) -> Iterator[tuple[str, list[Any]]]:
    for key, value in document.items():
        if isinstance(value, list) and value:
            yield f"{path}.{key}", value
        elif isinstance(value, dict) and depth:
            yield from _lists_within(value, f"{path}.{key}", depth - 1)


def _object_of(line: str) -> dict[str, Any] | None:
    try:
        record = json.loads(line) if line.strip() else None
    except (json.JSONDecodeError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _flatten(record: dict[str, Any], prefix: str = "") -> dict[str, str | None]:
    flat: dict[str, str | None] = {}
    for key, value in record.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and value:
            flat.update(_flatten(value, f"{name}."))
        else:
            flat[name] = _text(value)
    return flat


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False) if value else None
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value)


def _names(flat: list[dict[str, str | None]]) -> list[str]:
    names: dict[str, None] = {}
    for record in flat:
        names.update(dict.fromkeys(record))
        _check_width(len(names))
    return list(names)


def _check_width(columns: int) -> None:
    if columns > _MAX_COLUMNS:
        raise SourceRefused(
            "The objects have more than {limit:,} different fields. Send objects that share the same fields.",
            "객체들의 서로 다른 필드가 {limit:,}개를 넘습니다. 같은 필드를 가진 객체를 보내 주십시오.",
            limit=_MAX_COLUMNS,
        )


def _batches(
    rows: Iterator[tuple[int, dict[str, str | None]]],
    names: list[str],
    account: Account,
    *,
    counted: bool = False,
) -> Iterator[Batch]:
    while chunk := list(islice(rows, BATCH_ROWS)):
        if not counted:
            account.read += len(chunk)
        columns = [pa.array([record.get(name) for _, record in chunk], pa.string()) for name in names]
        yield Batch(columns, np.array([row for row, _ in chunk], np.int64))
