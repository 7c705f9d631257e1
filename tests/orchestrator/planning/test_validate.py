import pytest

from mesh.analysis import InputRef, Plan, PlanStep
from orchestrator.planning.given import Given
from orchestrator.planning.planner import build_plan
from orchestrator.planning.skills import SkillView
from orchestrator.planning.validate import PlanInvalid, cycle_of, validate_plan

GIVEN = {"source": "source"}


@pytest.fixture
def plan(skills: list[SkillView], source: list[Given]) -> Plan:
    return build_plan("Train a churn model and register it in MLflow", "en", source, skills)


def problems_of(plan: Plan, skills: list[SkillView]) -> list[str]:
    with pytest.raises(PlanInvalid) as caught:
        validate_plan(plan, skills, GIVEN)
    return caught.value.problems


def changed(plan: Plan, index: int, **update: object) -> Plan:
    steps = list(plan.steps)
    steps[index] = steps[index].model_copy(update=update)
    return plan.model_copy(update={"steps": steps})


def test_a_built_plan_is_valid(plan: Plan, skills: list[SkillView]) -> None:
    validate_plan(plan, skills, GIVEN)


@pytest.mark.parametrize(
    ("index", "update", "problem"),
    [
        (1, {"agent": "Nobody"}, "names the agent 'Nobody', which is unknown"),
        (1, {"skill": "train_all"}, "names the skill 'train_all', which the agent 'AutoML' does not offer"),
        (2, {"inputs": {}, "depends_on": []}, "lacks its required input 'model'"),
        (
            2,
            {"inputs": {"model": [InputRef(step="load_dataset", output="dataset")]}},
            "takes the type 'model', but 'dataset' is of type 'dataset'",
        ),
        (2, {"inputs": {"model": [InputRef(step="ghost", output="model")]}}, "there is no step 'ghost'"),
        (
            2,
            {"inputs": {"model": [InputRef(step="train_model", output="weights")]}},
            "step 'train_model' has no output 'weights'",
        ),
        (0, {"inputs": {"source": [InputRef(output="file")]}}, "the order gives no 'file'"),
        (1, {"params": {"task": "poetry"}}, "parameter task"),
        (1, {"params": {"speed": 1}}, "parameter object: Additional properties"),
        (0, {"params": {"speed": 1}}, "has parameters, but 'load_dataset' takes none"),
        (1, {"depends_on": []}, "does not depend on it"),
        (1, {"depends_on": ["load_dataset", "ghost"]}, "depends on 'ghost', which is no step"),
        (0, {"depends_on": ["register_model"]}, "in a circle"),
        (1, {"id": "load_dataset"}, "is used 2 times"),
        (
            1,
            {"inputs": {"dataset": [InputRef(step="load_dataset", output="dataset")] * 2}},
            "has 2 values for 'dataset', which takes one",
        ),
        (
            1,
            {"inputs": {"table": [InputRef(step="load_dataset", output="dataset")]}},
            "has the input 'table', which 'train_model' does not take",
        ),
    ],
)
def test_each_fault_is_named(
    index: int, update: dict[str, object], problem: str, plan: Plan, skills: list[SkillView]
) -> None:
    assert any(problem in text for text in problems_of(changed(plan, index, **update), skills))


def test_all_faults_are_listed_at_once(plan: Plan, skills: list[SkillView]) -> None:
    broken = changed(changed(plan, 0, params={"x": 1}), 2, agent="Nobody")
    assert len(problems_of(broken, skills)) >= 2


def test_an_output_that_may_not_come_can_be_planned_with(skills: list[SkillView]) -> None:
    load = PlanStep(
        id="load",
        skill="load_dataset",
        agent="Data Ingestion",
        stage="data_loading",
        inputs={"source": [InputRef(output="source")]},
    )
    train = PlanStep(
        id="train",
        skill="train_model",
        agent="AutoML",
        stage="model_training",
        inputs={"dataset": [InputRef(step="load", output="dataset")]},
        depends_on=["load"],
    )
    look = PlanStep(
        id="look",
        skill="explore_data",
        agent="EDA & Statistics",
        stage="eda_analysis",
        inputs={"dataset": [InputRef(step="train", output="predictions")]},
        depends_on=["train"],
    )
    plan = Plan(goal="", language="en", planner="llm", steps=[load, train, look])
    validate_plan(plan, skills, GIVEN)


def test_steps_stand_in_an_order_in_which_they_run(plan: Plan, skills: list[SkillView]) -> None:
    backwards = plan.model_copy(update={"steps": plan.steps[::-1]})
    assert any("stands before" in text for text in problems_of(backwards, skills))


def test_an_unavailable_agent_is_unknown(plan: Plan, skills: list[SkillView]) -> None:
    down = [
        skill.model_copy(update={"available": False}) if skill.skill_id == "train_model" else skill
        for skill in skills
    ]
    assert any("not available" in text for text in problems_of(plan, down))


def test_a_cycle_is_told_as_its_path() -> None:
    assert cycle_of({"a": ["b"], "b": ["c"], "c": ["a"]}) == ["a", "b", "c", "a"]
    assert cycle_of({"a": ["b", "c"], "b": ["c"], "c": []}) == []
