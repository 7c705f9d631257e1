"""Push notifications that never hold up a task: queued, retried, and sent only to addresses that may be reached."""

import asyncio
from contextlib import suppress

import anyio
import httpx
import structlog
from a2a.server.tasks import PushNotificationConfigStore, PushNotificationEvent, PushNotificationSender
from a2a.types import TaskPushNotificationConfig
from a2a.utils.proto_utils import to_stream_response
from anyio.abc import TaskGroup
from google.protobuf.json_format import MessageToDict

from mesh.addresses import PinnedAddress, pin_address
from mesh.errors import ForbiddenError, MeshError, UnavailableError
from mesh.retry import retrying

_log = structlog.get_logger(__name__)
_QUEUE_LENGTH = 1000
_TIMEOUT_S = 10.0
_ATTEMPTS = 5
_IDLE_S = 30.0


class QueueingPushSender(PushNotificationSender):
    """Delivers each task's events in order from a queue of its own; the task never waits for a webhook.

    A full queue drops the event and logs it: delivery is best effort by protocol, and the receiver can read the task.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        configs: PushNotificationConfigStore,
        allow_hosts: list[str],
        tasks: TaskGroup,
    ) -> None:
        self._http = http
        self._configs = configs
        self._allow_hosts = allow_hosts
        self._tasks = tasks
        self._queues: dict[str, asyncio.Queue[PushNotificationEvent]] = {}

    async def accepts(self, url: str) -> bool:
        """Whether notifications may go to `url`: public addresses, and hosts that are allowed by name.

        A name that does not resolve now is accepted: every delivery resolves and checks it again.
        """
        try:
            await pin_address(url, self._allow_hosts)
        except UnavailableError:
            return True
        except MeshError as error:
            _log.warning("push_url_refused", url=url, why=error.message)
            return False
        return True

    async def send_notification(self, task_id: str, event: PushNotificationEvent) -> None:
        """Queues one event of a task."""
        queue = self._queues.get(task_id)
        if queue is None:
            if not await self._configs.get_info_for_dispatch(task_id):
                return
            queue = self._queues[task_id] = asyncio.Queue(_QUEUE_LENGTH)
            self._tasks.start_soon(self._drain, task_id, queue)
        try:
            queue.put_nowait(event)
        except asyncio.QueueFull:
            _log.warning("push_dropped", task_id=task_id)

    async def _drain(self, task_id: str, queue: asyncio.Queue[PushNotificationEvent]) -> None:
        try:
            while True:
                with anyio.move_on_after(_IDLE_S) as idle:
                    event = await queue.get()
                if idle.cancelled_caught:
                    return
                body = MessageToDict(to_stream_response(event))
                for config in await self._configs.get_info_for_dispatch(task_id):
                    await self._deliver(config, body)
        finally:
            self._queues.pop(task_id, None)

    async def _deliver(self, config: TaskPushNotificationConfig, body: dict[str, object]) -> None:
        try:
            target = await pin_address(config.url, self._allow_hosts)
            await retrying(lambda: self._post(target, config, body), attempts=_ATTEMPTS)
        except MeshError as error:
            _log.warning("push_failed", url=config.url, why=error.message)

    async def _post(
        self, target: PinnedAddress, config: TaskPushNotificationConfig, body: dict[str, object]
    ) -> None:
        headers = {"Host": target.host_header, **_credentials(config)}
        extensions = {"sni_hostname": target.hostname}
        try:
            response = await self._http.post(
                target.url,
                json=body,
                headers=headers,
                extensions=extensions,
                timeout=_TIMEOUT_S,
                follow_redirects=False,
            )
        except httpx.TransportError as error:
            raise UnavailableError(f"{config.url} cannot be reached: {error!r}.") from None
        if response.status_code >= 500 or response.status_code == 429:
            raise UnavailableError(f"{config.url} answered {response.status_code}.")
        if response.status_code >= 300:
            raise ForbiddenError(f"{config.url} answered {response.status_code}.")


def _credentials(config: TaskPushNotificationConfig) -> dict[str, str]:
    headers = {}
    if config.token:
        headers["X-A2A-Notification-Token"] = config.token
    with suppress(AttributeError):
        if config.authentication.scheme and config.authentication.credentials:
            headers["Authorization"] = f"{config.authentication.scheme} {config.authentication.credentials}"
    return headers
