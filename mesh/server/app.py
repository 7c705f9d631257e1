"""Builds the ASGI application of a service: an `Agent` behind A2A, health, metrics and its own routes."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import anyio
import httpx
import structlog
from a2a.server.routes import create_jsonrpc_routes, create_rest_routes
from a2a.server.tasks import DatabasePushNotificationConfigStore
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.authentication import AuthenticationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount

from mesh.agent import Agent
from mesh.auth import BearerBackend, mesh_token
from mesh.cards import to_proto
from mesh.catalogue import ServiceSpec, agent_class
from mesh.compute import ComputeClient
from mesh.database import KERNEL_MIGRATIONS, migrate, open_database
from mesh.errors import MeshError
from mesh.registration import announce
from mesh.settings import MeshSettings
from mesh.storage import StorageClient
from mesh.tracing import TraceContext, inject_trace

from .calls import HttpCallContextBuilder, owner_of
from .cardroute import card_routes
from .errors import on_http_error, on_mesh_error, on_unexpected, on_validation_error, problem
from .executor import SkillExecutor
from .grpc import grpc_server
from .handler import MeshRequestHandler
from .health import Health
from .hosts import KnownHosts
from .limits import REST_PREFIX, ControlPlaneLimits
from .mediatype import NegotiatedMediaType
from .metrics import STARTED, HttpMetrics
from .push import QueueingPushSender
from .tasks import TaskRecords

_log = structlog.get_logger(__name__)
_SWEEP_S = 600.0
_CONNECTIONS = httpx.Limits(max_connections=256, max_keepalive_connections=64)
_STREAM_GRACE_S = 1.0


def build_app(spec: ServiceSpec, settings: MeshSettings, base_url: str | None = None) -> Starlette:
    """The application of one service. `base_url` is where clients reach it; by default its address in the mesh."""
    card = spec.served_card(base_url or settings.address_template.format(name=spec.name, port=spec.port))
    agent = agent_class(spec)(spec.name, card, settings)
    hosts = settings.known_hosts()
    health = Health(spec.name, str(card.get("version", "")), agent.ready)
    routes: list[BaseRoute] = [
        *agent.routes(),
        *health.routes(),
        *card_routes(to_proto(card), spec.card_path.stat().st_mtime),
    ]
    return Starlette(
        routes=routes,
        lifespan=_lifespan(agent, health, spec),
        middleware=[
            Middleware(HttpMetrics),
            *([Middleware(KnownHosts, hosts=hosts)] if hosts is not None else []),
            Middleware(TraceContext),
            Middleware(
                AuthenticationMiddleware,
                backend=BearerBackend(mesh_token(settings)),
                on_error=_unauthenticated,
            ),
            Middleware(ControlPlaneLimits, max_body_bytes=settings.max_body_bytes),
        ],
        exception_handlers={
            MeshError: on_mesh_error,
            ValidationError: on_validation_error,
            HTTPException: on_http_error,
            Exception: on_unexpected,
        },
    )


def _lifespan(agent: Agent, health: Health, spec: ServiceSpec) -> Callable[[Starlette], Any]:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            http = await stack.enter_async_context(_http_client())
            stack.push_async_callback(_stop, agent, health)
            agent.tasks = await stack.enter_async_context(anyio.create_task_group())
            stack.callback(agent.tasks.cancel_scope.cancel)
            handler = await _open_handler(agent, http, stack)
            await agent.start()
            health.entered = True
            app.router.routes.extend(_a2a_routes(handler))
            await stack.enter_async_context(grpc_server(agent.card, handler, agent.settings.host))
            agent.tasks.start_soon(_sweep, agent, handler)
            agent.tasks.start_soon(announce, agent, http)
            health.started = True
            STARTED.set_to_current_time()
            _log.info("service_started", name=spec.name, port=spec.port)
            yield
            health.started = False

    return lifespan


async def _stop(agent: Agent, health: Health) -> None:
    """Stops an agent that has started; one that failed to start has nothing to stop."""
    if health.entered:
        await agent.stop()


async def _open_handler(agent: Agent, http: httpx.AsyncClient, stack: AsyncExitStack) -> MeshRequestHandler:
    settings = agent.settings
    engine = open_database(settings, agent.name)
    stack.push_async_callback(engine.dispose)
    await migrate(engine, KERNEL_MIGRATIONS, version_table="alembic_version_kernel")
    storage = StorageClient(settings, http)
    compute = ComputeClient(
        settings.compute_socket or settings.home / "run" / "compute.sock",
        workers=settings.compute_workers,
        preload=agent.preload,
    )
    executor = SkillExecutor(agent, storage, compute, settings.home / "scratch" / agent.name)
    records = TaskRecords(engine)
    configs = DatabasePushNotificationConfigStore(engine, create_table=False, owner_resolver=owner_of)
    push = QueueingPushSender(http, configs, settings.push_allow_hosts, agent.tasks)
    handler = MeshRequestHandler(
        executor,
        records,
        to_proto(agent.card),
        configs,
        push,
        public_extended_card=agent.public_extended_card,
    )
    stack.push_async_callback(handler.aclose)
    return handler


def _a2a_routes(handler: MeshRequestHandler) -> list[BaseRoute]:
    contexts = HttpCallContextBuilder()
    rest = create_rest_routes(
        handler, contexts, enable_v0_3_compat=True, shutdown_grace_period=_STREAM_GRACE_S
    )
    rpc = create_jsonrpc_routes(
        handler, "/", contexts, enable_v0_3_compat=True, shutdown_grace_period=_STREAM_GRACE_S
    )
    return [*rpc, Mount(REST_PREFIX, routes=rest, middleware=[Middleware(NegotiatedMediaType)])]


async def _sweep(agent: Agent, handler: MeshRequestHandler) -> None:
    """Settles interrupted tasks now, and forgets old ones from time to time.

    On a database that several instances share, only tasks that nobody has touched for long are interrupted ones.
    """
    settings = agent.settings
    shared = settings.database_url is not None
    await handler.recover(
        resume=agent.resumes, idle_for=timedelta(seconds=2 * settings.idle_timeout_s if shared else 0)
    )
    while True:
        await handler.records.forget_older_than(timedelta(hours=settings.task_retention_h))
        await anyio.sleep(_SWEEP_S)


def _http_client() -> httpx.AsyncClient:
    return httpx.AsyncClient(
        timeout=10.0, limits=_CONNECTIONS, event_hooks={"request": [inject_trace]}, trust_env=False
    )


def _unauthenticated(_: HTTPConnection, error: AuthenticationError) -> Response:
    return problem(
        401, "Unauthenticated", str(error), headers={"WWW-Authenticate": "Bearer"}, reason="unauthenticated"
    )
