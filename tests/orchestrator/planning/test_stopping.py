"""Ending what goes on is never taken for beginning it: watches, endpoints and trials, on the cards of the release."""

import pytest

from benchmarks.planner_quality import CARDS, load_skills
from orchestrator.planning.choosing import choose
from orchestrator.planning.matching import Matcher
from orchestrator.planning.planner import usable

ASKED = {
    "stop_watch": [
        "Stop the watch",
        "Stop watching",
        "Stop the alert",
        "Please stop watch w-12345678",
        "Cancel my alert",
        "Turn the alerts off",
        "감시를 멈춰줘",
        "감시 그만",
        "알림 꺼줘",
        "알림 그만 보내줘",
        "감시 w-12345678 를 종료해줘",
        "경보를 해제해줘",
    ],
    "stop_serving": [
        "Stop serving",
        "End serving",
        "Stop the endpoint",
        "서빙을 중단해줘",
        "예측 API를 정지해줘",
    ],
    "run_ab_test": [
        "Stop the A/B test",
        "How is the A/B test going?",
        "A/B 테스트를 그만해줘",
        "섀도 테스트를 종료해줘",
    ],
    "watch_model": [
        "Stop watching the model",
        "End the model watch",
        "모델 감시를 멈춰줘",
        "모델 감시를 중단해줘",
    ],
    "list_endpoints": ["엔드포인트 상태 확인해줘", "What is the status of the endpoints?"],
    "list_watches": ["List the watches", "감시 목록"],
    "watch_stream": [
        "10분 동안 이벤트가 없으면 알려줘",
        "평균이 20% 이상 증가하면 알려줘",
        "5분 평균이 100을 넘으면 경보를 보내줘",
        "온도가 20에서 30 사이를 벗어나면 알려줘",
    ],
}


@pytest.mark.parametrize(
    ("question", "skill"), [(question, skill) for skill, asked in ASKED.items() for question in asked]
)
def test_a_sentence_begins_ends_or_lists_what_it_says(question: str, skill: str) -> None:
    matcher = Matcher(usable(load_skills(CARDS)))
    assert [wanted.skill.skill_id for wanted in choose(question, matcher)] == [skill]
