"""A conversation: a session and its turns."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from mesh.results import FileRef, Model

Identifier = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]
Role = Literal["user", "assistant"]


class NewTurn(Model):
    """One thing said. `turn_id` makes saying it idempotent; `source` is the data that the turn brought."""

    session_id: Identifier
    turn_id: Identifier
    role: Role
    text: str
    analysis_id: Identifier | None = None
    source: FileRef | None = None


class Turn(Model):
    """One thing that was said. `seq` counts from 1 within the session and is never reused."""

    turn_id: str
    seq: int
    role: Role
    text: str
    analysis_id: str | None = None
    source: FileRef | None = None
    created_at: datetime


class Session(Model):
    """A conversation. `turns` are those still kept; `title` is how its first question begins."""

    session_id: str
    title: str
    turns: int
    created_at: datetime
    updated_at: datetime


class Conversation(Model):
    """A session with its turns, the oldest first."""

    session: Session
    turns: list[Turn]


class SessionPage(Model):
    """Sessions, the one used last first. `next_cursor` is None on the last page."""

    items: list[Session]
    next_cursor: str | None = None


class OpenQuery(Model):
    """Which session to open; a fresh one when no id is given."""

    session_id: Identifier | None = Field(default=None, description="The session's id.")


class SessionQuery(Model):
    """Which session, and how much of it."""

    session_id: Identifier = Field(description="The session's id.")
    limit: int = Field(default=100, ge=1, le=500, description="How many of its newest turns.")


class SessionsQuery(Model):
    """Which part of the list of sessions."""

    limit: int = Field(default=50, ge=1, le=500, description="How many sessions, the one used last first.")
    cursor: str | None = Field(default=None, description="The last page's next_cursor.")


class Opened(Model):
    """A session, and whether it is new."""

    session: Session
    created: bool


class Appended(Model):
    """A turn as kept, and whether it is new."""

    turn: Turn
    appended: bool
