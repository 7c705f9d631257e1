"""Calls other agents through the A2A SDK's client, with deadlines, idempotency keys and the mesh's errors."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from a2a.client import A2ACardResolver, Client, ClientCallContext, ClientConfig, ClientFactory
from a2a.client.errors import A2AClientError, A2AClientTimeoutError
from a2a.types import (
    AgentCard,
    AgentInterface,
    CancelTaskRequest,
    GetTaskRequest,
    Message,
    Part,
    Role,
    SendMessageRequest,
    StreamResponse,
    SubscribeToTaskRequest,
    Task,
    TaskState,
)
from a2a.utils.errors import (
    A2AError,
    InvalidParamsError,
    InvalidRequestError,
    TaskNotCancelableError,
    TaskNotFoundError,
)
from google.protobuf.json_format import MessageToDict, ParseError
from pydantic import ValidationError

from . import errors
from .auth import mesh_token
from .calls import IDEMPOTENCY_KEY, Inputs, decode_result, encode_call, message_result, part_data, text_part
from .cards import check_card, to_json
from .errors import BadInputError, DeadlineError, MeshError, NeedsInputError, UnavailableError
from .language import Language
from .results import SkillResult
from .settings import MeshSettings

_ASK_TIMEOUT_S = 5.0
_CARD_TIMEOUT_S = 5.0
_ENDED = {
    TaskState.TASK_STATE_COMPLETED,
    TaskState.TASK_STATE_CANCELED,
    TaskState.TASK_STATE_FAILED,
    TaskState.TASK_STATE_REJECTED,
    TaskState.TASK_STATE_INPUT_REQUIRED,
    TaskState.TASK_STATE_AUTH_REQUIRED,
}
_BY_REASON = {
    kind.reason: kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, MeshError) and kind is not errors.InvalidRequestError
}


@dataclass(frozen=True)
class CallEvent:
    """One event of a running call, in the mesh's terms.

    `task_id` is empty for a direct message reply, which `reply` then holds. `progress` in [0, 1] and `text` are what a working
    agent says; `ended` is set by a final or interrupted state.
    """

    task_id: str = ""
    ended: bool = False
    progress: float | None = None
    text: str = ""
    reply: SkillResult | None = None


class AgentClient:
    """An A2A client for the agent at `url` (JSON-RPC), or for any card.

    Args: `http` is shared and stays open; `settings` is given for services of this mesh, which are sent its token.
    """

    def __init__(
        self,
        url: str,
        *,
        http: httpx.AsyncClient,
        settings: MeshSettings | None = None,
        card: AgentCard | None = None,
    ) -> None:
        self.url = url
        self._http = http
        self._headers = {"Authorization": f"Bearer {mesh_token(settings)}"} if settings else {}
        self._card = card or _plain_card(url)

    async def ask(
        self, skill: str, params: dict[str, Any], *, timeout_s: float = _ASK_TIMEOUT_S, goal: str = ""
    ) -> dict[str, Any]:
        """The answer of a skill that replies with a message.

        Raises: MeshError as the agent reported it; UnavailableError when it cannot be reached; DeadlineError.
        """
        message = encode_call(skill, params, goal=goal)
        async for event in self._events(message, timeout_s, streaming=False):
            if event.HasField("message"):
                for part in event.message.parts:
                    if part.WhichOneof("content") == "data":
                        data = part_data(part)
                        return data if isinstance(data, dict) else {"value": data}
            if event.HasField("task"):
                raise_unless_completed(event.task)
        raise UnavailableError(f"The agent at {self.url} gave no answer to {skill}.")

    async def call(
        self,
        skill: str,
        params: dict[str, Any],
        *,
        inputs: Inputs | None = None,
        goal: str = "",
        language: Language = "en",
        timeout_s: float = 60.0,
        idempotency_key: str | None = None,
    ) -> SkillResult:
        """The result of a skill, waited for.

        Raises: MeshError as the agent reported it; UnavailableError; DeadlineError; NeedsInputError.
        """
        message = self.message(
            skill,
            params,
            inputs=inputs,
            goal=goal,
            language=language,
            timeout_s=timeout_s,
            idempotency_key=idempotency_key,
        )
        task: Task | None = None
        async for event in self._events(message, timeout_s, streaming=True):
            if event.HasField("message"):
                return message_result(event.message)
            task = await self._follow(event, task)
        if task is None:
            raise UnavailableError(f"The agent at {self.url} gave no answer to {skill}.")
        ended = await self.get_task(task.id)
        raise_unless_completed(ended)
        return decode_result(list(ended.artifacts))

    async def start(
        self,
        skill: str,
        params: dict[str, Any],
        *,
        idempotency_key: str,
        goal: str = "",
        timeout_s: float = 10.0,
    ) -> str:
        """Starts a skill and returns its task id as soon as the agent has accepted it."""
        message = self.message(skill, params, goal=goal, idempotency_key=idempotency_key)
        async for event in self._events(message, timeout_s, streaming=True):
            if event.HasField("task"):
                if event.task.status.state in _ENDED:
                    raise_unless_completed(event.task)
                return str(event.task.id)
        raise UnavailableError(f"The agent at {self.url} did not accept {skill}.")

    def message(
        self,
        skill: str,
        params: dict[str, Any],
        *,
        inputs: Inputs | None = None,
        goal: str = "",
        language: Language | None = None,
        timeout_s: float | None = None,
        idempotency_key: str | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> Message:
        """The message of a call, for `stream`."""
        facts = {**(metadata or {})}
        if language:
            facts["language"] = language
        if timeout_s:
            facts["timeout_s"] = timeout_s
        if idempotency_key:
            facts[IDEMPOTENCY_KEY] = idempotency_key
        return encode_call(skill, params, inputs=inputs, goal=goal, metadata=facts)

    async def stream(self, message: Message, timeout_s: float) -> AsyncIterator[CallEvent]:
        """The events of a call, from its first to the end of the stream.

        An agent that does not stream gives one event, once it is done.
        """
        async for event in self._events(message, timeout_s, streaming=self._card.capabilities.streaming):
            yield _call_event(event)

    async def subscribe(self, task_id: str, timeout_s: float) -> AsyncIterator[CallEvent]:
        """The events of a running task from now on, beginning with the task itself."""
        client = self._client(streaming=True)
        with _mapped(self.url):
            async for event in client.subscribe(
                SubscribeToTaskRequest(id=task_id), context=self._context(timeout_s)
            ):
                yield _call_event(event)

    async def result_of(self, task_id: str) -> SkillResult | None:
        """The result of a task, or None while it has not ended.

        Raises: the MeshError that the task failed with; NotFoundError; UnavailableError when its result cannot be read.
        """
        task = await self.get_task(task_id)
        if task.status.state not in _ENDED:
            return None
        raise_unless_completed(task)
        try:
            result = decode_result(list(task.artifacts))
        except ValidationError as error:
            raise UnavailableError(
                f"The result of the agent at {self.url} cannot be read: {error}."
            ) from None
        said = " ".join(part.text for part in task.status.message.parts if part.text)
        return result if result.summary else result.model_copy(update={"summary": said})

    async def get_task(self, task_id: str, timeout_s: float = _ASK_TIMEOUT_S) -> Task:
        """The stored state of a task. Raises: NotFoundError when the agent does not know it."""
        with _mapped(self.url):
            return await self._client(streaming=False).get_task(
                GetTaskRequest(id=task_id), context=self._context(timeout_s)
            )

    async def cancel(self, task_id: str, timeout_s: float = _ASK_TIMEOUT_S) -> None:
        """Cancels a task; one that has already ended is left alone."""
        try:
            with _mapped(self.url):
                await self._client(streaming=False).cancel_task(
                    CancelTaskRequest(id=task_id), context=self._context(timeout_s)
                )
        except (errors.ConflictError, errors.NotFoundError):
            return

    async def _events(
        self, message: Message, timeout_s: float, *, streaming: bool
    ) -> AsyncIterator[StreamResponse]:
        client = self._client(streaming=streaming)
        with _mapped(self.url):
            async for event in client.send_message(
                SendMessageRequest(message=message), context=self._context(timeout_s)
            ):
                yield event

    async def _follow(self, event: StreamResponse, task: Task | None) -> Task | None:
        if event.HasField("task"):
            return event.task
        if task is None and event.HasField("status_update"):
            return Task(id=event.status_update.task_id)
        return task

    def _client(self, *, streaming: bool) -> Client:
        config = ClientConfig(
            httpx_client=self._http,
            streaming=streaming,
            supported_protocol_bindings=["JSONRPC", "HTTP+JSON"],
        )
        return ClientFactory(config).create(self._card)

    def _context(self, timeout_s: float) -> ClientCallContext:
        return ClientCallContext(timeout=timeout_s, service_parameters=dict(self._headers))


def raise_unless_completed(task: Task) -> None:
    """Raises: the MeshError that a task's final status reports; UnavailableError when it has not ended."""
    state = task.status.state
    if state == TaskState.TASK_STATE_COMPLETED:
        return
    text, facts = _status_facts(task)
    if state == TaskState.TASK_STATE_CANCELED:
        raise errors.CancelledError(text or "The task was cancelled.")
    if state in (TaskState.TASK_STATE_INPUT_REQUIRED, TaskState.TASK_STATE_AUTH_REQUIRED):
        raise NeedsInputError(text or "The agent needs more input.")
    if state in (TaskState.TASK_STATE_FAILED, TaskState.TASK_STATE_REJECTED):
        raise error_of(str(facts.get("reason", "")), text or "The agent failed without saying why.")
    raise UnavailableError("The agent ended its stream before the task ended.")


def error_of(reason: str, text: str) -> MeshError:
    """The error class that carries a machine-readable reason; a plain MeshError for an unknown one."""
    return _BY_REASON.get(reason, MeshError)(text)


async def fetch_card(http: httpx.AsyncClient, url: str) -> dict[str, Any]:
    """The card that the agent at `url` serves, as checked JSON; `url` may also name the card itself.

    Raises: UnavailableError when no card can be read there; BadInputError when it is not an A2A 1.0 card.
    """
    base, _, path = url.partition("/.well-known/")
    resolver = A2ACardResolver(http, base.rstrip("/"))
    try:
        card = await resolver.get_agent_card(
            relative_card_path=f"/.well-known/{path}" if path else None,
            http_kwargs={"timeout": _CARD_TIMEOUT_S},
        )
    except (A2AClientError, httpx.HTTPError, ValueError) as error:
        raise UnavailableError(f"No Agent Card can be read from {url}: {error}.") from None
    found = to_json(card)
    check_card(found, url)
    return found


def plain_message(text: str, *, key: str, language: Language, files: Sequence[Part] = ()) -> Message:
    """A message for an agent that knows nothing of dataflow: text and files."""
    return Message(
        message_id=key,
        role=Role.ROLE_USER,
        parts=[text_part(text), *files],
        metadata={IDEMPOTENCY_KEY: key, "language": language},
    )


def _call_event(event: StreamResponse) -> CallEvent:
    if event.HasField("message"):
        return CallEvent(ended=True, reply=message_result(event.message))
    if event.HasField("task"):
        return CallEvent(task_id=event.task.id, ended=event.task.status.state in _ENDED)
    if event.HasField("status_update"):
        update = event.status_update
        fraction = MessageToDict(update.metadata).get("progress")
        working = update.status.state == TaskState.TASK_STATE_WORKING
        return CallEvent(
            task_id=update.task_id,
            ended=update.status.state in _ENDED,
            progress=float(fraction) if working and isinstance(fraction, int | float) else None,
            text=" ".join(part.text for part in update.status.message.parts if part.text) if working else "",
        )
    return CallEvent(task_id=event.artifact_update.task_id)


def _status_facts(task: Task) -> tuple[str, dict[str, Any]]:
    text, facts = "", {}
    for part in task.status.message.parts:
        kind = part.WhichOneof("content")
        if kind == "text":
            text = text or part.text
        elif kind == "data":
            data = part_data(part)
            facts = data if isinstance(data, dict) else {}
    return text, facts


def _plain_card(url: str) -> AgentCard:
    card = AgentCard(
        name=url,
        supported_interfaces=[AgentInterface(url=url, protocol_binding="JSONRPC", protocol_version="1.0")],
    )
    card.capabilities.streaming = True
    return card


@contextmanager
def _mapped(url: str) -> Iterator[None]:
    """Maps what the SDK's client raises to the mesh's errors."""
    try:
        yield
    except (A2AClientTimeoutError, httpx.TimeoutException) as error:
        raise DeadlineError(f"The agent at {url} did not answer in time.") from error
    except TaskNotFoundError as error:
        raise errors.NotFoundError(f"The agent at {url} does not know that task.") from error
    except TaskNotCancelableError as error:
        raise errors.ConflictError("The task has already ended.") from error
    except A2AClientError as error:
        raise _transport_error(url, error) from error
    except A2AError as error:
        data = error.data if isinstance(error.data, dict) else {}
        fallback = "bad_input" if isinstance(error, InvalidParamsError | InvalidRequestError) else ""
        raise error_of(str(data.get("reason") or fallback), error.message) from error
    except (httpx.HTTPError, OSError) as error:
        raise UnavailableError(f"The agent at {url} cannot be reached: {error!r}.") from error
    except (ParseError, ValueError) as error:
        raise UnavailableError(
            f"The agent at {url} answered with something that is not A2A: {error}."
        ) from error


def _transport_error(url: str, error: A2AClientError) -> MeshError:
    cause = error.__cause__
    if isinstance(cause, httpx.HTTPStatusError) and cause.response.status_code < 500:
        return BadInputError(f"The agent at {url} refused the call with status {cause.response.status_code}.")
    return UnavailableError(f"The agent at {url} cannot be reached: {error.message}")
