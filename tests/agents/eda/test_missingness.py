from collections.abc import Callable

import numpy as np
import pytest

from agents.eda.missingness import find_missing_patterns
from mesh.tabular.sheet import Sheet

N = 400


def test_columns_missing_together_and_by_group_are_found(as_sheet: Callable[..., Sheet]) -> None:
    rng = np.random.default_rng(111)
    site = rng.choice(["north", "south"], N)
    gone = rng.random(N) < np.where(site == "north", 0.6, 0.05)
    sheet = as_sheet(
        a=("measure", np.where(gone, np.nan, 1.0)),
        b=("measure", np.where(gone, np.nan, 2.0)),
        c=("measure", np.where(rng.random(N) < 0.2, np.nan, 3.0)),
        site=("category", site),
    )
    patterns = find_missing_patterns(sheet, ["site"])
    (together,) = [p for p in patterns if p["kind"] == "together"]
    assert (together["a"], together["b"], together["value"]) == ("a", "b", 1.0)
    assert together["both"] == together["either"] == gone.sum()
    by = [p for p in patterns if p["kind"] == "by"]
    assert [(p["a"], p["b"], p["level"]) for p in by] == [("a", "site", "north"), ("b", "site", "north")]
    assert by[0]["rate"] == pytest.approx(gone[site == "north"].mean())


def test_values_missing_at_random_make_no_pattern(as_sheet: Callable[..., Sheet]) -> None:
    for seed in range(10):
        rng = np.random.default_rng(seed)
        holes = {name: ("measure", np.where(rng.random(N) < 0.2, np.nan, 1.0)) for name in "abcd"}
        sheet = as_sheet(**holes, g=("category", rng.choice(["x", "y", "z"], N)))
        assert find_missing_patterns(sheet, ["g"]) == []
