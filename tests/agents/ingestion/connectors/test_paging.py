"""Pages of HTTP APIs: what is a record, and what comes next."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.ingestion.connectors.paging import Ask, first_ask, next_ask, records_of
from mesh.connection_options import Paging

URL = "https://api.example.org/v1/orders"


@pytest.mark.parametrize(
    ("body", "records"),
    [
        ([{"a": 1}], [{"a": 1}]),
        ({"data": [{"a": 1}], "errors": []}, [{"a": 1}]),
        ({"orders": [{"a": 1}, {"a": 2}], "tags": ["x", "y", "z"]}, [{"a": 1}, {"a": 2}]),
        ({"response": {"rows": {"list": [{"a": 1}]}}}, [{"a": 1}]),
        ({"data": []}, []),
        ({"a": 1, "b": 2}, [{"a": 1, "b": 2}]),
        ([], []),
        (7, []),
    ],
)
def test_records_are_found_where_apis_put_them(body: Any, records: list[Any]) -> None:
    assert records_of(body, Paging()) == records


def test_a_stated_path_is_the_only_place() -> None:
    body = {"data": [{"a": 1}], "meta": {"x": [{"b": 2}]}}
    assert records_of(body, Paging(records="meta.x")) == [{"b": 2}]
    assert records_of(body, Paging(records="nope")) == []


@pytest.mark.parametrize(
    ("paging", "body", "linked", "follows"),
    [
        ({}, [], "https://api.example.org/v1/orders?page=2", "https://api.example.org/v1/orders?page=2"),
        ({}, {"next": "https://api.example.org/x?p=2"}, None, "https://api.example.org/x?p=2"),
        ({}, {"links": {"next": "/v1/orders?p=2"}}, None, "https://api.example.org/v1/orders?p=2"),
        ({}, {"@odata.nextLink": "?skip=5"}, None, "https://api.example.org/v1/orders?skip=5"),
        ({"next": "more.at"}, {"more": {"at": "orders?c=9"}}, None, "https://api.example.org/v1/orders?c=9"),
        ({}, {"next": None}, None, None),
        ({}, {"next": "abc"}, None, None),
        ({"style": "none"}, {"next": "/x"}, "https://api.example.org/y", None),
    ],
)
def test_the_next_address_comes_from_the_header_or_the_body(
    paging: dict[str, Any], body: Any, linked: str | None, follows: str | None
) -> None:
    following = next_ask(Ask(URL, {"a": 1}), body, linked, 10, Paging.model_validate(paging))
    assert following == (Ask(follows, {}) if follows else None)


def test_a_cursor_is_handed_back_until_there_is_none() -> None:
    paging = Paging(style="cursor", parameter="starting_after", next="meta.cursor")
    asked = first_ask(URL, {"q": "x"}, paging)
    assert asked == Ask(URL, {"q": "x"})
    asked = next_ask(asked, {"meta": {"cursor": 7}}, None, 10, paging) or asked
    assert asked.params == {"q": "x", "starting_after": "7"}
    assert next_ask(asked, {"meta": {"cursor": ""}}, None, 10, paging) is None
    assert next_ask(asked, {}, None, 10, paging) is None


@given(
    style=st.sampled_from(["page", "offset"]),
    total=st.integers(0, 60),
    size=st.integers(1, 12),
    sized=st.booleans(),
    first=st.sampled_from([None, 0, 1, 5]),
)
def test_counted_pages_hold_every_record_once(
    style: Any, total: int, size: int, sized: bool, first: int | None
) -> None:
    paging = Paging(style=style, size=size, size_parameter="n" if sized else None, first=first)
    begin = first if first is not None else (1 if style == "page" else 0)
    asked: Ask | None = first_ask(URL, {}, paging)
    seen: list[int] = []
    while asked is not None:
        position = int(asked.params[style]) - begin
        start = position * size if style == "page" else position
        page = list(range(total))[start : start + size]
        seen += page
        asked = next_ask(asked, {}, None, len(page), paging)
    assert seen == list(range(total))
