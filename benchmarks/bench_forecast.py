"""How far forecasts are from what came, beside the last season repeated, on public series; and how often the intervals held.

Usage: python benchmarks/bench_forecast.py [--out FILE] [NAME …]

The series are those inside statsmodels. The last fifth of each is held out. `rolling`: forecasts of the agent's usual horizon
from up to 4 origins spread over it, each from the past alone. `single`: one forecast of the whole fifth. `ratio` is the mean
absolute error over that of the seasonal naive method (the naive one for yearly data), so below 1 is better; MASE is scaled
by the seasonal naive error within the history. The rules were set on `DEVELOPED` and on simulated series; the others were not
looked at meanwhile, and are summed up apart.
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

from agents.automl.accuracy import naive_scale  # noqa: E402
from agents.automl.forecaster import make_forecast  # noqa: E402
from agents.automl.outlook import Outlook, look_ahead  # noqa: E402
from agents.automl.series import RegularSeries  # noqa: E402

RESULTS = ROOT / "benchmarks/results/forecast.json"
BUDGET_S = 1.4
ORIGINS = 4
LEVELS = (0.80, 0.95)
TOLERATED = 1.02
DEVELOPED = frozenset(
    (
        *("co2_monthly", "elnino", "nile", "macro_realcons", "macro_realgovt", "macro_cpi", "macro_m1"),
        *("macro_tbilrate", "copper_worldconsumption", "danish_lrm", "danish_ibo", "interest_R"),
    )
)


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
    danish = datasets.danish_data.load_pandas().data
    for column in ("lrm", "lry", "ibo", "ide"):
        yield f"danish_{column}", _series(danish[column], "1974", "QS")
    interest = datasets.interest_inflation.load_pandas().data
    for column in ("Dp", "R"):
        yield f"interest_{column}", _series(interest[column], "1972-04", "QS")


def _series(values: Any, start: str, frequency: str) -> pd.Series:
    known = np.asarray(values, dtype=float)
    return pd.Series(known, index=pd.date_range(start, periods=len(known), freq=frequency))


def _frequency(values: pd.Series) -> str:
    return str(pd.DatetimeIndex(values.index).freqstr).removesuffix("-JAN")


def measure(values: pd.Series, lengths: list[int], steps: int) -> dict[str, Any]:
    """Error against the seasonal naive method and the share inside the intervals, over forecasts after each of `lengths`."""
    rows: list[dict[str, float]] = []
    winners = set()
    for length in lengths:
        series = RegularSeries(values.iloc[:length], _frequency(values), "mean")
        actual = values.iloc[length : length + steps].to_numpy()
        started = time.monotonic()
        made = make_forecast(series, Outlook(steps), seed=1, deadline=started + BUDGET_S)
        history = series.values.to_numpy()
        error = np.abs(made.mean - actual)
        naive = np.abs(np.resize(history[-max(series.season, 1) :], steps) - actual)
        size = np.abs(made.mean) + np.abs(actual)
        rows.append(
            {
                "seconds": time.monotonic() - started,
                "error": float(error.mean()),
                "naive": float(naive.mean()),
                "mase": float(error.mean()) / naive_scale(history, series.season),
                "smape": float(np.mean(200 * error / np.where(size > 0, size, 1))),
                **{f"inside_{level}": float(np.mean(error <= made.half[level])) for level in LEVELS},
            }
        )
        winners.add(made.contest.winner.name)
    table = pd.DataFrame(rows)
    mean = table.mean()
    return {
        "steps": steps,
        "forecasts": len(lengths),
        "ratio": round(float(mean["error"] / mean["naive"]), 3),
        "mase": round(float(mean["mase"]), 3),
        "smape": round(float(mean["smape"]), 2),
        "coverage_80": round(float(mean["inside_0.8"]), 3),
        "coverage_95": round(float(mean["inside_0.95"]), 3),
        "winners": sorted(winners),
        "seconds": round(float(table["seconds"].max()), 2),
    }


def measure_series(values: pd.Series) -> dict[str, dict[str, Any]]:
    """Both ways of holding out the last fifth."""
    length = len(values)
    held = length // 5
    whole = RegularSeries(values, _frequency(values), "mean")
    steps = min(look_ahead("", whole, "en").steps, held)
    origins = np.unique(np.linspace(length - held, length - steps, ORIGINS).round().astype(int))
    single = min(held, 400)
    return {
        "rolling": measure(values, origins.tolist(), steps),
        "single": measure(values, [length - held], single),
    }


def summarize(results: dict[str, dict[str, dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    """Means over series, the worst ratio and who is worse than naive by more than 2 %, of each way and part."""
    summary: dict[str, dict[str, Any]] = {}
    for part in ("all", "developed", "apart"):
        chosen = {
            n: r for n, r in results.items() if part == "all" or (n in DEVELOPED) == (part == "developed")
        }
        for way in ("rolling", "single") if chosen else ():
            rows = pd.DataFrame({name: result[way] for name, result in chosen.items()}).T
            ratio = rows["ratio"].astype(float)
            summary[f"{way}_{part}"] = {
                "series": len(rows),
                "mean_ratio": round(float(ratio.mean()), 3),
                "worst_ratio": float(ratio.max()),
                "worse_than_naive": sorted(ratio[ratio > TOLERATED].index),
                "mase": round(float(rows["mase"].astype(float).mean()), 3),
                "smape": round(float(rows["smape"].astype(float).mean()), 2),
                "coverage_80": round(float(rows["coverage_80"].astype(float).mean()), 3),
                "coverage_95": round(float(rows["coverage_95"].astype(float).mean()), 3),
                "longest_s": float(rows["seconds"].astype(float).max()),
            }
    return summary


def main() -> None:
    """Measure, print a line per series, save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--out", type=Path, default=RESULTS)
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    started, results = time.monotonic(), {}
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
        made = {
            "python": platform.python_version(),
            "budget_s": BUDGET_S,
            "seconds": round(time.monotonic() - started, 1),
            "summary": summary,
            "series": results,
        }
        given.out.write_text(json.dumps(made, indent=1) + "\n")


if __name__ == "__main__":
    main()
