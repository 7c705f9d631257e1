"""What the alert manager does: take reports, know what fires, let people silence it, and log every change."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import anyio
import structlog

from mesh.errors import InvalidRequestError, MeshError, NotFoundError, TooLargeError

from .lifecycle import merged, received, silence_state, state_of, status_of
from .matchers import Matcher, all_match, parse_matcher
from .models import (
    Alert,
    AlertGroup,
    AlertQuery,
    ListedAlert,
    ListedSilence,
    PostedAlert,
    PostedSilence,
    Receiver,
    Silence,
    SilenceStatus,
    Transition,
)
from .silencing import can_change, checked_silence, expired
from .store import AlertStore

RECEIVER = Receiver()

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class AlertLimits:
    """Times as Alertmanager's defaults; `max_alerts` bounds what can fire at once."""

    resolve_timeout: timedelta = timedelta(minutes=5)
    retention: timedelta = timedelta(hours=120)
    max_alerts: int = 10_000


class AlertService:
    """The use cases. `clock` gives the time in UTC."""

    def __init__(
        self,
        store: AlertStore,
        *,
        limits: AlertLimits | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._limits = limits or AlertLimits()
        self._clock = clock
        self._writing = anyio.Lock()
        self.started_at = clock()

    async def report(self, posted: Sequence[PostedAlert]) -> None:
        """Take reports of alerts. Good ones count even when others of the same call are bad.

        Raises: InvalidRequestError naming what is bad; TooLargeError when more would fire than the limit.
        """
        now = self._clock()
        alerts: list[Alert] = []
        wrong: list[str] = []
        for item in posted:
            try:
                alerts.append(received(item, now, self._limits.resolve_timeout))
            except MeshError as error:
                wrong.append(error.message)
        async with self._writing:
            known = await self._store.known({alert.fingerprint for alert in alerts})
            if await self._store.count_unresolved() + len(alerts) - len(known) > self._limits.max_alerts:
                raise TooLargeError(f"More than {self._limits.max_alerts:,} alerts would fire at once.")
            for alert in alerts:
                old = known.get(alert.fingerprint)
                known[alert.fingerprint] = alert if old is None else merged(old, alert, now)
            await self._store.put(list(known.values()))
            await self._settle(now)
        if wrong:
            raise InvalidRequestError(" ".join(wrong))

    async def alerts(self, query: AlertQuery) -> list[ListedAlert]:
        """The alerts that fire now and pass the query, by fingerprint. Raises: InvalidRequestError for a bad filter."""
        matchers = [parse_matcher(text) for text in query.filter]
        if query.receiver and not _names_receiver(query.receiver):
            return []
        now = self._clock()
        silences = await self._store.silences()
        found = []
        for alert, _ in await self._store.unresolved():
            if alert.ends_at <= now or not all_match(matchers, alert.labels):
                continue
            status = status_of(alert, silences, now)
            if query.silenced if status.silenced_by else query.active:
                listed = {**alert.model_dump(), "receivers": [RECEIVER], "status": status}
                found.append(ListedAlert.model_validate(listed))
        return found

    async def groups(self, query: AlertQuery) -> list[AlertGroup]:
        """What `alerts` gives as one group of the only receiver; no group when nothing fires."""
        found = await self.alerts(query)
        return [AlertGroup(receiver=RECEIVER, alerts=found)] if found else []

    async def silences(self, filters: Sequence[str] = ()) -> list[ListedSilence]:
        """Silences whose matchers' values pass the filters: working first, then to come, then over."""
        matchers = [parse_matcher(text) for text in filters]
        now = self._clock()
        found = [
            _listed(silence, now) for silence in await self._store.silences() if _fits(matchers, silence)
        ]
        return sorted(found, key=_by_relevance)

    async def silence(self, silence_id: str) -> ListedSilence:
        """One silence. Raises: NotFoundError."""
        return _listed(await self._silence(silence_id), self._clock())

    async def set_silence(self, posted: PostedSilence) -> str:
        """The id of the silence, made or changed. What cannot be changed in place is expired and made anew.

        Raises: InvalidRequestError for what makes no sense, NotFoundError for an unknown id.
        """
        now = self._clock()
        async with self._writing:
            old = await self._silence(posted.id) if posted.id else None
            fresh = checked_silence(posted, str(uuid4()), now)
            changed = [fresh]
            if old is not None and can_change(old, posted, now):
                fresh = fresh.model_copy(update={"id": old.id, "starts_at": posted.starts_at})
                changed = [fresh]
            elif old is not None and silence_state(old, now) != "expired":
                changed = [expired(old, now), fresh]
            await self._store.put_silences(changed)
            log.info("silence_set", silence=fresh.id, by=fresh.created_by, until=fresh.ends_at.isoformat())
            await self._settle(now)
        return fresh.id

    async def expire_silence(self, silence_id: str) -> None:
        """End a silence now; one that is over stays as it is. Raises: NotFoundError."""
        now = self._clock()
        async with self._writing:
            silence = await self._silence(silence_id)
            if silence_state(silence, now) == "expired":
                return
            await self._store.put_silences([expired(silence, now)])
            log.info("silence_expired", silence=silence_id)
            await self._settle(now)

    async def history(self, *, limit: int = 100) -> list[Transition]:
        """The newest changes of state, newest first."""
        return await self._store.history(limit=limit)

    async def settle(self) -> None:
        """Notice what time alone changed: alerts past their end, silences that began or ended."""
        async with self._writing:
            await self._settle(self._clock())

    async def forget_old(self) -> None:
        """Remove what is over and past the retention time."""
        removed = await self._store.forget(self._clock() - self._limits.retention)
        if removed:
            log.info("alerts_forgotten", rows=removed)

    async def _settle(self, now: datetime) -> None:
        silences = await self._store.silences()
        changes = [
            Transition(at=now, fingerprint=alert.fingerprint, labels=alert.labels, before=before, after=after)
            for alert, before in await self._store.unresolved()
            if (after := state_of(alert, silences, now)) != before
        ]
        await self._store.note(changes)
        for change in changes:
            log.info(
                "alert_changed",
                state=change.after,
                fingerprint=change.fingerprint,
                before=change.before,
                labels=change.labels,
            )

    async def _silence(self, silence_id: str) -> Silence:
        found = await self._store.silence(silence_id)
        if found is None:
            raise NotFoundError(f"There is no silence {silence_id!r}; GET /api/v2/silences lists them.")
        return found


def _names_receiver(pattern: str) -> bool:
    return Matcher("receiver", pattern, is_regex=True).matches({"receiver": RECEIVER.name})


def _listed(silence: Silence, now: datetime) -> ListedSilence:
    status = SilenceStatus(state=silence_state(silence, now))
    return ListedSilence.model_validate({**silence.model_dump(), "status": status})


def _fits(matchers: Sequence[Matcher], silence: Silence) -> bool:
    return all_match(matchers, {matcher.name: matcher.value for matcher in silence.matchers})


def _by_relevance(silence: ListedSilence) -> tuple[int, float]:
    """Working ones by their end, those to come by their start, those over with the last one first."""
    order = {
        "active": (0, silence.ends_at.timestamp()),
        "pending": (1, silence.starts_at.timestamp()),
        "expired": (2, -silence.ends_at.timestamp()),
    }
    return order[silence.status.state]
