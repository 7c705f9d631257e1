"""How long an exploration takes, beside what pandas itself needs for its summaries and skrub for its report.

Usage: python benchmarks/bench_eda.py [--rows N] [--alone] [--out FILE]

One table of 20 columns (a date, 9 numbers, 10 categories) made from a seed; each is measured once, in a process that has
imported its libraries, with the peak of its memory. On a busy machine the processor seconds are the fairer number. The
floor does far less: describe, correlations, counts of values. With `--alone` only the exploration is measured, for tables that
the others cannot hold. Results are kept by the number of rows.
"""

import argparse
import importlib
import json
import multiprocessing
import platform
import re
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

from mesh.results import Column  # noqa: E402

RESULTS = ROOT / "benchmarks/results/eda.json"
CHUNK = 1_000_000
COLUMNS = [
    Column(name="date", type="date", semantic="date"),
    Column(name="revenue", type="number", semantic="measure"),
    *(Column(name=f"number_{i}", type="number", semantic="intensive") for i in range(8)),
    *(Column(name=f"category_{i}", type="string", semantic="category") for i in range(10)),
]


def write_table(path: Path, rows: int) -> None:
    """The table as Parquet, made and written a million rows at a time."""
    schema = pa.Table.from_pandas(make_table(1), preserve_index=False).schema
    with pq.ParquetWriter(path, schema) as writer:
        for start in range(0, rows, CHUNK):
            frame = make_table(min(CHUNK, rows - start), seed=7 + start)
            writer.write_table(pa.Table.from_pandas(frame, schema, preserve_index=False))


def make_table(rows: int, seed: int = 7) -> pd.DataFrame:
    """The table: effects in some columns, noise in the others."""
    rng = np.random.default_rng(seed)
    frame: dict[str, Any] = {
        "date": pd.Timestamp("2021-01-01") + pd.to_timedelta(rng.integers(0, 1461, rows), unit="D")
    }
    categories = {f"category_{i}": rng.integers(0, 3 + 2 * i, rows) for i in range(10)}
    frame["revenue"] = rng.gamma(2, 50, rows) * (1 + 0.1 * categories["category_0"])
    frame |= {f"number_{i}": rng.normal(i, 1, rows) + 0.002 * i * frame["revenue"] for i in range(8)}
    frame |= {name: np.char.add("level ", codes.astype(str)) for name, codes in categories.items()}
    return pd.DataFrame(frame)


def explore_it(path: Path) -> None:
    """The agent's exploration, page and all."""
    from agents.eda.service import explore

    explore(path, COLUMNS, "Analyse the data", "en", path.with_suffix(".html"))


def floor(path: Path) -> None:
    """What pandas does alone: describe, Pearson and Spearman correlations, counts of values."""
    frame = pd.read_parquet(path)
    frame.describe(include="all")
    numbers = frame.select_dtypes("number")
    numbers.corr()
    numbers.corr("spearman")
    for name in frame.columns.difference(numbers.columns):
        frame[name].value_counts()


def skrub_report(path: Path) -> None:
    """skrub's TableReport, plots and associations included."""
    report = importlib.import_module("skrub").TableReport(pd.read_parquet(path), verbose=0)
    report.html()


def measure(work: Callable[[Path], None], path: Path, small: Path) -> dict[str, float]:
    """Seconds, processor seconds and peak memory of `work` on `path`, after a run on `small` has imported everything."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=_run, args=(work, path, small, queue))
    process.start()
    found: dict[str, float] = queue.get(timeout=1800)
    process.join()
    return found


def _run(work: Callable[[Path], None], path: Path, small: Path, queue: Any) -> None:
    work(small)
    start, cpu = time.perf_counter(), time.process_time()
    work(path)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]
    queue.put({"seconds": round(seconds, 2), "cpu_seconds": round(cpu, 2), "peak_mb": round(peak)})


def main() -> None:
    """Measures, prints, writes the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--out", type=Path, default=RESULTS)
    given = parser.parse_args()
    works = {"exploration": explore_it}
    if not given.alone:
        works |= {"pandas floor": floor, "skrub TableReport": skrub_report}
    with tempfile.TemporaryDirectory() as folder:
        path, small = Path(folder) / "table.parquet", Path(folder) / "small.parquet"
        write_table(path, given.rows)
        write_table(small, 2000)
        measured = {name: measure(work, path, small) for name, work in works.items()}
    known = json.loads(given.out.read_text(encoding="utf-8")) if given.out.exists() else {}
    by_rows = known.get("by_rows", {}) | {str(given.rows): measured}
    found = {"columns": len(COLUMNS), "python": platform.python_version(), "by_rows": by_rows}
    print(json.dumps(measured, indent=2))
    given.out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
