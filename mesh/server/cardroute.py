"""Serves the Agent Card as the same bytes every time, with ETag and Last-Modified."""

import hashlib
import json
from collections.abc import Sequence
from email.utils import formatdate, parsedate_to_datetime

from a2a.server.request_handlers.response_helpers import agent_card_to_dict
from a2a.types import AgentCard
from a2a.utils.constants import AGENT_CARD_WELL_KNOWN_PATH
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route


def card_routes(card: AgentCard, modified_at: float) -> Sequence[BaseRoute]:
    """The well-known card route. `modified_at` is the card's age, in seconds since the epoch."""
    body = json.dumps(agent_card_to_dict(card), ensure_ascii=False).encode()
    headers = {
        "ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        "Last-Modified": formatdate(modified_at, usegmt=True),
        "Cache-Control": "public, max-age=300",
    }

    async def serve(request: Request) -> Response:
        if _unchanged(request, headers["ETag"], modified_at):
            return Response(status_code=304, headers=headers)
        return Response(body, headers=headers, media_type="application/json")

    return [Route(AGENT_CARD_WELL_KNOWN_PATH, serve, methods=["GET"])]


def _unchanged(request: Request, etag: str, modified_at: float) -> bool:
    given = request.headers.get("if-none-match")
    if given is not None:
        return given.strip() == "*" or etag in [item.strip().removeprefix("W/") for item in given.split(",")]
    since = request.headers.get("if-modified-since")
    if since is None:
        return False
    try:
        return int(modified_at) <= parsedate_to_datetime(since).timestamp()
    except (TypeError, ValueError):
        return False
