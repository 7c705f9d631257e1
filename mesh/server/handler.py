"""The SDK's request handler, with what the protocol asks for and the SDK leaves open."""

import uuid
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import anyio
import structlog
from a2a.server.agent_execution import AgentExecutor
from a2a.server.context import ServerCallContext
from a2a.server.events import Event
from a2a.server.request_handlers import DefaultRequestHandler
from a2a.types import (
    AgentCard,
    GetExtendedAgentCardRequest,
    Message,
    SendMessageRequest,
    SubscribeToTaskRequest,
    Task,
    TaskState,
)
from a2a.utils.errors import InvalidParamsError, InvalidRequestError, UnsupportedOperationError
from google.protobuf.json_format import MessageToDict

from mesh.calls import IDEMPOTENCY_KEY, decode_call
from mesh.errors import MeshError

from .calls import TASK_ID, InferringContextBuilder
from .errors import to_a2a_error
from .executor import failure_message
from .push import QueueingPushSender
from .tasks import OwnedTask, TaskRecords

_log = structlog.get_logger(__name__)
_INTERRUPTED_TASK_TIMEOUT_S = 600.0
_CLAIM_POLLS = 20
_CLAIM_POLL_S = 0.1
_ENDED = {
    TaskState.TASK_STATE_COMPLETED,
    TaskState.TASK_STATE_CANCELED,
    TaskState.TASK_STATE_FAILED,
    TaskState.TASK_STATE_REJECTED,
}


class MeshRequestHandler(DefaultRequestHandler):
    """Adds idempotent calls, non-empty parts, an authenticated extended card, and recovery after a crash."""

    def __init__(
        self,
        executor: AgentExecutor,
        records: TaskRecords,
        card: AgentCard,
        push_config_store: Any,
        push_sender: QueueingPushSender,
        *,
        public_extended_card: bool = False,
    ) -> None:
        super().__init__(
            executor,
            records.store,
            card,
            push_config_store=push_config_store,
            push_sender=push_sender,
            push_url_validator=push_sender.accepts,
            request_context_builder=InferringContextBuilder(card, records.store),
            extended_agent_card=card if card.capabilities.extended_agent_card else None,
            interrupted_task_timeout=_INTERRUPTED_TASK_TIMEOUT_S,
        )
        self.records = records
        self._public_extended_card = public_extended_card

    async def on_message_send(self, params: SendMessageRequest, context: ServerCallContext) -> Message | Task:
        """Sends a message; a repeated idempotency key returns the task it already made."""
        _check_message(params.message)
        known = await self._known_task(params, context)
        if known is None:
            return cast("Message | Task", await super().on_message_send(params, context))
        if known.status.state in _ENDED or params.configuration.return_immediately:
            return known
        async for _ in self._join(known, context):
            pass
        return await self._stored(known, context)

    async def on_message_send_stream(
        self, params: SendMessageRequest, context: ServerCallContext
    ) -> AsyncGenerator[Event, None]:
        """Sends a message and streams; a repeated idempotency key joins the task it already made."""
        _check_message(params.message)
        known = await self._known_task(params, context)
        if known is None:
            events = super().on_message_send_stream(params, context)
        elif known.status.state in _ENDED:
            yield known
            return
        else:
            events = self._join(known, context)
        async for event in events:
            yield event

    async def on_get_extended_agent_card(
        self, params: GetExtendedAgentCardRequest, context: ServerCallContext
    ) -> AgentCard:
        """The extended card, for an authenticated caller only."""
        known = context.user.is_authenticated or self._public_extended_card
        if self.extended_agent_card is not None and not known:
            raise InvalidRequestError("The extended card needs an authenticated caller; send a bearer token.")
        return cast("AgentCard", await super().on_get_extended_agent_card(params, context))

    async def _join(self, task: Task, context: ServerCallContext) -> AsyncGenerator[Event, None]:
        """The events of a task that is under way; its final state when it has ended meanwhile."""
        try:
            async for event in self.on_subscribe_to_task(SubscribeToTaskRequest(id=task.id), context):
                yield event
        except UnsupportedOperationError:
            yield await self._stored(task, context)

    async def _stored(self, task: Task, context: ServerCallContext) -> Task:
        return await self.records.store.get(task.id, context) or task

    async def recover(self, *, resume: bool, idle_for: timedelta) -> None:
        """Settles tasks that a crash left unfinished: runs them again when the agent can resume, else fails them."""
        for owned in await self.records.interrupted(idle_for):
            _log.info("task_recovered", task_id=owned.task.id, resumed=resume)
            if resume and owned.task.history:
                await self._resume(owned)
            else:
                await self._fail(owned)

    async def _resume(self, owned: OwnedTask) -> None:
        message = Message()
        message.CopyFrom(owned.task.history[0])
        message.task_id, message.context_id = owned.task.id, owned.task.context_id
        request = SendMessageRequest(message=message)
        request.configuration.return_immediately = True
        await super().on_message_send(request, owned.context)

    async def _fail(self, owned: OwnedTask) -> None:
        task = owned.task
        task.status.state = TaskState.TASK_STATE_FAILED
        task.status.timestamp.FromDatetime(datetime.now(UTC))
        task.status.message.CopyFrom(
            failure_message("unavailable", "The agent restarted while it worked on this.", retryable=True)
        )
        await self.records.store.save(task, owned.context)

    async def _known_task(self, params: SendMessageRequest, context: ServerCallContext) -> Task | None:
        """The task that already answers this idempotency key; None, with the key claimed, for a new one."""
        key = MessageToDict(params.message.metadata).get(IDEMPOTENCY_KEY)
        if not key or params.message.task_id:
            return None
        fresh = str(uuid.uuid4())
        claimed = await self.records.claim(context, str(key), fresh)
        context.state[TASK_ID] = claimed
        if claimed == fresh:
            return None
        for _ in range(_CLAIM_POLLS):
            task = await self.records.store.get(claimed, context)
            if task is not None:
                return task
            await anyio.sleep(_CLAIM_POLL_S)
        return None


def _check_message(message: Message) -> None:
    """Refuses what no task may be made of, and what must not be stored, before anything is.

    Raises: InvalidParamsError for empty parts; the error of `decode_call` for a call that cannot be read or an address that
    carries a password.
    """
    if not message.parts:
        raise InvalidParamsError("The message has no parts; send at least one.")
    for position, part in enumerate(message.parts):
        kind = part.WhichOneof("content")
        if kind is None or (kind in ("text", "raw", "url") and not getattr(part, kind)):
            raise InvalidParamsError(f"Part {position} of the message is empty.")
    try:
        decode_call(message)
    except MeshError as error:
        raise to_a2a_error(error) from None
