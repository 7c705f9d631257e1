"""Periods whose value neither trend nor season explains."""

from typing import Any

import numpy as np
from scipy import stats

from mesh.tabular.plain import plain
from mesh.tabular.sheet import Numbers

from .decomposition import Parts

FALSE_ALARMS = 0.01
SCALE = 1.4826
MAX_ROWS = 20


def find_anomalies(parts: Parts, values: Numbers, labels: list[str]) -> dict[str, Any]:
    """The periods whose remainder lies farther from its median than chance allows.

    Args: `parts` of the series without shifts of its level, `values` of the series as it is.
    `limit` is in scaled median absolute deviations and grows with the length, so that a whole series of normal noise
    gives a false alarm once in a hundred times (Bonferroni). The deviation makes up for what the fit has taken in.
    Rows have the label, the value, what trend and season make it (`expected`) and the distance, the farthest first.
    Source for the scale: Iglewicz & Hoaglin (1993).
    """
    n = parts.remainder.size
    limit = float(stats.t.isf(FALSE_ALARMS / (2 * n), max(3, n - parts.freedom)))
    middle = float(np.median(parts.remainder))
    fitted = np.sqrt(n / max(1.0, n - parts.freedom))
    deviation = SCALE * fitted * float(np.median(np.abs(parts.remainder - middle)))
    if deviation <= 0:
        return {"limit": plain(limit), "count": 0, "rows": []}
    distance = (parts.remainder - middle) / deviation
    beyond = np.flatnonzero(np.abs(distance) > limit)
    order = sorted(beyond, key=lambda index: -abs(distance[index]))
    rows = [
        {
            "label": labels[index],
            "value": plain(values[index]),
            "expected": plain(values[index] - parts.remainder[index]),
            "distance": plain(distance[index]),
        }
        for index in order[:MAX_ROWS]
    ]
    return {"limit": plain(limit), "count": len(order), "rows": rows}
