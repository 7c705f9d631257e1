"""Failures of steps: which only the person can mend, and what the person is told, in the language of the question."""

from mesh.errors import MeshError
from mesh.language import Language, detect_language

FOR_THE_PERSON = frozenset(
    {"bad_input", "not_found", "forbidden", "too_large", "source_unavailable", "needs_input"}
)
"""The reasons of failures that no other agent could avoid and only the person can mend."""
_DEADLINE = (
    "제한 시간 안에 끝나지 않았습니다. 데이터를 줄이거나 MESH_STEP_TIMEOUT_S 값을 늘려 다시 시도해 주십시오."
)
_AWAY = "이 작업을 맡은 에이전트가 응답하지 않습니다. 잠시 후 다시 시도해 주십시오."
_UNFORESEEN = "에이전트에서 예상하지 못한 오류가 발생했습니다. 자세한 내용은 에이전트의 로그에 있습니다."


def told(error: MeshError, language: Language) -> str:
    """The error's own message, unless the question is Korean and the message is not: then what kind of failure it was.

    Agents answer in the language of the question. The transport, the runner and unforeseen errors speak English; what is
    wrong with the input is said as the agent says it.
    """
    about_input = not error.retryable and error.reason != "internal"
    if language == "en" or about_input or detect_language(error.message) == "ko":
        return error.message
    if not error.retryable:
        return _UNFORESEEN
    return _DEADLINE if error.reason == "deadline" else _AWAY
