"""How long code waits for its sandbox: a cold one, one that waits warm, and one in use; beside a bare Python without any walls.

Usage: python benchmarks/bench_sandbox.py [--repeats N] [--wait-quiet SECONDS]
"""

import argparse
import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from agents.codegen.sandbox import Sandbox
from agents.codegen.sessions import Sessions
from benchmarks.measuring import machine
from benchmarks.measuring.results import print_table, write_result

CODE = "import pandas as pd\nlen(pd.DataFrame({'n': [1, 2, 3]}))"


async def measured(folder: Path, repeats: int) -> dict[str, list[float]]:
    """Seconds from asking for a sandbox to the value of `CODE`, by kind of sandbox."""
    sessions = Sessions(folder)
    taken: dict[str, list[float]] = {"cold": [], "warm": [], "in use": []}

    async def cold() -> float:
        begun = time.perf_counter()
        async with sessions.single() as sandbox:
            return await _ran(sandbox) - begun

    async def in_session() -> float:
        begun = time.perf_counter()
        async with sessions.session("one") as session:
            return await _ran(session.sandbox) - begun

    try:
        for _ in range(repeats):
            taken["cold"].append(await cold())
            await sessions.close()
            await sessions.warm()
            taken["warm"].append(await in_session())
            taken["in use"].append(await in_session())
    finally:
        await sessions.close()
    return taken


def bare(repeats: int) -> list[float]:
    """Seconds that a new Python takes for `CODE`."""
    taken = []
    for _ in range(repeats):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", CODE], check=True, capture_output=True)
        taken.append(time.perf_counter() - begun)
    return taken


async def _ran(sandbox: Sandbox) -> float:
    """When `CODE` has given its value."""
    run = await sandbox.run(CODE)
    assert run.ok, run
    return time.perf_counter()


def main() -> None:
    """Prints and writes the median and the slowest of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--wait-quiet", type=float, default=0.0)
    options = parser.parse_args()
    quiet = machine.wait_until_quiet(options.wait_quiet)
    measured_on = machine.facts()
    with tempfile.TemporaryDirectory() as folder:
        taken = {"bare Python": bare(options.repeats)} | asyncio.run(measured(Path(folder), options.repeats))
    rows = {
        name: {"median_s": statistics.median(times), "slowest_s": max(times)} for name, times in taken.items()
    }
    floor = rows["bare Python"]["median_s"]
    print_table(
        "From asking for a sandbox to the value of a line of pandas",
        ["sandbox", "median s", "slowest s", "times bare"],
        [[name, row["median_s"], row["slowest_s"], row["median_s"] / floor] for name, row in rows.items()],
    )
    write_result(
        "sandbox", {"machine": measured_on, "quiet": quiet, "repeats": options.repeats, "sandboxes": rows}
    )


if __name__ == "__main__":
    main()
