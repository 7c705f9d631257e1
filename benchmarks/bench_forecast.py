"""How far forecasts are from what came, beside the last season repeated, on public series; and how often the intervals held.

Usage: python benchmarks/bench_forecast.py [--out FILE] [NAME …]

The series are those inside statsmodels. The last fifth of each is held out. `rolling`: forecasts of the agent's usual horizon
from up to 4 origins spread over it, each from the past alone. `single`: one forecast of the whole fifth. `ratio` is the mean
absolute error over that of the seasonal naive method (the naive one for yearly data), so below 1 is better.
"""

import argparse
import json
import os
import platform
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from statsmodels import datasets  # noqa: E402

from agents.automl.forecaster import make_forecast  # noqa: E402
from agents.automl.outlook import Outlook, look_ahead  # noqa: E402
from agents.automl.series import RegularSeries  # noqa: E402

RESULTS = ROOT / "benchmarks/results/forecast.json"
BUDGET_S = 2.0
ORIGINS = 4
LEVELS = (0.80, 0.95)


def public_series() -> Iterator[tuple[str, pd.Series]]:
    """Name and values, indexed by the start of the period, without gaps."""
    co2 = datasets.co2.load_pandas().data["co2"]
    for name, frequency in (("co2_monthly", "MS"), ("co2_weekly", "W-MON")):
        yield name, co2.resample(frequency).mean().interpolate()
    elnino = datasets.elnino.load_pandas().data.set_index("YEAR").to_numpy(dtype=float).ravel()
    yield "elnino", _series(elnino[np.isfinite(elnino)], "1950", "MS")
    yield "sunspots", _series(datasets.sunspots.load_pandas().data["SUNACTIVITY"], "1700", "YS")
    yield "nile", _series(datasets.nile.load_pandas().data["volume"], "1871", "YS")
    macro = datasets.macrodata.load_pandas().data.drop(columns=["year", "quarter"])
    for column in macro:
        yield f"macro_{column}", _series(macro[column], "1959", "QS")
    copper = datasets.copper.load_pandas().data
    for column in ("WORLDCONSUMPTION", "COPPERPRICE"):
        yield f"copper_{column.lower()}", _series(copper[column], "1951", "YS")


def _series(values: Any, start: str, frequency: str) -> pd.Series:
    known = np.asarray(values, dtype=float)
    return pd.Series(known, index=pd.date_range(start, periods=len(known), freq=frequency))


def _frequency(values: pd.Series) -> str:
    return str(pd.DatetimeIndex(values.index).freqstr).removesuffix("-JAN")


def measure(values: pd.Series, lengths: list[int], steps: int) -> dict[str, Any]:
    """Error against the seasonal naive method and the share inside the intervals, over forecasts after each of `lengths`."""
    frequency = _frequency(values)
    errors, naive, seconds = [], [], []
    inside: dict[float, list[float]] = {level: [] for level in LEVELS}
    winners = []
    for length in lengths:
        series = RegularSeries(values.iloc[:length], frequency, "mean")
        actual = values.iloc[length : length + steps].to_numpy()
        started = time.monotonic()
        made = make_forecast(series, Outlook(steps), seed=1, deadline=started + BUDGET_S)
        seconds.append(time.monotonic() - started)
        error = np.abs(made.mean - actual)
        errors.append(error.mean())
        naive.append(
            np.abs(np.resize(series.values.to_numpy()[-max(series.season, 1) :], steps) - actual).mean()
        )
        winners.append(made.contest.winner.name)
        for level in LEVELS:
            inside[level].append(float(np.mean(error <= made.half[level])))
    return {
        "steps": steps,
        "forecasts": len(lengths),
        "ratio": round(float(np.mean(errors) / np.mean(naive)), 3),
        "coverage_80": round(float(np.mean(inside[0.80])), 3),
        "coverage_95": round(float(np.mean(inside[0.95])), 3),
        "winners": sorted(set(winners)),
        "seconds": round(max(seconds), 2),
    }


def measure_series(values: pd.Series) -> dict[str, dict[str, Any]]:
    """Both ways of holding out the last fifth."""
    length = len(values)
    held = length // 5
    frequency = _frequency(values)
    steps = min(look_ahead("", RegularSeries(values, frequency, "mean"), "en").steps, held)
    origins = np.unique(np.linspace(length - held, length - steps, ORIGINS).round().astype(int))
    single = min(held, 400)
    return {
        "rolling": measure(values, origins.tolist(), steps),
        "single": measure(values, [length - held], single),
    }


def summarize(results: dict[str, dict[str, dict[str, Any]]]) -> dict[str, dict[str, float]]:
    """Means over series, and the worst ratio, of each way."""
    summary = {}
    for way in ("rolling", "single"):
        rows = [result[way] for result in results.values()]
        summary[way] = {
            "mean_ratio": round(float(np.mean([row["ratio"] for row in rows])), 3),
            "worst_ratio": max(row["ratio"] for row in rows),
            "coverage_80": round(float(np.mean([row["coverage_80"] for row in rows])), 3),
            "coverage_95": round(float(np.mean([row["coverage_95"] for row in rows])), 3),
            "longest_s": max(row["seconds"] for row in rows),
        }
    return summary


def main() -> None:
    """Measure, print a line per series, save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--out", type=Path, default=RESULTS)
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    results = {}
    for name, values in public_series():
        if given.names and name not in given.names:
            continue
        results[name] = measure_series(values)
        for way, row in results[name].items():
            print(
                f"{name:24s} {way:8s} {row['ratio']:.3f}  {row['coverage_80']:.2f} {row['coverage_95']:.2f}"
                f"  {row['seconds']:5.1f} s  {', '.join(row['winners'])}",
                flush=True,
            )
    summary = summarize(results)
    print(json.dumps(summary, indent=1))
    if not given.names:
        made = {"python": platform.python_version(), "summary": summary, "series": results}
        given.out.write_text(json.dumps(made, indent=1) + "\n")


if __name__ == "__main__":
    main()
