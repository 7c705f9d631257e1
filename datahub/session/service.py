"""What the session service does: keep conversations, bounded in size, number and age."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import structlog

from mesh.errors import InvalidRequestError, NotFoundError, TooLargeError

from .models import Conversation, NewTurn, Session, SessionPage, Turn
from .store import SessionStore

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class SessionLimits:
    """How much is kept, and for how long after a session's last use."""

    max_text_chars: int = 100_000
    max_turns: int = 500
    max_sessions: int = 20_000
    retention_s: float = 30 * 24 * 3600.0


class SessionService:
    """The use cases. `clock` gives UTC epoch seconds."""

    def __init__(
        self,
        store: SessionStore,
        *,
        limits: SessionLimits | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._limits = limits or SessionLimits()
        self._clock = clock

    async def open(self, session_id: str | None = None) -> tuple[Session, bool]:
        """The session, and whether it is new. Without an id a fresh one is made."""
        return await self._store.open(session_id or f"s-{uuid4().hex[:16]}", self._now())

    async def append(self, turn: NewTurn) -> tuple[Turn, bool]:
        """The turn as kept, and whether it is new. The session is opened when it does not exist.

        Raises: TooLargeError for a text over the limit.
        """
        if len(turn.text) > self._limits.max_text_chars:
            raise TooLargeError(
                f"A turn holds {self._limits.max_text_chars:,} characters, this one has {len(turn.text):,};"
                " send long texts as a file."
            )
        storable = turn.model_copy(update={"text": turn.text.replace("\x00", "")})
        return await self._store.append(storable, self._now(), max_turns=self._limits.max_turns)

    async def get(self, session_id: str, *, limit: int = 100) -> Conversation:
        """The session with its newest turns. Raises: NotFoundError."""
        found = await self._store.get(session_id, limit=limit)
        if found is None:
            raise NotFoundError(f"There is no session {session_id!r}; it may have passed its retention time.")
        session, turns = found
        return Conversation(session=session, turns=turns)

    async def sessions(self, *, limit: int = 50, cursor: str | None = None) -> SessionPage:
        """One page of sessions. `cursor` is the last page's `next_cursor`. Raises: InvalidRequestError."""
        before = None if cursor is None else _decode_cursor(cursor)
        found = await self._store.page(before=before, limit=limit + 1)
        more = len(found) > limit
        return SessionPage(
            items=found[:limit], next_cursor=_encode_cursor(found[limit - 1]) if more else None
        )

    async def forget_old(self) -> None:
        """Remove sessions past their retention time, or beyond the number that is kept."""
        before = self._now() - self._limits.retention_s
        removed = await self._store.forget(before=before, keep=self._limits.max_sessions)
        if removed:
            log.info("sessions_removed", sessions=removed)

    def _now(self) -> float:
        """Now, in whole microseconds: what a datetime keeps, so that cursors are exact."""
        return round(self._clock(), 6)


def _encode_cursor(session: Session) -> str:
    return f"{session.updated_at.timestamp()!r}~{session.session_id}"


def _decode_cursor(cursor: str) -> tuple[float, str]:
    try:
        updated_at, session_id = cursor.split("~", 1)
        return float(updated_at), session_id
    except ValueError:
        raise InvalidRequestError(
            f"{cursor[:80]!r} is not a cursor; use next_cursor of the last page."
        ) from None
