"""The kernel's walls: its environment, its folder, its time."""

import os
from pathlib import Path
from typing import Any

import nbformat
import pytest

from agents.codegen.cells import Cell, as_notebook, as_script, code, markdown
from agents.codegen.kernel import Run, run_notebook
from agents.codegen.walls import Walls, best_walls


def _run(folder: Path, *cells: Cell, **limits: Any) -> Run:
    path = folder / "n.ipynb"
    write: Any = nbformat.write
    write(as_notebook(list(cells)), path)
    return run_notebook(path, **limits)


@pytest.mark.parametrize("walls", [Walls("process"), best_walls()], ids=["process", "best"])
def test_the_kernel_sees_no_secret_and_only_its_folder(
    tmp_path: Path, walls: Walls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    inside = str(walls.inside(tmp_path))
    source = f"import os\nassert 'OPENAI_API_KEY' not in os.environ\nassert os.getcwd() == {inside!r}"
    homes = "assert all(os.environ[n].startswith(os.getcwd()) for n in ('HOME', 'IPYTHONDIR', 'JUPYTER_RUNTIME_DIR', 'TMPDIR'))"
    run = _run(tmp_path, code(source), code(homes), timeout_s=60, walls=walls)
    assert run.error is None
    assert run.executed_cells == 2


def test_the_environment_keeps_little(tmp_path: Path) -> None:
    environment = Walls("process").environment(tmp_path)
    assert environment["HOME"].startswith(str(tmp_path))
    outside = {n for n, v in environment.items() if os.environ.get(n) == v}
    assert outside <= {
        *("PATH", "LANG", "LC_ALL", "TZ", "PYTHONDONTWRITEBYTECODE"),
        *(n for n in environment if n.endswith("_THREADS")),
    }


def test_an_error_stops_the_run_and_is_told(tmp_path: Path) -> None:
    run = _run(tmp_path, code("x = 1"), code("1 / 0"), code("x = 2"), timeout_s=60)
    assert run.executed_cells == 1
    assert run.error == "ZeroDivisionError: division by zero"


def test_a_run_without_end_is_stopped(tmp_path: Path) -> None:
    run = _run(tmp_path, code("while True:\n    pass"), timeout_s=3)
    assert run.error is not None
    assert run.executed_cells == 0


def test_memory_is_bounded(tmp_path: Path) -> None:
    run = _run(tmp_path, code("x = bytearray(3 * 2**30)"), timeout_s=60, memory_bytes=2 * 2**30)
    assert run.error is not None
    assert "MemoryError" in run.error


def test_a_script_holds_the_code_and_comments_the_text() -> None:
    cells = [markdown("# Title\n\ntext"), code("%matplotlib inline\nx = 1")]
    assert as_script(cells) == "# # Title\n#\n# text\n\nx = 1\n"
