"""An agent makes itself known to the orchestrator and keeps its lease."""

import os
from typing import TYPE_CHECKING

import anyio
import httpx
import structlog

from .cards import interface_url
from .client import AgentClient
from .errors import MeshError

if TYPE_CHECKING:
    from .agent import Agent

_log = structlog.get_logger(__name__)
REGISTRAR = "orchestrator"
HEARTBEAT_S = 10.0
_RETRY_S = 2.0


async def announce(agent: "Agent", http: httpx.AsyncClient) -> None:
    """Registers the agent at the orchestrator and renews its lease every 10 s, for as long as the service runs.

    An orchestrator that is away is tried again; one that does not know the agent any more gets it registered anew.
    """
    if agent.name == REGISTRAR or not (agent.settings.cards_dir / f"{REGISTRAR}.json").is_file():
        return
    client = AgentClient(agent.settings.url_of(REGISTRAR), http=http, settings=agent.settings)
    lease = {"url": interface_url(agent.card), "instance": f"{agent.name}-{os.getpid()}"}
    wait_s = _RETRY_S
    while True:
        try:
            await client.ask("register_agent", lease)
            wait_s = HEARTBEAT_S
        except MeshError as error:
            _log.debug("registration_postponed", why=error.message)
            wait_s = _RETRY_S
        await anyio.sleep(wait_s)
