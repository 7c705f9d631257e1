"""The main job on the bundled sales file, asked as a person asks it."""

import contextlib
import json
import re
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

from mesh.analysis import Analysis
from orchestrator.synthesis.answer import facts_of
from orchestrator.synthesis.numbers import unsupported_numbers
from tests.flow.conftest import RunningMesh, wait_for

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]
KOREAN = "매출 데이터를 분석하고 예측 모델을 만들어주세요"
ENGLISH = "Analyse the sales data and build a forecast model"
PARAMS = {"time_budget_s": 8}


@pytest.fixture(scope="module", params=[KOREAN, ENGLISH], ids=["ko", "en"])
def analysis(mesh: RunningMesh, request: pytest.FixtureRequest) -> dict[str, Any]:
    return mesh.analyze(request.param, "sales_data.csv", params=PARAMS)


def test_the_question_is_answered_whole(analysis: dict[str, Any]) -> None:
    assert analysis["status"] == "completed", (analysis["warnings"], analysis["error"])
    stages = {step["stage"] for step in analysis["steps"]}
    assert stages >= {"data_loading", "quality_check", "eda_analysis", "model_training", "visualization"}
    assert analysis["model"]["data"]["task"] == "forecast"
    assert any(row["baseline"] for row in analysis["model"]["data"]["leaderboard"])
    assert len(analysis["charts"]) >= 3
    assert analysis["planner"] == "built-in"


def test_the_answer_is_in_the_language_of_the_question(analysis: dict[str, Any]) -> None:
    in_korean = any("가" <= char <= "힣" for char in analysis["summary"])
    assert (
        in_korean == (analysis["language"] == "ko") == any("가" <= char <= "힣" for char in analysis["query"])
    )


def test_every_number_in_the_prose_was_computed(analysis: dict[str, Any]) -> None:
    parsed = Analysis.model_validate(analysis)
    facts = facts_of(parsed)
    prose = [parsed.summary, *(item.text for item in parsed.findings), *parsed.warnings]
    strange = {text: unsupported_numbers(text, facts) for text in prose}
    assert {text: numbers for text, numbers in strange.items() if numbers} == {}


def test_steps_that_do_not_need_one_another_overlap(analysis: dict[str, Any], mesh: RunningMesh) -> None:
    plan = {step["stage"]: step for step in analysis["plan"]["steps"]}
    assert plan["eda_analysis"]["id"] not in plan["model_training"]["depends_on"]
    assert plan["model_training"]["id"] not in plan["eda_analysis"]["depends_on"]
    events = mesh.events(analysis["id"])
    training = [event["seq"] for event in events if event["stage"] == "model_training"]
    exploring = [event["seq"] for event in events if event["stage"] == "eda_analysis"]
    assert min(training) < max(exploring)


def test_progress_comes_over_the_web_socket(analysis: dict[str, Any], mesh: RunningMesh) -> None:
    address = mesh.url().replace("http", "ws") + f"/ws/analyses/{analysis['id']}?after=0"
    with connect(address) as socket:
        messages = [json.loads(message) for message in socket]
    assert [message["seq"] for message in messages] == list(range(1, len(messages) + 1))
    assert {"stage", "agent", "progress", "message"} <= set(messages[0])
    assert messages[-1]["progress"] == 100


def test_the_report_comes_in_every_format(analysis: dict[str, Any], mesh: RunningMesh) -> None:
    report = f"{mesh.url()}/analyses/{analysis['id']}/report"
    page = mesh.http.get(report)
    assert page.headers["content-type"].startswith("text/html")
    assert analysis["findings"][0]["text"].split("(")[0].strip()[:20] in re.sub("<[^>]+>", "", page.text)
    assert mesh.http.get(report, params={"format": "md"}).text.startswith("#")
    assert mesh.http.get(report, params={"format": "json"}).json()["id"] == analysis["id"]
    notebook = mesh.http.get(report, params={"format": "ipynb"}, timeout=120).json()
    assert notebook["nbformat"] == 4
    assert all(cell.get("execution_count") for cell in notebook["cells"] if cell["cell_type"] == "code")


def test_charts_can_be_fetched(analysis: dict[str, Any], mesh: RunningMesh) -> None:
    for chart in analysis["charts"]:
        for file in chart["files"]:
            fetched = mesh.http.get(mesh.url() + file["uri"])
            assert fetched.status_code == 200
            if file["media_type"] == "image/png":
                assert fetched.content.startswith(b"\x89PNG")


def test_the_lineage_says_what_was_made_of_what(analysis: dict[str, Any], mesh: RunningMesh) -> None:
    graph = mesh.http.get(f"{mesh.url()}/analyses/{analysis['id']}/lineage").json()
    kinds = {node["kind"] for node in graph["nodes"]}
    assert {"source", "dataset", "step", "chart", "model"} <= kinds


def test_the_same_question_on_the_same_bytes_is_answered_from_cache(
    mesh: RunningMesh, analysis: dict[str, Any]
) -> None:
    again = mesh.analyze(analysis["query"], "sales_data.csv", params=PARAMS)
    assert again["cached"] is True
    assert again["summary"] == analysis["summary"]
    assert {step["cached"] for step in again["steps"]} == {True}


def test_a_follow_up_uses_the_same_data(mesh: RunningMesh, analysis: dict[str, Any]) -> None:
    reply = mesh.http.post(
        f"{mesh.url()}/analyses/{analysis['id']}/messages",
        json={"query": "어느 지역의 매출이 가장 큰가요?"},
        timeout=100,
    )
    follow_up = reply.json()
    assert follow_up["status"] == "completed", follow_up
    assert follow_up["session_id"] == analysis["session_id"]
    assert "data_loading" not in {step["stage"] for step in follow_up["steps"]}
    assert "Seoul" in follow_up["summary"]


def test_a_cancelled_analysis_stops_everywhere(mesh: RunningMesh) -> None:
    analysis_id = mesh.begin(f"{KOREAN} (cancel)", "sales_data.csv", params={"time_budget_s": 60})

    def training() -> bool:
        return _is_training(mesh, analysis_id)

    wait_for(training, 60, "training to begin")
    assert mesh.http.delete(f"{mesh.url()}/analyses/{analysis_id}").status_code in (200, 202)
    assert mesh.result(analysis_id, timeout_s=10)["status"] == "cancelled"
    wait_for(lambda: not _working_tasks(mesh, 8205), 10, "the training to stop")


def _working_tasks(mesh: RunningMesh, port: int) -> list[dict[str, Any]]:
    body = {"jsonrpc": "2.0", "id": 1, "method": "ListTasks", "params": {"status": "TASK_STATE_WORKING"}}
    token = (mesh.home / "run" / "token").read_text().strip()
    headers = {"A2A-Version": "1.0", "Authorization": f"Bearer {token}"}
    return list(mesh.http.post(mesh.url(port), json=body, headers=headers).json()["result"]["tasks"])


def _is_training(mesh: RunningMesh, analysis_id: str) -> bool:
    """Whether an event of the training has come, within a second of silence."""
    with (
        contextlib.suppress(httpx.TimeoutException),
        mesh.http.stream("GET", f"{mesh.url()}/analyses/{analysis_id}/events", timeout=1) as reply,
    ):
        for line in reply.iter_lines():
            event = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
            if event.get("stage") == "model_training" and event["progress"] > 3:
                return True
    return False
