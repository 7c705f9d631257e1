"""What flows between steps, and when two steps are the same."""

import pytest

from mesh.analysis import InputRef, PlanStep
from mesh.cards import DATAFLOW_URI
from mesh.language import Language
from mesh.results import DatasetRef, FileRef, Output, SkillResult
from orchestrator.planning.skills import Flow, SkillView, skills_of
from orchestrator.running.flow import cache_key, inputs_for, may_reuse, resolve_inputs, unmet
from orchestrator.running.outcome import StepOutcome


def dataset(sha256: str = "d1") -> Output:
    ref = DatasetRef(id="ds", name="n", uri="mesh://objects/d", columns=[], rows=1, bytes=1, sha256=sha256)
    return Output(name="dataset", type="dataset", dataset=ref)


def report(name: str = "eda_report", type_: str = "eda_report") -> Output:
    return Output(name=name, type=type_, data={"rows": 1})


def step(**changes: object) -> PlanStep:
    inputs = {
        "source": [InputRef(output="source")],
        "dataset": [InputRef(step="s1", output="dataset")],
        "charts": [InputRef(step="s1", output="chart"), InputRef(step="s2", output="chart")],
    }
    return PlanStep.model_validate(
        {"id": "s3", "skill": "k", "agent": "A", "stage": "x", "inputs": inputs, **changes}
    )


SOURCE = Output(name="source", type="source", file=FileRef(name="f", uri="file:///f", sha256="f1"))


def test_inputs_come_from_the_order_and_from_steps_and_lists_are_joined() -> None:
    charts = [report("chart", "chart"), report("chart", "chart")]
    results = {
        "s1": SkillResult(summary="", outputs=[dataset(), charts[0]]),
        "s2": SkillResult(summary="", outputs=[charts[1]]),
    }
    inputs, missing = resolve_inputs(step(), {"source": SOURCE}, results, {})
    assert inputs == {"source": [SOURCE], "dataset": [dataset()], "charts": charts}
    assert missing == []


def test_what_nobody_gave_is_missing() -> None:
    inputs, missing = resolve_inputs(step(), {}, {"s1": SkillResult(summary="")}, {})
    assert inputs == {}
    assert missing == ["source", "dataset", "charts"]


def test_a_stand_ins_output_is_taken_by_its_type() -> None:
    renamed = dataset().model_copy(update={"name": "table"})
    results = {"s1": SkillResult(summary="", outputs=[renamed])}
    inputs, _ = resolve_inputs(step(), {}, results, {"dataset": "dataset"})
    assert inputs["dataset"] == [renamed]


def test_inputs_are_renamed_for_a_stand_in_by_type() -> None:
    skill = SkillView(
        agent="B",
        skill_id="b",
        name="b",
        consumes=[Flow(name="table", type="dataset"), Flow(name="m", type="model")],
    )
    assert inputs_for(skill, {"dataset": [dataset()]}) == {"table": [dataset()]}
    same = {"table": [dataset()]}
    assert inputs_for(skill, same) is same


def key(
    *,
    agent_version: str = "1",
    sha256: str = "d1",
    goal: str = "why",
    language: str = "en",
    **changes: object,
) -> str | None:
    spoken: Language = "ko" if language == "ko" else "en"
    return cache_key(step(**changes), agent_version, {"dataset": [dataset(sha256)]}, goal, spoken)


def test_the_same_work_has_the_same_key() -> None:
    assert key() == key(goal="  why ")
    assert key() == key(id="another", reason="other words", confidence=0.1)


@pytest.mark.parametrize(
    "changed",
    [
        {"agent_version": "2"},
        {"sha256": "d2"},
        {"goal": "how"},
        {"language": "ko"},
        {"agent": "B"},
        {"skill": "j"},
        {"params": {"n": 1}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_anything_a_result_depends_on_changes_the_key(changed: dict[str, object]) -> None:
    assert key(**changed) != key()  # type: ignore[arg-type]


def test_a_file_without_a_digest_is_never_cached() -> None:
    nameless = Output(name="source", type="source", file=FileRef(name="f", uri="https://x/f"))
    assert cache_key(step(), "1", {"source": [nameless]}, "", "en") is None


def test_the_order_of_inputs_by_name_does_not_matter() -> None:
    one = cache_key(step(), "1", {"a": [dataset()], "b": [report()]}, "", "en")
    assert one == cache_key(step(), "1", {"b": [report()], "a": [dataset()]}, "", "en")


def test_the_words_of_the_question_are_part_of_the_key() -> None:
    step = PlanStep(id="s", skill="k", agent="A", stage="s")
    keys = {cache_key(step, "1", {}, goal, language) for goal in ("a", "b", "") for language in ("en", "ko")}
    assert len(keys) == 6
    assert cache_key(step, "1", {}, " a  b ", "en") == cache_key(step, "1", {}, "a b", "en")


def test_a_result_is_used_again_unless_the_card_forbids_it_or_says_nothing() -> None:
    flows = {"count": {"stage": "count"}, "switch": {"stage": "switch", "cached": False}}
    card = {
        "name": "A",
        "skills": [{"id": name} for name in ("count", "switch", "bare")],
        "capabilities": {"extensions": [{"uri": DATAFLOW_URI, "params": {"skills": flows}}]},
    }
    assert {skill.skill_id: may_reuse(skill) for skill in skills_of(card)} == {
        "count": True,
        "switch": False,
        "bare": False,
    }


def test_a_step_waits_for_steps_that_succeed_and_asks_itself_for_what_they_did_not_have() -> None:
    def outcome(status: str, error: str | None = None) -> StepOutcome:
        return StepOutcome.model_validate({"step": step(), "status": status, "error": error})

    done, failed, skipped = outcome("completed"), outcome("failed", "it broke"), outcome("skipped")
    assert unmet(step(), [], {"s1": failed}) is None
    assert unmet(step(), ["dataset"], {"s1": failed}) == "it broke"
    assert unmet(step(), ["dataset"], {"s1": skipped}) == "skipped"
    assert unmet(step(), ["dataset"], {}) == "nothing gave dataset"
    assert unmet(step(), ["dataset"], {"s1": done}) is None
    assert unmet(step(), ["charts", "dataset"], {"s1": done, "s2": failed}) == "it broke"
