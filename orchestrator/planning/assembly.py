"""From the skills that are wanted to a graph of steps: required inputs by backward chaining, optional ones by what is there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .choosing import Wanted
from .given import Given
from .graph import Node, Taken, in_order, line, reaches, transforms
from .mentions import about, spoken_of
from .skills import SOURCE, Flow, SkillView

_MAYBE_PENALTY = 5.0


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A wanted skill that cannot run, and the type that nothing gives."""

    wanted: Wanted
    type: str


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A step that takes one of several things of a type. `spoken_of`: the question speaks of that one."""

    skill: SkillView
    taken: Given
    left: list[Given]
    spoken_of: bool


@dataclass(frozen=True, slots=True)
class Route:
    """The cheapest way to a type: its cost in steps, and the last skill of it (None when the type is given)."""

    cost: float
    producer: SkillView | None


class Assembly:
    """Builds the graph. `rank` in [0, 1] tells which of two skills giving the same type suits the question better.

    Of several given sources each is loaded by a step of its own. A step whose clause names one of them as a file takes that
    one (train on A.csv and predict B.csv). A skill that takes many things of a type takes all of
    them, one with several inputs of that type takes them in order, and any other takes what a skill that makes one of
    many makes of them, or else the one that the question speaks of (`narrowed` tells).
    """

    def __init__(
        self,
        skills: Sequence[SkillView],
        given: Sequence[Given],
        rank: Callable[[SkillView], float],
        question: str = "",
    ) -> None:
        self._skills = sorted(skills, key=lambda skill: skill.key)
        self._given = given
        self._rank = rank
        self._question = question
        self._routes = self._cheapest_routes()
        self.nodes: list[Node] = []
        self.unreachable: list[Unreachable] = []
        self.narrowed: list[Narrowed] = []

    def build(self, wanted: Sequence[Wanted]) -> list[Node]:
        """The nodes of everything reachable, each after what it takes. `unreachable` then lists the rest."""
        for item in wanted:
            missing = [
                flow.type for flow in item.skill.consumes if flow.required and flow.type not in self._routes
            ]
            if missing:
                self.unreachable.append(Unreachable(item, self._root(missing[0])))
            else:
                self.nodes += self._wanted(item)
        for node in list(self.nodes):
            self._supply(node)
        for node in self.nodes:
            self._offer(node)
        ordered = in_order(self.nodes)
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

    def _root(self, type_: str) -> str:
        """The type at the bottom of the chains to this one that nothing gives: data, where they are at the bottom of one."""
        seen, roots = [type_], []
        for one in seen:
            givers = [skill for skill in self._skills if skill.gives(one) is not None]
            needed = [flow.type for skill in givers for flow in skill.consumes if flow.required]
            seen += dict.fromkeys(need for need in needed if need not in self._routes and need not in seen)
            roots += [] if givers else [one]
        return SOURCE if SOURCE in roots else next(iter(roots), type_)

    def _wanted(self, item: Wanted) -> list[Node]:
        """The wanted step; for a skill that takes one source, such as loading, a step for each."""
        loads = self._source_input(item.skill)
        sources = self._things(SOURCE) if loads else []
        if loads is None or len(sources) < 2:
            return [Node(item.skill, item)]
        return [Node(item.skill, item, inputs={loads: [(None, source.name)]}) for source in sources]

    def _supply(self, node: Node) -> None:
        for flow in node.skill.consumes:
            if flow.name in node.inputs:
                continue
            several = self._several(flow.type)
            if _needs_nothing(node):
                brought = several if flow.many else several[:1]
                taken = [self._each(flow.type, thing, node) for thing in brought]
            elif len(several) > 1:
                taken = self._of_several(flow, node, several)
            else:
                taken = [self._source_of(flow, node)] if flow.required else []
            if taken:
                node.inputs[flow.name] = taken

    def _of_several(self, flow: Flow, node: Node, things: Sequence[Given]) -> list[Taken]:
        """What an input takes where several things of its type are there; [] for an optional one without a twin."""
        twins = [other for other in node.skill.consumes if other.type == flow.type]
        if not any(twin.required for twin in twins):
            return []
        named = about(node.wanted.part, things) if node.wanted and not flow.many and len(twins) == 1 else []
        if len(named) == 1:
            return [self._each(flow.type, named[0], node)]
        planned = self._planned(flow.type, node, wanted=True) if flow.required else None
        if planned is not None and self._source_input(planned[0].skill) is None and len(twins) == 1:
            return [planned]
        if flow.many:
            return [self._each(flow.type, thing, node) for thing in things]
        place = twins.index(flow)
        if len(twins) > 1:
            return [self._each(flow.type, things[place], node)] if place < len(things) else []
        combined = self._combined(flow.type, node)
        if combined is not None:
            return [combined]
        mention = spoken_of(self._question, things)
        left = [thing for index, thing in enumerate(things) if index != mention.place]
        self.narrowed.append(Narrowed(node.skill, things[mention.place], left, mention.spoken_of))
        return [self._each(flow.type, things[mention.place], node)]

    def _things(self, type_: str) -> list[Given]:
        return [item for item in self._given if item.type == type_ and item.part == "own"]

    def _several(self, type_: str) -> list[Given]:
        """The given things that each are, or each lead by one step to, a thing of the type."""
        own = self._things(type_)
        if own or type_ not in self._routes:
            return own
        producer = self._routes[type_].producer
        return self._things(SOURCE) if producer and self._source_input(producer) else []

    def _source_input(self, skill: SkillView) -> str | None:
        """The input by which the skill needs one source."""
        needs = [flow for flow in skill.consumes if flow.required and flow.type == SOURCE]
        return needs[0].name if len(needs) == 1 and not needs[0].many else None

    def _each(self, type_: str, thing: Given, node: Node) -> Taken:
        """The thing itself, or what a step of its own makes of it."""
        producer = self._routes[type_].producer
        if thing.type == type_ or producer is None:
            return None, thing.name
        loads, output = self._source_input(producer) or "", producer.gives(type_)
        name = output.name if output else type_
        for other in self.nodes:
            loaded = other.skill is producer and other.inputs.get(loads) == [(None, thing.name)]
            if loaded and not any(reaches(other, ancestor) for ancestor in line(node)):
                return other, name
        supplier = Node(producer, None, serves=node, inputs={loads: [(None, thing.name)]})
        self.nodes.append(supplier)
        self._supply(supplier)
        return supplier, name

    def _combined(self, type_: str, node: Node) -> Taken | None:
        """What makes one thing of all of the type: given from before, planned already, or a step more; None without one."""
        for item in self._given:
            if item.type == type_ and item.part == "combined":
                return None, item.name
        combiners = [skill for skill in self._skills if self._combines(skill, type_)]
        if not combiners:
            return None
        combiner = max(combiners, key=self._rank)
        output = combiner.gives(type_)
        name = output.name if output else type_
        for other in self.nodes:
            if other.skill is combiner and not any(reaches(other, ancestor) for ancestor in line(node)):
                return other, name
        if any(ancestor.skill is combiner for ancestor in line(node)):
            return None
        supplier = Node(combiner, None, serves=node)
        self.nodes.append(supplier)
        self._supply(supplier)
        return supplier, name

    def _combines(self, skill: SkillView, type_: str) -> bool:
        takes = [flow for flow in skill.consumes if flow.required and flow.type == type_]
        output = skill.gives(type_)
        reachable = all(flow.type in self._routes for flow in skill.consumes if flow.required)
        return len(takes) == 1 and takes[0].many and output is not None and output.required and reachable

    def _source_of(self, flow: Flow, node: Node) -> Taken:
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
            if any(reaches(other, ancestor) for ancestor in line(node)):
                continue
            if index < place:
                before = other, output.name
            elif after is None and not transforms(other.skill, type_):
                after = other, output.name
        return before or after

    def _offer(self, node: Node) -> None:
        """Wires optional inputs to what the plan makes anyway, else to what was given."""
        for flow in node.skill.consumes:
            if flow.name in node.inputs or flow.required:
                continue
            if not node.skill.has_dataflow and flow.type != SOURCE:
                continue
            if any(other.required and other.type == flow.type for other in node.skill.consumes):
                continue
            taken = self._offers(flow, node) if node.skill.has_dataflow else []
            if not taken:
                taken = [(None, given.name) for given in self._given if given.type == flow.type]
            if taken:
                node.inputs[flow.name] = taken if flow.many else taken[:1]

    def _offers(self, flow: Flow, node: Node) -> list[Taken]:
        found: list[tuple[bool, Node, str]] = []
        for other in self.nodes:
            output = other.skill.gives(flow.type)
            if output is not None and other is not node and not reaches(other, node):
                found.append((not output.required, other, output.name))
        return [(other, name) for _, other, name in sorted(found, key=lambda item: item[0])]


def _needs_nothing(node: Node) -> bool:
    """Whether a wanted skill can do without any input: what the person brought is then for it."""
    wanted = node.wanted is not None and node.skill.has_dataflow
    return wanted and not any(flow.required for flow in node.skill.consumes)
