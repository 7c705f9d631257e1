"""What people are told of failed steps."""

import pytest

from mesh.errors import BadInputError, DeadlineError, MeshError, UnavailableError
from orchestrator.running.failures import told


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (MeshError("The skill explore failed: TypeError: '<' not supported"), "예상하지 못한 오류"),
        (UnavailableError("The agent cannot be reached."), "응답하지 않습니다"),
        (DeadlineError("No answer within 900 s."), "제한 시간"),
        (BadInputError("그릴 수 있는 숫자가 없습니다."), "그릴 수 있는"),
        (UnavailableError("학습 클러스터가 꺼져 있습니다."), "학습 클러스터"),
    ],
)
def test_a_korean_question_gets_a_korean_reason(error: MeshError, word: str) -> None:
    assert word in told(error, "ko")


def test_an_english_question_gets_the_error_itself() -> None:
    assert told(MeshError("The skill failed: {x}"), "en") == "The skill failed: {x}"
