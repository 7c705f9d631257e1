"""Which columns go with the main measure or the outcome, on one scale."""

from typing import Any

from mesh.tabular.plain import plain
from mesh.tabular.sheet import Sheet

from .association import correlate
from .identity import linked

MAX_DRIVERS = 12


def rank_drivers(
    sheet: Sheet,
    about: str,
    associations: list[dict[str, Any]],
    identities: list[dict[str, str]],
    numbers: list[str],
) -> list[dict[str, Any]]:
    """Columns by the share of variation in `about` that each goes with alone, in [0, 1], the largest first.

    The share is the square of Spearman's correlation, of the correlation ratio, or of Cramér's V. Columns
    that are arithmetic of `about` are left out. It is association: nothing here says what causes what.
    """
    records = [a for a in associations if about in (a["a"], a["b"])]
    if about in sheet.numeric:
        others = [name for name in numbers if name != about and not linked(identities, about, name)]
        for name in others:
            records += [c for c in correlate(sheet, sorted([about, name])) if c["method"] == "spearman"]
    drivers = [
        {
            "about": about,
            "feature": record["b"] if record["a"] == about else record["a"],
            "method": record["method"],
            "share": plain(record["value"] ** 2),
            "value": record["value"],
            "p": record["p"],
        }
        for record in records
    ]
    return sorted(drivers, key=lambda d: (-d["share"], d["feature"]))[:MAX_DRIVERS]
