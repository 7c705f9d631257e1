"""The use cases of serving: put a model behind an address, change what answers there, take it away."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import structlog
from anyio.abc import TaskGroup

from mesh.compute import ComputeClient
from mesh.errors import ConflictError, NotFoundError, UnavailableError
from mesh.language import Language, say
from mesh.results import FileRef
from mesh.storage import OBJECT_SCHEME, StorageClient

from .endpoint import TRAFFIC, Endpoint, EndpointFolders
from .supervision import Scorer, free_port
from .traffic import TrafficLog
from .versions import Fetched, Versions, keep_reference

MAX_ENDPOINTS = 10
_COPY_S = 60.0
_log = structlog.get_logger(__name__)


@dataclass
class Running:
    """An endpoint and its process. `lock` is held while either changes."""

    endpoint: Endpoint
    scorer: Scorer
    lock: anyio.Lock = field(default_factory=anyio.Lock)


@dataclass(frozen=True)
class Served:
    """An endpoint as it is now; `health` is None while it does not answer, and `note` says why."""

    endpoint: Endpoint
    health: dict[str, Any] | None
    note: str
    restarts: int


class ServingService:
    """All endpoints of this agent. `registry` knows the versions, `scorer` makes the keeper of the process for a folder, and
    `tasks` runs it.
    """

    def __init__(
        self,
        folders: EndpointFolders,
        registry: Versions,
        *,
        scorer: Callable[[Path], Scorer],
        compute: ComputeClient,
        storage: StorageClient,
        tasks: TaskGroup,
    ) -> None:
        self.folders = folders
        self.registry = registry
        self.compute = compute
        self._scorer = scorer
        self._storage = storage
        self._tasks = tasks
        self._running: dict[str, Running] = {}
        self._opening = anyio.Lock()

    def start(self) -> None:
        """Has every endpoint that was not stopped answer again."""
        for endpoint in self.folders.all():
            self._begin(endpoint)

    def names(self) -> list[str]:
        """The names of the models that are served."""
        return sorted(self._running)

    def running(self) -> list[Running]:
        """Every endpoint, by name."""
        return [self._running[name] for name in self.names()]

    def named(self, name: str, language: Language = "en") -> Running:
        """One endpoint. Raises: NotFoundError, listing those there are."""
        if name not in self._running:
            raise NotFoundError(
                say(
                    language,
                    en="No endpoint serves '{name}'. Served now: {names}.",
                    ko="'{name}'(을/를) 서빙하는 엔드포인트가 없습니다. 지금 서빙 중: {names}.",
                    name=name,
                    names=", ".join(self.names()) or say(language, en="nothing", ko="없음"),
                )
            )
        return self._running[name]

    async def served(self, running: Running) -> Served:
        """An endpoint as it is now."""
        health = await running.scorer.health()
        return Served(running.endpoint, health, running.scorer.note, running.scorer.restarts)

    async def fetched(self, name: str, version: int | None, language: Language) -> Fetched:
        """A version's files in the endpoint's folder, with rows of its training data as far as they still are in storage."""
        versions = self.folders.versions(name)
        found = await self.registry.fetch(name, version, versions, language)
        trained_on = (found.model.get("dataset") or {}).get("sha256")
        if found.has_reference or not trained_on:
            return found
        try:
            ref = FileRef(name="training", uri=f"{OBJECT_SCHEME}{trained_on}", sha256=trained_on)
            table = await self._storage.local(ref)
        except (NotFoundError, UnavailableError) as error:
            _log.warning("training_data_gone", model=name, error=error.message)
            return found
        await self.compute.run(keep_reference, table, versions / str(found.version), timeout_s=_COPY_S)
        return found

    async def serve(
        self, fetched: Fetched, port: int | None, *, follows: bool, language: Language = "en"
    ) -> Served:
        """Has the fetched version answer; callers of an endpoint that exists notice nothing but the new version.

        `follows`: whoever becomes the champion later answers then.

        Raises: UnavailableError when it cannot: then all is as it was. ConflictError for more than `MAX_ENDPOINTS`.
        """
        async with self._opening:
            known = self._running.get(fetched.name)
            running = known or await self._open(fetched, port, language, follows=follows)
        if port not in (None, running.endpoint.port):
            raise ConflictError(
                say(
                    language,
                    en="'{name}' is served on port {port} already; stop serving it first to move it.",
                    ko="'{name}'(은/는) 이미 포트 {port}에서 서빙 중입니다. 옮기려면 먼저 서빙을 중지해 주십시오.",
                    name=fetched.name,
                    port=running.endpoint.port,
                )
            )
        if known is not None:
            return await self.change(
                fetched.name,
                lambda endpoint, last: endpoint.with_version(fetched.version, last).following(follows),
            )
        try:
            await running.scorer.until_served()
        except BaseException:
            with anyio.CancelScope(shield=True):
                await self.stop(fetched.name)
            raise
        return await self.served(running)

    async def follow(self, name: str, language: Language) -> Served | None:
        """Has the champion of now answer; None when it does already, or when a version was chosen by its number."""
        endpoint = self.named(name).endpoint
        if not endpoint.follows:
            return None
        champion = (await self.fetched(name, None, language)).version
        if champion == endpoint.version:
            return None
        return await self.change(name, lambda before, last: before.with_version(champion, last))

    async def change(self, name: str, change: Callable[[Endpoint, int], Endpoint]) -> Served:
        """Changes what an endpoint serves; `change` is given it and the number of the latest request.

        Raises: UnavailableError when the process cannot follow: then all is as it was.
        """
        running = self.named(name)
        async with running.lock:
            before = running.endpoint
            last = await anyio.to_thread.run_sync(self._last_number, name)
            wanted = change(before, last).model_copy(update={"revision": before.revision + 1})
            await self._take_over(running, wanted)
            try:
                await running.scorer.until_served()
            except BaseException:
                with anyio.CancelScope(shield=True):
                    await self._take_over(
                        running, before.model_copy(update={"revision": wanted.revision + 1})
                    )
                raise
        return await self.served(running)

    async def note(self, running: Running, endpoint: Endpoint) -> None:
        """Keeps what was seen of an endpoint; its process need not know. The caller holds the lock."""
        await self._write(endpoint)
        running.endpoint = endpoint

    async def stop(self, name: str) -> Endpoint:
        """Takes an endpoint away; its log stays. Raises: NotFoundError."""
        running = self.named(name)
        async with running.lock:
            await anyio.to_thread.run_sync(self.folders.forget, name)
            await running.scorer.stop()
            self._running.pop(name, None)
        return running.endpoint

    async def _open(
        self, fetched: Fetched, port: int | None, language: Language, *, follows: bool
    ) -> Running:
        """A new endpoint, whose process is being started."""
        if len(self._running) >= MAX_ENDPOINTS:
            raise ConflictError(
                say(
                    language,
                    en="{most} models are served; stop one first.",
                    ko="이미 모델 {most}개를 서빙 중입니다. 먼저 하나를 중지해 주십시오.",
                    most=MAX_ENDPOINTS,
                )
            )
        endpoint = Endpoint(
            name=fetched.name, port=port or free_port(), version=fetched.version, follows=follows
        )
        await self._write(endpoint)
        return self._begin(endpoint)

    def _begin(self, endpoint: Endpoint) -> Running:
        running = Running(endpoint, self._scorer(self.folders.folder(endpoint.name)))
        self._running[endpoint.name] = running
        running.scorer.begin(self._tasks)
        return running

    async def _take_over(self, running: Running, endpoint: Endpoint) -> None:
        await self._write(endpoint)
        running.endpoint = endpoint
        running.scorer.announce()

    async def _write(self, endpoint: Endpoint) -> None:
        await anyio.to_thread.run_sync(self.folders.save, endpoint)

    def _last_number(self, name: str) -> int:
        log = TrafficLog(self.folders.folder(name) / TRAFFIC)
        try:
            return log.last_number()
        finally:
            log.close()
