"""The kernel's walls: its environment, its folder, its time."""

import os
from pathlib import Path
from typing import Any

import nbformat
import pytest

from agents.codegen.cells import Cell, as_notebook, as_script, code, markdown
from agents.codegen.kernel import Run, kernel_environment, run_notebook


def _run(folder: Path, *cells: Cell, **limits: Any) -> Run:
    path = folder / "n.ipynb"
    write: Any = nbformat.write
    write(as_notebook(list(cells)), path)
    return run_notebook(path, **limits)


def test_the_kernel_sees_no_secret_and_only_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    source = "import os\nassert 'OPENAI_API_KEY' not in os.environ\nassert os.getcwd() == " + repr(
        str(tmp_path)
    )
    homes = "assert all(os.environ[n].startswith(os.getcwd()) for n in ('HOME', 'IPYTHONDIR', 'JUPYTER_RUNTIME_DIR', 'TMPDIR'))"
    run = _run(tmp_path, code(source), code(homes), timeout_s=60)
    assert run.error is None
    assert run.executed_cells == 2


def test_the_environment_keeps_little(tmp_path: Path) -> None:
    environment = kernel_environment(tmp_path)
    assert environment["HOME"].startswith(str(tmp_path))
    outside = {n for n, v in environment.items() if os.environ.get(n) == v}
    assert outside <= {
        "PATH",
        "LANG",
        "LC_ALL",
        "TZ",
        "PYTHONUTF8",
        "PYTHONDONTWRITEBYTECODE",
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
