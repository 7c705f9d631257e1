"""Repeated rows and repeated keys."""

from collections.abc import Iterable
from hashlib import blake2b
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from .issues import Issue, Report, by_share
from .tables import Integers, Mask, Series, Table

NEARLY_UNIQUE, CALLED_KEY = 0.9, 0.8
DENSE_KEY_SHARE = 0.98
DENSE_CELLS_PER_ROW = 3.0
"""A combination of columns with more possible cells per row than this is nearly unique by chance alone."""
BY_CHANCE = 0.1
"""Repeated rows may be chance when independent columns alone would give this share of them."""
_MAX_DIMENSIONS = 6
FEW_SHARED = 0.02

Hashes = npt.NDArray[np.uint64]


def duplicate_issues(table: Table, hashes: Hashes, report: Report) -> list[Issue]:
    """Exact duplicates by the `hashes` of whole rows, then repeats of a key among the rows that are not exact duplicates."""
    repeated = repeated_rows(hashes)
    found: list[Issue] = []
    if repeated.any():
        found.append(_exact(table, hashes, repeated, report))
    key = broken_key(table, repeated)
    if key is not None:
        names, affected = key
        found.append(_key_issue(table, names, affected, report))
    return found


def repeated_rows(keys: Hashes) -> Mask:
    """Which keys occurred before, shape (rows,). Missing equals missing."""
    rows = sharing_rows(keys)
    order = rows[np.argsort(keys[rows], kind="stable")]
    repeats = np.zeros(len(keys), np.bool_)
    repeats[order[1:]] = keys[order][1:] == keys[order][:-1]
    return repeats


def sharing_rows(keys: Hashes) -> Integers:
    """The rows, ascending, among which are all whose key another row has: few where few do, so that little is left to order."""
    ordered = np.sort(keys)
    shared = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    if len(shared) > FEW_SHARED * len(keys):
        return np.arange(len(keys))
    if not len(shared):
        return np.zeros(0, np.int64)
    place = np.searchsorted(shared, keys)
    return np.flatnonzero(shared[np.minimum(place, len(shared) - 1)] == keys)


def first_rows(keys: Hashes) -> Integers:
    """For every row the first row with the same key, itself included, shape (rows,)."""
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    return first[inverse].astype(np.int64)


def broken_key(table: Table, repeated: Mask) -> tuple[list[str], Mask] | None:
    """The columns that should name a row and the rows that repeat an earlier row's key; None when no key is broken.

    A single identifier that is nearly unique comes first; else a date or identifier with up to two dimensions that is nearly
    unique although it has few possible cells per row. No key is reported broken when another identifier is unique.
    """
    kept = ~repeated
    total = int(kept.sum())
    if total < 2:
        return None
    identifiers = [s for s in table.series if s.is_("identifier")]
    nearly: list[tuple[float, Series]] = []
    if any(series.distinct_count == table.rows for series in identifiers):
        return None
    for series in identifiers:
        ordered = np.sort(column_hashes(series)[kept & ~series.missing])
        table.left(series)
        present = len(ordered)
        distinct = int(np.count_nonzero(ordered[1:] != ordered[:-1])) + 1 if present else 0
        if distinct == present == total:
            return None
        if present and distinct < present and distinct >= _least(series) * present:
            nearly.append((distinct / present, series))
    if nearly:
        series = max(nearly, key=lambda item: item[0])[1]
        return [series.name], _repeats_of(column_hashes(series), kept & ~series.missing)
    return _dense_key(table, kept, total)


def _least(series: Series) -> float:
    """The share of distinct values from which repeats are violations: less for a column that is called just `id`."""
    return CALLED_KEY if series.name.strip().lower() in ("id", "uuid", "key", "pk") else NEARLY_UNIQUE


def _dense_key(table: Table, kept: Mask, total: int) -> tuple[list[str], Mask] | None:
    roles = {"date": 0, "identifier": 1, "category": 2, "geo": 2}
    dimensions = sorted(
        (
            s
            for s in table.series
            if s.column.semantic in roles and s.distinct_count > 1 and not s.missing_count
        ),
        key=lambda s: (roles[s.column.semantic], -s.distinct_count),
    )[:_MAX_DIMENSIONS]
    for size in (2, 3):
        for chosen in combinations(dimensions, size):
            cells = float(np.prod([s.distinct_count for s in chosen]))
            if cells < DENSE_KEY_SHARE * total:
                continue
            affected = _repeats_of(row_hashes(table, chosen), kept)
            count = int(affected.sum())
            if count == 0:
                return None
            if cells <= DENSE_CELLS_PER_ROW * total and count <= (1 - DENSE_KEY_SHARE) * total:
                return [s.name for s in chosen], affected
    return None


def _repeats_of(keys: Hashes, considered: Mask) -> Mask:
    affected = np.zeros(len(keys), np.bool_)
    positions = np.flatnonzero(considered)
    affected[positions] = repeated_rows(keys[positions])
    return affected


_NO_NUMBER = np.uint64(0x7FF8_DEAD_BEEF_0001)


def _codes(series: Series) -> Hashes:
    """Per row a number that is equal where values are equal, shape (rows,)."""
    if series.kind == "integer":
        whole = series.array.fill_null(0).to_numpy().view(np.uint64)
        return np.where(series.missing, _NO_NUMBER, whole)
    if series.kind == "number":
        return np.where(series.missing, _NO_NUMBER, (series.numbers + 0.0).view(np.uint64))
    if series.kind in ("date", "datetime"):
        return series.days.view(np.int64).astype(np.uint64)
    return (series.levels or series.distinct).codes.astype(np.uint64)


def row_hashes(table: Table, columns: Iterable[Series]) -> Hashes:
    """A 64-bit hash of each row's values in the columns, shape (rows,): the sum of the columns' hashes.

    A million different rows collide with a chance of 3 in 10⁸.
    """
    result = np.zeros(table.rows, np.uint64)
    for series in columns:
        result += column_hashes(series)
        table.left(series)
    return result


def column_hashes(series: Series) -> Hashes:
    """A 64-bit hash of each value in a column, shape (rows,); equal values of different columns have different hashes."""
    salt = np.uint64(int.from_bytes(blake2b(series.name.encode(), digest_size=8).digest()))
    mixed = (_codes(series) + np.uint64(1)) * np.uint64(0x9E37_79B9_7F4A_7C15) ^ salt
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58_476D_1CE4_E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D0_49BB_1331_11EB)
    result: Hashes = mixed ^ (mixed >> np.uint64(31))
    return result


def chance_of_agreeing(table: Table, columns: Iterable[Series]) -> float:
    """The chance that two rows agree in all these columns, if the columns had nothing to do with one another."""
    chance = 1.0
    for series in columns:
        counts = series.runs[1] if series.kind in ("integer", "number") else series.distinct.counts
        counts = np.append(counts, series.missing_count).astype(np.float64)
        chance *= float((counts * (counts - 1)).sum()) / max(table.rows * (table.rows - 1), 1)
        table.left(series)
    return chance


def repeats_by_chance(table: Table, repeated: Mask) -> bool:
    """Are the columns so coarse that many of these rows would agree although they are about different things?"""
    if any(series.distinct_count == table.rows for series in table.series):
        return False
    pairs = chance_of_agreeing(table, table.series) * table.rows**2 / 2
    return bool(pairs >= BY_CHANCE * repeated.sum())


def _exact(table: Table, hashes: Hashes, repeated: Mask, report: Report) -> Issue:
    share = float(repeated.mean())
    by_chance = repeats_by_chance(table, repeated)
    en = "{count:,} {rows} ({share:.2%}) {repeat} an earlier row exactly"
    ko = "{count:,}행({share:.2%})이 앞의 행과 모든 값이 같습니다."
    return report.issue(
        "duplicate_rows",
        None,
        repeated,
        severity="low" if by_chance else by_share(share, high=0.05, medium=0.0),
        dimension="plausibility" if by_chance else "uniqueness",
        en=en + (", as different cases will where columns have so few values." if by_chance else "."),
        ko=ko
        + (" 열마다 값의 종류가 적어 서로 다른 대상도 같은 값을 가질 수 있습니다." if by_chance else ""),
        examples=_pairs(hashes, repeated, report.max_examples),
        by_chance=by_chance,
    )


def _key_issue(table: Table, names: list[str], affected: Mask, report: Report) -> Issue:
    key = " × ".join(names)
    chosen = [table[name] for name in names]
    pairs = _pairs(row_hashes(table, chosen), affected, report.max_examples)
    for pair in pairs:
        pair["key"] = {s.name: s.value_at(pair["row"] - 1) for s in chosen}
    return report.issue(
        "duplicate_key",
        chosen[0] if len(chosen) == 1 else None,
        affected,
        severity="high",
        dimension="uniqueness",
        en="{count:,} {rows} ({share:.2%}) {have} the same {key} as an earlier row but {differ} from it elsewhere.",
        ko="{count:,}행({share:.2%})은 {key} 값이 앞의 행과 같지만 다른 열의 값이 다릅니다.",
        examples=pairs,
        key=key,
    )


def _pairs(keys: Hashes, repeats: Mask, limit: int) -> list[dict[str, Any]]:
    """The first repeating rows (numbered from 1), each with the first row that it repeats."""
    rows = np.flatnonzero(repeats)[:limit]
    return [
        {"row": int(r) + 1, "same_as_row": int(np.flatnonzero(keys == keys[r])[0]) + 1} for r in rows.tolist()
    ]


def duplicates_data(table: Table, issues: list[Issue]) -> dict[str, Any]:
    """The report's `duplicates`: exact repeats, and the broken key when there is one."""
    counts: Integers = np.array([i.count for i in issues if i.kind == "duplicate_rows"], np.int64)
    key = next((i for i in issues if i.kind == "duplicate_key"), None)
    return {
        "rows": int(counts.sum()),
        "share": int(counts.sum()) / table.rows,
        "key": str(key.evidence["key"]).split(" × ") if key else None,
        "key_repeats": key.count if key else 0,
    }
