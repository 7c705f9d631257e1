"""How fast the quality agent profiles and assesses a table of twenty columns, beside skrub's TableReport, and in how much memory.

Usage: python benchmarks/bench_profile.py [--rows N] [--large N] [--wait-quiet SECONDS]

Every measurement is a process of its own that reads the same Parquet file; its peak memory is the process's whole resident set.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measuring import machine
from benchmarks.measuring.results import print_table, write_result

CHUNK = 1_000_000
MEANING = {
    "order_id": "identifier",
    "customer": "identifier",
    "day": "date",
    "city": "category",
    "region": "category",
    "quantity": "count",
    "price": "intensive",
    "total": "measure",
    "channel": "category",
    "paid": "boolean",
    "note": "text",
    "grade": "category",
}


def make_table(path: Path, rows: int) -> None:
    """Writes twenty columns: numbers with and without gaps, counts, codes, categories, a date, a text, a flag."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng, writer = np.random.default_rng(1), None
    for start in range(0, rows, CHUNK):
        n = min(CHUNK, rows - start)
        city, quantity, price = (
            rng.integers(0, 200, n),
            rng.integers(1, 20, n),
            np.round(rng.gamma(3, 10, n), 2),
        )
        columns = {
            "order_id": np.arange(start, start + n),
            "customer": [f"C{number:07d}" for number in rng.integers(0, 300_000, n)],
            "day": np.datetime64("2020-01-01") + rng.integers(0, 1500, n),
            "city": [f"City {number}" for number in city],
            "region": [f"Region {number % 10}" for number in city],
            "quantity": quantity,
            "price": price,
            "total": np.round(quantity * price, 2),
            "channel": rng.choice(["web", "store", "phone"], n),
            "paid": rng.random(n) < 0.9,
            **{f"m{i}": np.where(rng.random(n) < 0.01, np.nan, rng.normal(50, 9, n)) for i in range(6)},
            **{f"k{i}": rng.poisson(5, n) for i in range(2)},
            "note": [f"note {number}" for number in rng.integers(0, 5000, n)],
            "grade": rng.choice(list("ABCDE"), n),
        }
        table = pa.table({name: pa.array(values) for name, values in columns.items()})
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    assert writer is not None
    writer.close()


def profile(path: Path) -> None:
    """The profile of every column, over all rows."""
    from agents.quality.profiles import profile_of
    from agents.quality.tables import read_table

    list(read_table(path, []).each(profile_of))


def assess(path: Path) -> None:
    """The whole assessment with all its files."""
    import datetime as dt

    import pyarrow.parquet as pq

    from agents.quality.assessment import assess_into
    from mesh.results import Column

    columns = [
        Column.model_validate({"name": n, "type": "string", "semantic": MEANING.get(n, "measure")})
        for n in pq.read_schema(path).names
    ]
    with tempfile.TemporaryDirectory() as folder:
        assess_into(Path(folder), path, columns, "en", 5, dt.date(2026, 1, 1))


def peer(path: Path) -> None:
    """skrub's report of the same table, with its defaults."""
    import pandas as pd
    from skrub import TableReport

    TableReport(pd.read_parquet(path), verbose=0).html()


WORK = {"profile": profile, "assessment": assess, "skrub TableReport": peer}


def measured(work: str, path: Path) -> dict[str, float]:
    """Seconds, processor seconds and peak memory of one piece of work in a process of its own, imports left out."""
    done = subprocess.run(
        [sys.executable, __file__, "--work", work, str(path)], capture_output=True, check=True
    )
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def work_once(work: str, path: Path) -> None:
    """Does one piece of work on a small table to warm up and on the table itself to measure; prints the measurement."""
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "small.parquet"
        make_table(small, 1000)
        WORK[work](small)
    begun, spent = time.perf_counter(), time.process_time()
    WORK[work](path)
    print(
        json.dumps(
            {
                "seconds": round(time.perf_counter() - begun, 2),
                "cpu_seconds": round(time.process_time() - spent, 2),
                "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
            }
        )
    )


def main() -> None:
    """Measures, prints the table, writes results/profile.json."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the table that all read")
    parser.add_argument(
        "--large", type=int, default=10_000_000, help="rows of the agent's own table; 0 for none"
    )
    parser.add_argument("--wait-quiet", type=float, default=0.0, help="wait so long for a load below 1.5")
    parser.add_argument("--work", nargs=2, metavar=("WORK", "PATH"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        work_once(options.work[0], Path(options.work[1]))
        return
    quiet = machine.wait_until_quiet(options.wait_quiet)
    facts = machine.facts() | {"quiet": quiet}
    results: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.parquet"
        make_table(path, options.rows)
        for work in WORK:
            results[f"{work}, {options.rows:,} rows"] = measured(work, path)
        if options.large:
            make_table(path, options.large)
            for work in ("profile", "assessment"):
                results[f"{work}, {options.large:,} rows"] = measured(work, path)
    print_table(
        "A table of 20 columns",
        ("work", "seconds", "CPU seconds", "peak MB"),
        [(name, r["seconds"], r["cpu_seconds"], r["peak_mb"]) for name, r in results.items()],
    )
    write_result("profile", {"machine": facts, "columns": 20, "results": results})


if __name__ == "__main__":
    main()
