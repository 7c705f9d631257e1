"""Code that means harm to whoever runs it: what it forges, hides, leaves behind and builds does not reach the host."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pandas as pd
import psutil
import pytest

from agents.codegen.contents import is_within, made_files, remove
from agents.codegen.sandbox import CodeRun, Limits, Sandbox

needs_bubblewrap = pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")
_FORGED = (
    "import json, os\n"
    "answer = dict(stdout='', stderr='', value=None, table=None, error=None, left_out=0, seconds=0.0, figures={figures})\n"
    "for fd in range(3, 12):\n"
    "    try:\n"
    "        os.write(fd, (json.dumps(answer) + '\\n').encode())\n"
    "    except OSError:\n"
    "        pass\n"
)


def in_sandbox(folder: Path, work: Callable[[Sandbox], Awaitable[None]], **limits: float) -> None:
    async def inner() -> None:
        async with Sandbox(folder / "box", Limits(**{"time_s": 60.0, **limits})) as box:  # type: ignore[arg-type]
            await work(box)

    asyncio.run(inner())


def one_run(folder: Path, source: str, **limits: float) -> CodeRun:
    runs: list[CodeRun] = []

    async def work(box: Sandbox) -> None:
        runs.append(await box.run(source))

    in_sandbox(folder, work, **limits)
    return runs[0]


def test_a_figure_that_code_names_itself_is_none_of_its_files(tmp_path: Path) -> None:
    run = one_run(tmp_path, _FORGED.format(figures=["/etc/passwd", "../../secret"]))
    assert (run.figures, run.files) == ([], [])


def test_an_answer_of_the_wrong_shape_ends_the_sandbox(tmp_path: Path) -> None:
    assert one_run(tmp_path, _FORGED.format(figures=5)).stopped == "died"


def test_tables_are_not_written_where_a_link_points(tmp_path: Path) -> None:
    outside, table = tmp_path / "outside", tmp_path / "table.parquet"
    outside.mkdir(mode=0o700)
    before = outside.stat()
    pd.DataFrame({"n": [1, 2]}).to_parquet(table)

    async def work(box: Sandbox) -> None:
        await box.run("1")
        (box.folder / "data").rmdir()
        (box.folder / "data").symlink_to(outside)
        assert (await box.run("a['n'].sum()", {"a": table})).value == "np.int64(3)"
        (box.folder / "data" / "b.parquet").symlink_to(outside / "b.parquet")
        assert (await box.run("b['n'].sum()", {"b": table})).value == "np.int64(3)"

    in_sandbox(tmp_path, work)
    assert list(outside.iterdir()) == []
    assert (outside.stat().st_mode, outside.stat().st_uid) == (before.st_mode, before.st_uid)


def test_a_name_that_stands_for_another_table_is_read_anew(tmp_path: Path) -> None:
    for number in (1, 2):
        pd.DataFrame({"n": [number]}).to_parquet(tmp_path / f"{number}.parquet")

    async def work(box: Sandbox) -> None:
        await box.run("df['n'] = 7", {"df": tmp_path / "1.parquet"})
        assert (await box.run("df['n'].tolist()", {"df": tmp_path / "1.parquet"})).value == "[7]"
        assert (await box.run("df['n'].tolist()", {"df": tmp_path / "2.parquet"})).value == "[2]"

    in_sandbox(tmp_path, work)


@needs_bubblewrap
def test_between_runs_nothing_goes_on(tmp_path: Path) -> None:
    async def work(box: Sandbox) -> None:
        run = await box.run(
            "import os, subprocess, threading, time\n"
            "def write():\n"
            "    while True:\n"
            "        open('ticks', 'a').write('x')\n"
            "        time.sleep(0.001)\n"
            "threading.Thread(target=write, daemon=True).start()\n"
            "subprocess.Popen(['sleep', '600'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
            "time.sleep(0.1)"
        )
        assert run.ok
        assert box._process is not None
        children = psutil.Process(box._process.pid).children(recursive=True)
        states = [(one.name(), one.status()) for one in children if one.status() != psutil.STATUS_ZOMBIE]
        assert "sleep" not in dict(states)
        assert states[-1][1] == psutil.STATUS_STOPPED
        before = (box.folder / "ticks").read_bytes()
        await asyncio.sleep(0.05)
        assert (box.folder / "ticks").read_bytes() == before
        assert (await box.run("time.sleep(0.1); 6 * 7")).value == "42"
        assert len((box.folder / "ticks").read_bytes()) > len(before)

    in_sandbox(tmp_path, work)


@needs_bubblewrap
def test_forks_answer_for_nobody_and_the_next_run_has_all_processes_again(tmp_path: Path) -> None:
    async def work(box: Sandbox) -> None:
        await box.run("import os\nwhile True:\n    os.fork()")
        again = await box.run("import subprocess\nsubprocess.run(['true']).returncode")
        assert again.value == "0"

    in_sandbox(tmp_path, work, processes=16)


@needs_bubblewrap
def test_processes_share_the_limit_of_memory(tmp_path: Path) -> None:
    source = (
        "import os, time\n"
        "for _ in range(6):\n"
        "    if os.fork() == 0:\n"
        "        held = b'x' * (250 * 2**20)\n"
        "        time.sleep(60)\n"
        "        os._exit(0)\n"
        "time.sleep(60)"
    )
    assert one_run(tmp_path, source, memory_bytes=2**30, processes=16).stopped == "memory"


def test_files_without_a_name_count(tmp_path: Path) -> None:
    source = (
        "import os, time\n"
        "held = []\n"
        "for n in range(8):\n"
        "    held.append(open(f'{n}', 'wb'))\n"
        "    os.unlink(f'{n}')\n"
        "    held[-1].write(b'x' * (2 * 2**20))\n"
        "    held[-1].flush()"
    )
    assert one_run(tmp_path, source, folder_bytes=2**23).stopped == "disk"


@pytest.mark.parametrize(
    "source",
    [
        "import os\nfor _ in range(2500):\n    os.mkdir('d')\n    os.chdir('d')",
        "for n in range(3000):\n    open(f'f{n}', 'w').close()",
    ],
    ids=["a deep tree", "many empty files"],
)
def test_a_folder_that_is_too_much_to_look_through_is_refused_and_removed(
    tmp_path: Path, source: str
) -> None:
    assert one_run(tmp_path, source, folder_entries=2000).stopped == "disk"
    remove(tmp_path / "box")
    assert not (tmp_path / "box").exists()


def test_links_are_neither_followed_nor_listed(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"x" * 2**20)
    folder = tmp_path / "box"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "own.txt").write_text("own")
    (folder / ".hidden").write_text("hidden")
    (folder / "link").symlink_to(tmp_path)
    assert made_files(folder) == {"sub/own.txt"}
    assert is_within(folder, 2**16, 100)
    assert not is_within(folder, 2**16, 3)


def test_what_code_breaks_of_its_own_process_is_there_again(tmp_path: Path) -> None:
    table = tmp_path / "t.parquet"
    pd.DataFrame({"n": [1, 2]}).to_parquet(table)

    async def work(box: Sandbox) -> None:
        await box.run("import os, sys\nsys.stdout.close()\npd = None\nos.chdir('/usr')")
        run = await box.run("print(later['n'].sum())", {"later": table})
        assert run.stdout == "3\n"
        failed = await box.run(
            "class Odd:\n    def __repr__(self):\n        raise ValueError('\\ud800')\nOdd()"
        )
        assert (failed.error or {})["message"] == "?"
        pickled = await box.run("import pickle\ndef f(): return 5\npickle.loads(pickle.dumps(f))()")
        assert pickled.value == "5"

    in_sandbox(tmp_path, work)
