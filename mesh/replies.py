"""How a skill can answer other than with a result: a direct message, or a refusal of the task."""

from dataclasses import dataclass

from a2a.types import Part

from .errors import MeshError


@dataclass(frozen=True)
class Reply:
    """A direct message: no task is stored. Only before anything else was reported."""

    parts: tuple[Part, ...]

    def __init__(self, *parts: Part) -> None:
        object.__setattr__(self, "parts", parts)


@dataclass(frozen=True)
class Done:
    """A finished task without a structured result: what was published as artifacts stands, with an optional message."""

    text: str = ""


class RejectedError(MeshError):
    """The agent declines the task before starting it."""

    status = 422
    reason = "rejected"
    title = "Rejected"
