"""kill -9 of any one service during an analysis loses nothing."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.flow.conftest import RunningMesh, wait_for

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]
QUESTION = "매출 데이터를 분석하고 예측 모델을 만들어주세요"
WHEN = {
    "ingestion": "data_loading",
    "quality": "quality_check",
    "eda": "eda_analysis",
    "automl": "model_training",
    "visualization": "visualization",
}


@pytest.mark.parametrize(
    "service",
    [
        "ingestion",
        "quality",
        "eda",
        "automl",
        "visualization",
        "hub",
        "session",
        "storage",
        "compute",
        "gateway",
        "orchestrator",
        "watch",
        "alerts",
    ],
)
def test_a_killed_service_loses_no_analysis(mesh: RunningMesh, service: str) -> None:
    analysis_id = mesh.begin(f"{QUESTION} ({service})", params={"time_budget_s": 5})
    wait_for(
        _stage_seen(mesh, analysis_id, WHEN.get(service, "data_loading")),
        90,
        f"the stage at which {service} dies",
    )
    mesh.kill(service)
    analysis = mesh.result(analysis_id)
    assert analysis["status"] == "completed", (analysis["warnings"], analysis["error"])
    assert {step["status"] for step in analysis["steps"]} == {"completed"}
    _assert_whole(mesh.events(analysis_id))


def test_completed_steps_are_not_run_again(mesh: RunningMesh) -> None:
    analysis_id = mesh.begin(f"{QUESTION} (once)", params={"time_budget_s": 5})
    wait_for(_stage_seen(mesh, analysis_id, "model_training"), 90, "training to begin")
    mesh.kill("orchestrator")
    analysis = mesh.result(analysis_id)
    assert analysis["status"] == "completed"
    assert {step["id"]: step["attempts"] for step in analysis["steps"] if step["attempts"] > 1} == {}


def test_a_killed_service_is_back(mesh: RunningMesh) -> None:
    before = mesh.kill("quality")
    wait_for(lambda: mesh.services()["quality"]["pid"] not in (None, before), 10, "a new process")
    mesh.wait_ready("quality")


def test_a_client_that_reconnects_gets_what_it_missed(mesh: RunningMesh) -> None:
    analysis_id = mesh.begin(f"{QUESTION} (replay)", params={"time_budget_s": 5})
    mesh.result(analysis_id)
    events = mesh.events(analysis_id)
    middle = len(events) // 2
    assert mesh.events(analysis_id, after=middle) == events[middle:]


def _stage_seen(mesh: RunningMesh, analysis_id: str, stage: str) -> Callable[[], bool]:
    def seen() -> bool:
        url = f"{mesh.url()}/analyses/{analysis_id}/events?after=0"
        try:
            with mesh.http.stream("GET", url, timeout=5) as reply:
                for line in reply.iter_lines():
                    if line.startswith("data:") and f'"stage":"{stage}"' in line.replace('": "', '":"'):
                        return True
        except httpx.TransportError:
            return False
        return False

    return seen


def _assert_whole(events: list[dict[str, Any]]) -> None:
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    progress = [event["progress"] for event in events]
    assert progress == sorted(progress)
    assert progress[-1] == 100
    assert [event["final"] for event in events].count(True) == 1
    assert events[-1]["final"]


def test_a_killed_training_cluster_loses_no_analysis(mesh: RunningMesh) -> None:
    analysis_id = mesh.begin(f"{QUESTION} (jvm)", params={"time_budget_s": 12})
    pid = wait_for(lambda: _cluster_of(mesh), 120, "the training cluster to start")
    os.kill(pid, signal.SIGKILL)
    analysis = mesh.result(analysis_id)
    assert analysis["status"] == "completed", (analysis["warnings"], analysis["error"])
    assert analysis["model"]["data"]["leaderboard"]


def _cluster_of(mesh: RunningMesh) -> int | None:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes().decode(errors="replace")
        except OSError:
            continue
        if "h2o.jar" in command and str(mesh.home) in command and "java" in command.split("\0")[0]:
            return int(path.parent.name)
    return None
