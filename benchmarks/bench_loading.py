"""How long loading a large CSV takes, beside DuckDB copying the same file to Parquet, each in a process of its own.

Usage: python benchmarks/bench_loading.py [--gb SIZE] [--runs N] [--wait-quiet SECONDS]
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measuring import machine
from benchmarks.measuring.results import print_table, write_result

_CHUNK_ROWS = 500_000
_TEN_SECONDS = 10
_ROWS_PER_DAY = 86_400 // _TEN_SECONDS


def write_orders(path: Path, size_bytes: int) -> int:
    """Writes orders as CSV, twelve columns of every usual type, of about `size_bytes`; the number of rows."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.csv as pacsv

    chance = np.random.default_rng(7)
    cities = np.array(["Seoul", "Busan", "Incheon", "Daegu", "Daejeon", "Gwangju", "Ulsan", "Suwon", "Jeju"])
    start, rows = np.datetime64("2020-01-01T00:00:00", "s"), 0
    with path.open("wb") as out:
        while out.tell() < size_bytes:
            at = np.arange(rows, rows + _CHUNK_ROWS)
            days = np.datetime64("2020-01-01", "D") + (at // _ROWS_PER_DAY).astype("timedelta64[D]")
            table = pa.table(
                {
                    "order_id": at + 1_000_001,
                    "ordered_at": pa.array(start + at.astype("timedelta64[s]") * _TEN_SECONDS).cast(
                        pa.string()
                    ),
                    "day": pa.array(days),
                    "city": chance.choice(cities, _CHUNK_ROWS),
                    "product": pa.array([f"Product {n:03d}" for n in chance.integers(0, 200, _CHUNK_ROWS)]),
                    "customer": pa.array([f"C{n:07d}" for n in chance.integers(0, 3_000_000, _CHUNK_ROWS)]),
                    "quantity": chance.integers(1, 20, _CHUNK_ROWS),
                    "price": np.round(chance.gamma(3, 20, _CHUNK_ROWS), 2),
                    "discount": np.round(chance.random(_CHUNK_ROWS) * 0.3, 3),
                    "revenue": np.round(chance.gamma(4, 60, _CHUNK_ROWS), 2),
                    "returned": chance.choice(["true", "false"], _CHUNK_ROWS),
                    "note": pa.array([f"by courier {n}" for n in chance.integers(0, 100_000, _CHUNK_ROWS)]),
                }
            )
            pacsv.write_csv(table, out, pacsv.WriteOptions(include_header=rows == 0, quoting_style="none"))
            rows += _CHUNK_ROWS
    return rows


def load(source: Path, folder: Path) -> int:
    """The ingestion agent's whole load: types, meanings, keys, the account of every row; the rows loaded."""
    from agents.ingestion.contract import NamedFile, Options
    from agents.ingestion.loading import load_files

    files = [NamedFile(source, source.name)]
    loaded = load_files(files, source.name, folder / "mesh.parquet", folder, Options(), "en")
    account = loaded.report["rows"]
    if not account["read"] == account["loaded"] == loaded.rows:
        raise RuntimeError(f"the account does not add up: {account}")
    return loaded.rows


def copy(source: Path, folder: Path) -> int:
    """DuckDB's own reading of the file into Parquet with the same compression; the rows copied."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        target = folder / "duckdb.parquet"
        row = connection.execute(
            f"COPY (SELECT * FROM read_csv('{source}')) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
        ).fetchone()
    return int(row[0]) if row else 0


WAYS: dict[str, Callable[[Path, Path], int]] = {"mesh": load, "duckdb": copy}


def run_here(way: str, source: Path) -> dict[str, Any]:
    """One measured run in this process: seconds, processor seconds, peak memory, rows."""
    with tempfile.TemporaryDirectory(dir=source.parent) as folder:
        begun = time.perf_counter()
        rows = WAYS[way](source, Path(folder))
        seconds = time.perf_counter() - begun
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 2),
        "peak_rss_mb": used.ru_maxrss // 1024,
        "rows": rows,
    }


def run_apart(way: str, source: Path) -> dict[str, Any]:
    """One measured run in a process of its own."""
    command = [sys.executable, __file__, "--run", way, "--source", str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def measure(gigabytes: float, runs: int) -> dict[str, Any]:
    """Both ways in turn, `runs` times each, on one generated file."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "orders.csv"
        rows = write_orders(source, int(gigabytes * 2**30))
        size = source.stat().st_size
        measured: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS}
        for _ in range(runs):
            for way in WAYS:
                measured[way].append(run_apart(way, source))
    for way, results in measured.items():
        if any(result["rows"] != rows for result in results):
            raise RuntimeError(f"{way} did not read {rows} rows: {results}")
    median = {way: statistics.median(r["seconds"] for r in results) for way, results in measured.items()}
    cpu = {way: statistics.median(r["cpu_seconds"] for r in results) for way, results in measured.items()}
    return {
        "bytes": size,
        "rows": rows,
        "runs": measured,
        "ratio": round(median["mesh"] / median["duckdb"], 2),
        "cpu_ratio": round(cpu["mesh"] / cpu["duckdb"], 2),
    }


def show(result: dict[str, Any]) -> None:
    """Prints the table."""
    rows = [
        (
            way,
            *(
                f"{statistics.median(r[key] for r in runs):,.2f}"
                for key in ("seconds", "cpu_seconds", "peak_rss_mb")
            ),
        )
        for way, runs in result["runs"].items()
    ]
    title = f"A CSV of {result['bytes'] / 1e9:.2f} GB with {result['rows']:,} rows, medians"
    print_table(title, ("how", "seconds", "CPU seconds", "peak MB"), rows)
    print(f"ratio {result['ratio']}, of CPU seconds {result['cpu_ratio']}")


def main() -> None:
    """Measures, prints the table, writes results/loading.json."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--gb", type=float, default=1.0, help="size of the file in GiB (default 1)")
    parser.add_argument("--runs", type=int, default=3, help="measured runs of each (default 3)")
    parser.add_argument("--wait-quiet", type=float, default=0.0, help="wait so long for a load below 1.5")
    parser.add_argument("--run", choices=list(WAYS), help=argparse.SUPPRESS)
    parser.add_argument("--source", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        print(json.dumps(run_here(options.run, options.source)))
        return
    quiet = machine.wait_until_quiet(options.wait_quiet)
    facts = machine.facts() | {"quiet": quiet}
    result = measure(options.gb, options.runs)
    show(result)
    write_result("loading" if options.gb <= 1 else f"loading_{options.gb:g}gb", {"machine": facts, **result})


if __name__ == "__main__":
    main()
