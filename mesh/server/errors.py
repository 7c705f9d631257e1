"""The one place where errors become replies: problem details over HTTP, A2A errors over the protocol."""

import json
from typing import Any

import structlog
from a2a.utils.errors import A2AError, InternalError, InvalidParamsError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from mesh.errors import InvalidRequestError, MeshError

_log = structlog.get_logger(__name__)
PROBLEM_MEDIA_TYPE = "application/problem+json"


def problem(
    status: int, title: str, detail: str, *, headers: dict[str, str] | None = None, **facts: Any
) -> Response:
    """An RFC 9457 problem details response."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **facts}
    return Response(
        json.dumps(body, ensure_ascii=False, default=str),
        status,
        headers=headers,
        media_type=PROBLEM_MEDIA_TYPE,
    )


def mesh_problem(error: MeshError) -> Response:
    """The problem details of one of the mesh's own errors."""
    headers = {"Retry-After": "3"} if error.status == 503 else None
    facts = {key: value for key, value in error.facts.items() if key not in ("status", "title", "detail")}
    return problem(error.status, error.title, error.message, headers=headers, reason=error.reason, **facts)


async def on_mesh_error(_: Request, error: Exception) -> Response:
    """Starlette handler for MeshError."""
    assert isinstance(error, MeshError)
    return mesh_problem(error)


async def on_validation_error(_: Request, error: Exception) -> Response:
    """Starlette handler for a body or query that does not validate."""
    assert isinstance(error, ValidationError)
    return mesh_problem(InvalidRequestError(explain_validation(error)))


async def on_http_error(request: Request, error: Exception) -> Response:
    """Starlette handler for unknown routes and wrong methods."""
    assert isinstance(error, HTTPException)
    detail = error.detail
    if error.status_code == 404:
        detail = f"There is nothing at {request.url.path}."
    elif error.status_code == 405:
        detail = f"{request.method} is not possible at {request.url.path}."
    headers = dict(error.headers) if error.headers else None
    return problem(error.status_code, "HTTP error", detail, headers=headers)


async def on_unexpected(request: Request, error: Exception) -> Response:
    """Starlette handler of last resort: logged with its traceback, told without it."""
    _log.error("request_failed", path=request.url.path, exc_info=error)
    return problem(500, "Internal error", "Something went wrong here; the service's log has the details.")


def explain_validation(error: ValidationError) -> str:
    """What is wrong with a pydantic input, one clause per field."""
    clauses = []
    for item in error.errors():
        where = ".".join(str(part) for part in item["loc"]) or "the body"
        if item["type"] == "extra_forbidden":
            clauses.append(f"{where} is not a known field")
        else:
            clauses.append(f"{where}: {item['msg'].removeprefix('Value error, ')}")
    return "; ".join(clauses) + "."


def to_a2a_error(error: MeshError) -> A2AError:
    """The protocol error for one of ours; `data` carries the machine-readable reason."""
    data = {"reason": error.reason, "retryable": error.retryable}
    if error.status < 500:
        return InvalidParamsError(message=error.message, data=data)
    return InternalError(message=error.message, data=data)
