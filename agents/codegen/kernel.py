"""Runs a notebook in processes that see one folder, no secrets, and bounded time and memory."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MEMORY_BYTES = 8 * 2**30
_GRACE_S = 20.0
_KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT")
_FOLDERS = {
    "HOME": "home",
    "IPYTHONDIR": "ipython",
    "JUPYTER_CONFIG_DIR": "jupyter/config",
    "JUPYTER_DATA_DIR": "jupyter/data",
    "JUPYTER_RUNTIME_DIR": "jupyter/runtime",
    "MPLCONFIGDIR": "matplotlib",
    "XDG_CACHE_HOME": "cache",
    "XDG_CONFIG_HOME": "config",
    "TMPDIR": "tmp",
}


@dataclass(frozen=True)
class Run:
    """What became of a notebook: the number of code cells that ran, and the error that stopped it, if one did."""

    executed_cells: int
    error: str | None


def kernel_environment(workdir: Path) -> dict[str, str]:
    """The kernel's whole environment: the path and locale of this process, and every home and cache inside `workdir`."""
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    for name, folder in _FOLDERS.items():
        path = workdir / ".kernel" / folder
        path.mkdir(parents=True, exist_ok=True)
        environment[name] = str(path)
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**environment, **single, "MPLBACKEND": "module://matplotlib_inline.backend_inline"}


def run_notebook(
    path: Path,
    *,
    timeout_s: float = 120.0,
    memory_bytes: int = MEMORY_BYTES,
    on_cell: Callable[[int, int], None] = lambda _done, _total: None,
) -> Run:
    """Executes the notebook file at `path` in its folder and stops at the first cell that fails.

    The outputs are written into the file. `on_cell` hears how many of how many cells are done.
    """
    runner = Path(__file__).with_name("notebook_runner.py")
    command = [sys.executable, "-I", str(runner), path.name, str(timeout_s), str(memory_bytes)]
    process = subprocess.Popen(
        command,
        cwd=path.parent,
        env=kernel_environment(path.parent),
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
