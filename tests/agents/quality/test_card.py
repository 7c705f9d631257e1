"""The card and the class say the same."""

from agents.quality.executor import QualityAgent, QualityParams
from mesh.cards import read_card, skill_flows
from mesh.settings import MeshSettings, bundled


def test_the_card_lists_what_the_class_implements() -> None:
    card = read_card(bundled("agent_cards") / "quality.json")
    agent = QualityAgent("quality", card, MeshSettings())

    assert set(agent.skills) == {item["id"] for item in card["skills"]}
    assert agent.skills["assess_quality"].params is QualityParams


def test_the_card_describes_every_parameter() -> None:
    flow = skill_flows(read_card(bundled("agent_cards") / "quality.json"))["assess_quality"]

    assert set(flow.params["properties"]) == set(QualityParams.model_fields)
    assert [(f.name, f.type, f.required) for f in flow.consumes] == [("dataset", "dataset", True)]
    assert [f.type for f in flow.produces] == ["quality_report", "cell_errors", "row_set"]
