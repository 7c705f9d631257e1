"""What the mesh costs per step: on its main job, and on three steps that do nothing, beside bare A2A calls.

Usage: python benchmarks/bench_overhead.py [--runs N] [--wait-quiet SECONDS]
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
from prometheus_client.parser import text_string_to_metric_families

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measuring import machine
from benchmarks.measuring.bare import call_in_turn, connect, serving_bare
from benchmarks.measuring.meshes import own_settings, running
from benchmarks.measuring.noop import CHAIN, QUESTION, serving_chain
from benchmarks.measuring.results import print_table, write_result
from mesh.calls import new_id
from mesh.client import AgentClient
from mesh.settings import MeshSettings

MAIN_QUESTION = "Analyze the sales data and build a forecast model"
SMALL_ROWS = 400
TIME_BUDGET_S = 5
_BARE_PORTS_FROM = 8381
_WARM_UP = 3


def small_table() -> str:
    """A year and some of daily sales with a weekly season, as CSV; 400 rows."""
    first = time.mktime((2024, 1, 1, 12, 0, 0, 0, 0, 0))
    rows = ["date,region,revenue"]
    for day in range(SMALL_ROWS):
        date = time.strftime("%Y-%m-%d", time.localtime(first + day * 86_400))
        rows.append(
            f"{date},{('North', 'South')[day % 2]},{1000 + day + 200 * (day % 7 > 4) + (day * 37) % 50}"
        )
    return "\n".join(rows)


def own_seconds(agents: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """What every skill that can be planned has spent inside its agent so far, in seconds, by skill.

    The monitor is left out by this: its metrics repeat those of the others.
    """
    spent: dict[str, float] = {}
    for agent in agents:
        if not any(skill["plannable"] for skill in agent["skills"]):
            continue
        text = httpx.get(f"{agent['instances'][0]['url']}metrics", timeout=10).text
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                if sample.name == "mesh_skill_seconds_sum":
                    skill = sample.labels["skill"]
                    spent[skill] = spent.get(skill, 0.0) + sample.value
    return spent


def longest_path(steps: list[dict[str, Any]], seconds: Mapping[str, float]) -> float:
    """The time that the plan's dependencies alone ask for, when each step takes `seconds` of its skill."""
    ends: dict[str, float] = {}
    for step in steps:
        begin = max((ends.get(name, 0.0) for name in step["depends_on"]), default=0.0)
        ends[step["id"]] = begin + seconds[step["skill"]]
    return max(ends.values())


def main_job(settings: MeshSettings) -> dict[str, Any]:
    """The main question on a small table: per step the agent's own time and what it took as a step of the analysis."""
    with httpx.Client(timeout=600) as http:
        gateway = settings.url_of("gateway")
        agents = http.get(f"{gateway}agents").json()["agents"]
        before = own_seconds(agents)
        body = {
            "query": MAIN_QUESTION,
            "data": {"inline": small_table(), "name": "small.csv"},
            "params": {"time_budget_s": TIME_BUDGET_S},
        }
        begun = time.perf_counter()
        analysis = http.post(f"{gateway}analyze", json=body).raise_for_status().json()
        total_s = time.perf_counter() - begun
        after = own_seconds(agents)
    if analysis["status"] != "completed":
        raise RuntimeError(f"the main job ended {analysis['status']}: {analysis['warnings']}")
    steps = analysis["plan"]["steps"]
    own = {step["skill"]: after[step["skill"]] - before.get(step["skill"], 0.0) for step in steps}
    taken = {step["skill"]: float(step["seconds"]) for step in analysis["steps"]}
    path_s = longest_path(steps, own)
    return {
        "end_to_end_s": round(total_s, 3),
        "agents_longest_path_s": round(path_s, 3),
        "overhead_s": round(total_s - path_s, 3),
        "overhead_per_step_ms": round(1000 * (total_s - path_s) / len(steps), 1),
        "steps": {
            skill: {"agent_s": round(own[skill], 3), "step_s": round(taken[skill], 3)} for skill in own
        },
    }


async def noop_chain(settings: MeshSettings, runs: int) -> list[float]:
    """Seconds of each run of the three-step chain, asked of the orchestrator over A2A, none from the cache."""
    seconds = []
    async with httpx.AsyncClient() as http:
        client = AgentClient(settings.url_of("orchestrator"), http=http, settings=settings)
        for run in range(_WARM_UP + runs):
            order = {
                "analysis_id": new_id("an"),
                "query": f"{QUESTION} ({new_id('run')})",
                "session_id": new_id("se"),
            }
            begun = time.perf_counter()
            await client.call("analyze", order, timeout_s=60)
            taken = time.perf_counter() - begun
            if run == 0:
                await _check_chain(http, settings, order["analysis_id"])
            if run >= _WARM_UP:
                seconds.append(taken)
    return seconds


async def _check_chain(http: httpx.AsyncClient, settings: MeshSettings, analysis_id: str) -> None:
    analysis = (await http.get(f"{settings.url_of('orchestrator')}analyses/{analysis_id}")).json()
    done = [
        step["skill"] for step in analysis["steps"] if step["status"] == "completed" and not step["cached"]
    ]
    if done != [f"noop_{name}" for name in CHAIN]:
        raise RuntimeError(f"the chain ran {done}")


async def bare_calls(urls: list[str], runs: int) -> list[float]:
    """Seconds of each run of three bare calls in turn."""
    async with httpx.AsyncClient(timeout=30) as http:
        clients = await connect(http, urls)
        for _ in range(_WARM_UP):
            await call_in_turn(clients)
        return [await call_in_turn(clients) for _ in range(runs)]


def measure(runs: int) -> dict[str, Any]:
    """Runs everything on one mesh."""
    with own_settings() as settings, running(settings), tempfile.TemporaryDirectory() as folder:
        job = main_job(settings)
        with (
            serving_chain(Path(folder), settings),
            serving_bare(_BARE_PORTS_FROM + settings.port_offset) as bare_urls,
        ):
            chained = asyncio.run(noop_chain(settings, runs))
            bare = asyncio.run(bare_calls(bare_urls, runs))
    chain_ms, bare_ms = 1000 * statistics.median(chained), 1000 * statistics.median(bare)
    return {
        "main_job": job,
        "noop_chain": {
            "runs": runs,
            "mesh_median_ms": round(chain_ms, 2),
            "mesh_p95_ms": round(1000 * statistics.quantiles(chained, n=20)[-1], 2),
            "bare_median_ms": round(bare_ms, 2),
            "bare_p95_ms": round(1000 * statistics.quantiles(bare, n=20)[-1], 2),
            "ratio": round(chain_ms / bare_ms, 2),
            "mesh_minus_bare_per_step_ms": round((chain_ms - bare_ms) / len(CHAIN), 2),
        },
    }


def show(result: dict[str, Any]) -> None:
    """Prints the tables."""
    job, chain = result["main_job"], result["noop_chain"]
    rows = [
        (skill, f"{step['agent_s']:.3f}", f"{step['step_s']:.3f}", f"{step['step_s'] - step['agent_s']:.3f}")
        for skill, step in job["steps"].items()
    ]
    print_table(
        f"The main job on {SMALL_ROWS} rows, in seconds", ("step", "agent alone", "as a step", "more"), rows
    )
    print(
        f"end to end {job['end_to_end_s']} s - agents' longest path {job['agents_longest_path_s']} s = "
        f"{job['overhead_s']} s, {job['overhead_per_step_ms']} ms a step"
    )
    print_table(
        f"Three steps that do nothing, {chain['runs']} runs, in ms",
        ("how", "median", "p95"),
        [
            ("through the orchestrator", f"{chain['mesh_median_ms']:.1f}", f"{chain['mesh_p95_ms']:.1f}"),
            ("bare a2a-sdk, in turn", f"{chain['bare_median_ms']:.1f}", f"{chain['bare_p95_ms']:.1f}"),
        ],
    )
    print(f"ratio {chain['ratio']}, {chain['mesh_minus_bare_per_step_ms']} ms more per step")


def main() -> None:
    """Measures, prints the tables, writes results/overhead.json."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=30, help="measured runs of the chain (default 30)")
    parser.add_argument("--wait-quiet", type=float, default=0.0, help="wait so long for a load below 1.5")
    options = parser.parse_args()
    quiet = machine.wait_until_quiet(options.wait_quiet)
    facts = machine.facts() | {"quiet": quiet}
    result = measure(max(2, options.runs))
    show(result)
    write_result("overhead", {"machine": facts, **result})


if __name__ == "__main__":
    main()
