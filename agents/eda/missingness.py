"""Whether values are missing together, and where they are missing more often."""

from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from mesh.tabular.plain import plain
from mesh.tabular.sheet import Levels, Sheet

from .association import cramers_v
from .multiplicity import benjamini_hochberg

MAX_COLUMNS = 30
MIN_MISSING = 5
MIN_LINK = 0.3
MIN_SHARE = 0.2
ALPHA = 0.001
Mask = npt.NDArray[np.bool_]


def find_missing_patterns(sheet: Sheet, categories: list[str]) -> list[dict[str, Any]]:
    """Columns that are missing in the same rows (`together`, phi from `MIN_LINK` on), and columns that are missing more in
    some levels of a category (`by`, Cramér's V from `MIN_SHARE` on, with the level where it is most).

    Strongest first, corrected by Benjamini-Hochberg. Columns with fewer than `MIN_MISSING` missing or known values take no part.
    """
    masks = {
        name: mask
        for name, mask in _masks(sheet).items()
        if MIN_MISSING <= mask.sum() <= mask.size - MIN_MISSING
    }
    names = list(masks)[:MAX_COLUMNS]
    found = [_together(a, b, masks) for a, b in combinations(names, 2)]
    found += [
        record
        for name in names
        for category in categories
        if (record := _by(name, category, masks[name], sheet))
    ]
    adjusted = benjamini_hochberg([record["p"] for record in found])
    clear = [
        record | {"p_adjusted": plain(p)}
        for record, p in zip(found, adjusted, strict=True)
        if p <= ALPHA and record["value"] >= (MIN_LINK if record["kind"] == "together" else MIN_SHARE)
    ]
    return sorted(clear, key=lambda r: (-r["value"], r["a"], r["b"]))


def _masks(sheet: Sheet) -> dict[str, Mask]:
    masks: dict[str, Mask] = {name: ~np.isfinite(values) for name, values in sheet.numeric.items()}
    masks |= {name: levels.codes < 0 for name, levels in sheet.levels.items()}
    return masks | {name: dates.isna().to_numpy() for name, dates in sheet.dates.items()}


def _together(a: str, b: str, masks: dict[str, Mask]) -> dict[str, Any]:
    x, y = masks[a], masks[b]
    n, both = x.size, int((x & y).sum())
    spread = np.sqrt(x.mean() * (1 - x.mean()) * y.mean() * (1 - y.mean()))
    phi = float((both / n - x.mean() * y.mean()) / spread)
    return {
        "kind": "together",
        "a": a,
        "b": b,
        "value": plain(phi),
        "both": both,
        "either": int((x | y).sum()),
        "p": plain(stats.chi2.sf(n * phi * phi, 1)),
    }


def _by(name: str, category: str, mask: Mask, sheet: Sheet) -> dict[str, Any] | None:
    levels = sheet.levels[category]
    if category == name:
        return None
    link = cramers_v(levels, Levels(mask.astype(np.int64), ("known", "missing")))
    if link is None:
        return None
    known = levels.codes >= 0
    sizes = np.bincount(levels.codes[known], minlength=len(levels.names))
    rates = np.bincount(levels.codes[known], weights=mask[known], minlength=len(levels.names)) / np.maximum(
        1, sizes
    )
    top = int(np.argmax(np.where(sizes >= MIN_MISSING, rates, -1.0)))
    return {
        "kind": "by",
        "a": name,
        "b": category,
        "value": link["value"],
        "level": levels.names[top],
        "rate": plain(rates[top]),
        "overall": plain(mask.mean()),
        "p": link["p"],
    }
