"""One try at a step: an A2A task at one instance, from the first message to a usable result."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import httpx
from a2a.types import Message, Role, StreamResponse, Task, TaskState
from google.protobuf.json_format import MessageToDict
from pydantic import ValidationError

from mesh.analysis import PlanStep
from mesh.calls import IDEMPOTENCY_KEY, Inputs, bytes_part, decode_result, message_result, text_part, url_part
from mesh.cards import interface_url, to_proto
from mesh.client import AgentClient, raise_unless_completed
from mesh.errors import CancelledError, MeshError, NotFoundError, UnavailableError
from mesh.language import Language
from mesh.results import FileRef, SkillResult
from mesh.settings import MeshSettings
from mesh.storage import StorageClient
from orchestrator.discovery.registry import AgentRecord
from orchestrator.planning.skills import SkillView

OnProgress = Callable[[float, str], Awaitable[None]]
OnTask = Callable[[str], Awaitable[None]]
_ENDED = (
    TaskState.TASK_STATE_COMPLETED,
    TaskState.TASK_STATE_CANCELED,
    TaskState.TASK_STATE_FAILED,
    TaskState.TASK_STATE_REJECTED,
    TaskState.TASK_STATE_INPUT_REQUIRED,
    TaskState.TASK_STATE_AUTH_REQUIRED,
)
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
        self._client = AgentClient(url, http=http, settings=settings if record.builtin else None, card=card)
        self._streams = card is None or bool(card.capabilities.streaming)
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
            await self._consume(self._first_events(await self._message(job, key), job), job)
            if self._reply is not None:
                return self._reply
        if self._task_id is None:
            raise UnavailableError("The agent ended its stream without starting a task.")
        for _ in range(_RESUBSCRIBES):
            task = await self._client.get_task(self._task_id)
            if task.status.state in _ENDED:
                return _usable_result(task)
            try:
                await self._consume(self._client.subscribe(self._task_id, job.remaining_s()), job)
            except NotFoundError:
                break
        raise UnavailableError("The agent's stream kept ending before its task did.")

    def _first_events(self, message: Message, job: Job) -> AsyncIterator[StreamResponse]:
        if self._streams:
            return self._client.stream(message, job.remaining_s())
        return self._client.send(message, job.remaining_s())

    async def _consume(self, events: AsyncIterator[StreamResponse], job: Job) -> None:
        """Follows a stream to its end, or to a final state. Any event resets the idle clock."""
        iterator = aiter(events)
        while True:
            try:
                with anyio.fail_after(min(self._settings.idle_timeout_s, job.remaining_s())):
                    event = await anext(iterator)
            except StopAsyncIteration:
                return
            except TimeoutError:
                await self._abandon()
                raise UnavailableError(
                    f"The agent was silent for {min(self._settings.idle_timeout_s, job.remaining_s()):g} s."
                    if job.remaining_s() > 0
                    else "The step ran out of time."
                ) from None
            if await self._take(event):
                return

    async def _take(self, event: StreamResponse) -> bool:
        """Takes in one event; True when the call is over."""
        if event.HasField("message"):
            self._reply = message_result(event.message)
            return True
        if event.HasField("task"):
            await self._started(event.task.id)
            return event.task.status.state in _ENDED
        if event.HasField("status_update"):
            await self._started(event.status_update.task_id)
            status = event.status_update.status
            fraction = MessageToDict(event.status_update.metadata).get("progress")
            if status.state == TaskState.TASK_STATE_WORKING and status.HasField("message"):
                said = " ".join(part.text for part in status.message.parts if part.text)
                await self._on_progress(float(fraction) if fraction is not None else 0.0, said)
            return status.state in _ENDED
        return False

    async def _started(self, task_id: str) -> None:
        if task_id and self._task_id != task_id:
            self._task_id = task_id
            await self._on_task(task_id)

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

    async def _message(self, job: Job, key: str) -> Message:
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

    async def _plain_message(self, job: Job, key: str) -> Message:
        """A message for an agent that knows nothing of dataflow: the goal as text, and the person's file."""
        parts = [text_part(job.goal)]
        for outputs in job.inputs.values():
            for output in outputs:
                parts += [await self._file_part(output.file)] if output.file else []
        return Message(
            message_id=key,
            role=Role.ROLE_USER,
            parts=parts,
            metadata={IDEMPOTENCY_KEY: key, "language": job.language},
        )

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


def _usable_result(task: Task) -> SkillResult:
    raise_unless_completed(task)
    try:
        result = decode_result(list(task.artifacts))
    except (ValidationError, ValueError) as error:
        raise UnavailableError(f"The agent's result cannot be read: {error}.") from None
    if not result.summary:
        said = " ".join(part.text for part in task.status.message.parts if part.text)
        result = result.model_copy(update={"summary": said})
    return result
