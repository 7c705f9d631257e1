"""Started as a script: executes one notebook cell by cell and reports on standard output, one JSON object per line.

Arguments: notebook file (rewritten in place), seconds it may take, memory limit of its kernel in bytes, and the user id to
become (or -1).
Lines: `{"done": cells, "total": cells}`, and last `{"executed_cells": n, "error": text or null}`.
"""

import asyncio
import json
import os
import re
import sys
import warnings
from pathlib import Path
from typing import Any

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_ERROR_CHARS = 2000


def main() -> None:
    """Runs the notebook in the current folder; the kernel's sockets and connection file stay below it."""
    warnings.simplefilter("ignore")
    path, timeout_s, memory_bytes, user = (
        Path(sys.argv[1]),
        float(sys.argv[2]),
        int(sys.argv[3]),
        int(sys.argv[4]),
    )
    if user >= 0:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    import nbformat

    read: Any = nbformat.read
    write: Any = nbformat.write
    notebook = read(path, as_version=4)
    executed, error = asyncio.run(_run(notebook, timeout_s, memory_bytes))
    write(notebook, path)
    _say({"executed_cells": executed, "error": error})


async def _run(notebook: Any, timeout_s: float, memory_bytes: int) -> tuple[int, str | None]:
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    manager = _manager(memory_bytes, int(timeout_s) + 1)
    client = NotebookClient(notebook, km=manager, timeout=None, record_timing=False)
    executed = 0
    try:
        async with asyncio.timeout(timeout_s), client.async_setup_kernel(env=dict(os.environ)):
            for index, cell in enumerate(notebook.cells):
                await client.async_execute_cell(cell, index)
                executed += cell.cell_type == "code"
                _say({"done": index + 1, "total": len(notebook.cells)})
    except CellExecutionError as error:
        return executed, _ANSI.sub("", f"{error.ename}: {error.evalue}")[:_ERROR_CHARS]
    except (TimeoutError, CellTimeoutError):
        return executed, f"The notebook did not finish within {timeout_s:g} s."
    except (DeadKernelError, RuntimeError) as error:
        return executed, f"The kernel died: {str(error)[:_ERROR_CHARS]}"
    return executed, None


def _manager(memory_bytes: int, cpu_s: int) -> Any:
    """A kernel manager that needs no registered kernel."""
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    launcher = Path(__file__).with_name("kernel_launcher.py")
    spec = KernelSpec(
        argv=[sys.executable, "-I", str(launcher), str(memory_bytes), str(cpu_s), "-f", "{connection_file}"],
        display_name="Python 3",
        language="python",
    )

    class LocalManager(AsyncKernelManager):
        @property
        def kernel_spec(self) -> KernelSpec:
            return spec

    connection = str(Path(".kernel/connection.json").resolve())
    return LocalManager(
        transport="ipc", ip=".kernel/socket", connection_file=connection, shutdown_wait_time=2.0
    )


def _say(record: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(record) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
    os._exit(0)
