"""The gRPC binding, for a service whose card lists it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from a2a.server.request_handlers import RequestHandler

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
    from a2a.server.request_handlers import GrpcHandler
    from a2a.types.a2a_pb2_grpc import add_A2AServiceServicer_to_server

    server = grpc.aio.server()
    add_A2AServiceServicer_to_server(GrpcHandler(handler, GrpcCallContextBuilder()), server)
    server.add_insecure_port(f"{host}:{port}")
    await server.start()
    try:
        yield
    finally:
        await server.stop(_GRACE_S)
