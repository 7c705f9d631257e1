"""Runs an agent's skills as A2A tasks: decodes the call, runs the method, publishes progress, result or failure."""

import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import anyio
import structlog
from a2a.helpers import new_task_from_user_message
from a2a.server.agent_execution import AgentExecutor, RequestContext
from a2a.server.events import EventQueue
from a2a.server.tasks import TaskUpdater
from a2a.types import Message, Part, Role, TaskState
from a2a.utils.errors import A2AError
from pydantic import BaseModel, ValidationError

from mesh.agent import Agent, SkillSpec
from mesh.calls import SkillCall, data_part, decode_call, encode_result, new_id, text_part
from mesh.choice import choose_skill
from mesh.compute import ComputeClient, JobFailed
from mesh.context import Inputs, SkillContext
from mesh.errors import BadInputError, DeadlineError, MeshError, NeedsInputError
from mesh.replies import Done, RejectedError, Reply
from mesh.results import SkillResult
from mesh.storage import StorageClient

from .errors import explain_validation, to_a2a_error
from .metrics import SKILL_CALLS, SKILL_SECONDS
from .uploads import inputs_from_files

_log = structlog.get_logger(__name__)
_LONGEST_ERROR = 300


def failure_message(reason: str, text: str, *, retryable: bool) -> Message:
    """The status message of a failed task, with its machine-readable reason."""
    body = {"reason": reason, "retryable": retryable, "message": text}
    return Message(message_id=new_id("msg"), role=Role.ROLE_AGENT, parts=[text_part(text), data_part(body)])


@dataclass
class _Run:
    """A skill in progress, so that it can be cancelled."""

    scope: anyio.CancelScope
    context: SkillContext
    ended: anyio.Event


class _TaskReporter:
    """Publishes one call's progress and artifacts; opens the task on first use."""

    def __init__(self, request: RequestContext, queue: EventQueue) -> None:
        self._request = request
        self._queue = queue
        self.updater = TaskUpdater(queue, request.task_id or "", request.context_id or "")
        self.opened = request.current_task is not None

    async def open(self, *, working: bool = True) -> None:
        if not self.opened:
            self.opened = True
            if self._request.message is None:
                raise BadInputError("A task needs a message to start from.")
            await self._queue.enqueue_event(new_task_from_user_message(self._request.message))
            if working:
                await self.updater.start_work()

    async def progress(self, fraction: float, message: str) -> None:
        await self.open()
        await self.updater.update_status(
            TaskState.TASK_STATE_WORKING,
            self.updater.new_agent_message([text_part(message)]),
            metadata={"progress": round(fraction, 4)},
        )

    async def artifact(
        self, parts: Sequence[Part], *, name: str, artifact_id: str | None, append: bool, last: bool
    ) -> None:
        await self.open()
        await self.updater.add_artifact(
            list(parts), artifact_id=artifact_id, name=name or None, append=append, last_chunk=last
        )


class SkillExecutor(AgentExecutor):
    """The SDK's executor for a `mesh.Agent`."""

    def __init__(
        self, agent: Agent, storage: StorageClient, compute: ComputeClient, scratch_dir: Path
    ) -> None:
        self._agent = agent
        self._storage = storage
        self._compute = compute
        self._scratch_dir = scratch_dir
        self._runs: dict[str, _Run] = {}

    async def execute(self, context: RequestContext, event_queue: EventQueue) -> None:
        """Runs the call in `context`. Raises: A2AError when no task may be made of it."""
        reporter = _TaskReporter(context, event_queue)
        try:
            call = self._decode(context)
            spec = self._spec(call)
            params = _params(spec, call)
        except MeshError as error:
            raise to_a2a_error(error) from None
        log = _log.bind(skill=spec.id, task_id=context.task_id)
        with SKILL_SECONDS.labels(spec.id).time():
            outcome = await self._run(context, reporter, call, spec, params, log)
        SKILL_CALLS.labels(spec.id, outcome).inc()

    async def cancel(self, context: RequestContext, event_queue: EventQueue) -> None:
        """Stops a running call, waits until it has stopped, and marks the task cancelled."""
        run = self._runs.get(context.task_id or "")
        if run is not None:
            await run.context.run_cancel_hooks()
            run.scope.cancel()
            await run.ended.wait()
        updater = TaskUpdater(event_queue, context.task_id or "", context.context_id or "")
        await updater.cancel()

    async def _run(
        self,
        request: RequestContext,
        reporter: _TaskReporter,
        call: SkillCall,
        spec: SkillSpec,
        params: BaseModel,
        log: structlog.stdlib.BoundLogger,
    ) -> str:
        if spec.reply == "task":
            await reporter.open()
        context = self._context(request, reporter, call)
        run = _Run(anyio.CancelScope(), context, anyio.Event())
        self._runs[request.task_id or ""] = run
        try:
            with run.scope:
                return await self._attempt(request, reporter, call, spec, params, context, log)
            return "cancelled"
        finally:
            # `cancel` waits for `ended`, and the SDK then interrupts this task: what is left to do comes first.
            with anyio.CancelScope(shield=True):
                await context.close()
            self._runs.pop(request.task_id or "", None)
            run.ended.set()

    async def _attempt(
        self,
        request: RequestContext,
        reporter: _TaskReporter,
        call: SkillCall,
        spec: SkillSpec,
        params: BaseModel,
        context: SkillContext,
        log: structlog.stdlib.BoundLogger,
    ) -> str:
        try:
            timeout_s = call.metadata.get("timeout_s")
            with anyio.fail_after(float(timeout_s) if timeout_s else None):
                if call.files:
                    context.inputs = Inputs({**call.inputs, **await inputs_from_files(spec, call, context)})
                result = await spec.method(context, params)
            await self._publish(request, reporter, spec, result)
        except TimeoutError:
            return await _settle(
                reporter, spec, DeadlineError(f"The skill {spec.id} did not finish within {timeout_s:g} s.")
            )
        except MeshError as error:
            log.info("skill_refused", reason=error.reason, message=error.message)
            error.speak(context.language)
            return await _settle(reporter, spec, error)
        except A2AError:
            raise
        except Exception as error:  # noqa: BLE001 - the task's boundary
            where = error.where if isinstance(error, JobFailed) else traceback.format_exc()
            log.error("skill_failed", error=str(error), traceback=where)
            return await _settle(reporter, spec, MeshError(_brief(spec, error)))
        return "completed"

    async def _publish(
        self, request: RequestContext, reporter: _TaskReporter, spec: SkillSpec, result: object
    ) -> None:
        if isinstance(result, Reply) or spec.reply == "message":
            await reporter._queue.enqueue_event(_reply_message(request, result))  # noqa: SLF001
            return
        await reporter.open(working=False)
        if isinstance(result, SkillResult):
            for artifact in encode_result(result, self._storage.object_url):
                await reporter.updater.add_artifact(
                    list(artifact.parts), artifact_id=artifact.artifact_id, name=artifact.name
                )
            await reporter.updater.complete(
                reporter.updater.new_agent_message([text_part(result.summary or spec.id)])
            )
        elif isinstance(result, Done):
            message = reporter.updater.new_agent_message([text_part(result.text)]) if result.text else None
            await reporter.updater.complete(message)
        else:
            raise BadInputError(
                f"The skill {spec.id} must return a SkillResult, a Reply or Done, not {type(result)}."
            )

    def _decode(self, request: RequestContext) -> SkillCall:
        if request.message is None:
            raise BadInputError("The request carries no message.")
        call = decode_call(request.message)
        task = request.current_task
        if task is not None and task.history and task.history[0].message_id != request.message.message_id:
            first = decode_call(task.history[0])
            goal = "\n".join(part for part in (first.goal, call.goal) if part)
            return SkillCall(
                call.skill or first.skill,
                goal,
                first.language,
                {**first.params, **call.params},
                {**first.inputs, **call.inputs},
                [*first.files, *call.files],
                {**first.metadata, **call.metadata},
            )
        return call

    def _spec(self, call: SkillCall) -> SkillSpec:
        if call.skill is None:
            return self._agent.skills[choose_skill(call.goal, self._agent.card["skills"])]
        if call.skill not in self._agent.skills:
            known = ", ".join(sorted(self._agent.skills))
            raise BadInputError(f"{self._agent.card['name']} has no skill {call.skill!r}. It has: {known}.")
        return self._agent.skills[call.skill]

    def _context(self, request: RequestContext, reporter: _TaskReporter, call: SkillCall) -> SkillContext:
        return SkillContext(
            goal=call.goal,
            language=call.language,
            inputs=Inputs(call.inputs),
            task_id=request.task_id or "",
            context_id=request.context_id or "",
            metadata={**call.metadata, "message_id": request.message.message_id if request.message else ""},
            authenticated=request.call_context.user.is_authenticated,
            reporter=reporter,
            compute=self._compute,
            storage=self._storage,
            scratch_dir=self._scratch_dir,
        )


def _brief(spec: SkillSpec, error: Exception) -> str:
    """One line about an unexpected failure; the rest is in the service's log."""
    said = str(error) if isinstance(error, JobFailed) else f"{type(error).__name__}: {error}"
    line = said.strip().splitlines()[0][:_LONGEST_ERROR] if said.strip() else type(error).__name__
    return f"The skill {spec.id} failed: {line}"


def _params(spec: SkillSpec, call: SkillCall) -> BaseModel:
    try:
        return spec.params.model_validate(call.params)
    except ValidationError as error:
        raise BadInputError(
            f"The parameters of {spec.id} are not valid: {explain_validation(error)}"
        ) from None


def _reply_message(request: RequestContext, result: object) -> Message:
    if isinstance(result, Reply):
        parts = list(result.parts)
    elif isinstance(result, BaseModel):
        parts = [data_part(result.model_dump(mode="json"))]
    else:
        parts = [data_part(result)]
    return Message(
        message_id=new_id("msg"), role=Role.ROLE_AGENT, parts=parts, context_id=request.context_id or ""
    )


async def _settle(reporter: _TaskReporter, spec: SkillSpec, error: MeshError) -> str:
    """Ends the task as the error says; for a skill that makes no task, raises it as a protocol error."""
    if spec.reply == "message" and not reporter.opened:
        raise to_a2a_error(error)
    await reporter.open(working=False)
    if isinstance(error, NeedsInputError):
        body = {"reason": error.reason, "retryable": False, "message": error.message, **error.facts}
        await reporter.updater.requires_input(
            reporter.updater.new_agent_message([text_part(error.message), data_part(body)])
        )
        return "needs_input"
    message = failure_message(error.reason, error.message, retryable=error.retryable)
    if isinstance(error, RejectedError):
        await reporter.updater.reject(message)
        return "rejected"
    await reporter.updater.failed(message)
    return "failed"
