"""Who comes back: people grouped by the period in which they were first seen, and how many of them are seen again later."""

from typing import Any

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from mesh.tabular.periods import PERIOD_CODES, aggregate, period_label
from mesh.tabular.plain import plain, ratio
from mesh.tabular.sheet import Codes

MAX_COHORTS = 60
CONFIDENCE = 0.95
MONTHLY_DAYS = 75
WEEKLY_DAYS = 21
"""Without a period in the question: months where the data span more days than the first, weeks from the second, else days."""


def retention(ids: Codes, dates: "pd.Series[pd.Timestamp]", asked: str | None) -> dict[str, Any] | None:
    """The cohorts of people by the period of their first row, with how many are active at every age, and the curve of all.

    Args: `ids` code the people, -1 where unknown; `dates` are of the same rows; `asked` is the period (`D`, `W`, `MS`, `QS`,
    `YS`) or None. Rows without either are left out.
    Returns: `cohorts`, each with `label`, `size` and `active` (people seen at age 0, 1, …), as long as the cohort has reached
    the age; `curve` with, per age, the `cohorts` that reached it, their people `n`, `active`, `share` and Wilson's interval
    (Wilson 1927) of `confidence`. A last period that the data cover only in part is `partial`: in the cohorts, not in the
    curve. None without people in two periods.
    """
    known = (ids >= 0) & dates.notna().to_numpy()
    people, days = ids[known], dates[known]
    if days.empty:
        return None
    grain = asked if asked in PERIOD_CODES and asked != "h" else _grain(days)
    periods = pd.PeriodIndex(days, freq=PERIOD_CODES[grain])
    moment = periods.astype("int64").to_numpy() - periods.min().ordinal
    last = int(moment.max())
    if last < 1:
        return None
    covered = aggregate(days, np.ones(len(days)), grain, additive=True)
    first = np.full(int(people.max()) + 1, last + 1, dtype=np.int64)
    np.minimum.at(first, people, moment)
    seen = np.unique(people * (last + 1) + moment)
    who, when = np.divmod(seen, last + 1)
    cells = np.zeros((last + 1, last + 1), dtype=np.int64)
    np.add.at(cells, (first[who], when - first[who]), 1)
    labels = [period_label(start, grain) for start in covered.starts]
    whole = bool(covered.complete[-1])
    cohorts = [
        {"label": labels[c], "size": int(cells[c, 0]), "active": cells[c, : last + 1 - c].tolist()}
        for c in range(last + 1)
        if cells[c, 0]
    ]
    return {
        "grain": grain,
        "people": int((first <= last).sum()),
        "rows": int(known.sum()),
        "left_out": int(known.size - known.sum()),
        "first": labels[0],
        "last": labels[-1],
        "partial": None if whole else labels[-1],
        "cohorts": cohorts[-MAX_COHORTS:],
        "cohorts_left_out": max(0, len(cohorts) - MAX_COHORTS),
        "confidence": CONFIDENCE,
        "curve": _curve(cells, last if whole else last - 1),
    }


def _grain(days: "pd.Series[pd.Timestamp]") -> str:
    span = (days.max() - days.min()) / pd.Timedelta(days=1)
    return "MS" if span > MONTHLY_DAYS else "W" if span > WEEKLY_DAYS else "D"


def _curve(cells: "np.ndarray[Any, np.dtype[np.int64]]", last: int) -> list[dict[str, Any]]:
    """Per age, all cohorts that have reached it by the period `last`."""
    curve = []
    for age in range(last + 1):
        there = cells[: last + 1 - age]
        n, active = int(there[:, 0].sum()), int(there[:, age].sum())
        if not n:
            continue
        low, high = proportion_confint(active, n, alpha=1 - CONFIDENCE, method="wilson")
        curve.append(
            {
                "age": age,
                "cohorts": int((there[:, 0] > 0).sum()),
                "n": n,
                "active": active,
                "share": ratio(active, n),
                "low": plain(low),
                "high": plain(high),
            }
        )
    return curve
