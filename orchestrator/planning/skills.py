"""What the planner knows of an agent: its skills, as its Agent Card tells them."""

from typing import Any

from pydantic import Field

from mesh.errors import BadInputError
from mesh.results import Model

DATAFLOW_URI = "urn:a2a-mesh:dataflow:v1"
SOURCE = "source"
DATASET = "dataset"
ANSWER = "answer"
TEXT = "text"


class Flow(Model):
    """One input or output of a skill.

    `required` on an input: the skill cannot run without it; a card says so, else it may be left out. On an output: it is
    always produced; that holds for the first one and for those whose card says so. `many` means a list.
    """

    name: str
    type: str
    required: bool = True
    many: bool = False


class SkillView(Model):
    """One skill of one agent. `weight` is its expected share of the work, relative to other skills."""

    agent: str
    skill_id: str
    name: str
    names: dict[str, str] = Field(default_factory=dict)
    description: str = ""
    tags: list[str] = Field(default_factory=list)
    examples: list[str] = Field(default_factory=list)
    stage: str = ""
    weight: float = 1.0
    consumes: list[Flow] = Field(default_factory=list)
    produces: list[Flow] = Field(default_factory=list)
    params_schema: dict[str, Any] = Field(default_factory=dict)
    plannable: bool = True
    uses_goal: bool = True
    cached: bool = True
    has_dataflow: bool = True
    available: bool = True

    @property
    def key(self) -> tuple[str, str]:
        """Who it is: (agent, skill id)."""
        return self.agent, self.skill_id

    def called(self, language: str) -> str:
        """The skill's name in this language, or its name in the card."""
        return self.names.get(language, self.name)

    def gives(self, type_: str) -> Flow | None:
        """The output of this type, one that is always produced before one that may be; None when there is none."""
        flows = [flow for flow in self.produces if flow.type == type_]
        return next((flow for flow in flows if flow.required), flows[0] if flows else None)

    def signature(self) -> tuple[frozenset[str], frozenset[str]]:
        """The types it needs and the types it always gives."""
        return (
            frozenset(flow.type for flow in self.consumes if flow.required),
            frozenset(flow.type for flow in self.produces if flow.required),
        )


def skills_of(card: dict[str, Any], agent: str | None = None) -> list[SkillView]:
    """The skills of an A2A 1.0 card (JSON, camelCase), in the card's order.

    A skill that the dataflow extension does not describe, as on any bare A2A server, takes the goal's text
    and, if there are any, the person's files, and gives text. `agent` replaces the card's own name when the
    registry knows it by another.
    Raises: BadInputError naming the agent and the skill whose entry cannot be read.
    """
    name = agent or str(card.get("name") or "")
    if not name:
        raise BadInputError("The Agent Card has no name; give it one.")
    dataflow = _dataflow(card)
    skills = []
    for entry in card.get("skills") or []:
        try:
            skills.append(_skill(name, entry, dataflow.get(entry["id"])))
        except (KeyError, TypeError, ValueError) as error:
            label = entry.get("id", "without id") if isinstance(entry, dict) else "without id"
            message = f"The card of {name} describes its skill {label} in a way that cannot be read: {error}"
            raise BadInputError(message) from error
    return skills


def _dataflow(card: dict[str, Any]) -> dict[str, Any]:
    for extension in (card.get("capabilities") or {}).get("extensions") or []:
        if extension.get("uri") == DATAFLOW_URI:
            return dict((extension.get("params") or {}).get("skills") or {})
    return {}


def _skill(agent: str, entry: dict[str, Any], flow: dict[str, Any] | None) -> SkillView:
    described: dict[str, Any] = {
        "agent": agent,
        "skill_id": entry["id"],
        "name": entry.get("name") or entry["id"],
        "description": entry.get("description") or "",
        "tags": list(entry.get("tags") or []),
        "examples": list(entry.get("examples") or []),
    }
    if flow is None:
        return SkillView(
            **described,
            stage=str(entry["id"]),
            consumes=[
                Flow(name="goal", type=TEXT, required=False),
                Flow(name="file", type=SOURCE, required=False, many=True),
            ],
            produces=[Flow(name="text", type=TEXT)],
            has_dataflow=False,
        )
    return SkillView(
        **described,
        names=dict(flow.get("names") or {}),
        stage=flow.get("stage") or str(entry["id"]),
        weight=float(flow.get("weight") or 1),
        consumes=[_flow(item, required=False) for item in flow.get("consumes") or []],
        produces=[_flow(item, required=index == 0) for index, item in enumerate(flow.get("produces") or [])],
        params_schema=flow.get("params") or {},
        plannable=bool(flow.get("plannable", True)),
        uses_goal=bool(flow.get("uses_goal", True)),
        cached=bool(flow.get("cached", True)),
    )


def _flow(item: dict[str, Any], *, required: bool) -> Flow:
    return Flow(
        name=item["name"],
        type=item["type"],
        required=bool(item.get("required", required)),
        many=bool(item.get("many", False)),
    )
