"""The answer of an analysis, put together from what its steps said and computed."""

from collections.abc import Sequence

from mesh.analysis import Analysis, AnalysisStatus, Plan, StepReport
from mesh.language import Language, say
from mesh.results import Finding, Output

_MAX_FINDINGS = 15
_MAX_SENTENCES = 5
_SUPPORTING = 0.3
_STRANGER = 3.5
_FINALITY = {
    "answer": 5.0,
    "forecast": 4.0,
    "model": 4.0,
    "model_version": 3.0,
    "stream_report": 3.0,
    "eda_report": 2.5,
    "quality_report": 2.0,
    "notebook": 1.5,
    "chart": 1.0,
    "dataset": 0.0,
    "load_report": 0.0,
}


def status_of(steps: Sequence[StepReport], plan: Plan) -> AnalysisStatus:
    """`completed` when every step that was asked for is, `failed` when none is, else `partial`; a reply is complete."""
    if plan.reply:
        return "completed"
    optional = {step.id for step in plan.steps if step.optional}
    asked = [step for step in steps if step.id not in optional]
    if any(step.status == "cancelled" for step in steps):
        return "cancelled"
    if asked and all(step.status == "completed" for step in asked):
        return "completed"
    answered = [step for step in steps if step.status == "completed" and _answers(step, plan)]
    return "partial" if answered else "failed"


def findings_of(steps: Sequence[StepReport], findings: dict[str, list[Finding]]) -> list[Finding]:
    """The most important findings of all steps, each marked with its step; no sentence twice."""
    seen: set[str] = set()
    ranked = []
    for step in outspoken(steps):
        for item in findings.get(step.id, []):
            if item.text not in seen:
                seen.add(item.text)
                ranked.append(item.model_copy(update={"step": step.id}))
    return sorted(ranked, key=lambda item: -item.importance)[:_MAX_FINDINGS]


def summary_of(plan: Plan, steps: Sequence[StepReport], language: Language) -> str:
    """Three to five sentences, what was asked for first: the summaries of the steps that answer, then of their support.

    When a step failed and none answers, it says that there is no answer and why. Without steps it is the plan's reply or warning.
    """
    done = [step for step in outspoken(steps) if step.status == "completed" and step.summary]
    if not plan.steps:
        return plan.reply or " ".join(plan.warnings)
    whole = all(step.status == "completed" for step in steps)
    if not done or not (whole or any(_answers(step, plan) for step in done)):
        return _nothing(steps, language)
    if any(_finality(step) > 0 for step in done):
        done = [step for step in done if _finality(step) > 0]
    ranked = sorted(
        done,
        key=lambda step: (_directness(step, plan) < _SUPPORTING, -_finality(step), -_directness(step, plan)),
    )
    sentences: list[str] = []
    for step in ranked:
        if _directness(step, plan) < _SUPPORTING and sentences:
            break
        sentences.extend(part for part in _sentences(step.summary) if part not in sentences)
    return " ".join(sentences[: max(_MAX_SENTENCES, len(_sentences(ranked[0].summary)))])


def outspoken(steps: Sequence[StepReport]) -> list[StepReport]:
    """The steps less those that abstained from an answer which another step gave: they would only contradict it."""
    answered = any(_gives_answer(step) and not _abstains(step) for step in steps)
    return [step for step in steps if not (answered and _abstains(step))]


def charts_of(steps: Sequence[StepReport]) -> list[Output]:
    """Every chart of every step, in the steps' order."""
    return [output for step in steps for output in step.outputs if output.type == "chart"]


def model_of(steps: Sequence[StepReport]) -> Output | None:
    """The model, if one was trained."""
    return next((output for step in steps for output in step.outputs if output.type == "model"), None)


def datasets_of(steps: Sequence[StepReport]) -> list[Output]:
    """Every dataset that a step produced."""
    return [output for step in steps for output in step.outputs if output.dataset is not None]


def warnings_of(plan: Plan, steps: Sequence[StepReport], language: Language) -> list[str]:
    """What the reader must know: the plan's and the steps' warnings, and each step that did not succeed."""
    said = list(plan.warnings) if plan.steps else []
    told = outspoken(steps)
    for step in steps:
        said.extend(step.warnings if step in told else [])
        if step.status in ("failed", "skipped"):
            name = step.skill_name or step.skill
            said.append(
                say(
                    language,
                    en="“{name}” gave no result: {why}",
                    ko="‘{name}’ 단계의 결과가 없습니다: {why}",
                    name=name,
                    why=step.error or "",
                )
            )
    return list(dict.fromkeys(said))


def facts_of(analysis: Analysis) -> list[object]:
    """Everything that was computed, for checking prose against."""
    facts: list[object] = [analysis.query]
    for step in analysis.steps:
        facts.append([output.data for output in step.outputs])
        facts.append(
            [
                [output.dataset.rows, output.dataset.bytes, len(output.dataset.columns)]
                for output in step.outputs
                if output.dataset
            ]
        )
        facts.append([[kpi.value, kpi.text, kpi.note] for kpi in step.kpis])
        facts.append([table.rows for table in step.tables])
    facts.append([step.params for step in analysis.plan.steps] if analysis.plan else [])
    facts.append([finding.evidence for finding in analysis.findings])
    return facts


def _gives_answer(step: StepReport) -> bool:
    """Whether what a step gave is final enough to be an answer to a question."""
    return step.status == "completed" and _finality(step) >= _FINALITY["eda_report"]


def _abstains(step: StepReport) -> bool:
    """Whether a step says that it cannot answer: all its answers are marked `abstained`."""
    answers = [output for output in step.outputs if output.type == "answer"]
    return bool(answers) and all((output.data or {}).get("abstained") is True for output in answers)


def _answers(step: StepReport, plan: Plan) -> bool:
    return _directness(step, plan) >= _SUPPORTING


def _directness(step: StepReport, plan: Plan) -> float:
    """How directly a step answers the question: its match, less when it mainly feeds other steps."""
    planned = next((item for item in plan.steps if item.id == step.id), None)
    if planned is None:
        return 0.0
    feeds = sum(step.id in other.depends_on for other in plan.steps)
    feeds_all = feeds >= max(1, len(plan.steps) - 1)
    weight = 0.0 if feeds_all else 1.0
    return weight * step.confidence * (0.5 if planned.optional else 1.0)


def _finality(step: StepReport) -> float:
    """How much what a step gave is an answer in itself rather than the way to one.

    Types that are not known count only where nothing else came with them: a stranger's text is an answer, a by-product is not.
    """
    known = [_FINALITY[output.type] for output in step.outputs if output.type in _FINALITY]
    return max(known, default=_STRANGER)


def _sentences(text: str) -> list[str]:
    parts = []
    for line in text.splitlines():
        rest = line.strip()
        while rest:
            cut = next(
                (spot for spot in range(len(rest) - 1) if rest[spot] in ".!?" and rest[spot + 1] == " "), None
            )
            if cut is None:
                parts.append(rest)
                break
            parts.append(rest[: cut + 1])
            rest = rest[cut + 1 :].strip()
    return parts


def _nothing(steps: Sequence[StepReport], language: Language) -> str:
    if any(step.status == "cancelled" for step in steps):
        return say(
            language,
            en="The analysis was cancelled before there was an answer.",
            ko="답이 나오기 전에 분석이 취소되었습니다.",
        )
    why = next((step.error for step in steps if step.error), "")
    return say(
        language,
        en="The question could not be answered. {why}",
        ko="질문에 답하지 못했습니다. {why}",
        why=why,
    ).strip()
