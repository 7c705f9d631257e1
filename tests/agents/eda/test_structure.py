from collections.abc import Callable

import numpy as np

from agents.eda.association import correlate
from agents.eda.identity import find_identities, linked
from agents.eda.paradox import find_reversals
from mesh.tabular.sheet import Sheet

SheetMaker = Callable[..., Sheet]


def test_a_product_column_is_recognised(as_sheet: SheetMaker) -> None:
    rng = np.random.default_rng(1)
    price, quantity = rng.uniform(1, 9, 100), rng.integers(1, 50, 100).astype(float)
    sheet = as_sheet(
        price=("intensive", price), quantity=("count", quantity), revenue=("measure", price * quantity)
    )
    identities = find_identities(sheet, ["price", "quantity", "revenue"])
    assert {"result": "revenue", "left": "price", "operator": "*", "right": "quantity"} in identities
    assert linked(identities, "revenue", "price")
    assert not linked(identities, "price", "quantity")


def test_almost_a_product_is_not_one(as_sheet: SheetMaker) -> None:
    rng = np.random.default_rng(1)
    price, quantity = rng.uniform(1, 9, 100), rng.uniform(1, 50, 100)
    revenue = price * quantity
    revenue[90] *= 1.1
    sheet = as_sheet(price=("intensive", price), quantity=("count", quantity), revenue=("measure", revenue))
    assert find_identities(sheet, ["price", "quantity", "revenue"]) == []


def test_simpsons_paradox_is_found(as_sheet: SheetMaker) -> None:
    rng = np.random.default_rng(2)
    group = np.repeat([0, 1, 2], 100)
    x = group * 5.0 + rng.normal(size=300)
    y = group * 5.0 - (x - group * 5.0) + rng.normal(0, 0.3, 300)
    sheet = as_sheet(g=("category", [f"g{k}" for k in group]), x=("measure", x), y=("measure", y))
    reversals = find_reversals(sheet, correlate(sheet, ["x", "y"]), ("g",))
    assert len(reversals) == 1
    assert reversals[0]["overall"] > 0.1 > -0.1 > reversals[0]["within"]


def test_no_paradox_where_there_is_none(as_sheet: SheetMaker) -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=300)
    sheet = as_sheet(
        g=("category", rng.choice(["a", "b"], 300)), x=("measure", x), y=("measure", x + rng.normal(size=300))
    )
    assert find_reversals(sheet, correlate(sheet, ["x", "y"]), ("g",)) == []
