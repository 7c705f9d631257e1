"""The cohorts and the funnel of a table as plain numbers."""

from collections.abc import Sequence
from typing import Any

from mesh.errors import BadInputError, NeedsInputError
from mesh.language import Language, say
from mesh.tabular.sheet import Levels

from .cohort_events import Events
from .cohort_question import RETENTION, CohortQuestion
from .funnel import funnel
from .retention import retention
from .stage_order import order_stages


def describe_cohorts(
    events: Events,
    question: CohortQuestion,
    goal: str,
    grain: str | None,
    order: Sequence[str],
    language: Language,
) -> dict[str, Any]:
    """`cohorts` and `funnel`, each None where the question does not ask for it or the data do not have it.

    Raises: NeedsInputError when the order of the steps is unclear; BadInputError when the data have neither.
    """
    cohorts = None
    if events.dates is not None and (question.stage is None or RETENTION.search(goal)):
        cohorts = retention(events.ids, events.dates, grain)
    steps = _funnel(events, events.stages, goal, order, language) if events.stages is not None else None
    if cohorts is None and steps is None:
        raise BadInputError(
            say(
                language,
                en="No cohorts can be followed: {person} and {date} are not both known in more than one period.",
                ko="코호트를 추적할 수 없습니다. {person} 열과 {date} 열의 값이 두 기간 이상에서 함께 있어야 합니다.",
                person=question.person,
                date=question.date,
            )
        )
    named = {"person": question.person, "date": question.date}
    return {
        "cohorts": named | cohorts if cohorts else None,
        "funnel": named | {"stage": question.stage} | steps if steps else None,
    }


def _funnel(
    events: Events, stages: Levels, goal: str, order: Sequence[str], language: Language
) -> dict[str, Any]:
    declared = list(order) or _in_the_question(stages, goal)
    unknown = [name for name in declared if name not in stages.names]
    found = (declared, "declared") if declared else order_stages(events.ids, stages, events.dates)
    if unknown or found is None or len(set(found[0])) < 2:
        raise NeedsInputError(
            say(
                language,
                en="In which order do the steps come? Name them in order, for example “{a} > {b}”. The steps are {names}.",
                ko="단계의 순서를 알 수 없습니다. “{a} > {b}”처럼 순서대로 적어 주세요. 단계: {names}.",
                a=stages.names[0],
                b=stages.names[-1],
                names=", ".join(stages.names),
            )
        )
    return {"order": found[1]} | funnel(events.ids, stages, found[0], events.dates)


def _in_the_question(stages: Levels, goal: str) -> list[str]:
    """The steps that a question strings together with arrows."""
    parts = [part.strip(" .,?!“”\"'") for part in goal.replace("->", ">").replace("→", ">").split(">")]
    if len(parts) < 2:
        return []
    known = sorted(stages.names, key=len, reverse=True)
    first = next((name for name in known if parts[0].lower().endswith(name.lower())), None)
    others = [
        next((name for name in known if part.lower().startswith(name.lower())), None) for part in parts[1:]
    ]
    return [name for name in (first, *others) if name is not None]
