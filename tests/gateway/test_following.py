"""Following an event log over connections that break in every way."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.following import follow
from mesh.analysis import Analysis, ProgressEvent
from mesh.errors import NotFoundError, UnavailableError

NOW = datetime(2024, 1, 1, tzinfo=UTC)


def event(seq: int, total: int) -> ProgressEvent:
    return ProgressEvent(
        analysis_id="an-1",
        seq=seq,
        stage="s",
        agent="a",
        progress=seq,
        message="m",
        time=NOW,
        final=seq == total,
    )


class Log:
    """A log of `total` events. Each connection plays the next of `faults`, then all is well."""

    def __init__(self, total: int, faults: list[tuple[str, int]], *, status: Any = "completed") -> None:
        self.total = total
        self.faults = faults
        self.status = status

    async def events(self, analysis_id: str, after: int) -> AsyncGenerator[ProgressEvent]:
        kind, many = self.faults.pop(0) if self.faults else ("", self.total)
        if kind == "refuse":
            raise UnavailableError("away")
        if kind == "unknown":
            raise NotFoundError("There is no such analysis.")
        first = max(1, after + 1 - (many if kind == "repeat" else 0))
        for sent, seq in enumerate(range(first, self.total + 1)):
            if kind == "skip" and sent == many:
                seq += 1  # noqa: PLW2901 - the fault
            if kind in ("cut", "end") and sent == many:
                break
            if seq <= self.total:
                yield event(seq, self.total)
        if kind == "cut":
            raise UnavailableError("cut")

    async def get(self, analysis_id: str) -> Analysis:
        return Analysis(
            id="an-1",
            status=self.status,
            query="q",
            language="en",
            planner="built-in",
            session_id="se",
            created_at=NOW,
        )


def seen(log: Log, after: int = 0, give_up_s: float = 600.0) -> list[int]:
    async def run() -> list[int]:
        return [event.seq async for event in follow(log, "an-1", after, give_up_s=give_up_s)]

    return anyio.run(run)


@settings(max_examples=25, deadline=None)
@given(
    total=st.integers(1, 12),
    after=st.integers(0, 14),
    faults=st.lists(
        st.tuples(st.sampled_from(["cut", "end", "repeat", "skip"]), st.integers(0, 4))
        | st.tuples(st.just("refuse"), st.just(0)),
        max_size=3,
    ),
)
def test_every_event_comes_once_and_in_order(total: int, after: int, faults: list[tuple[str, int]]) -> None:
    assert seen(Log(total, faults, status="running"), after) == list(range(after + 1, total + 1))


def test_a_finished_log_without_a_final_event_ends() -> None:
    log = Log(3, [("end", 2), ("end", 0), ("end", 0)])
    assert seen(log) == [1, 2]


def test_a_source_that_stays_away_is_given_up() -> None:
    with pytest.raises(UnavailableError):
        seen(Log(3, [("refuse", 0)] * 50), give_up_s=0.0)


def test_an_unknown_analysis_is_said_at_once() -> None:
    with pytest.raises(NotFoundError):
        seen(Log(3, [("unknown", 0)]))
