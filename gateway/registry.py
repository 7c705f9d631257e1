"""The agents of the mesh over HTTP: who takes part, and the catalogue for whoever looks for agents."""

from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from .body import read_model
from .discovery import MEDIA_TYPE as CATALOG_MEDIA_TYPE
from .discovery import ai_catalog
from .models import AgentAddress
from .requests import refuse_other_sites
from .service import Gateway

_PUBLIC = {"Cache-Control": "public, max-age=60", "Access-Control-Allow-Origin": "*"}


class RegistryRoutes:
    """Everything here goes through the orchestrator's registry."""

    def __init__(self, gateway: Gateway, card: dict[str, Any], base_url: str, *, body_limit: int) -> None:
        self._gateway = gateway
        self._card = card
        self._base_url = base_url
        self._body_limit = body_limit

    def all(self) -> list[BaseRoute]:
        """Every route, each documented in `operations`."""
        return [
            Route("/.well-known/ai-catalog.json", self.catalog, methods=["GET"]),
            Route("/agents", self.agents, methods=["GET"]),
            Route("/agents", self.register_agent, methods=["POST"]),
            Route("/agents/{name:path}", self.agent, methods=["GET"]),
            Route("/agents/{name:path}", self.remove_agent, methods=["DELETE"]),
        ]

    async def catalog(self, request: Request) -> Response:
        """The AI Catalog, from the registry."""
        agents = (await self._gateway.orchestrator.agents()).agents
        body = ai_catalog(self._card, agents, self._base_url)
        return JSONResponse(body, media_type=CATALOG_MEDIA_TYPE, headers=_PUBLIC)

    async def agents(self, request: Request) -> Response:
        """Every registered agent."""
        return JSONResponse((await self._gateway.orchestrator.agents()).model_dump(mode="json"))

    async def agent(self, request: Request) -> Response:
        """One agent."""
        return JSONResponse((await self._gateway.agent(request.path_params["name"])).model_dump(mode="json"))

    async def register_agent(self, request: Request) -> Response:
        """Registers the agent at an address."""
        refuse_other_sites(request)
        body = await read_model(request, AgentAddress, self._body_limit)
        agent = await self._gateway.orchestrator.register_agent(body.url)
        return JSONResponse(agent.model_dump(mode="json"), 201, {"Location": f"/agents/{quote(agent.name)}"})

    async def remove_agent(self, request: Request) -> Response:
        """Takes an agent out of the registry."""
        refuse_other_sites(request)
        await self._gateway.orchestrator.remove_agent(request.path_params["name"])
        return Response(status_code=204)
