"""Every card of the mesh: valid, true to its code, rich enough to plan with, and connected."""

import functools
from pathlib import Path
from typing import Any

import pytest

from mesh.agent import Agent
from mesh.cards import DATAFLOW_URI, check_card, interface_url, read_card, skill_flows, to_json, to_proto
from mesh.catalogue import ServiceSpec, agent_class, local_services
from mesh.language import detect_language
from mesh.settings import load_settings

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(path.stem for path in (ROOT / "agent_cards").glob("*.json"))
MIN_EXAMPLES = 4
# Files that go with a quality report.
WITH_THE_REPORT = {"cell_errors", "row_set"}
# What a person or another service brings along, and what ends in the answer without a further step.
GIVEN = {"source", "text"}
ANSWERS = {
    *("chart", "notebook", "answer", "quality_report", "eda_report", "model_version", "model_list"),
    *("stream_report", "forecast", "load_report", "model", "model_explanation"),
    *("drift_report", "constraints", "validation_report", "cleaning_report"),
    *("table", "page", "join_proposals", "combination_report"),
    *("code_result", "improved_code"),
    *("watch", "watch_list"),
    *("endpoint_list", "stopped_endpoint", "trial_report", "watch_report"),
    *("text_report", "pii_report", "masking_report"),
    *("prediction_report",),
    *("model_comparison", "promotion_decision", "champion_rollback"),
}


@functools.cache
def services() -> dict[str, ServiceSpec]:
    """The services by name."""
    settings = load_settings(cards_dir=ROOT / "agent_cards", home=ROOT / ".mesh")
    return {spec.name: spec for spec in local_services(settings)}


@functools.cache
def card_of(name: str) -> dict[str, Any]:
    """A card as it is in the file."""
    return read_card(ROOT / "agent_cards" / f"{name}.json")


def plannable() -> list[tuple[str, str]]:
    """(card, skill id) of each skill that the planner may choose."""
    return [
        (name, skill_id)
        for name in NAMES
        for skill_id, flow in skill_flows(card_of(name)).items()
        if flow.plannable
    ]


def skill_of(name: str, skill_id: str) -> dict[str, Any]:
    """One skill's entry in a card."""
    return next(item for item in card_of(name)["skills"] if item["id"] == skill_id)


@pytest.fixture
def agent(request: pytest.FixtureRequest, tmp_path: Path) -> Agent:
    """The service's class, built as the server builds it but not started."""
    spec = services()[request.getfixturevalue("name")]
    return agent_class(spec)(
        spec.name, spec.card(), load_settings(home=tmp_path, cards_dir=ROOT / "agent_cards")
    )


def test_every_card_has_code_and_every_port_is_used_once() -> None:
    assert sorted(services()) == NAMES
    ports = [spec.port for spec in services().values()]
    assert len(set(ports)) == len(ports)


@pytest.mark.parametrize("name", NAMES)
def test_a_card_is_a_valid_a2a_card_without_unknown_fields(name: str) -> None:
    card = card_of(name)
    check_card(card, name)
    assert set(to_json(to_proto(card))) == {key for key, value in card.items() if value}
    for field in (
        "name",
        "description",
        "version",
        "provider",
        "defaultInputModes",
        "defaultOutputModes",
        "skills",
    ):
        assert card[field], field
    for item in card["skills"]:
        assert item["id"]
        assert item["name"]
        assert item["description"]
        assert item["tags"], item["id"]


@pytest.mark.parametrize("name", NAMES)
def test_a_card_offers_json_rpc_at_the_root_and_http_json_beside_it(name: str) -> None:
    card = card_of(name)
    root = interface_url(card)
    port = services()[name].port
    assert root == f"http://127.0.0.1:{port}/"
    assert interface_url(card, "HTTP+JSON") == f"{root}a2a/rest"
    assert {item["protocolVersion"] for item in card["supportedInterfaces"]} == {"1.0"}
    capabilities = card["capabilities"]
    assert capabilities["streaming"]
    assert capabilities["extendedAgentCard"]


@pytest.mark.parametrize("name", NAMES)
def test_the_bearer_scheme_is_declared(name: str) -> None:
    scheme = card_of(name)["securitySchemes"]["bearer"]["httpAuthSecurityScheme"]
    assert scheme["scheme"].lower() == "bearer"


@pytest.mark.parametrize("name", NAMES)
def test_skills_and_their_parameters_are_those_of_the_class(name: str, agent: Agent) -> None:
    card = card_of(name)
    flows = skill_flows(card)
    assert {item["id"] for item in card["skills"]} == set(agent.skills)
    assert set(flows) <= set(agent.skills)
    for skill_id, flow in flows.items():
        assert flow.params == agent.skills[skill_id].params.model_json_schema(), (
            f"{skill_id}: run `make cards`"
        )


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_is_described(name: str) -> None:
    for skill_id, flow in skill_flows(card_of(name)).items():
        for field, schema in flow.params.get("properties", {}).items():
            if flow.plannable:
                assert schema.get("description"), f"{skill_id}.{field}"


@pytest.mark.parametrize(("name", "skill_id"), plannable())
def test_a_plannable_skill_has_examples_in_both_languages(name: str, skill_id: str) -> None:
    examples = skill_of(name, skill_id)["examples"]
    for language in ("en", "ko"):
        said = [text for text in examples if detect_language(text) == language]
        assert len(said) >= MIN_EXAMPLES, f"{len(said)} in {language}"
    assert len(set(examples)) == len(examples)
    tags = skill_of(name, skill_id)["tags"]
    assert {detect_language(tag) for tag in tags} == {"en", "ko"}
    assert detect_language(skill_of(name, skill_id)["description"]) == "ko"


def test_no_two_skills_share_an_example() -> None:
    owners: dict[str, str] = {}
    for name, skill_id in plannable():
        for text in skill_of(name, skill_id)["examples"]:
            assert text not in owners, f"{text!r} belongs to {owners[text]} and {skill_id}"
            owners[text] = skill_id


def test_everything_consumed_is_produced_or_given_and_everything_produced_goes_somewhere() -> None:
    flows = [skill_flows(card_of(name))[skill_id] for name, skill_id in plannable()]
    consumed = {item.type for flow in flows for item in flow.consumes}
    produced = {item.type for flow in flows for item in flow.produces}
    assert consumed <= produced | GIVEN
    assert produced <= consumed | ANSWERS | WITH_THE_REPORT
    assert produced >= ANSWERS | WITH_THE_REPORT


def test_training_always_gives_a_model_and_the_rest_when_it_fits() -> None:
    entries = next(
        item["params"]["skills"]
        for item in card_of("automl")["capabilities"]["extensions"]
        if item["uri"] == DATAFLOW_URI
    )
    required = {item["name"]: item["required"] for item in entries["train_model"]["produces"]}
    assert required == {"model": True, "forecast": False, "predictions": False}
