"""The card and the class say the same."""

from agents.ingestion.executor import IngestionAgent, LoadParams
from mesh.cards import read_card, skill_flows
from mesh.settings import MeshSettings, bundled


def test_the_card_lists_what_the_class_implements() -> None:
    card = read_card(bundled("agent_cards") / "ingestion.json")
    agent = IngestionAgent("ingestion", card, MeshSettings())

    assert set(agent.skills) == {"combine_datasets", "load_dataset", "propose_joins", "test_connection"}
    assert agent.skills["load_dataset"].params is LoadParams


def test_the_card_describes_every_parameter() -> None:
    flow = skill_flows(read_card(bundled("agent_cards") / "ingestion.json"))["load_dataset"]

    assert set(flow.params["properties"]) == set(LoadParams.model_fields)
    assert [(f.name, f.type, f.required) for f in flow.consumes] == [("source", "source", True)]
    assert [f.type for f in flow.produces] == ["dataset", "load_report", "table"]
