"""The mesh's client and server, end to end over a real port: results, errors, deadlines, cancellation, recovery."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import httpx
import pytest
from a2a.server.context import ServerCallContext
from a2a.types import Task, TaskState, TaskStatus

from mesh import errors
from mesh.calls import encode_call
from mesh.client import AgentClient, CallEvent, error_of, fetch_card
from mesh.database import KERNEL_MIGRATIONS, migrate, open_database
from mesh.errors import BadInputError, DeadlineError, MeshError, NotFoundError, UnavailableError
from mesh.server.tasks import TaskRecords
from mesh.settings import MeshSettings
from tests.mesh.server.serving import CONFORMANCE, free_port, serving

pytestmark = pytest.mark.anyio
PROBE = Path(__file__).parent / "probe_agent"
KINDS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, MeshError) and kind is not MeshError
]


@pytest.fixture(scope="module")
async def client(settings: MeshSettings) -> AsyncIterator[AgentClient]:
    """A client of the probe, which is an agent of this mesh."""
    async with serving(PROBE, settings) as address, httpx.AsyncClient(trust_env=False) as http:
        yield AgentClient(f"{address}/", http=http, settings=settings)


async def test_a_look_up_is_answered_at_once(client: AgentClient) -> None:
    answer = await client.ask("look_up", {}, goal="무엇인가요?")
    assert (answer["goal"], answer["language"]) == ("무엇인가요?", "ko")


async def test_a_result_comes_whole(client: AgentClient) -> None:
    result = await client.call("report", {}, goal="to me", language="ko")
    assert result.summary == "3개"
    assert result.findings[0].evidence == {"n": 3}
    assert result.outputs[0].data == {"n": 3, "goal": "to me"}


async def test_progress_does_not_go_back(client: AgentClient) -> None:
    message = client.message("report", {})
    seen = [event.progress async for event in client.stream(message, 20) if event.progress is not None]
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


@pytest.mark.parametrize("kind", KINDS, ids=[kind.__name__ for kind in KINDS])
async def test_an_agents_error_arrives_as_the_same_error(client: AgentClient, kind: type[MeshError]) -> None:
    with pytest.raises(MeshError, match="said by the probe") as caught:
        await client.call("fail", {"kind": kind.__name__})
    # A malformed request has the reason of its parent: over A2A the two are one.
    expected = BadInputError if kind is errors.InvalidRequestError else kind
    assert type(caught.value) is expected
    assert error_of(kind.reason, "").retryable == kind.retryable


async def test_an_error_is_said_in_the_language_of_the_question(client: AgentClient) -> None:
    with pytest.raises(NotFoundError, match="탐침이 한 말"):
        await client.call("fail", {"kind": "NotFoundError"}, language="ko")


async def test_a_failure_nobody_foresaw_is_told_in_one_line(client: AgentClient) -> None:
    with pytest.raises(MeshError) as caught:
        await client.call("fail", {"kind": "Other"})
    assert type(caught.value) is MeshError
    assert caught.value.message == "The skill fail failed: ValueError: first line"


@pytest.mark.parametrize(
    ("skill", "params", "said"),
    [
        ("fly", {}, "no skill 'fly'"),
        ("fail", {}, "kind"),
        ("look_up", {"speed": 1}, "speed is not a known field"),
    ],
)
async def test_a_wrong_call_is_bad_input(
    client: AgentClient, skill: str, params: dict[str, int], said: str
) -> None:
    with pytest.raises(BadInputError, match=said):
        await client.call(skill, params)


async def test_the_deadline_of_a_call_ends_the_work_too(client: AgentClient, settings: MeshSettings) -> None:
    task_id = await client.start("hold", {}, idempotency_key="deadline")
    with pytest.raises(DeadlineError):
        await client.call("hold", {}, timeout_s=0.3)
    await client.cancel(task_id)


async def test_a_cancelled_skill_cleans_up(client: AgentClient, settings: MeshSettings) -> None:
    scratch = settings.home / "scratch" / "probe_agent"
    others = set(scratch.iterdir()) if scratch.is_dir() else set()
    task_id = await client.start("hold", {}, idempotency_key="cancel-me")
    assert await client.result_of(task_id) is None
    await client.cancel(task_id)
    with pytest.raises(errors.CancelledError):
        await client.result_of(task_id)
    assert (settings.home / "probe_agent" / "cancelled").read_text() == task_id
    with anyio.fail_after(20):
        while set(scratch.iterdir()) - others:  # noqa: ASYNC110 - the server removes it
            await anyio.sleep(0.02)
    await client.cancel(task_id)


async def test_one_key_starts_one_task(client: AgentClient) -> None:
    first = await client.start("report", {}, idempotency_key="once")
    assert await client.start("report", {}, idempotency_key="once") == first
    ids: list[str] = []

    async def again() -> None:
        ids.append(await client.start("hold", {}, idempotency_key="at once"))

    async with anyio.create_task_group() as tasks:
        for _ in range(8):
            tasks.start_soon(again)
    assert len(set(ids)) == 1
    await client.cancel(ids[0])


async def test_a_subscriber_gets_the_task_and_its_end(client: AgentClient) -> None:
    task_id = await client.start("hold", {}, idempotency_key="subscribe")
    seen: list[CallEvent] = []
    async with anyio.create_task_group() as tasks:
        async for event in client.subscribe(task_id, 20):
            if not seen:
                tasks.start_soon(client.cancel, task_id)
            seen.append(event)
    assert {event.task_id for event in seen} == {task_id}
    assert seen[-1].ended


async def test_unknown_tasks_and_absent_agents(client: AgentClient) -> None:
    with pytest.raises(NotFoundError):
        await client.get_task("none")
    async with httpx.AsyncClient(trust_env=False) as http:
        absent = AgentClient(f"http://127.0.0.1:{free_port()}/", http=http)
        for attempt in (absent.ask("x", {}), absent.call("x", {}), absent.get_task("x")):
            with pytest.raises(UnavailableError):
                await attempt


async def test_what_is_no_a2a_server_is_unavailable_or_refuses(url: str) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        with pytest.raises(MeshError):
            await AgentClient(f"{url}/health", http=http).ask("x", {})
        with pytest.raises(UnavailableError, match="No Agent Card"):
            await fetch_card(http, f"{url}/health")
        assert (await fetch_card(http, url))["name"] == "Conformance Agent"
        named = await fetch_card(http, f"{url}/.well-known/agent-card.json")
        assert named["name"] == "Conformance Agent"


async def left_behind(settings: MeshSettings, name: str, skill: str, context: ServerCallContext) -> None:
    """Puts a task into the store of `name` as a crash would leave it: working, with its first message."""
    engine = open_database(settings, name)
    await migrate(engine, KERNEL_MIGRATIONS, version_table="alembic_version_kernel")
    status = TaskStatus(state=TaskState.TASK_STATE_WORKING)
    status.timestamp.FromDatetime(datetime.now(UTC) - timedelta(hours=1))
    task = Task(id="left", context_id="c", status=status, history=[encode_call(skill, {}, goal="x")])
    await TaskRecords(engine).store.save(task, context)
    await engine.dispose()


async def ended(client: AgentClient) -> Task:
    """The task that was left behind, once it has ended."""
    with anyio.fail_after(20):
        while True:
            task = await client.get_task("left")
            if task.status.state != TaskState.TASK_STATE_WORKING:
                return task
            await anyio.sleep(0.02)


async def test_an_interrupted_task_fails_as_retryable_at_the_next_start(settings: MeshSettings) -> None:
    own = settings.with_changes(home=settings.home / "interrupted")
    await left_behind(own, "conformance_agent", "conform", ServerCallContext())
    async with serving(CONFORMANCE, own) as url, httpx.AsyncClient(trust_env=False) as http:
        task = await ended(AgentClient(f"{url}/", http=http))
    assert task.status.state == TaskState.TASK_STATE_FAILED
    assert task.status.message.parts[1].data.struct_value["reason"] == "unavailable"
    assert task.status.message.parts[1].data.struct_value["retryable"] is True


async def test_an_agent_that_resumes_runs_it_again(settings: MeshSettings, tmp_path: Path) -> None:
    own = settings.with_changes(home=settings.home / "resumed")
    folder = tmp_path / "resuming_agent"
    shutil.copytree(PROBE, folder)
    await left_behind(own, "resuming_agent", "report", ServerCallContext())
    async with serving(folder, own) as url, httpx.AsyncClient(trust_env=False) as http:
        client = AgentClient(f"{url}/", http=http)
        task = await ended(client)
        assert task.status.state == TaskState.TASK_STATE_COMPLETED
        result = await client.result_of("left")
    assert result is not None
    assert result.summary == "3 things"
