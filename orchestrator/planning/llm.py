"""The planner that asks a language model, and lets nothing pass that the validator refuses."""

from collections.abc import Mapping, Sequence
from typing import Any

from mesh.analysis import Plan
from mesh.language import Language
from mesh.llm.model import LanguageModel

from .draft import plan_of
from .drafting import RULES, cards_of, drafted, facts_of_given
from .follow_up import Previous
from .given import Given
from .planner import usable
from .skills import SkillView

_SYSTEM = f"""You plan data analyses. You get a question, what the person gave, and the skills of agents as their \
cards describe them. Answer with the steps that answer the question.

{RULES}
- A narrow question gets the smallest plan that answers it. An open-ended request to analyse data gets data quality, \
exploration and charts, as far as skills for these exist; such steps that were not asked for by name are optional.
- Train a model only when a model, a prediction or a forecast is asked for, or another step asked for needs one.
- earlier holds the turns of the conversation before, newest first. When the question only changes or carries on one of them \
(make it a line, only 2023, and by region?), plan the skill that did it; its goal is then the earlier goal, " — " and the \
question, its params the earlier ones as changed, and it takes the earlier chart or answer if it has such an input. Any other \
question is planned as if it came first, and takes no earlier chart or answer.
- When no skill fits the question, steps is empty and cannot says so in the language of the question; else cannot is null."""


class LlmPlanner:
    """Plans by asking a language model. `deadline_s` covers the question and the one repair."""

    def __init__(self, llm: LanguageModel, deadline_s: float = 30.0) -> None:
        self._llm = llm
        self._deadline_s = deadline_s

    async def plan(
        self,
        question: str,
        language: Language,
        given: Sequence[Given],
        skills: Sequence[SkillView],
        params: Mapping[str, Any] | None = None,
        previous: Sequence[Previous] = (),
    ) -> Plan:
        """A valid plan, with `planner` = "llm"; without steps when the model says that no skill fits.

        What the model sees: the question, the skills' cards, names, types, columns and summaries of what is given, and rows
        only as far as `given` holds a sample. Parameters that the person set by name hold whatever the model says.
        Raises: LlmUnavailableError, LlmDeadlineError; LlmAnswerError when the repaired answer is still wrong.
        """
        candidates = usable(skills)
        known = [*given, *(item for turn in previous for item in turn.given)]
        facts = {
            "question": question,
            "language": language,
            "parameters_set_by_the_person": dict(params or {}),
            "given": facts_of_given(known),
            "earlier": [_told(turn) for turn in previous],
            "skills": cards_of(candidates),
        }
        return await drafted(
            self._llm,
            _SYSTEM,
            facts,
            self._deadline_s,
            lambda draft: plan_of(draft, question, language, known, candidates, params or {}),
        )


def _told(turn: Previous) -> dict[str, Any]:
    """An earlier turn: its question, what was done, and the results that can be taken."""
    steps = [step.model_dump(include={"agent", "skill", "goal", "params"}) for step in turn.steps]
    return {"question": turn.question, "steps": steps, "results": [item.name for item in turn.given]}
