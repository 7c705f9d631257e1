"""Runs a notebook inside walls: one folder, no secrets, no network where bubblewrap works, bounded time and memory."""

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .walls import Walls, best_walls, hand_over

MEMORY_BYTES = 8 * 2**30
_GRACE_S = 20.0
_RUNNER = Path(__file__).with_name("runner")


@dataclass(frozen=True)
class Run:
    """What became of a notebook: the number of code cells that ran, and the error that stopped it, if one did."""

    executed_cells: int
    error: str | None


def run_notebook(
    path: Path,
    *,
    timeout_s: float = 120.0,
    memory_bytes: int = MEMORY_BYTES,
    walls: Walls | None = None,
    on_cell: Callable[[int, int], None] = lambda _done, _total: None,
) -> Run:
    """Executes the notebook file at `path` in its folder and stops at the first cell that fails.

    The outputs are written into the file. `on_cell` hears how many of how many cells are done.
    """
    walls = walls or best_walls()
    folder = path.parent.resolve()
    environment = {**walls.environment(folder), "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    code = folder / ".kernel" / "code"
    shutil.copytree(_RUNNER, code, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    user = walls.new_user()
    hand_over(folder, user)
    runner = walls.inside(folder) / ".kernel" / "code" / "notebook_runner.py"
    arguments = (path.name, timeout_s, memory_bytes, -1 if user is None else user)
    command = [sys.executable, "-I", str(runner), *(str(argument) for argument in arguments)]
    process = subprocess.Popen(
        walls.command(command, folder),
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    timer = threading.Timer(timeout_s + _GRACE_S, process.kill)
    timer.start()
    last: dict[str, Any] = {}
    with process:
        try:
            for line in process.stdout or ():
                last = json.loads(line)
                if "done" in last:
                    on_cell(last["done"], last["total"])
            complaint = process.stderr.read() if process.stderr else ""
        finally:
            timer.cancel()
            process.kill()
    if "executed_cells" not in last:
        return Run(0, f"The notebook could not be run: {complaint.strip()[-500:] or 'its process died'}")
    return Run(last["executed_cells"], last["error"])
