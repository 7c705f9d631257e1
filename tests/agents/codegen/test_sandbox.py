"""Code in the sandbox: what it can do, what it cannot get at, and what ends it."""

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pandas as pd
import psutil
import pytest

from agents.codegen.sandbox import CodeRun, Limits, Sandbox
from agents.codegen.walls import MARK, Walls, best_walls

needs_bubblewrap = pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")
KINDS = [Walls("process"), *([best_walls()] if best_walls().kind == "bubblewrap" else [])]
SMALL = Limits(
    time_s=20, memory_bytes=2**30, file_bytes=2**22, folder_bytes=2**25, output_chars=2000, processes=16
)


@pytest.fixture(params=KINDS, ids=lambda walls: walls.kind)
def walls(request: pytest.FixtureRequest) -> Walls:
    given: Walls = request.param
    return given


@asynccontextmanager
async def sandbox(folder: Path, walls: Walls, limits: Limits = SMALL) -> AsyncIterator[Sandbox]:
    async with Sandbox(folder / "sandbox", limits, walls) as started:
        yield started


def runs(folder: Path, walls: Walls, *sources: str, limits: Limits = SMALL) -> list[CodeRun]:
    """The sources one after the other in one sandbox."""

    async def work() -> list[CodeRun]:
        async with sandbox(folder, walls, limits) as box:
            return [await box.run(source) for source in sources]

    return asyncio.run(work())


def with_sandbox(folder: Path, walls: Walls, work: Callable[[Sandbox], Awaitable[None]]) -> None:
    async def inner() -> None:
        async with sandbox(folder, walls) as box:
            await work(box)

    asyncio.run(inner())


def test_variables_stay_and_the_last_expression_is_the_value(tmp_path: Path, walls: Walls) -> None:
    first, second, silent = runs(tmp_path, walls, "x = 20\nprint('twenty')", "x * 2 + 2", "x;")
    assert (first.stdout, first.value) == ("twenty\n", None)
    assert second.value == "42"
    assert silent.value is None


def test_a_data_frame_comes_back_as_a_table(tmp_path: Path, walls: Walls) -> None:
    (run,) = runs(tmp_path, walls, "pd.DataFrame({'a': [1, 2], 'b': [0.5, None]}).groupby('a').sum()")
    assert run.table == {"columns": ["a", "b"], "rows": [[1, 0.5], [2, 0.0]], "of_rows": 2, "of_columns": 2}


def test_a_dataset_is_a_copy_that_code_may_change(tmp_path: Path, walls: Walls) -> None:
    path = tmp_path / "given.parquet"
    pd.DataFrame({"n": [1, 2, 3]}).to_parquet(path)
    before = path.read_bytes()

    async def work(box: Sandbox) -> None:
        run = await box.run("df['n'] = 0\ndf.to_parquet('data/df.parquet')\nlen(df)", {"df": path})
        assert run.value == "3"
        assert (await box.run("df['n'].sum()", {"df": path})).value == "np.int64(0)"

    with_sandbox(tmp_path, walls, work)
    assert path.read_bytes() == before


def test_an_error_names_its_line_and_the_next_run_goes_on(tmp_path: Path, walls: Walls) -> None:
    failed, after = runs(tmp_path, walls, "y = 1\n\ny / 0", "y")
    assert failed.error is not None
    assert (failed.error["type"], failed.error["line"], failed.error["code"]) == (
        "ZeroDivisionError",
        3,
        "y / 0",
    )
    assert "inside" not in failed.error["traceback"]
    assert after.value == "1"


def test_files_and_figures_of_a_run_are_listed(tmp_path: Path, walls: Walls) -> None:
    source = "import matplotlib.pyplot as plt\nopen('out.csv', 'w').write('a')\nplt.plot([1, 2])\nNone"
    (run,) = runs(tmp_path, walls, source)
    assert run.error is None
    assert run.files == ["out.csv"]
    assert len(run.figures) == 1


def test_there_is_no_network(tmp_path: Path, walls: Walls) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        (run,) = runs(tmp_path, walls, f"import socket\nsocket.create_connection(('127.0.0.1', {port}), 2)")
    assert run.error is not None
    assert run.error["type"] in ("ConnectionRefusedError", "PermissionError", "OSError")


def test_files_outside_are_out_of_reach(tmp_path: Path, walls: Walls) -> None:
    secret, target = tmp_path / "secret.txt", tmp_path / "written.txt"
    secret.write_text("secret")
    sources = [
        f"open({str(secret)!r}).read()",
        f"import pathlib\npathlib.Path({str(target)!r}).write_text('x')",
        f"import os\nos.listdir({str(tmp_path)!r})",
        f"import os\nos.symlink({str(secret)!r}, 'link')\nopen('link').read()",
        "open('../secret.txt').read()",
    ]
    results = runs(tmp_path, walls, *sources)
    assert [run.error is not None or "secret" not in str(run.value) for run in results] == [True] * 5
    assert results[0].error is not None
    assert results[1].error is not None
    assert not target.exists()
    assert secret.read_text() == "secret"


def test_no_secret_is_in_the_environment(
    tmp_path: Path, walls: Walls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "top-secret")
    (run,) = runs(tmp_path, walls, "import os\nprint(dict(os.environ))")
    assert "top-secret" not in run.stdout
    assert "HOME" in run.stdout


def test_a_loop_without_end_is_stopped(tmp_path: Path, walls: Walls) -> None:
    (run,) = runs(tmp_path, walls, "while True:\n    pass", limits=Limits(time_s=0.5))
    assert run.stopped == "time"
    assert not run.ok


def test_a_process_that_hides_dies_with_the_sandbox(tmp_path: Path, walls: Walls) -> None:
    source = "import os\nif os.fork() == 0:\n    os.setsid()\n    while True: pass\n"
    runs(tmp_path, walls, source)
    folder = str((tmp_path / "sandbox").resolve())
    environments = [process.info["environ"] or {} for process in psutil.process_iter(["environ"])]
    assert [found for found in environments if found.get(MARK) == folder] == []


def test_a_fork_bomb_does_not_go_off(tmp_path: Path, walls: Walls) -> None:
    (run,) = runs(tmp_path, walls, "import os\nwhile True:\n    os.fork()")
    assert not run.ok


@needs_bubblewrap
def test_a_sandbox_that_uses_all_its_threads_takes_none_from_another(tmp_path: Path) -> None:
    greedy = (
        "import threading, time\ncount = 0\n"
        "while count < 64:\n"
        "    try: threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
        "    except RuntimeError: break\n"
        "    count += 1\n"
        "count"
    )

    walls = Walls("bubblewrap")

    async def work() -> None:
        async with sandbox(tmp_path / "greedy", walls) as first, sandbox(tmp_path / "other", walls) as second:
            started = [(await box.run(greedy)).value or "0" for box in (first, second)]
        assert int(started[1]) == pytest.approx(int(started[0]), abs=2)

    asyncio.run(work())


def test_output_is_kept_within_bounds(tmp_path: Path, walls: Walls) -> None:
    (run,) = runs(tmp_path, walls, "print('a' * 50_000)\nprint('the end')")
    assert run.stdout.startswith("aaa")
    assert run.stdout.endswith("the end\n")
    assert len(run.stdout) < 2100
    assert run.left_out == 50_000 + 1 + 8 - 2000


def test_memory_has_a_limit(tmp_path: Path, walls: Walls) -> None:
    run, after = runs(tmp_path, walls, "x = bytearray(3 * 2**30)", "1 + 1")
    assert run.error is not None
    assert run.error["type"] == "MemoryError"
    assert after.value == "2"


def test_a_file_has_a_largest_size_and_the_folder_too(tmp_path: Path, walls: Walls) -> None:
    (large,) = runs(tmp_path, walls, "f = open('big', 'wb')\nf.write(bytes(2**23))\nf.close()")
    assert large.error is not None
    many = "for n in range(64):\n    open(f'part{n}', 'wb').write(bytes(2**21))\nwhile True:\n    pass"
    (filled,) = runs(tmp_path, walls, many)
    assert filled.stopped == "disk"


def test_signals_reach_nobody_else(tmp_path: Path, walls: Walls) -> None:
    run, _ = runs(tmp_path, walls, f"import os, signal\nos.kill({os.getpid()}, signal.SIGTERM)", "1")
    assert run.error is not None


def test_code_that_ends_the_process_is_told_so(tmp_path: Path, walls: Walls) -> None:
    async def work(box: Sandbox) -> None:
        assert (await box.run("import os\nos._exit(3)")).stopped == "died"
        assert not box.alive
        with pytest.raises(RuntimeError):
            await box.run("1")

    with_sandbox(tmp_path, walls, work)


def test_a_forged_answer_is_none(tmp_path: Path, walls: Walls) -> None:
    """Code that finds the channel can only end its own sandbox, or answer for itself."""
    source = (
        "import os\nfor fd in range(3, 12):\n    try: os.write(fd, b'[1]\\n')\n    except OSError: pass\n"
    )
    (run,) = runs(tmp_path, walls, source)
    assert run.stopped == "died"


def test_digests_tell_equal_results_from_different_ones(tmp_path: Path, walls: Walls) -> None:
    async def left(source: str) -> dict[str, str]:
        async with sandbox(tmp_path / str(abs(hash(source))), walls) as box:
            return (await box.run(source, digest=True)).digests

    async def work() -> None:
        loop = await left(
            "total = 0.0\nfor n in range(10):\n    total += n * 0.1\nframe = pd.DataFrame({'a': [1]})"
        )
        vector = await left("total = float((np.arange(10) * 0.1).sum())\nframe = pd.DataFrame({'a': [1]})")
        other = await left("total = 4.6\nframe = pd.DataFrame({'a': [2]})")
        assert loop["total"] == vector["total"] != other["total"]
        assert loop["frame"] == vector["frame"] != other["frame"]

    asyncio.run(work())


def test_a_profile_names_the_function_that_takes_the_time(tmp_path: Path, walls: Walls) -> None:
    source = "def slow():\n    return sum(n * n for n in range(300_000))\n\nslow()"

    async def work(box: Sandbox) -> None:
        run = await box.run(source, profile=True)
        assert any(entry["line"] == 2 for entry in run.profile[:2])

    with_sandbox(tmp_path, walls, work)


@needs_bubblewrap
@pytest.mark.parametrize("inside_tmp", [True, False])
def test_what_may_be_read_may_lie_anywhere(tmp_path: Path, inside_tmp: bool) -> None:
    """A project, and with it the interpreter, may be installed below /tmp, which code has for itself."""
    walls = Walls("bubblewrap")
    with tempfile.TemporaryDirectory(dir="/tmp" if inside_tmp else "/var/tmp") as place:
        given = Path(place) / "given.txt"
        given.write_text("given")
        command = walls.command(["/bin/cat", str(given)], tmp_path, readable=[given])
        assert subprocess.run(command, capture_output=True, check=True, timeout=30).stdout == b"given"
