"""Conversations, the same on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.ext.asyncio import AsyncEngine

from datahub.session.models import NewTurn
from datahub.session.service import SessionLimits, SessionService
from datahub.session.store import SessionStore, metadata
from mesh.errors import InvalidRequestError, NotFoundError, TooLargeError
from mesh.results import FileRef
from tests.datahub.databases import opened

pytestmark = pytest.mark.anyio


class Clock:
    """A clock that moves a little at each look."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        self.now += 0.1234567
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def engine(backend: str, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    async with opened(backend, tmp_path, "datahub/session") as engine:
        yield engine


@pytest.fixture
def service(engine: AsyncEngine, clock: Clock) -> SessionService:
    limits = SessionLimits(max_text_chars=200, max_turns=4, max_sessions=3, retention_s=100)
    return SessionService(SessionStore(engine), limits=limits, clock=clock)


def turn(number: int, session_id: str = "s-1", text: str = "") -> NewTurn:
    role = "user" if number % 2 else "assistant"
    return NewTurn.model_validate(
        {"session_id": session_id, "turn_id": f"t-{number}", "role": role, "text": text or f"turn {number}"}
    )


async def test_migrations_make_the_tables_the_store_uses(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(
                MigrationContext.configure(sync, opts={"version_table": "alembic_version_session"}), metadata
            )
        )
    assert differences == []


async def test_a_session_is_opened_once(service: SessionService) -> None:
    fresh, is_new = await service.open()
    again, is_again_new = await service.open(fresh.session_id)
    assert (is_new, is_again_new, again) == (True, False, fresh)
    assert fresh.session_id.startswith("s-")


async def test_turns_come_back_in_order_with_what_they_brought(service: SessionService) -> None:
    source = FileRef(name="sales.csv", uri="file:///sales.csv", bytes=3)
    first = turn(1, text="매출을\n분석해 주세요").model_copy(update={"source": source, "analysis_id": "an-1"})
    await service.append(first)
    await service.append(turn(2, text="nul\x00"))
    conversation = await service.get("s-1")
    assert [(item.seq, item.role) for item in conversation.turns] == [(1, "user"), (2, "assistant")]
    assert conversation.turns[0].source == source
    assert conversation.turns[0].analysis_id == "an-1"
    assert conversation.turns[1].text == "nul"
    assert (conversation.session.title, conversation.session.turns) == ("매출을 분석해 주세요", 2)
    assert [item.seq for item in (await service.get("s-1", limit=1)).turns] == [2]


async def test_saying_a_turn_again_changes_nothing(service: SessionService) -> None:
    kept, is_new = await service.append(turn(1))
    again, is_again_new = await service.append(turn(1, text="something else"))
    elsewhere, is_elsewhere_new = await service.append(turn(1, session_id="s-2"))
    assert (is_new, is_again_new, is_elsewhere_new) == (True, False, True)
    assert again == kept
    assert elsewhere.seq == 1
    assert len((await service.get("s-1")).turns) == 1


async def test_concurrent_turns_get_different_numbers(service: SessionService) -> None:
    async with anyio.create_task_group() as tasks:
        for number in (1, 2, 3, 1, 2, 3):
            tasks.start_soon(service.append, turn(number))
    assert [item.seq for item in (await service.get("s-1")).turns] == [1, 2, 3]


async def test_a_long_conversation_keeps_its_end(service: SessionService) -> None:
    for number in range(1, 8):
        await service.append(turn(number))
    conversation = await service.get("s-1")
    assert [item.seq for item in conversation.turns] == [4, 5, 6, 7]
    assert (conversation.session.turns, conversation.session.title) == (4, "turn 1")
    with pytest.raises(TooLargeError):
        await service.append(turn(9, text="x" * 201))


async def test_sessions_are_paged_by_last_use(service: SessionService) -> None:
    for name in "abcde":
        await service.append(turn(1, session_id=name))
    await service.append(turn(2, session_id="b"))
    first = await service.sessions(limit=2)
    second = await service.sessions(limit=2, cursor=first.next_cursor)
    third = await service.sessions(limit=2, cursor=second.next_cursor)
    assert [item.session_id for page in (first, second, third) for item in page.items] == list("bedca")
    assert third.next_cursor is None
    with pytest.raises(InvalidRequestError):
        await service.sessions(cursor="x")


async def test_old_and_surplus_sessions_are_forgotten(service: SessionService, clock: Clock) -> None:
    await service.append(turn(1, session_id="old"))
    clock.now += 101
    for name in "abcd":
        await service.append(turn(1, session_id=name))
    await service.forget_old()
    assert [item.session_id for item in (await service.sessions()).items] == ["d", "c", "b"]
    for gone in ("old", "a"):
        with pytest.raises(NotFoundError):
            await service.get(gone)
    again, is_new = await service.append(turn(1, session_id="a"))
    assert (again.seq, is_new) == (1, True)
