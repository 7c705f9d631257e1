"""Progress over a WebSocket."""

from contextlib import aclosing

import anyio
from starlette.websockets import WebSocket

from mesh.errors import ForbiddenError, InvalidRequestError, MeshError, NotFoundError

from .requests import position, refuse_other_sites
from .service import Gateway
from .streaming import SEND_TIMEOUT_S

CLOSED_UNKNOWN = 4404
CLOSED_BAD_REQUEST = 4400
CLOSED_TRY_AGAIN = 1013
_MAX_REASON_BYTES = 123


class Watcher:
    """Sends every event of an analysis as one JSON message, then closes with 1000.

    Closes with 4404 for an unknown analysis, 4400 for a bad request and 1013 when the mesh cannot say at the moment.
    The server's protocol pings are the heart-beat.
    """

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def watch(self, websocket: WebSocket) -> None:
        """Serves one connection."""
        await websocket.accept()
        try:
            refuse_other_sites(websocket)
            after = position(websocket)
            async with anyio.create_task_group() as group:
                group.start_soon(_cancel_when_gone, websocket, group.cancel_scope)
                code, reason = await self._send_events(websocket, after)
                await websocket.close(code, reason)
                group.cancel_scope.cancel()
        except (InvalidRequestError, ForbiddenError) as error:
            await websocket.close(CLOSED_BAD_REQUEST, _reason(error))

    async def _send_events(self, websocket: WebSocket, after: int) -> tuple[int, str]:
        analysis_id = websocket.path_params["analysis_id"]
        try:
            await self._gateway.orchestrator.get(analysis_id)
            async with aclosing(self._gateway.follow(analysis_id, after)) as events:
                async for event in events:
                    with anyio.fail_after(SEND_TIMEOUT_S):
                        await websocket.send_text(event.model_dump_json())
        except NotFoundError as error:
            return CLOSED_UNKNOWN, _reason(error)
        except (MeshError, TimeoutError) as error:
            return CLOSED_TRY_AGAIN, _reason(error)
        return 1000, ""


async def _cancel_when_gone(websocket: WebSocket, scope: anyio.CancelScope) -> None:
    while (await websocket.receive())["type"] != "websocket.disconnect":
        continue
    scope.cancel()


def _reason(error: Exception) -> str:
    return str(error).encode()[:_MAX_REASON_BYTES].decode(errors="ignore")
