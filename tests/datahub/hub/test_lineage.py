"""What a step adds to the lineage graph."""

from hypothesis import given
from hypothesis import strategies as st

from datahub.hub.lineage import is_acyclic, output_node, step_graph, step_id, things, upstream_of
from datahub.hub.models import Edge
from mesh.results import FileRef, Output
from tests.datahub.hub.things import dataset, report, source, step


def test_inputs_lead_to_the_step_and_the_step_to_its_outputs() -> None:
    record = step("an-1", "load", [source("a.csv")], [dataset("a"), report("load_report", rows=3)])
    nodes, edges = step_graph(record, set())
    given_id, report_id = (
        output_node(source("a.csv"), "an-1").id,
        output_node(report("load_report", rows=3), "an-1").id,
    )
    assert {(edge.source, edge.target) for edge in edges} == {
        (given_id, "step:an-1/load"),
        ("step:an-1/load", "dataset:ds-a:1"),
        ("step:an-1/load", report_id),
    }
    assert {node.kind for node in nodes} == {"source", "step", "dataset", "load_report"}
    assert next(node for node in nodes if node.kind == "dataset").facts["rows"] == 3


def test_equal_content_is_the_same_thing_whatever_the_wire_did_to_it() -> None:
    sent = report("eda_report", a=1.0, b={"x": None, "y": [1, 2.5]})
    arrived = report("eda_report", b={"y": [1, 2.5]}, a=1)
    assert output_node(sent, "an-1").id == output_node(arrived, "an-2").id
    assert output_node(sent, "an-1").id != output_node(report("eda_report", a=2), "an-1").id
    one, other = (FileRef(name=name, uri="mesh://objects/ab", sha256="ab") for name in ("x.csv", "y.csv"))
    assert (
        output_node(Output(name="s", type="source", file=one), "an-1").id
        == output_node(Output(name="t", type="source", file=other), "an-2").id
    )


def test_what_comes_without_its_content_is_known_within_its_analysis() -> None:
    bare = Output(name="eda_report", type="eda_report")
    assert output_node(bare, "an-1").id == output_node(bare, "an-1").id
    assert output_node(bare, "an-1").id != output_node(bare, "an-2").id
    other = Output(name="eda_report", type="eda_report", title="By region")
    assert output_node(bare, "an-1").id != output_node(other, "an-1").id


def test_a_table_that_comes_out_unchanged_is_a_node_of_its_own() -> None:
    nodes, edges = step_graph(step("an-1", "clean", [dataset("a")], [dataset("a")]), set())
    assert is_acyclic(edges)
    repeated = next(node for node in nodes if "same_as" in node.facts)
    assert repeated.facts["same_as"] == "dataset:ds-a:1"
    assert Edge(source=step_id("an-1", "clean"), target=repeated.id) in edges


def test_a_cycle_is_seen_as_one() -> None:
    ring = [Edge(source=a, target=b) for a, b in ("ab", "bc", "ca")]
    assert not is_acyclic(ring)
    assert is_acyclic(ring[:2])
    assert upstream_of(ring[:2], ["c"]) == {"a", "b"}


numbers = st.lists(st.integers(0, 5), min_size=0, max_size=3)


@given(st.lists(st.tuples(numbers, numbers), max_size=12))
def test_the_graph_stays_acyclic_whatever_steps_claim(steps: list[tuple[list[int], list[int]]]) -> None:
    edges: list[Edge] = []
    for number, (taken, made) in enumerate(steps):
        record = step("an", str(number), [dataset(str(n)) for n in taken], [dataset(str(n)) for n in made])
        ancestors = upstream_of(edges, [node.id for node in things(record, record.inputs)])
        edges += step_graph(record, ancestors)[1]
        assert is_acyclic(edges)
