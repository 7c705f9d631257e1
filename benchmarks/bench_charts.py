"""What a chart of ten million rows takes, beside the same aggregate in plain DuckDB.

Usage: python benchmarks/bench_charts.py [--rows N] [--runs N] [--wait-quiet SECONDS]
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measuring import machine
from benchmarks.measuring.results import print_table, write_result
from mesh.results import Column

COLUMNS = (
    ("sold_at", "datetime", "date"),
    ("region", "string", "geo"),
    ("product", "string", "category"),
    ("channel", "string", "category"),
    ("unit_price", "number", "intensive"),
    ("quantity", "integer", "count"),
    ("revenue", "number", "measure"),
)
MAKE = """COPY (
    SELECT TIMESTAMP '2021-01-01' + to_seconds(CAST(i * {step} AS BIGINT)) AS sold_at, 'region ' || (hash(i) % 8) AS region,
        'product ' || (hash(i + 1) % 200) AS product, ['web', 'store', 'phone'][CAST(1 + hash(i + 2) % 3 AS INTEGER)] AS channel,
        5 + (hash(i + 3) % 9000) / 100.0 AS unit_price, CAST(1 + hash(i + 4) % 9 AS INTEGER) AS quantity,
        unit_price * quantity AS revenue
    FROM range({rows}) AS t(i)
) TO '{path}' (FORMAT parquet)"""
CHARTS = {
    "bars by region": ("bar chart of revenue by region", "SELECT region, sum(revenue) FROM t GROUP BY 1"),
    "months by channel": (
        "monthly revenue by channel as lines",
        "SELECT date_trunc('month', sold_at), channel, sum(revenue) FROM t GROUP BY 1, 2",
    ),
    "histogram": (
        "histogram of revenue",
        "SELECT least(39, CAST(floor(revenue / 21) AS INTEGER)), count(*) FROM t GROUP BY 1",
    ),
    "boxes": (
        "box plot of revenue by channel",
        "SELECT channel, quantile_cont(revenue, [0.25, 0.5, 0.75]) FROM t GROUP BY 1",
    ),
    "scatter": (
        "scatter of revenue against unit price",
        "SELECT CAST(unit_price / 2 AS INTEGER), CAST(revenue / 27 AS INTEGER), count(*) FROM t GROUP BY 1, 2",
    ),
    "weekday by hour": (
        "heat map of revenue by weekday and hour",
        "SELECT isodow(sold_at), hour(sold_at), sum(revenue) FROM t GROUP BY 1, 2",
    ),
}


def make_rows(path: Path, rows: int) -> None:
    """Four years of sales in a Parquet file, the same every time."""
    import duckdb

    duckdb.connect().execute(MAKE.format(rows=rows, path=path, step=4 * 365 * 86_400 / rows))


def measure(path: Path, name: str, runs: int) -> dict[str, Any]:
    """Seconds of one chart and of its floor, the median of `runs`, and this process's peak memory."""
    import duckdb

    from agents.visualization.service import Order, draw

    goal, floor = CHARTS[name]
    columns = [Column.model_validate({"name": n, "type": t, "semantic": s}) for n, t, s in COLUMNS]
    chart_s, floor_s, size = [], [], 0
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(runs + 1):
            begun = time.perf_counter()
            (drawing,) = draw(Order(path, columns, goal, "en", "sales", {}, Path(folder), 7))
            chart_s.append(time.perf_counter() - begun)
            size = len(json.dumps(drawing.data))
            begun = time.perf_counter()
            duckdb.connect().execute(floor.replace("FROM t", f"FROM '{path}'")).fetchall()
            floor_s.append(time.perf_counter() - begun)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "chart": name,
        "question": goal,
        "chart_s": round(statistics.median(chart_s[1:]), 3),
        "floor_s": round(statistics.median(floor_s[1:]), 3),
        "data_kb": round(size / 1000, 1),
        "peak_mb": round(peak_mb),
    }


def main() -> None:
    """Measures every chart in a process of its own and writes `results/charts.json`."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--wait-quiet", type=float, default=60.0, metavar="SECONDS")
    parser.add_argument("--one", nargs=2, metavar=("PATH", "CHART"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(Path(options.one[0]), options.one[1], options.runs)))
        return
    quiet = machine.wait_until_quiet(options.wait_quiet)
    facts = machine.facts() | {"quiet": quiet}
    with tempfile.TemporaryDirectory(prefix="mesh-bench-") as folder:
        path = Path(folder) / "sales.parquet"
        make_rows(path, options.rows)
        measured = []
        for name in CHARTS:
            command = [sys.executable, __file__, "--runs", str(options.runs), "--one", str(path), name]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            measured.append(json.loads(done.stdout))
    rows = [[m["chart"], m["chart_s"], m["floor_s"], m["data_kb"], m["peak_mb"]] for m in measured]
    title = f"Charts of {options.rows:,} rows: from the question to PNG and page, beside the bare aggregate"
    print_table(title, ["chart", "chart s", "aggregate s", "data kB", "peak MB"], rows)
    write_result("charts", {"machine": facts, "rows": options.rows, "runs": options.runs, "charts": measured})


if __name__ == "__main__":
    main()
