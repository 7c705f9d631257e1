"""A language model's ways around a failure: used when they give what the failed steps were to give, else the built-in way."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from mesh.analysis import InputRef, Plan
from mesh.llm.openai_chat import OpenAiChat
from orchestrator.planning.detour import Setback
from orchestrator.planning.given import Given
from orchestrator.planning.planner import build_plan
from orchestrator.planning.planning import make_detour
from orchestrator.planning.skills import SkillView

pytestmark = pytest.mark.anyio
QUESTION = "Train a model that predicts churn and register it"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def llm(model_server: Any) -> AsyncIterator[OpenAiChat]:
    model = OpenAiChat("key", model_server.url, "test-model")
    yield model
    await model.aclose()


@pytest.fixture
def setback(skills: list[SkillView], source: list[Given]) -> Setback:
    """The data is loaded, training failed, the registration waits; another agent trains too."""
    plan = build_plan(QUESTION, "en", source, skills)
    assert [step.id for step in plan.steps] == ["load_dataset", "train_model", "register_model"]
    train = next(skill for skill in skills if skill.skill_id == "train_model")
    other = train.model_copy(update={"agent": "Other", "skill_id": "fit"})
    return Setback(
        plan=plan,
        failed=["train_model"],
        statuses={"load_dataset": "completed", "train_model": "failed", "register_model": "skipped"},
        skills=[*(skill for skill in skills if skill is not train), other],
        failed_skills=[train],
        why={"train_model": "The trainer is away."},
    )


def drafted(
    plan: Plan, step_id: str, inputs: list[tuple[str, str | None, str]], **changes: Any
) -> dict[str, Any]:
    step = next(step for step in plan.steps if step.id == step_id)
    return {
        "id": step.id,
        "agent": step.agent,
        "skill": step.skill,
        "goal": step.goal,
        "inputs": [{"name": name, "from_step": source, "output": output} for name, source, output in inputs],
        "params_json": "{}",
        "reason": "another trainer does it",
        "confidence": 0.8,
        "optional": False,
        **changes,
    }


def good(plan: Plan) -> dict[str, Any]:
    fit = drafted(
        plan, "train_model", [("dataset", "load_dataset", "dataset")], id="fit", agent="Other", skill="fit"
    )
    register = drafted(plan, "register_model", [("model", "fit", "model")])
    return {"steps": [register, fit], "cannot": None}


async def test_the_models_way_is_taken(llm: OpenAiChat, model_server: Any, setback: Setback) -> None:
    model_server.replies = [good(setback.plan)]
    steps, warnings = await make_detour(setback, llm, 10)
    assert (steps[0].id, steps[0].agent) == ("fit", "Other")
    assert [step.id for step in steps] == ["fit", "register_model"]
    assert steps[0].inputs["dataset"] == [InputRef(step="load_dataset", output="dataset")]
    assert steps[0].depends_on == ["load_dataset"]
    assert steps[0].reason == "another trainer does it"
    assert steps[1].depends_on == ["fit"]
    assert warnings == []


async def test_the_model_is_told_what_happened_and_what_is_at_hand(
    llm: OpenAiChat, model_server: Any, setback: Setback
) -> None:
    model_server.replies = [good(setback.plan)]
    await make_detour(setback, llm, 10)
    facts = json.loads(model_server.requests[0]["messages"][1]["content"])
    assert facts["question"] == QUESTION
    assert {step["id"]: (step["status"], step.get("why")) for step in facts["plan"]} == {
        "load_dataset": ("completed", None),
        "train_model": ("failed", "The trainer is away."),
        "register_model": ("skipped", None),
    }
    assert {"from_step": "load_dataset", "output": "dataset", "type": "dataset"} in facts["at_hand"]
    assert "train_model" not in {skill["skill_id"] for skill in facts["skills"]}


def without_register(plan: Plan) -> dict[str, Any]:
    return {"steps": good(plan)["steps"][1:], "cannot": None}


def the_failed_skill_again(plan: Plan) -> dict[str, Any]:
    again = drafted(plan, "train_model", [("dataset", "load_dataset", "dataset")])
    return {
        "steps": [again, drafted(plan, "register_model", [("model", "train_model", "model")])],
        "cannot": None,
    }


def loading_again(plan: Plan) -> dict[str, Any]:
    return {
        "steps": [drafted(plan, "load_dataset", [("source", None, "source")]), *good(plan)["steps"]],
        "cannot": None,
    }


def in_a_circle(plan: Plan) -> dict[str, Any]:
    register, fit = good(plan)["steps"]
    fit = {**fit, "inputs": [{"name": "dataset", "from_step": "fit", "output": "predictions"}]}
    return {"steps": [register, fit], "cannot": None}


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        (without_register, "waits for a failed one and is missing"),
        (the_failed_skill_again, "unknown or not available"),
        (loading_again, "is completed already"),
        (in_a_circle, "circle"),
    ],
)
async def test_a_way_that_does_not_hold_is_repaired_once_then_replaced(
    bad: Any, problem: str, llm: OpenAiChat, model_server: Any, setback: Setback
) -> None:
    model_server.replies = [bad(setback.plan), good(setback.plan)]
    steps, warnings = await make_detour(setback, llm, 10)
    assert [step.id for step in steps] == ["fit", "register_model"]
    assert warnings == []
    assert problem in model_server.requests[1]["messages"][1]["content"]

    model_server.replies = [bad(setback.plan), bad(setback.plan)]
    steps, warnings = await make_detour(setback, llm, 10)
    assert steps[0].agent == "Other"
    assert "built-in planner" in warnings[0]


async def test_a_model_that_sees_no_way_or_is_away_does_not_end_the_search(
    llm: OpenAiChat, model_server: Any, setback: Setback
) -> None:
    model_server.replies = [{"steps": [], "cannot": "There is no other trainer."}]
    steps, warnings = await make_detour(setback, llm, 10)
    assert (steps[0].agent, warnings) == ("Other", [])
    model_server.replies = [401]
    steps, warnings = await make_detour(setback, llm, 10)
    assert steps[0].agent == "Other"
    assert "not available" in warnings[0]


async def test_where_nobody_finds_a_way_there_are_no_steps(
    llm: OpenAiChat, model_server: Any, setback: Setback
) -> None:
    alone = Setback(
        plan=setback.plan,
        failed=setback.failed,
        statuses=setback.statuses,
        skills=[skill for skill in setback.skills if skill.agent != "Other"],
        failed_skills=setback.failed_skills,
    )
    model_server.replies = [401]
    assert await make_detour(alone, llm, 10) == ([], [])
