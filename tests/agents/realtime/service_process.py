"""The agent as a process of its own, so that it can be killed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CODE = "from mesh.serve import run_service; from mesh.settings import load_settings; run_service('realtime', load_settings())"


@contextmanager
def agent_process(home: Path, port_offset: int) -> Iterator[subprocess.Popen[str]]:
    """The agent, once it takes calls; killed at the end if it still runs."""
    environment = {
        **os.environ,
        "MESH_HOME": str(home),
        "MESH_PORT_OFFSET": str(port_offset),
        "MESH_COMPUTE_SOCKET": str(home / "none.sock"),
        "MESH_LOG_FORMAT": "json",
        "PYTHONPATH": str(Path(__file__).resolve().parents[3]),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", _CODE],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        started = any("service_started" in line for line in process.stdout)
        assert started, process.poll()
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
