"""Columns that are arithmetic of others, so that their correlation is no discovery."""

from itertools import combinations

import numpy as np

from mesh.tabular.sheet import Numbers, Sheet

TOLERANCE = 1e-6
PROBE = 256


def find_identities(sheet: Sheet, names: list[str]) -> list[dict[str, str]]:
    """Every `result = left x right` or `result = left + right` that holds in all rows where the three are
    known.

    Returns records with `result`, `left`, `operator` (`*` or `+`) and `right`; constant columns take no
    part. The tolerance is `TOLERANCE` relative to the result, for rounded cents use the product's own
    precision.
    """
    varied = [name for name in names if np.nanstd(sheet.numeric[name]) > 0]
    found = []
    for left, right in combinations(varied, 2):
        x, y = sheet.numeric[left], sheet.numeric[right]
        for result in varied:
            if result in (left, right):
                continue
            found += [
                {"result": result, "left": left, "operator": operator, "right": right}
                for operator in "*+"
                if _holds(sheet.numeric[result], x, y, operator)
            ]
    return found


def _holds(result: Numbers, x: Numbers, y: Numbers, operator: str) -> bool:
    return _equal(result[:PROBE], x[:PROBE], y[:PROBE], operator) is not False and bool(
        _equal(result, x, y, operator)
    )


def _equal(result: Numbers, x: Numbers, y: Numbers, operator: str) -> bool | None:
    """Whether the identity holds; None without enough known rows to say."""
    known = np.isfinite(result) & np.isfinite(x) & np.isfinite(y)
    if int(known.sum()) < 8:
        return None
    expected = x[known] * y[known] if operator == "*" else x[known] + y[known]
    return bool(np.allclose(result[known], expected, rtol=TOLERANCE, atol=0.005))


def linked(identities: list[dict[str, str]], a: str, b: str) -> bool:
    """Whether two columns stand in one identity as the result and a part of it."""
    return any({a, b} in ({i["result"], i["left"]}, {i["result"], i["right"]}) for i in identities)
