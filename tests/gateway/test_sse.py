"""Server-sent events survive any cut and any content."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.sse import HEARTBEAT, EventDecoder, ServerEvent, encode_event, one_line

TEXT = st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"]), max_size=60)


@given(
    events=st.lists(
        st.builds(ServerEvent, TEXT, st.integers(1, 99).map(str), st.sampled_from(["", "result"]))
    ),
    size=st.integers(1, 40),
)
def test_events_come_back_as_they_were(events: list[ServerEvent], size: int) -> None:
    raw = HEARTBEAT.join(encode_event(event) for event in events)
    decoder = EventDecoder()
    found = [event for start in range(0, len(raw), size) for event in decoder.feed(raw[start : start + size])]
    assert found == events


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_every_line_end_of_the_standard_is_read(end: bytes) -> None:
    raw = end.join([b": hello", b"id: 7", b"event: x", b"data: one", b"data:two", b"", b""]) + b":"
    assert EventDecoder().feed(raw) == [ServerEvent("one\ntwo", "7", "x")]


def test_an_unfinished_event_is_not_given() -> None:
    assert EventDecoder().feed(b"data: half\n") == []


def test_an_endless_line_is_refused() -> None:
    with pytest.raises(ValueError, match="over the limit"):
        EventDecoder(limit_bytes=10).feed(b"data: " + b"x" * 20)


@given(
    value=st.text(st.characters(exclude_categories=["Cs"]))
    | st.sampled_from(["a\u2028b", "\u0085", "\u2029"])
)
def test_json_on_one_line_means_the_same(value: str) -> None:
    line = one_line(json.dumps(value, ensure_ascii=False))
    assert json.loads(line) == value
    assert len(line.splitlines()) == 1
