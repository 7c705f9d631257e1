"""What an agent author writes: a class whose methods are its skills.

The card says which skills there are; the class says how they are done. `mesh.server` runs the class as an A2A server.
"""

import inspect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeVar, get_type_hints

from anyio.abc import TaskGroup
from pydantic import BaseModel, ConfigDict
from starlette.routing import BaseRoute

from .cards import SkillFlow, skill_flows
from .errors import BadInputError
from .settings import MeshSettings

ReplyKind = Literal["task", "message", "any"]
_Method = TypeVar("_Method", bound=Callable[..., Awaitable[Any]])
_MARK = "__mesh_skill__"


class Params(BaseModel):
    """Base of a skill's parameters: unknown fields are refused, values are immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NoParams(Params):
    """The parameters of a skill that has none."""


def skill(skill_id: str, *, reply: ReplyKind = "task") -> Callable[[_Method], _Method]:
    """Marks a method as the skill `skill_id` of the card.

    Args: `reply` is `task` for work that takes time (progress, cancellation, a stored task), `message` for a look-up that
    is answered at once and stores nothing, `any` when the method decides by what it does first.
    """

    def mark(method: _Method) -> _Method:
        setattr(method, _MARK, (skill_id, reply))
        return method

    return mark


@dataclass(frozen=True)
class SkillSpec:
    """A skill as the class declares it, with what the card says of its data flow."""

    id: str
    reply: ReplyKind
    params: type[BaseModel]
    method: Callable[..., Awaitable[Any]]
    flow: SkillFlow


class Agent:
    """Base class of every service of the mesh.

    `settings` are the mesh's, `card` is the Agent Card being served, `state_dir` a private folder under `MESH_HOME`, and
    `tasks` a task group for background work that ends with the service. `preload` names modules that the compute process
    imports ahead of this agent's first computation. `resumes` says that an interrupted task can be run again from its first
    message. `public_extended_card` gives the extended card to anonymous callers too.
    """

    preload: ClassVar[Sequence[str]] = ()
    resumes: ClassVar[bool] = False
    public_extended_card: ClassVar[bool] = False

    def __init__(self, name: str, card: dict[str, Any], settings: MeshSettings) -> None:
        self.name = name
        self.card = card
        self.settings = settings
        self.state_dir = settings.home / name
        self.tasks: TaskGroup
        self.skills = self._collect_skills()

    async def start(self) -> None:
        """Called once before the service accepts calls; `tasks` is open."""

    async def stop(self) -> None:
        """Called once at the end, after background tasks were cancelled; not when `start` failed."""

    def routes(self) -> Sequence[BaseRoute]:
        """Plain-HTTP routes beside A2A: for browsers, bytes and metrics."""
        return ()

    def ready(self) -> str | None:
        """None when the service can work, else what it waits for."""
        return None

    def path(self, name: str) -> Path:
        """A path in the agent's own state folder, which exists afterwards."""
        self.state_dir.mkdir(parents=True, exist_ok=True)
        return self.state_dir / name

    def _collect_skills(self) -> dict[str, SkillSpec]:
        flows = skill_flows(self.card)
        specs: dict[str, SkillSpec] = {}
        for attribute in dir(type(self)):
            mark = getattr(getattr(type(self), attribute), _MARK, None)
            if mark:
                method = getattr(self, attribute)
                skill_id, reply = mark
                flow = flows.get(skill_id, SkillFlow())
                specs[skill_id] = SkillSpec(skill_id, reply, params_model(method), method, flow)
        in_card = {item["id"] for item in self.card.get("skills", [])}
        if in_card != set(specs):
            raise BadInputError(
                f"The card of {self.name} lists the skills {sorted(in_card)}, its class implements {sorted(specs)}: "
                "each skill needs both."
            )
        return specs


def params_model(method: Callable[..., Any]) -> type[BaseModel]:
    """The pydantic model of a skill method's second parameter; `NoParams` when it has none."""
    names = list(inspect.signature(method).parameters)
    if names and names[0] == "self":
        names = names[1:]
    if len(names) < 2:
        return NoParams
    hint = get_type_hints(method)[names[1]]
    if not (isinstance(hint, type) and issubclass(hint, BaseModel)):
        raise BadInputError(f"The parameter {names[1]!r} of {method.__qualname__} must be a pydantic model.")
    return hint
