"""Events as they are sent to a watch or to an edge: JSON objects with ids and times of their own."""

import json
from typing import Any

from mesh.streams.event import Event, event_of, moment_of

from .fields import TIMES


def events_in(body: bytes, *, lines: bool) -> list[Event]:
    """The events of a JSON object or a list, or of one object per line.

    Raises: ValueError naming the event that cannot be used.
    """
    try:
        if lines:
            items = [json.loads(line) for line in body.splitlines() if line.strip()]
        else:
            parsed = json.loads(body)
            items = parsed if isinstance(parsed, list) else [parsed]
    except (ValueError, RecursionError) as error:
        raise ValueError(f"The body is not valid JSON: {error}") from None
    events = []
    for number, item in enumerate(items, start=1):
        try:
            events.append(event_in(item))
        except ValueError as error:
            raise ValueError(f"Event {number} {error}") from None
    return events


def event_in(value: Any) -> Event:
    """The event that an object is: `id` is what it is counted once by; one without an id is always new, one without a time
    happened now.

    Raises: ValueError when it is no object, or its time cannot be read.
    """
    if not isinstance(value, dict):
        raise ValueError("is not a JSON object")  # noqa: TRY004 - what was sent is wrong, not the call
    when = next((value[name] for name in TIMES if value.get(name) not in (None, "")), None)
    if when is not None and moment_of(when) is None:
        raise ValueError(
            f"has the time {when!r}, which is neither ISO 8601 nor seconds or milliseconds since 1970"
        )
    id_ = value.get("id")
    return event_of(value, "" if id_ is None else str(id_), when)
