"""The use cases of durable watches: begin, take events, list, stop, and tell the alert manager."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import structlog
from anyio.abc import TaskGroup
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from mesh.connections import load_connections
from mesh.errors import BadInputError, ConflictError, MeshError, NotFoundError, UnavailableError
from mesh.language import Language, say
from mesh.streams.event import Event
from mesh.streams.reconnecting import open_stream

from .alerting import TELL_AGAIN_S, AlertSender, alert_text
from .live_watch import LiveWatch, now_utc
from .watch_models import PaneBatch, StreamAlert, WatchSpec
from .watch_store import WatchStore
from .watch_story import picture_of

MAX_WATCHES = 50
MAX_WAITING = 8
BATCH_EVENTS = 500
_IDLE_EVERY_S = 2.0
_RETRY_SOURCE_S = 30.0
_RETRY_ALERTS_S = 5.0
Change = Callable[[LiveWatch], list[StreamAlert]]
_log = structlog.get_logger(__name__)


@dataclass
class Running:
    """A watch in memory. `waiting` is how many pushed batches wait for `lock`; `reading` is what reads its connection."""

    watch: LiveWatch
    status: str = "running"
    note: str = ""
    after: str | None = None
    waiting: int = 0
    lock: anyio.Lock = field(default_factory=anyio.Lock)
    changed: anyio.Event = field(default_factory=anyio.Event)
    reading: anyio.CancelScope = field(default_factory=anyio.CancelScope)

    def announce(self) -> None:
        """Wakes those who wait for a change."""
        self.changed.set()
        self.changed = anyio.Event()


class WatchService:
    """All watches. `tasks` runs those that pull; `connections` is the file of named connections."""

    def __init__(self, store: WatchStore, sender: AlertSender, tasks: TaskGroup, connections: Path) -> None:
        self._store = store
        self._sender = sender
        self._tasks = tasks
        self._connections = connections
        self._one_at_a_time = anyio.CapacityLimiter(1)
        self._watches: dict[str, Running] = {}
        self._untold = anyio.Event()

    async def start(self) -> None:
        """Takes up every watch where it was left."""
        for watch, status, note, after in await self._stored(self._store.all):
            self._watches[watch.spec.id] = Running(watch, status, note, after)
        for running in self._watches.values():
            self._pull(running)
        self._tasks.start_soon(self._let_time_pass)
        self._tasks.start_soon(self._tell)

    async def begin(self, spec: WatchSpec) -> LiveWatch:
        """Starts a watch; one with the same id is running already when a call is repeated.

        Raises: BadInputError, NotFoundError, SettingsError when its connection leads to no stream; ConflictError
        for more than `MAX_WATCHES`.
        """
        if spec.id in self._watches:
            return self._watches[spec.id].watch
        if sum(running.status == "running" for running in self._watches.values()) >= MAX_WATCHES:
            raise ConflictError(
                say(
                    spec.language,
                    en="{most} watches are running; stop one first.",
                    ko="이미 감시 {most}개가 실행 중입니다. 먼저 하나를 멈춰 주십시오.",
                    most=MAX_WATCHES,
                )
            )
        if spec.connection is not None:
            connection = load_connections(self._connections).opened(spec.connection)
            if connection.kind == "redis" and spec.stream_key is None:
                raise BadInputError(
                    f"The connection '{connection.name}' leads to Redis, which holds many streams; "
                    "give the key of one as the parameter 'stream'."
                )
            open_stream(connection, spec.stream_key)
        watch = LiveWatch.new(spec)
        await self._stored(self._store.add, watch)
        running = self._watches[spec.id] = Running(watch)
        self._pull(running)
        return watch

    def all(self) -> list[Running]:
        """Every watch that was not stopped, oldest first."""
        return [running for running in self._watches.values() if running.status != "stopped"]

    def named(self, watch_id: str, language: Language = "en") -> Running:
        """A watch. Raises: NotFoundError, listing those there are."""
        running = self._watches.get(watch_id)
        if running is None:
            raise NotFoundError(
                say(
                    language,
                    en="There is no watch '{id}'. Watches: {known}.",
                    ko="'{id}' 감시가 없습니다. 현재 감시: {known}.",
                    id=watch_id[:64],
                    known=", ".join(item.watch.spec.id for item in self.all())
                    or say(language, en="none", ko="없음"),
                )
            )
        return running

    async def alerts_of(self, watch_id: str) -> list[StreamAlert]:
        """The newest alerts of a watch, newest first."""
        alerts: list[StreamAlert] = await self._stored(self._store.alerts_of, watch_id)
        return alerts

    async def picture(self, running: Running) -> dict[str, Any]:
        """What the page shows of a watch: totals, the last windows, alerts in words."""
        async with running.lock:
            picture = picture_of(running.watch, running.status, running.note)
        alerts = await self.alerts_of(running.watch.spec.id)
        told = [{"text": alert_text(running.watch, a), **a.model_dump(mode="json")} for a in alerts]
        return {**picture, "alerts": told}

    async def stop(self, watch_id: str, language: Language = "en") -> LiveWatch:
        """Stops a watch for good: its alerts end, its totals stay. Raises: NotFoundError."""
        running = self.named(watch_id, language)
        running.reading.cancel()
        async with running.lock:
            if running.status != "stopped":
                await self._change(running, lambda watch: watch.finish_alerts(now_utc()))
                await self._set_status(running, "stopped")
        return running.watch

    async def push(self, watch_id: str, events: Sequence[Event]) -> tuple[int, int]:
        """How many of the events were new, and how many had been counted before. They are on disk when this returns.

        Raises: NotFoundError; ConflictError for a watch that pulls or was stopped; BusyError when `MAX_WAITING` batches wait.
        """
        running = self._pushed(watch_id)
        if running.waiting >= MAX_WAITING:
            raise BusyError("Too many batches are waiting for this watch; send this one again in a second.")
        running.waiting += 1
        try:
            return await self._take(running, events, None)
        finally:
            running.waiting -= 1

    async def push_panes(self, watch_id: str, batch: PaneBatch) -> bool:
        """Whether an edge's batch was new; one that was taken before changes nothing. It is on disk when this returns.

        Raises: NotFoundError; ConflictError for a watch that pulls or was stopped, for other fields, or when a batch before it
        is missing.
        """
        running = self._pushed(watch_id)
        async with running.lock:
            self._check_runs(running)
            if batch.number <= running.watch.edges.get(batch.edge, (0, 0.0))[0]:
                return False
            await self._change(running, lambda watch: watch.take_panes(batch, now_utc()))
        return True

    def _pushed(self, watch_id: str) -> Running:
        running = self.named(watch_id)
        if running.watch.spec.connection is not None or running.status != "running":
            raise ConflictError(
                f"The watch {watch_id} takes no events: it reads a connection or was stopped."
            )
        return running

    @staticmethod
    def _check_runs(running: Running) -> None:
        """Raises: ConflictError when it was stopped while its lock was waited for."""
        if running.status != "running":
            raise ConflictError(f"The watch {running.watch.spec.id} was stopped.")

    async def _take(self, running: Running, events: Sequence[Event], after: str | None) -> tuple[int, int]:
        async with running.lock:
            self._check_runs(running)
            ids = [event.id for event in events if event.id]
            unseen = await self._stored(self._store.unseen, running.watch.spec.id, ids)
            fresh = []
            for event in events:
                if not event.id or event.id in unseen:
                    unseen.discard(event.id)
                    fresh.append(event)
            await self._change(running, lambda watch: watch.take(fresh, now_utc()), fresh, after)
        return len(fresh), len(events) - len(fresh)

    async def _change(
        self, running: Running, change: Change, events: Sequence[Event] = (), after: str | None = None
    ) -> None:
        """Changes a watch and writes it; when either fails the watch in memory becomes again what is on disk."""

        def apply() -> list[StreamAlert]:
            alerts = change(running.watch)
            self._store.commit(running.watch, [event.id for event in events], alerts, after)
            return alerts

        try:
            alerts = await self._stored(apply)
        except BaseException:
            with anyio.CancelScope(shield=True):
                running.watch = await self._stored(self._store.load, running.watch.spec.id)
            raise
        running.after = after or running.after
        running.announce()
        if alerts:
            self._untold.set()

    def _pull(self, running: Running) -> None:
        if running.watch.spec.connection is not None and running.status == "running":
            self._tasks.start_soon(self._read, running)

    async def _read(self, running: Running) -> None:
        """Reads a connection's stream until it ends, is stopped, or trying again cannot help."""
        with running.reading:
            while True:
                try:
                    await self._read_once(running)
                except UnavailableError as error:
                    running.note = error.message
                    running.announce()
                    await anyio.sleep(_RETRY_SOURCE_S)
                except MeshError as error:
                    await self._set_status(running, "failed", error.message)
                    return
                except Exception:  # noqa: BLE001 - the watch's boundary: others go on
                    _log.exception("watch_failed", watch_id=running.watch.spec.id)
                    await self._set_status(running, "failed", "It could not go on; the agent's log says why.")
                    return
                else:
                    async with running.lock:
                        await self._change(running, lambda watch: watch.finish(now_utc()))
                        await self._set_status(running, "ended")
                    return

    async def _read_once(self, running: Running) -> None:
        spec = running.watch.spec
        connection = load_connections(self._connections).opened(spec.connection or "")
        after = running.after or ("0" if spec.from_start else None)
        events = open_stream(connection, spec.stream_key).events(after)
        send, receive = anyio.create_memory_object_stream[Event](BATCH_EVENTS)
        try:
            async with anyio.create_task_group() as tasks, receive:
                tasks.start_soon(_forward, events, send)
                async for first in receive:
                    batch = [first, *_waiting(receive)]
                    last_id = next((event.id for event in reversed(batch) if event.id), None)
                    await self._take(running, batch, last_id)
                    running.note = ""
        except ExceptionGroup as group:
            raise group.exceptions[0] from None

    async def _let_time_pass(self) -> None:
        while True:
            await anyio.sleep(_IDLE_EVERY_S)
            for running in list(self._watches.values()):
                async with running.lock:
                    if running.status == "running" and running.watch.closes_by(now_utc()):
                        await self._change(running, lambda watch: watch.idle(now_utc()))

    async def _tell(self) -> None:
        """Tells the alert manager of every change at once, and from time to time what goes on; tries until it listens."""
        again = True
        while True:
            told = await self._stored(self._store.untold, also_firing=again)
            known = [(self._watches[watch_id].watch, alert) for watch_id, alert in told]
            try:
                if known:
                    await self._sender.send(known)
                    await self._stored(self._store.mark_told, told)
            except UnavailableError as error:
                _log.warning("alerts_not_told", alerts=len(known), error=error.message)
                await anyio.sleep(_RETRY_ALERTS_S)
                continue
            with anyio.move_on_after(TELL_AGAIN_S) as waiting:
                await self._untold.wait()
            again = waiting.cancelled_caught
            self._untold = anyio.Event()

    async def _set_status(self, running: Running, status: str, note: str = "") -> None:
        running.status, running.note = status, note
        await self._stored(self._store.set_status, running.watch.spec.id, status, note)
        running.announce()

    async def _stored(self, call: Any, *args: Any, **kwargs: Any) -> Any:
        return await anyio.to_thread.run_sync(lambda: call(*args, **kwargs), limiter=self._one_at_a_time)


class BusyError(UnavailableError):
    """A sender is faster than the watch."""

    status = 429
    reason = "busy"
    title = "Too many events at once"


async def _forward(events: AsyncGenerator[Event], send: MemoryObjectSendStream[Event]) -> None:
    async with send, aclosing(events):
        async for event in events:
            await send.send(event)


def _waiting(receive: MemoryObjectReceiveStream[Event]) -> list[Event]:
    """What has arrived already, without waiting."""
    batch: list[Event] = []
    try:
        while len(batch) < BATCH_EVENTS:
            batch.append(receive.receive_nowait())
    except (anyio.WouldBlock, anyio.EndOfStream):
        pass
    return batch
