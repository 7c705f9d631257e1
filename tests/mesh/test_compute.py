"""Computations in worker processes: a real compute process, real kills."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import anyio
import pytest

from mesh.compute import ComputeClient, JobFailed
from mesh.errors import BadInputError, DeadlineError, UnavailableError
from tests.mesh import jobs

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).resolve().parents[2]
SERVE = "import sys; from pathlib import Path; from mesh.compute import serve_compute; serve_compute(Path(sys.argv[1]))"
CALL = """
import sys, anyio
from pathlib import Path
from mesh.compute import ComputeClient
from tests.mesh import jobs
anyio.run(ComputeClient(Path(sys.argv[1])).run, jobs.linger, Path(sys.argv[2]))
"""


def start(code: str, *arguments: Path) -> subprocess.Popen[bytes]:
    """A Python process at the root of the repository."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], cwd=ROOT, stderr=subprocess.DEVNULL
    )


@pytest.fixture(scope="module")
def socket_path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The socket of a compute process."""
    path = tmp_path_factory.mktemp("c") / "c.sock"
    process = start(SERVE, path)
    yield path
    process.kill()
    process.wait()


@pytest.fixture
def compute(socket_path: Path) -> ComputeClient:
    return ComputeClient(socket_path, workers=2)


async def until(condition: Callable[[], bool]) -> None:
    """Waits for `condition`, half a minute at most."""
    with anyio.fail_after(30):
        while not condition():  # noqa: ASYNC110 - another process changes it
            await anyio.sleep(0.02)


def is_gone(pid: int) -> bool:
    """Whether no process has this id, or only a zombie that nobody has buried yet."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state in ("Z", "X")


async def pids_in(path: Path) -> tuple[int, int]:
    """The ids of the worker and of its child, once they are there."""
    await until(path.is_file)
    worker, child = path.read_text().split()
    return int(worker), int(child)


async def test_the_result_comes_from_another_process(compute: ComputeClient) -> None:
    assert await compute.run(jobs.add, 2, right=40) == 42
    assert await compute.run(os.getpid) != os.getpid()


async def test_every_job_has_a_process_of_its_own(compute: ComputeClient) -> None:
    pids = {await compute.run(os.getpid) for _ in range(3)}
    assert len(pids) == 3


async def test_progress_arrives_in_order_before_the_result(compute: ComputeClient) -> None:
    seen: list[tuple[float, str]] = []
    await compute.run(jobs.count, 4, on_progress=lambda fraction, text: seen.append((fraction, text)))
    assert seen == [(0.25, "step 1"), (0.5, "step 2"), (0.75, "step 3"), (1.0, "step 4")]


async def test_a_refusal_arrives_as_itself(compute: ComputeClient) -> None:
    with pytest.raises(BadInputError, match="no such column") as caught:
        await compute.run(jobs.refuse, "no such column")
    assert caught.value.facts == {"column": "price"}


async def test_any_other_failure_carries_its_traceback(compute: ComputeClient) -> None:
    with pytest.raises(JobFailed, match="KeyError: 'price'") as caught:
        await compute.run(jobs.stumble)
    assert "in stumble" in caught.value.where


async def test_a_result_that_cannot_travel_is_a_failure_of_the_job(compute: ComputeClient) -> None:
    with pytest.raises(JobFailed):
        await compute.run(jobs.unpicklable)


async def test_a_worker_that_dies_makes_the_call_unavailable(compute: ComputeClient) -> None:
    with pytest.raises(UnavailableError, match="died"):
        await compute.run(jobs.vanish)
    assert await compute.run(jobs.add, 1) == 2


async def test_a_deadline_kills_the_worker_and_its_child(compute: ComputeClient, tmp_path: Path) -> None:
    with pytest.raises(DeadlineError, match="linger did not finish within"):
        await compute.run(jobs.linger, tmp_path / "pids", timeout_s=3.0)
    for pid in await pids_in(tmp_path / "pids"):
        await until(partial(is_gone, pid))


async def test_a_cancel_kills_the_worker_and_its_child(compute: ComputeClient, tmp_path: Path) -> None:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(compute.run, jobs.linger, tmp_path / "pids")
        pids = await pids_in(tmp_path / "pids")
        assert not any(is_gone(pid) for pid in pids)
        tasks.cancel_scope.cancel()
    for pid in pids:
        await until(partial(is_gone, pid))


async def test_a_caller_that_dies_takes_its_worker_along(socket_path: Path, tmp_path: Path) -> None:
    caller = start(CALL, socket_path, tmp_path / "pids")
    pids = await pids_in(tmp_path / "pids")
    caller.send_signal(signal.SIGKILL)
    caller.wait()
    for pid in pids:
        await until(partial(is_gone, pid))


async def test_cancelled_calls_leave_room_for_others(compute: ComputeClient, tmp_path: Path) -> None:
    for number in range(3):
        async with anyio.create_task_group() as tasks:
            for worker in range(2):
                tasks.start_soon(compute.run, jobs.linger, tmp_path / f"{number}-{worker}")
            for worker in range(2):
                await pids_in(tmp_path / f"{number}-{worker}")
            tasks.cancel_scope.cancel()
    assert await compute.run(jobs.add, 1) == 2


async def test_a_dead_compute_process_takes_its_workers_along_and_a_new_one_serves(tmp_path: Path) -> None:
    path = tmp_path / "own.sock"
    process = start(SERVE, path)
    compute = ComputeClient(path)
    pids: tuple[int, int] = (0, 0)

    async def doomed() -> None:
        with pytest.raises(UnavailableError):
            await compute.run(jobs.linger, tmp_path / "pids")

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(doomed)
        pids = await pids_in(tmp_path / "pids")
        process.kill()
        process.wait()
    for pid in pids:
        await until(partial(is_gone, pid))
    successor = start(SERVE, path)
    try:
        assert await compute.run(jobs.add, 1) == 2
    finally:
        successor.kill()
        successor.wait()
