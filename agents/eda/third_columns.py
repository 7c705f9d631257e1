"""Which columns, held fixed, change what a comparison says."""

from typing import Any

import numpy as np

from mesh.tabular.sheet import Numbers, Sheet

from .group_figures import extremes
from .held_fixed import ALPHA, MAX_LEVELS, derived_from, hold_fixed, verdict_of

MAX_THIRD = 12
ORDER = ("reversed", "vanishes", "appears", "stays")


def hold_others_fixed(sheet: Sheet, test: dict[str, Any], asked: tuple[str, ...]) -> list[dict[str, Any]]:
    """What becomes of the difference of one test with another column held fixed, the most telling first.

    Columns in `asked` are told of whatever becomes of it; of the others only the one that turns it round, makes it vanish
    or brings it out, the last beyond what so many columns would bring out by chance.
    """
    values = _values(sheet, test)
    high, low, _ = extremes(test)
    others = [
        name
        for name, levels in sheet.levels.items()
        if name not in (test["group"], test["measure"]) and 2 <= len(levels.names) <= MAX_LEVELS
    ]
    found = []
    for name in sorted(others, key=lambda n: n not in asked)[:MAX_THIRD]:
        if name not in asked and derived_from(sheet.levels[name], values):
            continue
        record = hold_fixed(
            sheet.levels[test["group"]], sheet.levels[name], values, (high["name"], low["name"])
        )
        if record is None or any(record[key] is None for key in ("difference", "difference_low", "p")):
            continue
        record |= {"column": name, "high": high["name"], "low": low["name"], "asked": name in asked}
        record["crude_shown"] = test["p_adjusted"] < ALPHA
        found.append(record | {"verdict": verdict_of(record)})
    found.sort(key=lambda r: (not r["asked"], ORDER.index(r["verdict"]), r["p"]))
    told = [r for r in found if r["asked"]]
    others_told = [
        r
        for r in found
        if not r["asked"]
        and (
            r["verdict"] in ("reversed", "vanishes")
            or (r["verdict"] == "appears" and r["p"] * len(others) < 0.01)
        )
    ]
    return [*told, *others_told[:1]]


def _values(sheet: Sheet, test: dict[str, Any]) -> Numbers:
    """What is compared as numbers: of a category whether it is the value that is counted."""
    name = test["measure"]
    if name in sheet.numeric:
        return sheet.numeric[name]
    levels = sheet.levels[name]
    hit = (levels.codes == levels.names.index(test["positive"])).astype(np.float64)
    return np.where(levels.codes >= 0, hit, np.nan)
