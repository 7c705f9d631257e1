import json
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import BaseModel, Field
from starlette.responses import Response

from mesh.llm.model import LlmAnswerError, LlmDeadlineError, LlmUnavailableError, strict_schema
from mesh.llm.openai_chat import OpenAiChat
from mesh.results import Column, DatasetRef, Output
from orchestrator.planning.draft import PlanDraft
from orchestrator.planning.given import Given, Kept, given_of
from orchestrator.planning.llm import LlmPlanner
from orchestrator.planning.planning import make_plan
from orchestrator.planning.skills import SkillView
from orchestrator.planning.validate import validate_plan


class Word(BaseModel):
    word: str
    count: int = Field(1, ge=1)


pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def llm(model_server: Any) -> AsyncIterator[OpenAiChat]:
    model = OpenAiChat("key", model_server.url, "test-model")
    yield model
    await model.aclose()


def step(
    id_: str, agent: str, skill: str, inputs: list[tuple[str, str | None, str]], params: str = "{}"
) -> dict[str, Any]:
    return {
        "id": id_,
        "agent": agent,
        "skill": skill,
        "goal": "predict churn",
        "inputs": [{"name": name, "from_step": source, "output": output} for name, source, output in inputs],
        "params_json": params,
        "reason": "asked for",
        "confidence": 0.9,
        "optional": False,
    }


LOAD = step("load", "Data Ingestion", "load_dataset", [("source", None, "source")])
TRAIN = step("train", "AutoML", "train_model", [("dataset", "load", "dataset")], '{"task":"classification"}')
GOOD = {"steps": [TRAIN, LOAD], "cannot": None}
UNKNOWN = {"steps": [LOAD, {**TRAIN, "skill": "train_everything"}], "cannot": None}
CYCLE: dict[str, Any] = {
    "steps": [
        step("a", "AutoML", "train_model", [("dataset", "b", "predictions")]),
        step("b", "AutoML", "train_model", [("dataset", "a", "predictions")]),
    ],
    "cannot": None,
}


async def test_an_answer_comes_back_as_the_model_asked_for(llm: OpenAiChat, model_server: Any) -> None:
    model_server.replies = [{"word": "mesh", "count": 2}]
    assert await llm.ask(Word, "system", "user", 10) == Word(word="mesh", count=2)
    sent = model_server.requests[0]
    assert sent["model"] == "test-model"
    assert sent["response_format"]["json_schema"]["strict"] is True
    assert [message["role"] for message in sent["messages"]] == ["system", "user"]


async def test_a_strict_schema_requires_everything_and_allows_nothing_else() -> None:
    schema = strict_schema(PlanDraft)
    parts = [schema, *schema["$defs"].values()]
    assert all(part["additionalProperties"] is False for part in parts)
    assert all(part["required"] == list(part["properties"]) for part in parts)
    assert "default" not in strict_schema(Word)["properties"]["count"]


@pytest.mark.parametrize("reply", ["not json", "", {"word": 3, "count": 1}, {"word": "a", "count": 0}])
async def test_an_answer_in_another_form_is_an_error(reply: Any, llm: OpenAiChat, model_server: Any) -> None:
    model_server.replies = [lambda _: reply]
    with pytest.raises(LlmAnswerError) as caught:
        await llm.ask(Word, "system", "user", 10)
    assert caught.value.problems


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_passing_failure_is_tried_again(status: int, llm: OpenAiChat, model_server: Any) -> None:
    model_server.headers = {"retry-after": "0"}
    model_server.replies = [status, {"word": "mesh", "count": 1}]
    assert (await llm.ask(Word, "system", "user", 10)).word == "mesh"
    assert len(model_server.requests) == 2


async def test_a_lasting_failure_ends_after_one_retry(llm: OpenAiChat, model_server: Any) -> None:
    model_server.headers = {"retry-after": "0"}
    model_server.replies = [500, 500, 500]
    with pytest.raises(LlmUnavailableError, match="500"):
        await llm.ask(Word, "system", "user", 10)
    assert len(model_server.requests) == 2


async def test_a_wait_beyond_the_deadline_is_not_waited(llm: OpenAiChat, model_server: Any) -> None:
    model_server.headers = {"retry-after": "60"}
    model_server.replies = [429]
    with pytest.raises(LlmUnavailableError, match="429"):
        await llm.ask(Word, "system", "user", 10)


async def test_a_refused_key_is_not_tried_again(llm: OpenAiChat, model_server: Any) -> None:
    model_server.replies = [401]
    with pytest.raises(LlmUnavailableError, match="401"):
        await llm.ask(Word, "system", "user", 10)
    assert len(model_server.requests) == 1


async def test_a_slow_model_meets_the_deadline(llm: OpenAiChat, model_server: Any) -> None:
    model_server.replies = ["hold"]
    with pytest.raises(LlmDeadlineError, match=r"0\.2 s"):
        await llm.ask(Word, "system", "user", 0.2)


async def test_a_model_that_is_not_there_is_unavailable() -> None:
    model = OpenAiChat("key", "http://127.0.0.1:9/v1", max_retries=0)
    with pytest.raises(LlmUnavailableError, match="cannot be reached"):
        await model.ask(Word, "system", "user", 5)
    await model.aclose()


async def test_a_good_plan_is_sorted_validated_and_says_who_made_it(
    llm: OpenAiChat,
    model_server: Any,
    skills: list[SkillView],
    source: list[Given],
) -> None:
    model_server.replies = [GOOD]
    plan = await make_plan("predict churn", "en", source, skills, llm)
    assert plan.planner == "llm"
    assert [item.id for item in plan.steps] == ["load", "train"]
    assert plan.steps[1].depends_on == ["load"]
    assert plan.steps[1].params == {"task": "classification"}
    assert plan.steps[1].stage == "model_training"
    assert plan.warnings == []
    validate_plan(plan, skills, {"source": "source"})


@pytest.mark.parametrize("first", ["not json", UNKNOWN, CYCLE, {"steps": [], "cannot": None}])
async def test_a_bad_plan_is_repaired_once(
    first: Any,
    llm: OpenAiChat,
    model_server: Any,
    skills: list[SkillView],
    source: list[Given],
) -> None:
    model_server.replies = [lambda _: first, GOOD]
    plan = await make_plan("predict churn", "en", source, skills, llm)
    assert plan.planner == "llm"
    repair = model_server.requests[1]["messages"][1]["content"]
    assert "It cannot be used:\n- " in repair


async def test_the_repair_names_every_problem(
    llm: OpenAiChat,
    model_server: Any,
    skills: list[SkillView],
    source: list[Given],
) -> None:
    broken = [CYCLE["steps"][0] | {"params_json": "{"}, CYCLE["steps"][1]]
    model_server.replies = [{"steps": broken, "cannot": None}, GOOD]
    await make_plan("predict churn", "en", source, skills, llm)
    repair = model_server.requests[1]["messages"][1]["content"]
    assert "in a circle: a → b → a" in repair
    assert "params_json is no JSON" in repair


@pytest.mark.parametrize(
    ("replies", "language", "warning"),
    [
        (["not json", "still not"], "en", "its plan could not be used"),
        ([UNKNOWN, CYCLE], "ko", "언어 모델이 제시한 계획의 오류"),
        ([401], "en", "it is not available"),
        (["hold"], "ko", "언어 모델의 응답 시간 초과"),
    ],
)
async def test_without_a_usable_plan_the_built_in_planner_takes_over(
    replies: list[Any],
    language: Any,
    warning: str,
    llm: OpenAiChat,
    model_server: Any,
    skills: list[SkillView],
    source: list[Given],
) -> None:
    model_server.replies = replies
    deadline_s = 0.3 if replies == ["hold"] else 10
    plan = await make_plan("predict churn", language, source, skills, llm, deadline_s=deadline_s)
    assert plan.planner == "built-in"
    assert [item.skill for item in plan.steps] == ["load_dataset", "train_model"]
    assert warning in plan.warnings[0]


async def test_a_model_may_say_that_no_skill_fits(
    llm: OpenAiChat,
    model_server: Any,
    skills: list[SkillView],
    source: list[Given],
) -> None:
    model_server.replies = [{"steps": [], "cannot": "Flights cannot be booked here."}]
    plan = await make_plan("book me a flight", "en", source, skills, llm)
    assert (plan.planner, plan.steps, plan.warnings) == ("llm", [], ["Flights cannot be booked here."])


async def test_the_prompt_holds_cards_and_schema_and_no_unplannable_skill(
    llm: OpenAiChat,
    model_server: Any,
    skills: list[SkillView],
) -> None:
    hidden = skills[0].model_copy(update={"plannable": False, "skill_id": "hidden_skill"})
    given = [
        Given(name="sales", type="dataset", columns=[Column(name="revenue", type="number")], rows=120),
    ]
    model_server.replies = [{"steps": [], "cannot": "no"}]
    await LlmPlanner(llm).plan("predict churn", "en", given, [*skills, hidden])
    facts = json.loads(model_server.requests[0]["messages"][1]["content"])
    assert facts["given"][0]["columns"][0]["name"] == "revenue"
    assert facts["given"][0]["rows"] == 120
    assert {item["skill_id"] for item in facts["skills"]} == {skill.skill_id for skill in skills}
    assert all(item["examples"] for item in facts["skills"])


async def test_without_a_model_the_built_in_planner_plans(
    skills: list[SkillView], source: list[Given]
) -> None:
    plan = await make_plan("predict churn", "en", source, skills, None)
    assert (plan.planner, plan.warnings) == ("built-in", [])


async def test_what_the_person_sets_by_name_holds_whatever_the_model_says(
    llm: OpenAiChat, model_server: Any, skills: list[SkillView], source: list[Given]
) -> None:
    model_server.replies = [GOOD]
    plan = await make_plan("predict churn", "en", source, skills, llm, params={"task": "regression"})
    assert (plan.planner, plan.steps[1].params) == ("llm", {"task": "regression"})


@pytest.mark.parametrize(
    "reply", [Response("<html>busy</html>"), Response("{", media_type="application/json")]
)
async def test_a_reply_that_is_no_completion_is_a_typed_error(
    reply: Response, llm: OpenAiChat, model_server: Any
) -> None:
    model_server.replies = [reply]
    with pytest.raises((LlmAnswerError, LlmUnavailableError)):
        await llm.ask(Word, "system", "user", 10)


async def test_the_client_is_imported_only_with_a_key() -> None:
    code = "import sys, orchestrator.executor; sys.exit('openai' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: ASYNC221


def test_rows_are_given_only_when_they_may_be_shared() -> None:
    columns = [Column(name="city", type="string"), Column(name="n", type="integer")]
    dataset = DatasetRef(
        id="d", name="sales", uri="mesh://objects/x", columns=columns, rows=9, bytes=1, sha256="x"
    )
    rows = [[f"Gangneung {'x' * 200}", index] for index in range(9)]
    earlier = [
        Output(name="dataset", type="dataset", dataset=dataset),
        Output(
            name="load_report", type="load_report", data={"preview": {"columns": ["city", "n"], "rows": rows}}
        ),
    ]
    kept = [Kept(name=output.name, output=output) for output in earlier]
    assert "Gangneung" not in str(given_of({}, kept))
    shared = given_of({}, kept, share_rows=True)[0].sample
    assert [row[1] for row in shared] == [0, 1, 2, 3, 4]
    assert all(len(str(row[0])) <= 80 for row in shared)


async def test_parameters_without_effect_are_named(skills: list[SkillView], source: list[Given]) -> None:
    params = {"task": "classification", "nonsense": 1}
    plan = await make_plan("predict churn", "en", source, skills, None, params=params)
    assert plan.warnings == [
        "No step of the plan takes these parameters with the values given, so they had no effect: nonsense."
    ]
    refused = await make_plan("이탈을 예측해줘", "ko", source, skills, None, params={"task": "guessing"})
    assert "적용되지 않았습니다: task" in refused.warnings[0]
