"""OpenAPI 3.1 from the operations and from the models that validate requests and replies."""

from functools import lru_cache
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from .models import Problem
from .operations import OPERATIONS, SSE, Operation, Parameter, Reply
from .problems import MEDIA_TYPE as PROBLEM_MEDIA_TYPE

_REF = "#/components/schemas/{model}"
_TAGS = (
    ("Analyses", "Questions, their plans, progress and answers."),
    ("Agents", "Who takes part."),
    ("Files", "What analyses made."),
    ("Discovery", "What the mesh says of itself."),
)


@lru_cache(maxsize=4)
def openapi_document(version: str, base_url: str) -> dict[str, Any]:
    """The document for the gateway at `base_url`. The same object each time: callers do not change it."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "a2a-mesh gateway",
            "version": version,
            "summary": "One address, one question, an honest answer.",
            "description": "Ask about data in English or Korean; a mesh of agents plans, analyses and answers. "
            "Errors are RFC 9457 problem details. Another agent asks by A2A JSON-RPC at `/`.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": base_url.rstrip("/") or "/"}],
        "tags": [{"name": name, "description": description} for name, description in _TAGS],
        "paths": paths,
        "components": {"schemas": _schemas()},
    }


def _operation(operation: Operation) -> dict[str, Any]:
    body: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": operation.description,
        "responses": {
            **{str(status): _reply(reply) for status, reply in operation.replies},
            **{str(status): _error(status) for status in sorted(operation.errors)},
        },
    }
    if operation.parameters:
        body["parameters"] = [
            _parameter(parameter) for parameter in operation.parameters if parameter.name != "Accept"
        ]
    if operation.bodies:
        content = {media: {"schema": _ref(model)} for media, model in operation.bodies}
        body["requestBody"] = {"required": True, "content": content}
    return body


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": parameter.type}
    if parameter.choices:
        schema["enum"] = list(parameter.choices)
    if parameter.default is not None:
        schema["default"] = parameter.default
    return {
        "name": parameter.name,
        "in": parameter.where,
        "required": parameter.where == "path",
        "description": parameter.description,
        "schema": schema,
    }


def _reply(reply: Reply) -> dict[str, Any]:
    body: dict[str, Any] = {"description": reply.description}
    if reply.content:
        body["content"] = {media: _content(media, model) for media, model in reply.content}
    return body


def _content(media: str, model: type[BaseModel] | None) -> dict[str, Any]:
    if model is None:
        return {}
    if media == SSE:
        return {
            "schema": {"type": "string", "contentMediaType": "application/json", "contentSchema": _ref(model)}
        }
    return {"schema": _ref(model)}


def _error(status: int) -> dict[str, Any]:
    return {
        "description": HTTPStatus(status).phrase,
        "content": {PROBLEM_MEDIA_TYPE: {"schema": _ref(Problem)}},
    }


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REF.format(model=model.__name__)}


def _schemas() -> dict[str, Any]:
    taken = {model for operation in OPERATIONS for _, model in operation.bodies}
    given = {
        model
        for operation in OPERATIONS
        for _, reply in operation.replies
        for _, model in reply.content
        if model
    }
    wanted = [(model, "validation") for model in sorted(taken, key=lambda model: model.__name__)]
    wanted += [
        (model, "serialization") for model in sorted(given | {Problem}, key=lambda model: model.__name__)
    ]
    _, document = models_json_schema(wanted, ref_template=_REF)  # type: ignore[arg-type]
    return dict(document["$defs"])
