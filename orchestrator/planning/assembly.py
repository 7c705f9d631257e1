"""From the skills that are wanted to a graph of steps: required inputs by backward chaining, optional ones by what is there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from mesh.analysis import InputRef

from .choosing import Wanted
from .given import Given
from .skills import SOURCE, Flow, SkillView

_MAYBE_PENALTY = 5.0


@dataclass(eq=False)
class Node:
    """A step in the making. `wanted` is None for a step that only supplies another.

    `optional`: the question did not ask for it, nor for anything that needs it.
    """

    skill: SkillView
    wanted: Wanted | None
    serves: "Node | None" = None
    optional: bool = False
    inputs: dict[str, list[tuple["Node | None", str]]] = field(default_factory=dict)

    @property
    def sources(self) -> "list[Node]":
        """The nodes whose outputs it takes."""
        return [node for taken in self.inputs.values() for node, _ in taken if node is not None]


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A wanted skill that cannot run, and the type that nothing gives."""

    wanted: Wanted
    type: str


@dataclass(frozen=True, slots=True)
class Route:
    """The cheapest way to a type: its cost in steps, and the last skill of it (None when the type is given)."""

    cost: float
    producer: SkillView | None


class Assembly:
    """Builds the graph. `rank` in [0, 1] tells which of two skills giving the same type suits the question better."""

    def __init__(
        self, skills: Sequence[SkillView], given: Sequence[Given], rank: Callable[[SkillView], float]
    ) -> None:
        self._skills = sorted(skills, key=lambda skill: skill.key)
        self._given = given
        self._rank = rank
        self._routes = self._cheapest_routes()
        self.nodes: list[Node] = []
        self.unreachable: list[Unreachable] = []

    def build(self, wanted: Sequence[Wanted]) -> list[Node]:
        """The nodes of everything reachable, each after what it takes. `unreachable` then lists the rest."""
        for item in wanted:
            missing = [
                flow.type for flow in item.skill.consumes if flow.required and flow.type not in self._routes
            ]
            if missing:
                self.unreachable.append(Unreachable(item, self._root(missing[0], set())))
            else:
                self.nodes.append(Node(item.skill, item))
        for node in list(self.nodes):
            self._supply(node)
        for node in self.nodes:
            self._offer(node)
        ordered = _in_order(self.nodes)
        for node in reversed(ordered):
            served = [other.optional for other in ordered if node in other.sources]
            node.optional = node.wanted.optional if node.wanted else bool(served) and all(served)
        return ordered

    def producer(self, type_: str) -> SkillView | None:
        """The skill that gives the type with the fewest steps; None when it is given or none can."""
        return self._routes[type_].producer if type_ in self._routes else None

    def _cheapest_routes(self) -> dict[str, Route]:
        """The cheapest way to every type that can be had: relaxed until nothing gets cheaper, so no way runs in a circle."""
        routes = {given.type: Route(0.0, None) for given in self._given}
        changed = True
        while changed:
            changed = False
            for skill in self._skills:
                needs = [flow.type for flow in skill.consumes if flow.required]
                if any(type_ not in routes for type_ in needs):
                    continue
                cost = 1.0 - 0.5 * self._rank(skill) + sum(routes[type_].cost for type_ in needs)
                for flow in skill.produces:
                    route = Route(cost if flow.required else cost + _MAYBE_PENALTY, skill)
                    if flow.type not in routes or route.cost < routes[flow.type].cost - 1e-9:
                        routes[flow.type] = route
                        changed = True
        return routes

    def _root(self, type_: str, seen: set[str]) -> str:
        """The type at the bottom of the chain that nothing gives."""
        seen.add(type_)
        for skill in self._skills:
            if skill.gives(type_) is None:
                continue
            for flow in skill.consumes:
                if flow.required and flow.type not in self._routes and flow.type not in seen:
                    return self._root(flow.type, seen)
        return type_

    def _supply(self, node: Node) -> None:
        for flow in node.skill.consumes:
            if flow.required:
                node.inputs[flow.name] = [self._source_of(flow, node)]

    def _source_of(self, flow: Flow, node: Node) -> tuple[Node | None, str]:
        planned = self._planned(flow.type, node, wanted=True)
        if planned is not None:
            return planned
        for given in self._given:
            if given.type == flow.type:
                return None, given.name
        planned = self._planned(flow.type, node, wanted=False)
        if planned is not None:
            return planned
        producer = self._routes[flow.type].producer
        if producer is None:
            raise LookupError(flow.type)
        supplier = Node(producer, None, serves=node)
        self.nodes.append(supplier)
        self._supply(supplier)
        output = producer.gives(flow.type)
        return supplier, output.name if output else flow.name

    def _planned(self, type_: str, node: Node, *, wanted: bool) -> tuple[Node, str] | None:
        """The planned step that gives the type: the latest before this one (a cleaned table), else the first after it."""
        place = self.nodes.index(node) if node.wanted is not None else -1
        before: tuple[Node, str] | None = None
        after: tuple[Node, str] | None = None
        for index, other in enumerate(self.nodes):
            output = other.skill.gives(type_)
            if output is None or not output.required or (other.wanted is not None) != wanted:
                continue
            if any(_reaches(other, ancestor) for ancestor in _line(node)):
                continue
            if index < place:
                before = other, output.name
            elif after is None and not _transforms(other.skill, type_):
                after = other, output.name
        return before or after

    def _offer(self, node: Node) -> None:
        """Wires optional inputs to what the plan makes anyway, else to what was given."""
        for flow in node.skill.consumes:
            if flow.required or (not node.skill.has_dataflow and flow.type != SOURCE):
                continue
            taken = self._offers(flow, node) if node.skill.has_dataflow else []
            if not taken:
                taken = [(None, given.name) for given in self._given if given.type == flow.type]
            if taken:
                node.inputs[flow.name] = taken if flow.many else taken[:1]

    def _offers(self, flow: Flow, node: Node) -> list[tuple[Node | None, str]]:
        found: list[tuple[bool, Node, str]] = []
        for other in self.nodes:
            output = other.skill.gives(flow.type)
            if output is not None and other is not node and not _reaches(other, node):
                found.append((not output.required, other, output.name))
        return [(other, name) for _, other, name in sorted(found, key=lambda item: item[0])]


def _transforms(skill: SkillView, type_: str) -> bool:
    return any(flow.required and flow.type == type_ for flow in skill.consumes)


def _line(node: Node) -> list[Node]:
    """The node and those it was planned for."""
    line = [node]
    while line[-1].serves is not None:
        line.append(line[-1].serves)
    return line


def _reaches(start: Node, goal: Node) -> bool:
    """Whether `start` takes, directly or not, something of `goal`."""
    return start is goal or any(_reaches(source, goal) for source in start.sources)


def _in_order(nodes: Sequence[Node]) -> list[Node]:
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


def to_ref(taken: tuple[Node | None, str], ids: dict[int, str]) -> InputRef:
    """The wire form of an input; `ids` maps `id(node)` to the step's id."""
    node, output = taken
    return InputRef(step=None if node is None else ids[id(node)], output=output)
