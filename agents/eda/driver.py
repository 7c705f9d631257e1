"""Which columns go with the main measure or the outcome, on one scale."""

from typing import Any

from mesh.tabular.lexicon import concepts_of
from mesh.tabular.plain import plain
from mesh.tabular.sheet import Sheet

from .association import correlate
from .identity import linked
from .multiplicity import holm

MAX_DRIVERS = 12
MONEY = frozenset({"revenue", "profit", "cost", "charge"})
FACTORS = frozenset({"quantity", "price", "discount"})


def rank_drivers(
    sheet: Sheet,
    about: str,
    associations: list[dict[str, Any]],
    identities: list[dict[str, str]],
    numbers: list[str],
) -> list[dict[str, Any]]:
    """Columns by the share of variation in `about` that each goes with alone, in [0, 1], the largest first.

    The share is the square of Spearman's correlation, of the correlation ratio, or of Cramér's V; `p_adjusted` is Holm's
    correction over all of them. Columns that are arithmetic of `about` are left out, and so are quantity and price of an
    amount of money. It is association: nothing here says what causes what.
    """
    records = [a for a in associations if about in (a["a"], a["b"])]
    if about in sheet.numeric:
        others = [
            name
            for name in numbers
            if name != about and not linked(identities, about, name) and not _part_of(about, name)
        ]
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
    for driver, adjusted in zip(drivers, holm([d["p"] for d in drivers]), strict=True):
        driver["p_adjusted"] = plain(adjusted)
    return sorted(drivers, key=lambda d: (-d["share"], d["feature"]))[:MAX_DRIVERS]


def _part_of(about: str, name: str) -> bool:
    """Whether a number goes into `about` by what it is: money is quantity times price, though the data may hold more factors."""
    meant = set(concepts_of(name))
    return bool(MONEY & set(concepts_of(about))) and bool(meant & FACTORS) and not meant & MONEY
