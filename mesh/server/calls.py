"""How requests become contexts: strict protocol version, principal and tenant as owner, inferred context id."""

from a2a.extensions.common import HTTP_EXTENSION_HEADER
from a2a.server.agent_execution import RequestContext, RequestContextBuilder
from a2a.server.context import ServerCallContext
from a2a.server.id_generator import IDGenerator, IDGeneratorContext
from a2a.server.request_handlers import DefaultGrpcServerCallContextBuilder
from a2a.server.routes.common import DefaultServerCallContextBuilder
from a2a.server.tasks import TaskStore
from a2a.types import AgentCard, SendMessageRequest, Task
from a2a.utils.constants import PROTOCOL_VERSION_0_3, PROTOCOL_VERSION_1_0, VERSION_HEADER
from a2a.utils.errors import ExtensionSupportRequiredError, VersionNotSupportedError
from starlette.requests import Request

TASK_ID = "claimed_task_id"
SUPPORTED_VERSIONS = (PROTOCOL_VERSION_1_0, PROTOCOL_VERSION_0_3)


def owner_of(context: ServerCallContext) -> str:
    """The namespace of a caller's tasks: tenant and principal."""
    return f"{context.tenant}|{context.user.user_name}"


class HttpCallContextBuilder(DefaultServerCallContextBuilder):
    """Call contexts of HTTP requests."""

    def build(self, request: Request) -> ServerCallContext:
        """Raises: VersionNotSupportedError unless A2A-Version is exactly a supported Major.Minor."""
        check_version(request.headers.get(VERSION_HEADER) or request.query_params.get(VERSION_HEADER))
        context = super().build(request)
        version = request.query_params.get(VERSION_HEADER)
        if version and VERSION_HEADER.lower() not in context.state["headers"]:
            context.state["headers"][VERSION_HEADER.lower()] = version
        return context


class GrpcCallContextBuilder(DefaultGrpcServerCallContextBuilder):
    """Call contexts of gRPC requests, under the same version rule as HTTP."""

    def build(self, context: object) -> ServerCallContext:
        """Raises: VersionNotSupportedError unless a2a-version is exactly a supported Major.Minor."""
        metadata = {str(key).lower(): value for key, value in (context.invocation_metadata() or ())}  # type: ignore[attr-defined]
        given = metadata.get(VERSION_HEADER.lower())
        check_version(given.decode() if isinstance(given, bytes) else given)
        return super().build(context)  # type: ignore[arg-type]


class InferringContextBuilder(RequestContextBuilder):
    """Request contexts whose context id comes from the task when the caller sent only the task id."""

    def __init__(self, card: AgentCard, task_store: TaskStore) -> None:
        self._task_store = task_store
        self._required = {item.uri for item in card.capabilities.extensions if item.required}

    async def build(
        self,
        context: ServerCallContext,
        params: SendMessageRequest | None = None,
        task_id: str | None = None,
        context_id: str | None = None,
        task: Task | None = None,
    ) -> RequestContext:
        """Raises: ExtensionSupportRequiredError when the caller did not activate a required extension."""
        missing = self._required - context.requested_extensions
        if missing:
            raise ExtensionSupportRequiredError(
                f"This agent requires {', '.join(sorted(missing))}; name it in the {HTTP_EXTENSION_HEADER} header."
            )
        if task_id and not context_id:
            stored = await self._task_store.get(task_id, context)
            context_id = stored.context_id if stored else None
        claimed = context.state.get(TASK_ID)
        return RequestContext(
            call_context=context,
            request=params,
            task_id=task_id,
            context_id=context_id,
            task=task,
            task_id_generator=_Given(claimed) if claimed else None,
        )


class _Given(IDGenerator):
    """Generates the one id that was claimed for the task."""

    def __init__(self, task_id: str) -> None:
        self._task_id = task_id

    def generate(self, context: IDGeneratorContext) -> str:
        return self._task_id


def check_version(given: str | None) -> None:
    """Raises: VersionNotSupportedError for a version that is named and is not exactly a supported one."""
    if given and given not in SUPPORTED_VERSIONS:
        raise VersionNotSupportedError(
            f"A2A version {given} is not supported; this agent speaks {' and '.join(SUPPORTED_VERSIONS)}."
        )
