"""The graph of a plan in the making: steps, what they take of each other, and their order."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from mesh.analysis import InputRef

from .choosing import Wanted
from .skills import SkillView


@dataclass(eq=False)
class Node:
    """A step in the making. `wanted` is None for a step that only supplies another.

    `optional`: the question did not ask for it, nor for anything that needs it.
    """

    skill: SkillView
    wanted: Wanted | None
    serves: "Node | None" = None
    optional: bool = False
    inputs: "dict[str, list[Taken]]" = field(default_factory=dict)

    @property
    def sources(self) -> "list[Node]":
        """The nodes whose outputs it takes."""
        return [node for taken in self.inputs.values() for node, _ in taken if node is not None]


Taken = tuple[Node | None, str]
"""What a step takes: an output, by name, of another step, or (None) of what the order gives."""


def transforms(skill: SkillView, type_: str) -> bool:
    """Whether the skill needs a thing of the type."""
    return any(flow.required and flow.type == type_ for flow in skill.consumes)


def line(node: Node) -> list[Node]:
    """The node and those it was planned for."""
    found = [node]
    while found[-1].serves is not None:
        found.append(found[-1].serves)
    return found


def reaches(start: Node, goal: Node) -> bool:
    """Whether `start` takes, directly or not, something of `goal`."""
    return start is goal or any(reaches(source, goal) for source in start.sources)


def in_order(nodes: Sequence[Node]) -> list[Node]:
    """Each node after its sources, otherwise in the order of planning."""
    done: list[Node] = []

    def visit(node: Node) -> None:
        if node not in done:
            for source in node.sources:
                visit(source)
            done.append(node)

    for node in nodes:
        visit(node)
    return done


def to_ref(taken: Taken, ids: dict[int, str]) -> InputRef:
    """The wire form of an input; `ids` maps `id(node)` to the step's id."""
    node, output = taken
    return InputRef(step=None if node is None else ids[id(node)], output=output)
