"""How steps came to their results: what they were called with, and what they ran."""

from typing import Any

from mesh.analysis import Analysis, StepReport


def made_by(step: StepReport, analysis: Analysis) -> dict[str, Any]:
    """How a step came to its numbers: the skill, its parameters, and the SQL it ran."""
    planned = (
        next((item for item in analysis.plan.steps if item.id == step.id), None) if analysis.plan else None
    )
    made: dict[str, Any] = {
        "skill": step.skill,
        "agent": step.agent,
        "params": planned.params if planned else {},
    }
    queries = [(output.data or {}).get("sql") for output in step.outputs]
    ran = next((query for query in queries if isinstance(query, str) and query), "")
    return made | ({"sql": ran} if ran else {})
