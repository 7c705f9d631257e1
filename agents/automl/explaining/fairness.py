"""Whether a model treats groups of rows alike: how often it says yes, and how often it is right about those it concerns."""

from typing import Any

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    proportions_ztest,
)

from mesh.tabular.drift import holm

from .holdout import HoldOut

SIGNIFICANCE = 0.05
LEAST_ROWS = 30
LEAST_CASES = 10
MOST_GROUPS = 12
RATES = ("selection", "tpr", "fpr")
FOUR_FIFTHS = 0.8


def fairness(holdout: HoldOut, name: str, values: pd.Series) -> dict[str, Any] | None:
    """The rates of a two-class model by group, and the largest gap of each; None when fewer than two groups can be judged.

    `selection` is the share predicted positive, `tpr` that of the truly positive, `fpr` that of the truly negative, each with
    Wilson's 95 % interval. A gap is that between the groups with the highest and the lowest rate of at least 30 rows (and 10
    truly positive or negative ones): Newcombe's 95 % interval, and whether it differs from 0 at 5 % after Holm's correction over
    every pair of groups and all three rates. `ratio` is the lowest selection rate over the highest: below 0.8 it fails the
    four-fifths rule (EEOC 1978). Args: `values` of one row each; numbers are cut into quarters.
    Source: Hardt, Price & Srebro (2016) for equal true and false positive rates.
    """
    labels = _groups(values)
    groups = [_group(holdout, label, (labels == label).to_numpy()) for label in sorted(labels.unique())]
    groups.sort(key=lambda group: -group["rows"])
    gaps = _gaps(groups)
    if not gaps:
        return None
    chosen = [group["selection"]["rate"] for group in groups if group["rows"] >= LEAST_ROWS]
    ratio = min(chosen) / max(chosen) if max(chosen) > 0 else 1.0
    return {"group": name, "groups": groups[:MOST_GROUPS], "gaps": gaps, "ratio": ratio, "rule": FOUR_FIFTHS}


def _groups(values: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(values) and values.nunique() > 4:
        cut = pd.qcut(values, 4, duplicates="drop")
        return (
            cut.map(lambda span: f"{max(span.left, values.min()):g}–{span.right:g}")
            .astype(object)
            .fillna("–")
        )
    return values.astype(object).fillna("–").astype(str)


def _group(holdout: HoldOut, label: str, rows: np.ndarray) -> dict[str, Any]:
    flagged, positive = holdout.decided == 1, holdout.actual == 1
    among = {"selection": rows, "tpr": rows & positive, "fpr": rows & ~positive}
    rates = {rate: _rate(int((flagged & some).sum()), int(some.sum())) for rate, some in among.items()}
    return {"label": str(label), "rows": int(rows.sum()), **rates}


def _rate(count: int, of: int) -> dict[str, Any]:
    if of == 0:
        return {"count": 0, "of": 0, "rate": None, "low": None, "high": None}
    low, high = proportion_confint(count, of, method="wilson")
    return {"count": count, "of": of, "rate": count / of, "low": float(low), "high": float(high)}


def _gaps(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The widest gap of each rate; p-values are corrected over all pairs, because the widest one was looked for."""
    widest: list[dict[str, Any]] = []
    p_values: list[float] = []
    places: list[int] = []
    for rate in RATES:
        least = LEAST_ROWS if rate == "selection" else LEAST_CASES
        fit = [g for g in groups if g["rows"] >= LEAST_ROWS and g[rate]["of"] >= least]
        if len(fit) < 2:
            continue
        fit.sort(key=lambda group: -group[rate]["rate"])
        high, low = fit[0], fit[-1]
        places.append(len(p_values))
        pairs = [(fit[0], fit[-1])] + [
            (a, b) for i, a in enumerate(fit) for b in fit[i + 1 :] if (a, b) != (fit[0], fit[-1])
        ]
        p_values += [_p_value(a[rate], b[rate]) for a, b in pairs]
        span = confint_proportions_2indep(
            high[rate]["count"], high[rate]["of"], low[rate]["count"], low[rate]["of"], method="newcomb"
        )
        widest.append(
            {
                "rate": rate,
                "high_group": high["label"],
                "low_group": low["label"],
                "high_rate": high[rate]["rate"],
                "low_rate": low[rate]["rate"],
                "gap": high[rate]["rate"] - low[rate]["rate"],
                "low": float(span[0]),
                "high": float(span[1]),
            }
        )
    if not widest:
        return []
    corrected = holm(p_values)
    for gap, place in zip(widest, places, strict=True):
        gap |= {"p_adjusted": corrected[place], "clear": corrected[place] < SIGNIFICANCE}
    return widest


def _p_value(first: dict[str, Any], second: dict[str, Any]) -> float:
    """Of the two-sided z test with the pooled rate."""
    pooled = (first["count"] + second["count"]) / (first["of"] + second["of"])
    if pooled in {0.0, 1.0}:
        return 1.0
    return float(proportions_ztest([first["count"], second["count"]], [first["of"], second["of"]])[1])
