"""A mesh with a language model: it plans, words and finds ways around failures, and never has the last word."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from a2a.server.agent_execution import RequestContext
from a2a.server.tasks import TaskUpdater

from tests.flow.conftest import RunningMesh, start_mesh, stop_mesh
from tests.flow.model import HOLD, LoopbackModel, loopback_model
from tests.flow.strangers import bare_app, card_of, say_text, serving

pytestmark = [pytest.mark.flow, pytest.mark.timeout(240)]
SECRET_CITY, SECRET_NOTE, SECRET_AMOUNT = "Xanadu-7391", "zebra quilt paradox", 48151.62
QUESTION = "어느 지역이 가장 많이 팔았어?"
TAROT = "What does the tarot say about our fortune this year?"


@pytest.fixture(scope="module")
def model() -> Iterator[LoopbackModel]:
    with loopback_model() as running:
        yield running


@pytest.fixture(scope="module")
def planned(model: LoopbackModel) -> Iterator[RunningMesh]:
    """A mesh that plans with the loopback model, which it gives two seconds."""
    yield from _mesh(model)


@pytest.fixture(scope="module")
def sharing(model: LoopbackModel) -> Iterator[RunningMesh]:
    """The same, and rows may be shared."""
    yield from _mesh(model, MESH_LLM_SHARE_ROWS="1")


def _mesh(model: LoopbackModel, **variables: str) -> Iterator[RunningMesh]:
    folder = Path(tempfile.mkdtemp(prefix="mesh-flow-"))
    running = start_mesh(
        folder, OPENAI_API_KEY="key", OPENAI_BASE_URL=model.url, MESH_LLM_TIMEOUT_S="2", **variables
    )
    _write_shops(running.data_dir / "shops.csv")
    yield running
    stop_mesh(running)
    shutil.rmtree(folder, ignore_errors=True)


def _write_shops(path: Path) -> None:
    """120 sales of three cities; one city, one note and one amount occur once and nowhere else."""
    lines = ["date,region,sales,note"]
    for day in range(120):
        city = ("Seoul", "Busan", "Daegu")[day % 3]
        lines.append(
            f"2024-{day // 28 + 1:02d}-{day % 28 + 1:02d},{city},{100 + day * 3},order number {day * 17}"
        )
    lines[60] = f"2024-03-04,{SECRET_CITY},{SECRET_AMOUNT},{SECRET_NOTE}"
    lines[1] = f"2024-01-01,Seoul,100,{SECRET_NOTE} again"
    path.write_text("\n".join(lines) + "\n")


def step(facts: dict[str, Any], skill_id: str, inputs: list[tuple[str, str | None, str]]) -> dict[str, Any]:
    """A step as a model writes it, on the agent that offers the skill in the prompt."""
    agent = next(skill["agent"] for skill in facts["skills"] if skill["skill_id"] == skill_id)
    return {
        "id": skill_id,
        "agent": agent,
        "skill": skill_id,
        "goal": facts["question"],
        "inputs": [{"name": name, "from_step": source, "output": output} for name, source, output in inputs],
        "params_json": "{}",
        "reason": "질문이 순위를 묻습니다.",
        "confidence": 0.87,
        "optional": False,
    }


def good_plan(facts: dict[str, Any]) -> dict[str, Any]:
    if any(item["type"] == "dataset" for item in facts["given"]):
        return {"steps": [step(facts, "answer_question", [("dataset", None, "dataset")])], "cannot": None}
    load = step(facts, "load_dataset", [("source", None, "source")])
    ask = step(facts, "answer_question", [("dataset", "load_dataset", "dataset")])
    return {"steps": [load, ask], "cannot": None}


def unknown_skill(facts: dict[str, Any]) -> dict[str, Any]:
    plan = good_plan(facts)
    plan["steps"][1]["skill"] = "divine"
    return plan


def cycle(facts: dict[str, Any]) -> dict[str, Any]:
    plan = good_plan(facts)
    plan["steps"][1]["inputs"] = [{"name": "dataset", "from_step": "answer_question", "output": "answer"}]
    return plan


def draft_again(facts: dict[str, Any]) -> dict[str, Any]:
    return {"summary": f"요약하면 다음과 같습니다. {facts['draft']}"}


def invented_number(facts: dict[str, Any]) -> dict[str, Any]:
    return {"summary": f"{facts['draft']} 전체 매출은 87,654,321입니다."}


def another_language(facts: dict[str, Any]) -> dict[str, Any]:
    return {"summary": "One city clearly sold the most."}


def test_the_model_plans_and_words_the_answer(planned: RunningMesh, model: LoopbackModel) -> None:
    model.set(PlanDraft=good_plan, Summary=draft_again)
    answer = planned.analyze(QUESTION, "shops.csv")
    assert (answer["status"], answer["planner"], answer["plan"]["planner"]) == ("completed", "llm", "llm")
    assert answer["warnings"] == [] or all("내장" not in item for item in answer["warnings"])
    assert answer["summary"].startswith("요약하면 다음과 같습니다. ")
    assert SECRET_CITY in answer["summary"]
    asked = answer["plan"]["steps"][1]
    assert (asked["reason"], asked["confidence"]) == ("질문이 순위를 묻습니다.", 0.87)


def test_no_prompt_holds_a_row(planned: RunningMesh, model: LoopbackModel) -> None:
    model.set(PlanDraft=good_plan, Summary=draft_again)
    first = planned.analyze(f"{QUESTION} 알려줘", "shops.csv")
    follow = planned.http.post(
        f"{planned.url()}/analyses/{first['id']}/messages", json={"query": "가장 적게 판 지역은 어디야?"}
    ).json()
    assert (follow["parent_id"], follow["planner"]) == (first["id"], "llm")
    plans = model.asked("PlanDraft")
    assert any(item["type"] == "dataset" for item in plans[1]["given"])
    prompts = json.dumps(plans, ensure_ascii=False)
    assert "region" in prompts
    for value in (SECRET_CITY, SECRET_NOTE, str(SECRET_AMOUNT), "order number"):
        assert value not in prompts
    worded = json.dumps(model.asked("Summary"), ensure_ascii=False)
    assert SECRET_NOTE not in worded
    assert "order number" not in worded


def test_rows_are_shared_for_a_follow_up_when_allowed(sharing: RunningMesh, model: LoopbackModel) -> None:
    model.set(PlanDraft=good_plan, Summary=draft_again)
    first = sharing.analyze(QUESTION, "shops.csv")
    sharing.http.post(
        f"{sharing.url()}/analyses/{first['id']}/messages", json={"query": "가장 적게 판 지역은 어디야?"}
    )
    fresh, follow = model.asked("PlanDraft")
    assert "sample" not in str(fresh["given"])
    sample = next(item["sample"] for item in follow["given"] if item["type"] == "dataset")
    assert len(sample) <= 5
    assert f"{SECRET_NOTE} again" in sample[0]


@pytest.mark.parametrize("bad", ["this is no JSON", unknown_skill, cycle, {"steps": [], "cannot": None}])
def test_a_bad_plan_is_repaired_once(planned: RunningMesh, model: LoopbackModel, bad: Any) -> None:
    model.set(PlanDraft=[bad, good_plan], Summary=draft_again)
    plan = planned.http.post(f"{planned.url()}/plan", json={"query": QUESTION, "data": "shops.csv"}).json()
    assert (plan["planner"], plan["warnings"]) == ("llm", [])
    assert "It cannot be used:" in model.prompts[1]["user"]


@pytest.mark.parametrize(
    ("reply", "question", "warning"),
    [
        ("this is no JSON", QUESTION, "언어 모델이 제시한 계획의 오류"),
        (unknown_skill, "which region sold most?", "its plan could not be used"),
        (cycle, QUESTION, "언어 모델이 제시한 계획의 오류"),
        (HOLD, "which region sold most?", "it did not answer in time"),
        (HOLD, QUESTION, "언어 모델의 응답 시간 초과"),
        (429, QUESTION, "언어 모델 연결 불가"),
        (500, "which region sold most?", "it is not available"),
    ],
)
def test_without_a_usable_plan_the_built_in_planner_answers_and_says_so(
    planned: RunningMesh, model: LoopbackModel, reply: Any, question: str, warning: str
) -> None:
    model.set(PlanDraft=reply, Summary=reply)
    answer = planned.analyze(question, "shops.csv")
    assert answer["status"] == "completed", answer
    assert answer["planner"] == "built-in"
    assert warning in answer["warnings"][0]
    assert SECRET_CITY in answer["summary"]


@pytest.mark.parametrize(
    "wording", [invented_number, another_language, {"summary": ""}, "no JSON", HOLD, 429]
)
def test_a_summary_that_cannot_be_trusted_is_not_used(
    planned: RunningMesh, model: LoopbackModel, wording: Any
) -> None:
    model.set(PlanDraft=good_plan, Summary=wording)
    answer = planned.analyze(QUESTION, "shops.csv")
    assert (answer["status"], answer["planner"]) == ("completed", "llm")
    assert answer["summary"] == model.asked("Summary")[0]["draft"]
    assert "87,654,321" not in answer["summary"]


def test_a_question_that_the_model_cannot_place_is_answered_so(
    planned: RunningMesh, model: LoopbackModel
) -> None:
    model.set(PlanDraft={"steps": [], "cannot": "이 데이터로는 항공권을 예약할 수 없습니다."})
    answer = planned.analyze("항공권을 예약해줘", "shops.csv")
    assert answer["status"] == 422
    assert "항공권을 예약할 수 없습니다" in answer["detail"]


def test_the_model_finds_the_way_around_a_failure(planned: RunningMesh, model: LoopbackModel) -> None:
    examples = ["Read the tarot cards for me", "What does the tarot say about my fortune?"]

    async def collapse(_: RequestContext, updater: TaskUpdater) -> None:
        raise RuntimeError("the cards fell down")

    async def tell(_: RequestContext, updater: TaskUpdater) -> None:
        await say_text(updater, "The crystal ball sees steady growth.")

    def plan(facts: dict[str, Any]) -> dict[str, Any]:
        if "plan" not in facts:
            return {"steps": [step(facts, "read_tarot", [])], "cannot": None}
        assert facts["plan"][0]["status"] == "failed"
        return {"steps": [step(facts, "gaze", [])], "cannot": None}

    model.set(PlanDraft=plan, Summary=500)
    first = serving(
        lambda url: bare_app(card_of("Reader", "read_tarot", url, examples, "Reads tarot cards."), collapse)
    )
    second = serving(
        lambda url: bare_app(
            card_of("Gazer", "gaze", url, ["Gaze into a ball"], "Gazes into a crystal ball."), tell
        )
    )
    with first as first_url, second as second_url:
        for url in (first_url, second_url):
            assert planned.http.post(f"{planned.url()}/agents", json={"url": url}).status_code < 300
        answer = planned.analyze(TAROT, "shops.csv")
        for name in ("Reader", "Gazer"):
            planned.http.delete(f"{planned.url()}/agents/{name}")
    assert answer["status"] == "completed", answer
    assert [item["skill"] for item in answer["plan"]["steps"]] == ["gaze"]
    assert "crystal ball" in answer["summary"]
    assert "plan" in model.asked("PlanDraft")[1]
