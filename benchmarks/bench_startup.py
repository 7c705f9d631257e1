"""How long `mesh up` takes, what the idle mesh holds in memory, and how soon a killed service is back.

Usage: python benchmarks/bench_startup.py [--starts N] [--wait-quiet SECONDS]
"""

import argparse
import os
import signal
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measuring import machine
from benchmarks.measuring.meshes import MeasuredMesh, own_settings, running
from benchmarks.measuring.processes import family, name_of, pss_mb
from benchmarks.measuring.results import print_table, write_result

KILLED = ("gateway", "orchestrator", "quality", "storage", "compute")
IDLE_S = 10.0
BACK_WITHIN_S = 60.0
_LOOK_EVERY_S = 0.01


def idle_memory(mesh: MeasuredMesh) -> dict[str, float]:
    """PSS in MiB by process name, a training JVM left out; the mesh has been idle for 10 s."""
    time.sleep(IDLE_S)
    held: dict[str, float] = {}
    for pid in family(mesh.state().pid):
        name = name_of(pid)
        if name and name != "java":
            held[name] = held.get(name, 0.0) + pss_mb(pid)
    return {name: round(size, 1) for name, size in sorted(held.items(), key=lambda item: -item[1])}


def time_to_return(mesh: MeasuredMesh, name: str) -> float:
    """Seconds from SIGKILL until the service is ready again under another process id.

    Raises: TimeoutError after 60 s.
    """
    before = mesh.service(name).pid
    assert before is not None
    begun = time.perf_counter()
    os.kill(before, signal.SIGKILL)
    while time.perf_counter() - begun < BACK_WITHIN_S:
        now = mesh.service(name)
        if now.state == "ready" and now.pid not in (None, before):
            return time.perf_counter() - begun
        time.sleep(_LOOK_EVERY_S)
    raise TimeoutError(f"{name} was not back after {BACK_WITHIN_S:.0f} s")


def measure(starts: int) -> dict[str, object]:
    """Starts a mesh once to warm up and `starts` times to measure; memory and returns come from the last one."""
    seconds: list[float] = []
    with own_settings() as settings:
        with running(settings) as first:
            warm_up_s = first.ready_after_s
        for _ in range(starts - 1):
            with running(settings) as mesh:
                seconds.append(mesh.ready_after_s)
        with running(settings) as mesh:
            seconds.append(mesh.ready_after_s)
            processes = len(mesh.state().services)
            memory = idle_memory(mesh)
            returns = {name: round(time_to_return(mesh, name), 2) for name in KILLED}
    return {
        "first_start_s": round(warm_up_s, 2),
        "starts_s": [round(value, 2) for value in seconds],
        "start_median_s": round(statistics.median(seconds), 2),
        "processes": processes,
        "idle_pss_mb": round(sum(memory.values()), 1),
        "idle_pss_by_process_mb": memory,
        "back_after_kill_s": returns,
    }


def show(result: dict[str, object], memory: dict[str, float], returns: dict[str, float]) -> None:
    """Prints the tables."""
    rows: Sequence[Sequence[object]] = [
        ("first start, fresh MESH_HOME", f"{result['first_start_s']} s"),
        ("start, median", f"{result['start_median_s']} s"),
        ("idle memory of all processes (PSS)", f"{result['idle_pss_mb']} MiB"),
    ]
    print_table(f"The mesh, {result['processes']} processes", ("what", "measured"), rows)
    print_table(
        "Memory when idle", ("process", "PSS MiB"), [(name, f"{size:.1f}") for name, size in memory.items()]
    )
    print_table("Back after SIGKILL", ("service", "seconds"), list(returns.items()))


def main() -> None:
    """Measures, prints the tables, writes results/startup.json."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--starts", type=int, default=3, help="measured starts after the first (default 3)")
    parser.add_argument("--wait-quiet", type=float, default=0.0, help="wait so long for a load below 1.5")
    options = parser.parse_args()
    quiet = machine.wait_until_quiet(options.wait_quiet)
    facts = machine.facts() | {"quiet": quiet}
    result = measure(max(1, options.starts))
    memory, returns = result["idle_pss_by_process_mb"], result["back_after_kill_s"]
    assert isinstance(memory, dict)
    assert isinstance(returns, dict)
    show(result, memory, returns)
    write_result("startup", {"machine": facts, **result})


if __name__ == "__main__":
    main()
