"""Which silences are allowed, and what changing one means. Pure.

Source: Prometheus Alertmanager, package `silence` (`validateSilence`, `canUpdate`).
"""

from datetime import datetime

from mesh.errors import InvalidRequestError

from .lifecycle import silence_state
from .matchers import matcher_of
from .models import PostedSilence, Silence


def checked_silence(posted: PostedSilence, silence_id: str, now: datetime) -> Silence:
    """The silence asked for; one that would have begun earlier begins now.

    Raises: InvalidRequestError when it ends before it starts or in the past, or would match an alert without labels.
    """
    starts_at = max(posted.starts_at, now)
    if posted.ends_at <= posted.starts_at:
        raise InvalidRequestError("The silence ends before it starts; set endsAt after startsAt.")
    if posted.ends_at <= now:
        raise InvalidRequestError("The silence would end in the past; set endsAt to a time to come.")
    matchers = [matcher_of(model) for model in posted.matchers]
    if all(matcher.matches({}) for matcher in matchers):
        raise InvalidRequestError("At least one matcher of a silence must not match the empty text.")
    return Silence(
        id=silence_id,
        matchers=posted.matchers,
        starts_at=starts_at,
        ends_at=posted.ends_at,
        updated_at=now,
        created_by=posted.created_by.replace("\x00", ""),
        comment=posted.comment.replace("\x00", ""),
    )


def can_change(old: Silence, new: PostedSilence, now: datetime) -> bool:
    """Whether `old` can become `new` and keep its id.

    Not when it is over or its matchers change, which would rewrite history; a working one keeps its start.
    """
    if old.matchers != new.matchers:
        return False
    state = silence_state(old, now)
    if state == "active":
        return new.starts_at == old.starts_at and new.ends_at > now
    return state == "pending" and new.starts_at > now


def expired(silence: Silence, now: datetime) -> Silence:
    """The silence, over from now on; a pending one never begins."""
    starts_at = min(silence.starts_at, now)
    return silence.model_copy(update={"starts_at": starts_at, "ends_at": now, "updated_at": now})
