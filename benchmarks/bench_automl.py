"""Training for a fixed time beside H2O AutoML alone for the same time: scores on one hold-out, and the seconds really taken.

Usage: python benchmarks/bench_automl.py [--budget SECONDS] [NAME …]

The data sets are those inside scikit-learn. Both learn from the same training rows and are scored on the same hold-out, one after
the other on the same cluster. H2O alone runs with its own defaults, all its algorithms and 5 folds; its leader is scored.
`digits` is every second row.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pandas as pd  # noqa: E402
from sklearn import datasets  # noqa: E402

from agents.automl.choice import choose  # noqa: E402
from agents.automl.framing import build_problem  # noqa: E402
from agents.automl.h2o_session import h2o_session  # noqa: E402
from agents.automl.h2o_training import H2OPredictor  # noqa: E402
from agents.automl.jobs import train  # noqa: E402
from agents.automl.order import Order  # noqa: E402
from agents.automl.problem import Problem  # noqa: E402
from agents.automl.scores import metric_score  # noqa: E402
from benchmarks.measuring import machine, results  # noqa: E402
from mesh.h2o.address import H2OAddress  # noqa: E402
from mesh.h2o.cluster import H2OCluster  # noqa: E402
from mesh.results import Column  # noqa: E402

MEMORY, SEED = "2g", 1


def public_tables() -> Iterator[tuple[str, pd.DataFrame]]:
    """Name and table with the column `target`: words for classes, numbers else."""
    for name in ("breast_cancer", "wine", "iris", "digits", "diabetes"):
        loaded = getattr(datasets, f"load_{name}")(as_frame=True)
        table = loaded.frame.iloc[:: 2 if name == "digits" else 1].reset_index(drop=True)
        if name != "diabetes":
            table["target"] = [f"class {code}" for code in table["target"]]
        yield name, table


def order_of(table: pd.DataFrame, folder: Path, project: str, budget_s: float, h2o: H2OAddress) -> Order:
    """A training as the agent orders it."""
    path = folder / "table.parquet"
    table.to_parquet(path, index=False)
    columns = [
        Column(
            name=str(name),
            type="string" if table[name].dtype.kind in "OU" or str(table[name].dtype) == "str" else "number",
            semantic="category" if name == "target" else "measure",
        )
        for name in table.columns
    ]
    choice = choose("predict the target", table, columns, "en", target="target")
    return Order(path, columns, "predict the target", "en", choice, folder, project, budget_s, SEED, h2o=h2o)


def h2o_alone(problem: Problem, order: Order) -> tuple[float, float]:
    """The hold-out score of H2O AutoML's leader after the budget, and the seconds taken with loading and scoring."""
    started = time.monotonic()
    assert order.h2o is not None
    with h2o_session(order.h2o, order.project, order.folder) as session:
        from h2o.automl import H2OAutoML

        types = dict.fromkeys(problem.train.columns, "numeric")
        target = [f"c{int(v)}" for v in problem.train_target] if problem.classes else problem.train_target
        rows = session.upload(
            problem.train.assign(target=target), types | {"target": "enum" if problem.classes else "numeric"}
        )
        automl = H2OAutoML(max_runtime_secs=round(order.budget_s), seed=SEED, nfolds=5, verbosity=None)
        automl.train(y="target", training_frame=rows)
        made = H2OPredictor(session, automl.leader, types, len(problem.classes)).predict(problem.test)
    return metric_score(problem.metric, problem.test_target, made), time.monotonic() - started


def measure(name: str, table: pd.DataFrame, budget_s: float, h2o: H2OAddress) -> dict[str, Any]:
    """Both on one table."""
    with tempfile.TemporaryDirectory() as place:
        order = order_of(table, Path(place), f"b{name}", budget_s, h2o)
        problem = build_problem(order)
        started = time.monotonic()
        trained = train(order, lambda *_: None)
        seconds = time.monotonic() - started
        alone, alone_s = h2o_alone(problem, order_of(table, Path(place), f"h{name}", budget_s, h2o))
    metric, best = trained.model["metric"], trained.model["best"]
    bounds = trained.model["interval"]
    return {
        "rows": len(table),
        "metric": metric,
        "mesh": round(best[metric], 4),
        "mesh_interval": [round(bounds["lower"], 4), round(bounds["upper"], 4)],
        "mesh_model": best["model"],
        "mesh_seconds": round(seconds, 1),
        "h2o_alone": round(alone, 4),
        "h2o_seconds": round(alone_s, 1),
        "better_or_equal": best[metric] >= alone if metric == "auc" else best[metric] <= alone,
    }


async def main() -> None:
    """Measure, print a table, save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--budget", type=float, default=30.0)
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    before, rows = machine.facts(), {}
    with tempfile.TemporaryDirectory() as home:
        cluster = H2OCluster(Path(home), memory=MEMORY)
        try:
            async with cluster.lease("bench") as address:
                for name, table in public_tables():
                    if not given.names or name in given.names:
                        rows[name] = await asyncio.to_thread(measure, name, table, given.budget, address)
                        print(name, json.dumps(rows[name]), flush=True)
        finally:
            await cluster.stop()
    results.print_table(
        f"{given.budget:g} s each",
        ["data", "metric", "mesh", "H2O alone", "mesh s", "H2O s", "model"],
        [
            [n, r["metric"], r["mesh"], r["h2o_alone"], r["mesh_seconds"], r["h2o_seconds"], r["mesh_model"]]
            for n, r in rows.items()
        ],
    )
    if not given.names:
        results.write_result("automl", {"machine": before, "budget_s": given.budget, "tables": rows})


if __name__ == "__main__":
    asyncio.run(main())
