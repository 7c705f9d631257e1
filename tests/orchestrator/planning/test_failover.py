from typing import Any

import pytest

from mesh.analysis import InputRef, Plan, PlanStep, StepStatus
from orchestrator.planning.alternatives import alternatives, step_on
from orchestrator.planning.given import Given
from orchestrator.planning.planner import build_plan
from orchestrator.planning.replanning import replan
from orchestrator.planning.skills import Flow, SkillView, skills_of
from orchestrator.planning.validate import validate_plan


def find(skills: list[SkillView], skill_id: str) -> SkillView:
    return next(skill for skill in skills if skill.skill_id == skill_id)


def step_of(plan: Plan, skill_id: str) -> PlanStep:
    return next(step for step in plan.steps if step.skill == skill_id)


def test_the_same_skill_comes_before_the_same_types(skills: list[SkillView], source: list[Given]) -> None:
    train = find(skills, "train_model")
    twin = train.model_copy(update={"agent": "Twin"})
    cousin = train.model_copy(update={"agent": "Cousin", "skill_id": "fit", "weight": 0.1})
    text = train.model_copy(
        update={"agent": "Chat", "skill_id": "chat", "produces": [Flow(name="text", type="text")]}
    )
    everyone = [*skills, cousin, twin, text]
    step = step_of(build_plan("predict churn", "en", source, skills), "train_model")
    assert alternatives(step, everyone) == [("Twin", "train_model"), ("Cousin", "fit")]
    assert alternatives(step, skills) == []
    down = twin.model_copy(update={"available": False})
    assert alternatives(step, [*skills, down]) == []


def test_a_step_moves_to_a_skill_with_other_names(skills: list[SkillView], source: list[Given]) -> None:
    train = find(skills, "train_model")
    other = train.model_copy(
        update={
            "agent": "Other",
            "skill_id": "fit",
            "consumes": [Flow(name="table", type="dataset")],
            "params_schema": {"type": "object", "properties": {"task": {"type": "string"}}},
        }
    )
    plan = build_plan("Forecast sales for the next 3 months", "en", source, skills)
    moved = step_on(step_of(plan, "train_model"), "Other", "fit", [*skills, other])
    assert moved.inputs == {"table": [InputRef(step="load_dataset", output="dataset")]}
    assert moved.params == {"task": "forecast"}
    with pytest.raises(LookupError):
        step_on(moved, "Nobody", "fit", skills)


OUTCOMES: dict[str, StepStatus] = {
    "load_dataset": "completed",
    "train_model": "failed",
    "register_model": "pending",
}


def test_a_failed_step_is_replaced_by_two_others_that_reach_the_type(
    skills: list[SkillView],
    source: list[Given],
    make_card: Any,
) -> None:
    features = make_card(
        "Features",
        "make_features",
        ["make features"],
        [],
        [{"name": "dataset", "type": "dataset", "required": True}],
        [{"name": "features", "type": "features"}],
    )
    learner = make_card(
        "Learner",
        "learn",
        ["learn from features"],
        [],
        [{"name": "features", "type": "features", "required": True}],
        [{"name": "fitted", "type": "model"}],
    )
    everyone = [*skills, *skills_of(features), *skills_of(learner)]
    plan = build_plan("Train a churn model and register it in MLflow", "en", source, skills)
    left = [skill for skill in everyone if skill.skill_id != "train_model"]
    steps = replan(plan, ["train_model"], OUTCOMES, left)
    assert [step.id for step in steps] == ["make_features", "learn", "register_model"]
    assert steps[0].inputs == {"dataset": [InputRef(step="load_dataset", output="dataset")]}
    assert steps[2].inputs["model"] == [InputRef(step="learn", output="fitted")]
    assert steps[2].depends_on == ["learn"]
    whole = plan.model_copy(update={"steps": [plan.steps[0], *steps]})
    validate_plan(whole, everyone, {"source": "source"})


def test_without_another_way_there_is_no_replacement(skills: list[SkillView], source: list[Given]) -> None:
    plan = build_plan("Train a churn model and register it in MLflow", "en", source, skills)
    left = [skill for skill in skills if skill.skill_id != "train_model"]
    assert replan(plan, ["train_model"], OUTCOMES, left) == []


def test_a_last_step_is_replaced_for_the_type_its_skill_gives(
    skills: list[SkillView], source: list[Given]
) -> None:
    train = find(skills, "train_model")
    other = train.model_copy(update={"agent": "Other", "skill_id": "fit"})
    plan = build_plan("predict churn", "en", source, skills)
    left = [*[skill for skill in skills if skill.skill_id != "train_model"], other]
    (step,) = replan(plan, ["train_model"], OUTCOMES, left, [train])
    assert (step.agent, step.skill) == ("Other", "fit")
    assert step.inputs == {"dataset": [InputRef(step="load_dataset", output="dataset")]}


def test_a_failed_first_step_starts_again_from_what_was_given(
    skills: list[SkillView], source: list[Given]
) -> None:
    load = find(skills, "load_dataset")
    other = load.model_copy(update={"agent": "Reader", "skill_id": "read"})
    plan = build_plan("이 데이터를 분석해줘", "ko", source, skills)
    outcomes: dict[str, StepStatus] = {step.id: "pending" for step in plan.steps}
    left = [*[skill for skill in skills if skill is not load], other]
    steps = replan(plan, ["load_dataset"], outcomes, left, [load])
    assert [step.id for step in steps] == ["read", "assess_quality", "explore_data", "draw_charts"]
    assert steps[0].inputs == {"source": [InputRef(step=None, output="source")]}
    validate_plan(plan.model_copy(update={"steps": steps}), left, {"source": "source"})


def test_steps_behind_the_waiting_ones_come_along(skills: list[SkillView], source: list[Given]) -> None:
    load = find(skills, "load_dataset")
    other = load.model_copy(update={"agent": "Reader", "skill_id": "read"})
    plan = build_plan("Train a churn model and register it in MLflow", "en", source, skills)
    left = [*[skill for skill in skills if skill is not load], other]
    steps = replan(plan, ["load_dataset"], {"load_dataset": "failed"}, left, [load])
    assert [step.id for step in steps] == ["read", "train_model", "register_model"]
