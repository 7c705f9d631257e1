"""What a stream gives, and what it takes to be one."""

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

# Seconds or milliseconds since 1970 as text, from 1973 on: eight digits are a date.
_NUMBER = re.compile(r"\d{9,13}(?:\.\d+)?")


@dataclass(frozen=True)
class Event:
    """One event. `id` is the source's own, and what `after` resumes behind, empty for one without; `time` is in UTC."""

    id: str
    time: datetime
    fields: dict[str, Any] = field(default_factory=dict)


class StreamBroken(Exception):  # noqa: N818 - a fact about the connection, from which `Reconnecting` recovers
    """The source went away in the middle; connecting again may help. The message holds no secret."""


class EventSource(Protocol):
    """One way to a stream.

    `resumable` says that `after` is honoured: no event between two connections is lost.
    """

    resumable: bool

    def events(self, after: str | None) -> AsyncGenerator[Event]:
        """The events behind the one whose id is `after`; without it those that come from now on.

        Ends when the source says that there are no more. Raises: StreamBroken when the connection is lost, MeshError when
        connecting again cannot help.
        """


def event_of(fields: dict[str, Any], id_: str, time: Any) -> Event:
    """An event with its time read from ISO 8601 text, or seconds or milliseconds since 1970; now, when there is none."""
    return Event(id_, moment_of(time) or datetime.now(UTC), fields)


def moment_of(value: Any) -> datetime | None:
    """A point in time in UTC, also of a number written as text; a time without a zone is in UTC; None when it is none."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value)
    if isinstance(value, int | float):
        seconds = value / 1000 if abs(value) >= 1e11 else value
        try:
            return datetime.fromtimestamp(seconds, UTC)
        except (ValueError, OverflowError, OSError):
            return None
    try:
        moment = datetime.fromisoformat(str(value))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
