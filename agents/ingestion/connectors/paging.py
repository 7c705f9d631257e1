"""Pages of an HTTP API: which records one holds, and what to ask for next. No request is made here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin

from mesh.connection_options import Paging

Params = Mapping[str, str | int | float | bool]
_ADDRESSES = (
    *("next", "links.next", "_links.next.href", "links.next.href", "paging.next", "pagination.next"),
    *("meta.next", "next_page_url", "nextLink", "@odata.nextLink"),
)
_CURSORS = (
    *("next_cursor", "nextCursor", "cursor.next", "meta.next_cursor", "pagination.next_cursor"),
    *("paging.cursors.after", "response_metadata.next_cursor", "nextPageToken", "next_page_token"),
)
_RECORDS = ("data", "items", "results", "records", "value", "rows")


@dataclass(frozen=True)
class Ask:
    """One request: an address, and the parameters to add to its query."""

    url: str
    params: Params


def first_ask(url: str, params: Params, paging: Paging) -> Ask:
    """The request for the first page. What the caller set himself is kept."""
    added: dict[str, str | int | float | bool] = {}
    if paging.style in ("page", "offset"):
        added[_parameter(paging)] = _first(paging)
    if paging.size_parameter:
        added[paging.size_parameter] = paging.size
    return Ask(url, {**added, **params})


def next_ask(asked: Ask, body: Any, linked: str | None, count: int, paging: Paging) -> Ask | None:
    """The request for the page behind the one that answered `asked`; None behind the last.

    Args: `linked` is the address of the Link header with rel=next, `count` how many records the page held.
    """
    match paging.style:
        case "none":
            return None
        case "auto":
            address = linked or _text_at(body, [paging.next] if paging.next else _ADDRESSES)
            if not address or not (paging.next or linked or address.startswith(("http", "/", "?"))):
                return None
            return Ask(urljoin(asked.url, address), {})
        case "cursor":
            cursor = _text_at(body, [paging.next] if paging.next else _CURSORS)
            return replace(asked, params={**asked.params, _parameter(paging): cursor}) if cursor else None
        case _:
            return _counted(asked, count, paging)


def records_of(body: Any, paging: Paging) -> list[Any]:
    """The records of a page: at the stated path, or the page itself, or the list of objects in it.

    An object without any list is one record.
    """
    if paging.records:
        found = _at(body, paging.records)
        return found if isinstance(found, list) else []
    if isinstance(body, list):
        return body
    if not isinstance(body, dict):
        return []
    lists = dict(_lists(body, "", 2))
    named = [lists[path] for path in _RECORDS if path in lists]
    of_objects = [value for value in lists.values() if any(isinstance(item, dict) for item in value)]
    if named or of_objects:
        return named[0] if named else max(of_objects, key=len)
    return [] if lists else [body]


def _counted(asked: Ask, count: int, paging: Paging) -> Ask | None:
    """By number of page or of records: until a page is empty, or not full where its size was asked for."""
    if count == 0 or (paging.size_parameter and count < paging.size):
        return None
    name = _parameter(paging)
    now = int(asked.params.get(name, _first(paging)))
    return replace(asked, params={**asked.params, name: now + (1 if paging.style == "page" else count)})


def _parameter(paging: Paging) -> str:
    return paging.parameter or paging.style


def _first(paging: Paging) -> int:
    return paging.first if paging.first is not None else int(paging.style == "page")


def _text_at(body: Any, paths: Sequence[str]) -> str | None:
    for path in paths:
        value = _at(body, path)
        if isinstance(value, str) and value:
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return None


def _at(body: Any, path: str) -> Any:
    if isinstance(body, dict) and path in body:
        return body[path]
    for part in path.split("."):
        body = body.get(part) if isinstance(body, dict) else None
    return body


def _lists(body: Mapping[str, Any], prefix: str, depth: int) -> list[tuple[str, list[Any]]]:
    found: list[tuple[str, list[Any]]] = []
    for key, value in body.items():
        if isinstance(value, list):
            found.append((f"{prefix}{key}", value))
        elif isinstance(value, dict) and depth:
            found += _lists(value, f"{prefix}{key}.", depth - 1)
    return found
