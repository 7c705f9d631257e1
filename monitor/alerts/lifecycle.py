"""When an alert fires, how reports of it come together, and when it is over. Pure.

Source: Prometheus Alertmanager, `api/v2` (what a report without times means) and `types.Alert.Merge`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from mesh.errors import InvalidRequestError

from .labels import checked_labels, fingerprint
from .matchers import all_match, matcher_of
from .models import Alert, AlertState, AlertStatus, PostedAlert, Silence, SilenceState


def received(posted: PostedAlert, now: datetime, resolve_timeout: timedelta) -> Alert:
    """The alert that a report tells of.

    Without a start it starts now, or when it ended; without an end it ends after `resolve_timeout` unless reported again.
    Raises: InvalidRequestError for bad labels or an end before the start.
    """
    labels = checked_labels(posted.labels)
    starts_at = posted.starts_at or posted.ends_at or now
    ends_at = posted.ends_at or max(now, starts_at) + resolve_timeout
    if ends_at < starts_at:
        raise InvalidRequestError(
            f"The alert ends at {ends_at.isoformat()}, before it starts at {starts_at.isoformat()}."
        )
    return Alert(
        fingerprint=fingerprint(labels),
        labels=labels,
        annotations={name: text.replace("\x00", "") for name, text in posted.annotations.items()},
        starts_at=starts_at,
        ends_at=ends_at,
        updated_at=now,
        generator_url=posted.generator_url,
        is_timeout=posted.ends_at is None,
    )


def merged(old: Alert, new: Alert, now: datetime) -> Alert:
    """What two reports of one alert say together; `new` came later.

    Reports whose times overlap are one occurrence: it began with the earlier start. A stated end rules over a guessed one.
    """
    overlap = old.starts_at < new.ends_at < old.ends_at or old.starts_at < new.starts_at < old.ends_at
    if not overlap:
        return new
    ends_at, is_timeout = new.ends_at, new.is_timeout
    if new.ends_at <= now:
        if old.ends_at <= now and old.ends_at > new.ends_at:
            ends_at, is_timeout = old.ends_at, old.is_timeout
    elif old.ends_at > new.ends_at and not old.is_timeout:
        ends_at, is_timeout = old.ends_at, False
    return new.model_copy(
        update={"starts_at": min(old.starts_at, new.starts_at), "ends_at": ends_at, "is_timeout": is_timeout}
    )


def silence_state(silence: Silence, now: datetime) -> SilenceState:
    """Whether the silence is to come, works, or is over."""
    if now < silence.starts_at:
        return "pending"
    return "active" if now < silence.ends_at else "expired"


def silenced_by(alert: Alert, silences: Sequence[Silence], now: datetime) -> list[str]:
    """The ids of the working silences that cover the alert."""
    return sorted(
        silence.id
        for silence in silences
        if silence_state(silence, now) == "active"
        and all_match(map(matcher_of, silence.matchers), alert.labels)
    )


def status_of(alert: Alert, silences: Sequence[Silence], now: datetime) -> AlertStatus:
    """The status of an alert that is not resolved."""
    covering = silenced_by(alert, silences, now)
    return AlertStatus(state="suppressed" if covering else "active", silenced_by=covering)


def state_of(alert: Alert, silences: Sequence[Silence], now: datetime) -> AlertState:
    """Resolved from its end on; before that suppressed under a working silence, else active."""
    return "resolved" if alert.ends_at <= now else status_of(alert, silences, now).state
