"""The gRPC binding, for a service whose card lists it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from a2a.server.request_handlers import RequestHandler
from a2a.utils.errors import A2A_ERROR_REASONS, A2AError, VersionNotSupportedError

from .calls import GrpcCallContextBuilder

_GRACE_S = 1.0


@asynccontextmanager
async def grpc_server(card: dict[str, Any], handler: RequestHandler, host: str) -> AsyncIterator[None]:
    """Serves A2A over gRPC on the port of the card's GRPC interface while the context lasts; nothing if it has none."""
    port = next(
        (
            int(item["url"].rsplit(":", 1)[1])
            for item in card["supportedInterfaces"]
            if item.get("protocolBinding") == "GRPC"
        ),
        None,
    )
    if port is None:
        yield
        return
    import grpc.aio
    from a2a.types.a2a_pb2_grpc import add_A2AServiceServicer_to_server

    server = grpc.aio.server()
    add_A2AServiceServicer_to_server(_servicer(handler), server)  # type: ignore[no-untyped-call]
    server.add_insecure_port(f"{host}:{port}")
    await server.start()
    try:
        yield
    finally:
        await server.stop(_GRACE_S)


def _servicer(handler: RequestHandler) -> Any:
    import grpc
    from a2a.server.request_handlers import GrpcHandler
    from a2a.utils.grpc_status import status_to_grpc
    from google.protobuf import any_pb2
    from google.rpc import error_details_pb2, status_pb2

    class Servicer(GrpcHandler):
        """The SDK's servicer; an unsupported version is UNIMPLEMENTED, as the protocol's error mapping says."""

        async def abort_context(self, error: A2AError, context: grpc.aio.ServicerContext[Any, Any]) -> None:
            if not isinstance(error, VersionNotSupportedError):
                await super().abort_context(error, context)
                return
            info = error_details_pb2.ErrorInfo(
                reason=A2A_ERROR_REASONS[type(error)], domain="a2a-protocol.org"
            )
            detail = any_pb2.Any()
            detail.Pack(info)
            code = grpc.StatusCode.UNIMPLEMENTED.value[0]
            rich = status_to_grpc(status_pb2.Status(code=code, message=error.message, details=[detail]))
            context.set_trailing_metadata(tuple(rich.trailing_metadata))
            await context.abort(rich.code, rich.details)

    return Servicer(handler, GrpcCallContextBuilder())
