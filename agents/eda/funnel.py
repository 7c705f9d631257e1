"""How far people get: the steps of a funnel in their order, and how many go on from each to the next."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mesh.tabular.plain import plain, ratio
from mesh.tabular.sheet import Codes, Levels

NEVER = np.iinfo(np.int64).max


def funnel(
    ids: Codes, stages: Levels, order: list[str], dates: "pd.Series[pd.Timestamp] | None"
) -> dict[str, Any]:
    """People per step of `order`, which names levels of `stages`.

    Where people have several rows, `reached` counts those who took every step up to this one, none before the step that
    precedes it (`dates` known; rows without a date are left out), and `seen` those with the step at all. Where every person has
    one row, that row is the furthest step, and whoever is there has `reached` all before it. `conversion` is of the step before,
    `share` of the first; both are None after a step that nobody reached. `days` is the median time since the step before, None
    without dates. `left_out` are the levels that `order` does not name.
    """
    known = (ids >= 0) & (stages.codes >= 0)
    if dates is not None:
        known &= dates.notna().to_numpy()
    people, codes = ids[known], stages.codes[known]
    snapshot = bool(people.size == np.unique(people).size)
    place = np.full(len(stages.names), -1, dtype=np.int64)
    place[[stages.names.index(name) for name in order]] = np.arange(len(order))
    step = place[codes]
    named = step >= 0
    count = int(people.max()) + 1 if people.size else 0
    seen = [int(np.unique(people[step == k]).size) for k in range(len(order))]
    days: list[float | None] = [None] * len(order)
    if snapshot:
        reached = [int((step >= k).sum()) for k in range(len(order))]
    else:
        moments = (
            dates[known].to_numpy(dtype="datetime64[us]").astype(np.int64) if dates is not None else None
        )
        reached, days = _walk(people, step, moments, len(order), count)
    rows = [
        {
            "name": name,
            "seen": seen[k],
            "reached": reached[k],
            "share": ratio(reached[k], reached[0]),
            "conversion": ratio(reached[k], reached[k - 1]) if k else None,
            "lost": reached[k - 1] - reached[k] if k else 0,
            "days": days[k],
        }
        for k, name in enumerate(order)
    ]
    return {
        "steps": rows,
        "counting": "furthest_step" if snapshot else "in_order_of_time" if dates is not None else "all_steps",
        "people": int(np.unique(people[named]).size),
        "left_out": [name for name in stages.names if name not in order],
        "unknown_rows": int(known.size - known.sum()),
    }


def _walk(
    people: Codes, step: Codes, moments: npt.NDArray[np.int64] | None, steps: int, count: int
) -> tuple[list[int], list[float | None]]:
    """How many took each step in order, and the median days since the step before.

    The time of a step is its earliest row that is not before the time of the step that precedes it; rows of the same moment
    follow each other.
    """
    here = np.full(count, np.iinfo(np.int64).min)
    reached: list[int] = []
    days: list[float | None] = []
    for k in range(steps):
        rows = step == k
        when = moments[rows] if moments is not None else np.zeros(int(rows.sum()), dtype=np.int64)
        fits = (when >= here[people[rows]]) & (here[people[rows]] != NEVER)
        then = np.full(count, NEVER)
        np.minimum.at(then, people[rows][fits], when[fits])
        there = then != NEVER
        reached.append(int(there.sum()))
        waits = (then[there] - here[there]) / 86_400e6
        days.append(plain(np.median(waits)) if k and moments is not None and there.any() else None)
        here = then
    return reached, days
