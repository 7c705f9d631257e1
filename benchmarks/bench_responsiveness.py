"""How soon services answer `/health` while agents load, check, explore and draw a large table; beside the same mesh when idle.

Usage: python benchmarks/bench_responsiveness.py [--rows N] [--wait-quiet SECONDS]
"""

import argparse
import asyncio
import os
import sys
import time
from pathlib import Path

import httpx
import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measuring import machine
from benchmarks.measuring.meshes import own_settings, running
from benchmarks.measuring.results import print_table, write_result
from mesh.settings import MeshSettings

SERVICES = ("gateway", "orchestrator", "ingestion", "quality", "eda", "visualization", "storage")
QUESTION = "Analyse the data"
SEED = 8201
_PROBE_EVERY_S = 0.01
_IDLE_S = 10.0
_MOST_S = 900.0


def write_table(path: Path, rows: int) -> None:
    """A CSV of `rows` days of sales by product and region with eight columns; the same for the same `rows`."""
    random = np.random.default_rng(SEED)
    days = np.datetime64("2020-01-01") + (np.arange(rows) * 1500 // rows).astype("timedelta64[D]")
    table = pa.table(
        {
            "date": days,
            "region": random.choice(["Seoul", "Busan", "Daegu", "Incheon"], rows),
            "product": random.choice([f"P{number:03}" for number in range(200)], rows),
            "channel": random.choice(["online", "shop"], rows),
            "quantity": random.poisson(4, rows),
            "price": random.lognormal(3, 0.4, rows).round(2),
            "discount": random.choice([0.0, 0.05, 0.1, 0.2], rows),
            "revenue": random.lognormal(4, 0.6, rows).round(2),
        }
    )
    pacsv.write_csv(table, path)


async def probe(http: httpx.AsyncClient, url: str, done: asyncio.Event) -> list[float]:
    """Seconds that each answer to `/health` took, asked again 10 ms after the last, until `done`."""
    taken: list[float] = []
    while not done.is_set():
        begun = time.perf_counter()
        answer = await http.get(f"{url}health")
        taken.append(time.perf_counter() - begun)
        answer.raise_for_status()
        await asyncio.sleep(_PROBE_EVERY_S)
    return taken


async def probed(settings: MeshSettings, work: "asyncio.Future[None]") -> dict[str, list[float]]:
    """The probes of every service while `work` goes on."""
    done = asyncio.Event()
    async with httpx.AsyncClient(timeout=30, trust_env=False) as http:
        probes = {name: asyncio.create_task(probe(http, settings.url_of(name), done)) for name in SERVICES}
        await work
        done.set()
        return {name: await task for name, task in probes.items()}


async def analyse(settings: MeshSettings, data: str) -> None:
    """Asks for an analysis and waits for its end. Raises: RuntimeError when it does not complete."""
    async with httpx.AsyncClient(timeout=_MOST_S, trust_env=False) as http:
        answer = await http.post(
            f"{settings.url_of('gateway')}analyze", json={"query": QUESTION, "data": data}
        )
        if answer.json().get("status") != "completed":
            raise RuntimeError(answer.text[:2000])


def quantiles_ms(taken: list[float]) -> dict[str, float | int]:
    """Number of answers, median, 99th percentile and the slowest, in milliseconds."""
    p50, p99, slowest = (float(np.quantile(taken, share)) * 1000 for share in (0.5, 0.99, 1.0))
    return {
        "answers": len(taken),
        "p50_ms": round(p50, 2),
        "p99_ms": round(p99, 2),
        "max_ms": round(slowest, 1),
    }


def measure(rows: int) -> dict[str, object]:
    """Idle for 10 s, then busy for as long as the analysis takes, in one mesh."""
    with own_settings() as own:
        folder = own.home.parent / "data"
        folder.mkdir(parents=True)
        path = folder / "large.csv"
        write_table(path, rows)
        os.environ["MESH_DATA_DIRS"] = str(folder)
        with running(own) as mesh:
            idle = asyncio.run(probed_for(mesh.settings, _IDLE_S))
            begun = time.perf_counter()
            busy = asyncio.run(probed_during(mesh.settings, path.name))
            seconds = time.perf_counter() - begun
        size = path.stat().st_size
    return {
        "rows": rows,
        "bytes": size,
        "analysis_s": round(seconds, 1),
        "idle": {name: quantiles_ms(taken) for name, taken in idle.items()},
        "busy": {name: quantiles_ms(taken) for name, taken in busy.items()},
    }


async def probed_for(settings: MeshSettings, seconds: float) -> dict[str, list[float]]:
    """The probes of an idle mesh."""
    return await probed(settings, asyncio.ensure_future(asyncio.sleep(seconds)))


async def probed_during(settings: MeshSettings, data: str) -> dict[str, list[float]]:
    """The probes of a mesh that analyses the file."""
    return await probed(settings, asyncio.ensure_future(analyse(settings, data)))


def main() -> None:
    """Measures, prints the table, writes results/responsiveness.json."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, default=3_000_000, help="rows of the table (default 3,000,000)")
    parser.add_argument("--wait-quiet", type=float, default=0.0, help="wait so long for a load below 1.5")
    options = parser.parse_args()
    quiet = machine.wait_until_quiet(options.wait_quiet)
    facts = machine.facts() | {"quiet": quiet}
    result = measure(options.rows)
    idle, busy = result["idle"], result["busy"]
    assert isinstance(idle, dict)
    assert isinstance(busy, dict)
    rows = [
        (
            name,
            idle[name]["p50_ms"],
            idle[name]["p99_ms"],
            busy[name]["p50_ms"],
            busy[name]["p99_ms"],
            busy[name]["max_ms"],
        )
        for name in SERVICES
    ]
    heads = ("service", "idle p50 ms", "idle p99 ms", "busy p50 ms", "busy p99 ms", "busy max ms")
    print_table(
        f"/health during an analysis of {options.rows:,} rows ({result['analysis_s']} s)", heads, rows
    )
    write_result("responsiveness", {"machine": facts, **result})


if __name__ == "__main__":
    main()
