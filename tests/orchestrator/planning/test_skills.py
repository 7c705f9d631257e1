import json
from pathlib import Path
from typing import Any

import pytest

from mesh.errors import BadInputError
from orchestrator.planning.skills import SkillView, skills_of

CARDS = Path(__file__).parent / "cards"


def test_a_card_with_dataflow_tells_types_stage_and_parameters() -> None:
    (skill,) = skills_of(json.loads((CARDS / "automl.json").read_text(encoding="utf-8")))
    assert skill.key == ("AutoML", "train_model")
    assert (skill.stage, skill.weight, skill.plannable, skill.has_dataflow) == (
        "model_training",
        4,
        True,
        True,
    )
    assert [(flow.type, flow.required) for flow in skill.consumes] == [("dataset", True)]
    assert [(flow.name, flow.type, flow.required) for flow in skill.produces] == [
        ("model", "model", True),
        ("forecast", "forecast", False),
        ("predictions", "dataset", False),
    ]
    assert "horizon" in skill.params_schema["properties"]


def test_a_bare_card_takes_text_and_perhaps_a_file_and_gives_text(make_card: Any) -> None:
    (skill,) = skills_of(make_card("Translator", "translate", ["Translate this to French"]))
    assert not skill.has_dataflow
    assert [(flow.type, flow.required) for flow in skill.consumes] == [("text", False), ("source", False)]
    assert [flow.type for flow in skill.produces] == ["text"]
    assert skill.params_schema == {}


def test_the_registry_may_know_the_agent_by_another_name(make_card: Any) -> None:
    (skill,) = skills_of(make_card("Translator", "translate", []), agent="translator-eu")
    assert skill.agent == "translator-eu"


def test_a_card_that_cannot_be_read_names_agent_and_skill() -> None:
    with pytest.raises(BadInputError, match=r"Broken.*without id"):
        skills_of({"name": "Broken", "skills": [{"name": "no id"}]})
    with pytest.raises(BadInputError, match="no name"):
        skills_of({"skills": []})


def test_every_fixture_card_has_one_skill(skills: list[SkillView]) -> None:
    assert len(skills) == 9
    assert len({skill.stage for skill in skills}) == 9
