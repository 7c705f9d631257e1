"""Price, volume and mix: why revenue changed where a quantity is known."""

from typing import Any

import numpy as np

from mesh.tabular.lexicon import concepts_of
from mesh.tabular.plain import plain
from mesh.tabular.sheet import Levels, Numbers, Sheet

from .contribution import Mask

_NOTHING = 1e-9
"""A share of the whole quantity below which a level's money by quantity is no price."""


def quantity_column(sheet: Sheet, measure: str) -> str | None:
    """The column that counts what `measure` is earned with; None for a measure that is no money or without one."""
    if not {"revenue", "profit", "cost", "charge"} & set(concepts_of(measure)):
        return None
    counted = [
        n for n in sheet.numeric if n != measure and sheet.additive(n) and "quantity" in concepts_of(n)
    ]
    return next(iter(counted), None)


def price_volume_mix(
    levels: Levels, money: Numbers, quantity: Numbers, before: Mask, after: Mask
) -> dict[str, Any] | None:
    """The change of the sum of `money` as the effects of volume, mix, price, and goods that are new or gone.

    With P the old mean price, and q and p a level's quantity and mean price (money by quantity): volume is the change
    of the whole quantity times P; mix the sum over levels of the change of q times (old p - P); price the sum of new q
    times the change of p; `range` what levels add beyond P that sold in one period only, or next to nothing in the other.
    Rows without a level are a level of their own; rows without a quantity are in `unknown`. The five add up to the change.
    None when a whole quantity is not positive.
    """
    known = np.isfinite(money) & np.isfinite(quantity)
    q0, q1 = (_by_level(levels, quantity, mask & known) for mask in (before, after))
    m0, m1 = (_by_level(levels, money, mask & known) for mask in (before, after))
    if q0.sum() <= 0 or q1.sum() <= 0:
        return None
    price = float(m0.sum() / q0.sum())
    both = (q0 > _NOTHING * q0.sum()) & (q1 > _NOTHING * q1.sum())
    p0, p1 = m0[both] / q0[both], m1[both] / q1[both]
    alone = (m1 - m0 - (q1 - q0) * price)[~both]
    rest = np.isfinite(money) & ~known
    return {
        "quantity_before": plain(q0.sum()),
        "quantity_after": plain(q1.sum()),
        "price_before": plain(price),
        "price_after": plain(m1.sum() / q1.sum()),
        "volume": plain((q1.sum() - q0.sum()) * price),
        "mix": plain(((q1 - q0)[both] * (p0 - price)).sum()),
        "price": plain((q1[both] * (p1 - p0)).sum()),
        "range": plain(alone.sum()),
        "unknown": plain(money[after & rest].sum() - money[before & rest].sum()),
    }


def _by_level(levels: Levels, values: Numbers, mask: Mask) -> Numbers:
    width = len(levels.names)
    codes = np.where(levels.codes[mask] < 0, width, levels.codes[mask])
    return np.bincount(codes, weights=values[mask], minlength=width + 1).astype(np.float64)
