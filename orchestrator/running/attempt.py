"""One try at a step: an A2A task at one instance, from the first message to a usable result."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import httpx

from mesh.analysis import PlanStep
from mesh.calls import Inputs, bytes_part, url_part
from mesh.cards import interface_url, to_proto
from mesh.client import AgentClient, CallEvent, plain_message
from mesh.errors import CancelledError, MeshError, NotFoundError, UnavailableError
from mesh.language import Language
from mesh.results import FileRef, SkillResult
from mesh.settings import MeshSettings
from mesh.storage import StorageClient
from orchestrator.discovery.registry import AgentRecord
from orchestrator.planning.skills import SkillView

OnProgress = Callable[[float, str], Awaitable[None]]
OnTask = Callable[[str], Awaitable[None]]
_CANCEL_TIMEOUT_S = 2.0
_RESUBSCRIBES = 3
_INLINE_FILE_BYTES = 4 * 2**20


@dataclass(frozen=True)
class Job:
    """A step about to be run: what it is called with and for whom."""

    analysis_id: str
    step: PlanStep
    goal: str
    language: Language
    inputs: Inputs
    cancelled: anyio.Event
    deadline: float

    def remaining_s(self) -> float:
        """Seconds until the deadline, at least 0."""
        return max(0.0, self.deadline - time.monotonic())


class Attempt:
    """Calls one instance for one job.

    `card` is the agent's; `known_task` continues a task that an earlier life of the orchestrator started.
    """

    def __init__(
        self,
        settings: MeshSettings,
        http: httpx.AsyncClient,
        record: AgentRecord,
        skill: SkillView,
        url: str,
        *,
        on_progress: OnProgress,
        on_task: OnTask,
    ) -> None:
        card = to_proto(record.card) if url == interface_url(record.card) else None
        held = record.instances.get(url)
        ours = record.builtin and held is not None and held.trusted
        self._client = AgentClient(url, http=http, settings=settings if ours else None, card=card)
        self._settings = settings
        self._storage = StorageClient(settings, http)
        self._skill = skill
        self._on_progress = on_progress
        self._on_task = on_task
        self._task_id: str | None = None
        self._reply: SkillResult | None = None

    async def run(self, job: Job, key: str, known_task: str | None = None) -> SkillResult:
        """The result of the job.

        Raises: CancelledError when the job was cancelled, after the agent was told; otherwise the MeshError that the
        agent reported, or UnavailableError when it is silent, gone, or answers with something unusable.
        """
        self._task_id = known_task
        result: SkillResult | None = None
        failure: MeshError | None = None
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._cancel_with, job, tasks.cancel_scope)
            try:
                result = await self._result(job, key, known_task)
            except MeshError as error:
                failure = error
            tasks.cancel_scope.cancel()
        if job.cancelled.is_set():
            raise CancelledError("The analysis was cancelled.")
        if failure is not None:
            raise failure
        if result is None:
            raise UnavailableError("The agent gave no result.")
        return self._checked(result)

    async def _result(self, job: Job, key: str, known_task: str | None) -> SkillResult:
        if known_task is None:
            await self._consume(self._client.stream(await self._message(job, key), job.remaining_s()), job)
            if self._reply is not None:
                return self._reply
        if self._task_id is None:
            raise UnavailableError("The agent ended its stream without starting a task.")
        for _ in range(_RESUBSCRIBES):
            result = await self._client.result_of(self._task_id)
            if result is not None:
                return result
            try:
                await self._consume(self._client.subscribe(self._task_id, job.remaining_s()), job)
            except NotFoundError:
                break
        raise UnavailableError("The agent's stream kept ending before its task did.")

    async def _consume(self, events: AsyncIterator[CallEvent], job: Job) -> None:
        """Follows a stream to its end, or to a final state. Any event resets the idle clock."""
        iterator = aiter(events)
        while True:
            patience_s = min(self._settings.idle_timeout_s, job.remaining_s())
            try:
                with anyio.fail_after(patience_s):
                    event = await anext(iterator)
            except StopAsyncIteration:
                return
            except TimeoutError:
                await self._abandon()
                raise UnavailableError(f"The agent was silent for {patience_s:.0f} s.") from None
            await self._take(event)
            if event.ended:
                return

    async def _take(self, event: CallEvent) -> None:
        self._reply = event.reply or self._reply
        if event.task_id and self._task_id != event.task_id:
            self._task_id = event.task_id
            await self._on_task(event.task_id)
        if event.progress is not None or event.text:
            await self._on_progress(event.progress or 0.0, event.text)

    async def _cancel_with(self, job: Job, scope: anyio.CancelScope) -> None:
        await job.cancelled.wait()
        await self._abandon()
        scope.cancel()

    async def _abandon(self) -> None:
        """Tells the agent to stop; whether it listens is its own affair."""
        if self._task_id is not None:
            with anyio.move_on_after(_CANCEL_TIMEOUT_S, shield=True):
                try:
                    await self._client.cancel(self._task_id, _CANCEL_TIMEOUT_S)
                except MeshError:
                    return

    async def _message(self, job: Job, key: str) -> Any:
        if not self._skill.has_dataflow:
            return await self._plain_message(job, key)
        return self._client.message(
            self._skill.skill_id,
            job.step.params,
            inputs=job.inputs,
            goal=job.goal,
            language=job.language,
            timeout_s=job.remaining_s(),
            idempotency_key=key,
            metadata={"analysis_id": job.analysis_id},
        )

    async def _plain_message(self, job: Job, key: str) -> Any:
        files = [
            output.file for outputs in job.inputs.values() for output in outputs if output.file is not None
        ]
        parts = [await self._file_part(file) for file in files]
        return plain_message(job.goal, key=key, language=job.language, files=parts)

    async def _file_part(self, file: FileRef) -> Any:
        if (
            file.uri.startswith("file://")
            and Path(file.uri.removeprefix("file://")).stat().st_size <= _INLINE_FILE_BYTES
        ):
            raw = await anyio.Path(await self._storage.local(file)).read_bytes()
            return bytes_part(raw, name=file.name, media_type=file.media_type)
        return url_part(self._storage.object_url(file), name=file.name, media_type=file.media_type)

    def _checked(self, result: SkillResult) -> SkillResult:
        """Raises: UnavailableError for a result that has nothing of what the skill's card promises."""
        promised = {flow.type for flow in self._skill.produces if flow.required}
        given = {output.type for output in result.outputs}
        if self._skill.has_dataflow and promised and not promised & given:
            raise UnavailableError(
                f"The skill {self._skill.skill_id} promises {', '.join(sorted(promised))} and gave "
                f"{', '.join(sorted(given)) or 'nothing'}."
            )
        if not result.summary and not result.outputs:
            raise UnavailableError("The agent completed without any result.")
        return result
