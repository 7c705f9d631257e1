"""Problem details (RFC 9457) for what cannot be raised: failures inside a stream, and failed analyses."""

from http import HTTPStatus
from typing import Any

from mesh.analysis import Analysis
from mesh.errors import BadInputError, MeshError

MEDIA_TYPE = "application/problem+json"


def problem_of(error: MeshError) -> dict[str, Any]:
    """The problem details of an error."""
    return {
        "type": "about:blank",
        "title": error.title,
        "status": error.status,
        "detail": error.message,
        "reason": error.reason,
    }


def failure_of(analysis: Analysis) -> dict[str, Any]:
    """The problem details of an analysis that failed or was cancelled; its status fits its reason, 500 for an unknown one."""
    error = analysis.error or {}
    reason = str(error.get("reason") or ("cancelled" if analysis.status == "cancelled" else "internal"))
    known = _class_of(reason)
    stated = error.get("status")
    status = stated if isinstance(stated, int) and 400 <= stated <= 599 else known.status
    detail = next((str(error[key]) for key in ("detail", "message") if error.get(key)), analysis.summary)
    return {
        "type": "about:blank",
        "title": str(error.get("title") or (known.title if known.reason == reason else _phrase(status))),
        "status": status,
        "detail": detail or "The analysis failed. Ask again, or see its steps for what went wrong.",
        "instance": f"/analyses/{analysis.id}",
        "reason": reason,
    }


def failure_error(analysis: Analysis) -> MeshError:
    """The same as an error of the mesh's tree: by its reason, else by its status."""
    problem = failure_of(analysis)
    kind = _class_of(problem["reason"])
    if kind is MeshError and problem["status"] < 500:
        kind = BadInputError
    return kind(problem["detail"])


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "The analysis failed"


def _class_of(reason: str) -> type[MeshError]:
    waiting = [MeshError]
    while waiting:
        candidate = waiting.pop(0)
        if candidate.reason == reason:
            return candidate
        waiting.extend(candidate.__subclasses__())
    return MeshError
