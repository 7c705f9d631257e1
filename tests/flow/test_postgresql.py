"""The same mesh on PostgreSQL."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.datahub.databases import postgresql_url
from tests.flow.conftest import RunningMesh, start_mesh, stop_mesh, wait_for, write_small_sales

pytestmark = [
    pytest.mark.flow,
    pytest.mark.timeout(240),
    pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR"),
]


@pytest.fixture(scope="module")
def on_postgresql() -> Iterator[RunningMesh]:
    folder = Path(tempfile.mkdtemp(prefix="mesh-pg-"))
    running = start_mesh(folder, MESH_DATABASE_URL=postgresql_url())
    write_small_sales(running.data_dir / "small.csv")
    yield running
    stop_mesh(running)
    shutil.rmtree(folder, ignore_errors=True)


def test_an_analysis_survives_the_death_of_the_orchestrator(on_postgresql: RunningMesh) -> None:
    mesh = on_postgresql
    analysis_id = mesh.begin("Analyse the sales data and build a forecast model", params={"time_budget_s": 5})
    wait_for(
        lambda: mesh.http.get(f"{mesh.url()}/analyses/{analysis_id}").json()["status"] == "running",
        30,
        "a start",
    )
    mesh.kill("orchestrator")
    analysis = mesh.result(analysis_id)
    assert analysis["status"] == "completed", (analysis["warnings"], analysis["error"])
    assert [event["seq"] for event in mesh.events(analysis_id)] == list(
        range(1, len(mesh.events(analysis_id)) + 1)
    )


def test_tasks_of_one_service_are_not_seen_by_another(on_postgresql: RunningMesh) -> None:
    mesh = on_postgresql
    answer = mesh.analyze("which region sold most?")
    assert answer["status"] == "completed"
    body = {"jsonrpc": "2.0", "id": 1, "method": "ListTasks", "params": {}}
    token = (mesh.home / "run" / "token").read_text().strip()
    headers = {"A2A-Version": "1.0", "Authorization": f"Bearer {token}"}
    listed = {
        port: {
            task["id"]
            for task in mesh.http.post(mesh.url(port), json=body, headers=headers).json()["result"]["tasks"]
        }
        for port in (8201, 8208)
    }
    assert listed[8201]
    assert listed[8208]
    assert not listed[8201] & listed[8208]


def test_nothing_is_kept_in_sqlite(on_postgresql: RunningMesh) -> None:
    on_postgresql.analyze("how many rows are there?")
    assert list(on_postgresql.home.rglob("*.db")) == []
