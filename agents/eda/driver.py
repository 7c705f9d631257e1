"""Which columns go with the main measure or the outcome, on one scale."""

from typing import Any

from mesh.tabular.lexicon import concepts_of
from mesh.tabular.plain import plain

from .identity import linked
from .multiplicity import holm

MAX_DRIVERS = 12
MONEY = frozenset({"revenue", "profit", "cost", "charge"})
FACTORS = frozenset({"quantity", "price", "discount"})


def rank_drivers(
    about: str,
    associations: list[dict[str, Any]],
    correlations: list[dict[str, Any]],
    identities: list[dict[str, str]],
) -> list[dict[str, Any]]:
    """Columns by the share of variation in `about` that each goes with alone, in [0, 1], the largest first.

    The share is the square of Spearman's correlation, of the correlation ratio, or of Cramér's V; `p_adjusted` is Holm's
    correction over all of them. Columns that are arithmetic of `about` are left out, and so are quantity and price of an
    amount of money. It is association: nothing here says what causes what.
    """
    records = [a for a in associations if about in (a["a"], a["b"])]
    records += [
        record
        for record in correlations
        if record["method"] == "spearman"
        and about in (record["a"], record["b"])
        and not _arithmetic(record, identities)
    ]
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


def _arithmetic(record: dict[str, Any], identities: list[dict[str, str]]) -> bool:
    """Whether two numbers go together by what they are: by an identity, or as money and its quantity or price, though the
    data may hold more factors."""
    a, b = (set(concepts_of(record[side])) for side in ("a", "b"))
    by_name = any(
        bool(money & MONEY) and bool(part & FACTORS) and not part & MONEY for money, part in ((a, b), (b, a))
    )
    return by_name or linked(identities, record["a"], record["b"])
