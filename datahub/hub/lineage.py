"""The lineage graph: what a step adds to it, and how it is walked. Pure.

Things are known by their content: a dataset by id and version, a file by its checksum, a structured result
by the digest of its canonical JSON. So an input finds the output it came from, in this analysis or an earlier
one, whatever route it took. What comes without its content is known within its analysis, by its description.
Steps are known by analysis and name.
"""

import hashlib
import json
from collections import deque
from collections.abc import Collection, Iterable
from typing import Any

from mesh.results import Output

from .models import Edge, Node, StepRecord


def step_id(analysis_id: str, step: str) -> str:
    """The node id of a step."""
    return f"step:{analysis_id}/{step}"


def dataset_node_id(dataset_id: str, version: int) -> str:
    """The node id of one version of a dataset."""
    return f"dataset:{dataset_id}:{version}"


def output_node(output: Output, analysis_id: str) -> Node:
    """The node of a thing that a step of the analysis gave or took. Equal content has the equal id."""
    if output.dataset is not None:
        ref = output.dataset
        facts: dict[str, Any] = {
            "rows": ref.rows,
            "columns": len(ref.columns),
            "bytes": ref.bytes,
            "uri": ref.uri,
        }
        return Node(id=dataset_node_id(ref.id, ref.version), kind="dataset", label=ref.name, facts=facts)
    file = output.file or next(iter(output.files), None)
    label = output.title or (file.name if file else output.name)
    facts = {} if file is None else {"media_type": file.media_type, "bytes": file.bytes, "uri": file.uri}
    if output.type == "source" and file is not None:
        return Node(id=f"source:{file.sha256 or _digest(file.uri)}", kind="source", label=label, facts=facts)
    content = {
        "name": output.name,
        "data": output.data,
        "files": [ref.sha256 or ref.uri for ref in [*([output.file] if output.file else []), *output.files]],
    }
    if output.data is None and file is None:
        described = {**output.model_dump(exclude={"data"}), "analysis_id": analysis_id}
        return Node(id=f"{output.type}:{_digest(described)}", kind=output.type, label=label, facts=facts)
    return Node(id=f"{output.type}:{_digest(content)}", kind=output.type, label=label, facts=facts)


def things(record: StepRecord, outputs: Iterable[Output]) -> list[Node]:
    """The nodes of a step's inputs or outputs."""
    return [output_node(output, record.analysis_id) for output in outputs]


def step_node(record: StepRecord) -> Node:
    """The node of a finished step."""
    facts = {
        "analysis_id": record.analysis_id,
        "step": record.step,
        "agent": record.agent,
        "seconds": record.seconds,
        "cached": record.cached,
    }
    return Node(id=step_id(record.analysis_id, record.step), kind="step", label=record.skill, facts=facts)


def step_graph(record: StepRecord, ancestors: Collection[str]) -> tuple[list[Node], list[Edge]]:
    """The nodes and edges that a step adds to the graph.

    Args: `ancestors` are the ids of everything upstream of the step's inputs, the inputs included or not.
    An output with the content of an ancestor (a table that came out unchanged) becomes a node of its own,
    whose `same_as` names that ancestor: this keeps the graph acyclic.
    """
    step = step_node(record)
    inputs = {node.id: node for node in things(record, record.inputs)}
    upstream = {*ancestors, *inputs}
    outputs = {}
    for node in things(record, record.outputs):
        fresh = node if node.id not in upstream else _repeated(node, record)
        outputs[fresh.id] = fresh
    nodes = {**inputs, step.id: step, **outputs}
    edges = [Edge(source=name, target=step.id) for name in inputs]
    edges += [Edge(source=step.id, target=name) for name in outputs]
    return list(nodes.values()), edges


def upstream_of(edges: Iterable[Edge], start: Iterable[str]) -> set[str]:
    """Every node from which `start` can be reached, `start` excluded unless it lies on a cycle."""
    return _reached({(edge.target, edge.source) for edge in edges}, start)


def is_acyclic(edges: Iterable[Edge]) -> bool:
    """Whether no node can be reached from itself. Source: Kahn (1962)."""
    following: dict[str, set[str]] = {}
    waiting: dict[str, int] = {}
    for source, target in {(edge.source, edge.target) for edge in edges}:
        following.setdefault(source, set()).add(target)
        waiting[target] = waiting.get(target, 0) + 1
        waiting.setdefault(source, 0)
    free = deque(node for node, count in waiting.items() if count == 0)
    done = 0
    while free:
        done += 1
        for target in following.get(free.popleft(), ()):
            waiting[target] -= 1
            if waiting[target] == 0:
                free.append(target)
    return done == len(waiting)


def _reached(arrows: set[tuple[str, str]], start: Iterable[str]) -> set[str]:
    following: dict[str, list[str]] = {}
    for source, target in arrows:
        following.setdefault(source, []).append(target)
    found: set[str] = set()
    front = list(start)
    while front:
        for node in following.get(front.pop(), ()):
            if node not in found:
                found.add(node)
                front.append(node)
    return found


def _repeated(node: Node, record: StepRecord) -> Node:
    facts = {**node.facts, "same_as": node.id}
    return node.model_copy(update={"id": f"{node.id}@{record.analysis_id}/{record.step}", "facts": facts})


def _digest(content: Any) -> str:
    canonical = json.dumps(_plain(content), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]


def _plain(value: Any) -> Any:
    """`value` as it looks after any trip over the wire: no null members, whole numbers as int."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
