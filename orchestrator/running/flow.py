"""What flows between steps: the inputs of a step from the outputs of others, and the key of a step's result."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from mesh.analysis import InputRef, PlanStep
from mesh.calls import Inputs
from mesh.language import Language
from mesh.results import Output, SkillResult
from mesh.selection import DATABASE_MEDIA_TYPE
from orchestrator.planning.skills import SkillView

from .outcome import StepOutcome


def resolve_inputs(
    step: PlanStep, given: Mapping[str, Output], results: Mapping[str, SkillResult], types: Mapping[str, str]
) -> tuple[Inputs, list[str]]:
    """The step's inputs by name, and the names of those for which nothing was found.

    Args: `given` what the order brought along, by name; `results` the finished steps' results, by step id; `types` the type
    of each input, by which an output is taken that a stand-in gave under another name.
    """
    inputs: Inputs = {}
    missing = []
    for name, refs in step.inputs.items():
        found = [output for ref in refs for output in _outputs_at(ref, given, results, types.get(name))]
        if found:
            inputs[name] = found
        else:
            missing.append(name)
    return inputs, missing


def unmet(step: PlanStep, lacking: Sequence[str], outcomes: Mapping[str, StepOutcome]) -> str | None:
    """Why a step cannot run for the required inputs that it lacks: the steps that were to give them did not succeed.

    A step that succeeded and had none to give, such as the one model where there are several, does not keep the next from
    being called: only the skill can ask for what it needs.
    """
    refs = [ref for name in lacking for ref in step.inputs[name]]
    steps = [outcomes[ref.step] for ref in refs if ref.step is not None and ref.step in outcomes]
    failed = [outcome for outcome in steps if not outcome.succeeded]
    if failed:
        return failed[0].error or failed[0].status
    return f"nothing gave {', '.join(lacking)}" if lacking and not steps else None


def inputs_for(skill: SkillView, inputs: Inputs) -> Inputs:
    """The same inputs under the names by which another skill takes them, matched by type."""
    if set(inputs) <= {flow.name for flow in skill.consumes}:
        return inputs
    by_type: Inputs = {}
    for outputs in inputs.values():
        for output in outputs:
            by_type.setdefault(output.type, []).append(output)
    return {flow.name: by_type[flow.type] for flow in skill.consumes if flow.type in by_type}


def may_reuse(skill: SkillView) -> bool:
    """Whether an earlier result may stand for a new one: the card says what the skill takes and gives, and allows it."""
    return skill.has_dataflow and skill.cached


def cache_key(step: PlanStep, version: str, inputs: Inputs, goal: str, language: Language) -> str | None:
    """The digest of everything that a step's result depends on; None when an input has no content digest."""
    digests = {}
    for name, outputs in sorted(inputs.items()):
        parts = [_content(output) for output in outputs]
        if any(part is None for part in parts):
            return None
        digests[name] = parts
    facts = [step.agent, version, step.skill, step.params, digests, " ".join(goal.split()), language]
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()


def _outputs_at(
    ref: InputRef, given: Mapping[str, Output], results: Mapping[str, SkillResult], type_: str | None
) -> list[Output]:
    if ref.step is None:
        return [given[ref.output]] if ref.output in given else []
    result = results.get(ref.step)
    if result is None:
        return []
    named = [output for output in result.outputs if output.name == ref.output]
    return named or [output for output in result.outputs if output.type in (ref.output, type_)]


def _content(output: Output) -> Any:
    files = [file for file in [output.file, *output.files] if file is not None]
    if any(file.sha256 is None or file.media_type == DATABASE_MEDIA_TYPE for file in files):
        # Which table of a database is meant may depend on the question: its digest does not settle what is loaded.
        return None
    return [
        output.type,
        output.dataset.sha256 if output.dataset else None,
        [file.sha256 for file in files],
        output.data,
    ]
