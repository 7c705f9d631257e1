"""Agents that are down, hang, talk nonsense or stop in the middle: the answer comes another way, or says what is missing."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from a2a.server.agent_execution import RequestContext
from a2a.server.tasks import TaskUpdater
from starlette.applications import Starlette

from tests.flow.conftest import RunningMesh, is_free, start_mesh, stop_mesh, wait_for, write_small_sales
from tests.flow.strangers import bare_app, card_of, cut_stream, hang, rude_app, say_text, serving

pytestmark = [pytest.mark.flow, pytest.mark.timeout(240)]
QUESTION = "What does the tarot say about our fortune this year?"
EXAMPLES = ["Read the tarot cards for me", "What does the tarot say about my fortune?"]
DESCRIPTION = "Lays tarot cards and tells a fortune from them."


@pytest.fixture(scope="module")
def impatient(mesh: RunningMesh) -> Iterator[RunningMesh]:
    """A mesh with short clocks."""
    assert mesh.process.poll() is None
    folder = Path(tempfile.mkdtemp(prefix="mesh-flow-"))
    running = start_mesh(folder, MESH_IDLE_TIMEOUT_S="2", MESH_STEP_TIMEOUT_S="40")
    write_small_sales(running.data_dir / "small.csv", days=60)
    yield running
    stop_mesh(running)
    shutil.rmtree(folder, ignore_errors=True)


async def tell(_: RequestContext, updater: TaskUpdater) -> None:
    await say_text(updater, "The second reader sees steady growth.")


async def collapse(_: RequestContext, updater: TaskUpdater) -> None:
    raise RuntimeError("the cards fell down")


def faulty(kind: str, url: str) -> Starlette:
    card = card_of("A first reader", "read_tarot", url, EXAMPLES, DESCRIPTION)
    if kind == "hanging":
        return bare_app(card, hang)
    if kind == "crashing":
        return bare_app(card, collapse)
    if kind == "garbage":
        return rude_app(card, lambda _: b"<html>no json here</html>")
    return rude_app(card, cut_stream)


@pytest.mark.parametrize("kind", ["hanging", "crashing", "garbage", "cut short"])
def test_another_agent_with_the_same_skill_takes_over(impatient: RunningMesh, kind: str) -> None:
    second = serving(
        lambda url: bare_app(card_of("B second reader", "read_tarot", url, EXAMPLES, DESCRIPTION), tell)
    )
    with serving(lambda url: faulty(kind, url)) as first_url, second as second_url:
        for url in (first_url, second_url):
            assert impatient.http.post(f"{impatient.url()}/agents", json={"url": url}).status_code < 300
        answer = impatient.analyze(f"{QUESTION} ({kind})")
        assert answer["status"] == "completed", answer
        assert answer["steps"][0]["agent"] == "B second reader"
        assert "steady growth" in answer["summary"]
        for name in ("A first reader", "B second reader"):
            impatient.http.delete(f"{impatient.url()}/agents/{name}")


def test_a_lone_agent_that_stays_dead_leaves_a_clear_failure(impatient: RunningMesh) -> None:
    with serving(
        lambda url: bare_app(card_of("Reader", "read_tarot", url, EXAMPLES, DESCRIPTION), tell)
    ) as url:
        impatient.http.post(f"{impatient.url()}/agents", json={"url": url})
    answer = impatient.analyze(f"{QUESTION} (dead)")
    assert answer["status"] in (503, "failed"), answer
    assert "Reader" in str(answer) or "reached" in str(answer)
    impatient.http.delete(f"{impatient.url()}/agents/Reader")


def test_an_alert_is_raised_when_a_service_dies_and_resolved_when_it_is_back(impatient: RunningMesh) -> None:
    def alerts() -> list[str]:
        found = impatient.http.get(f"{impatient.url(8901)}/api/v2/alerts").json()
        return [item["labels"].get("service", "") for item in found if item["status"]["state"] == "active"]

    wait_for(lambda: "realtime" not in alerts(), 20, "a quiet start")
    impatient.kill("realtime")
    wait_for(lambda: "realtime" in alerts(), 20, "the alert")
    wait_for(lambda: "realtime" not in alerts(), 40, "the alert to be resolved")


def test_ctrl_c_leaves_no_process_and_no_port() -> None:
    folder = Path(tempfile.mkdtemp(prefix="mesh-flow-"))
    running = start_mesh(folder)
    pids = [int(item["pid"]) for item in running.services().values()]
    ports = [int(item["port"]) for item in running.services().values() if item["port"]]
    stop_mesh(running)
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []
    assert [port for port in ports if not is_free(port)] == []
    shutil.rmtree(folder, ignore_errors=True)
