"""Rows that are nearly the same: one record again under another number, or with a text that is written a little differently.

Rows are compared only when they are equal in everything but one or two texts (blocking by hashes from which the texts' part is
taken away), so that the work grows with the rows and not with the pairs of rows.
"""

import math
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import combinations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .cells import RowErrors
from .dependencies import Dependency
from .domains import is_row_number
from .duplicates import Hashes, chance_of_agreeing, column_hashes, repeated_rows, sharing_rows
from .issues import Issue, Report, by_share
from .spelling import folded
from .tables import Integers, Mask, Series, Table

SIMILAR = 0.85
LEAST_LENGTH = 5.0
VARIED = 0.2
"""A column with so many different values, as a share of the rows, tells rows apart."""
MAX_TEXTS, MAX_WORDS = 5, 20
ALIKE = 0.8
"""Where rows agree by chance their words differ in any way: so many of the words that differ must be spellings of one another."""
MAX_GROUP = 20
MAX_PAIRS = 200_000
COMMON = 0.2
"""When so many rows agree with another one in the rest of their columns, agreeing says nothing."""
BY_CHANCE = 0.05


def find_near_duplicates(table: Table, hashes: Hashes, dependencies: list[Dependency]) -> RowErrors | None:
    """The rows that nearly repeat an earlier one, exact repeats apart; None without any.

    `hashes` are those of whole rows. Columns that number the rows do not count.
    """
    numbering = [s for s in table.series if is_row_number(s)]
    compared = [s for s in table.series if s not in numbering]
    texts = sorted((s for s in compared if _is_varied_text(s)), key=lambda s: -s.distinct_count)[:MAX_TEXTS]
    if len(compared) < 2:
        return None
    base = hashes.copy()
    for series in numbering:
        base -= column_hashes(series)
        table.left(series)
    exact = repeated_rows(hashes)
    determined = {d.dependent for d in dependencies}
    chance = {s.name: chance_of_agreeing(table, [s]) for s in compared if s.name not in determined}
    telling = [s.name for s in compared if s.name in chance and s.distinct_count >= VARIED * table.rows]
    found: dict[int, tuple[int, float]] = {}
    if numbering and telling and _are_informative(chance, table.rows):
        for earlier, later in _pairs(base, ~exact):
            found.setdefault(later, (earlier, 1.0))
    words = [s for s in compared if s.kind == "string" and s not in texts]
    words = [s for s in words if _are_informative(chance, table.rows, but=s.name)][:MAX_WORDS]
    parts = {series.name: _part(table, series) for series in (*texts, *words)}
    for chosen in (*combinations(texts, 1), *combinations(words, 1), *combinations(texts, 2)):
        if len(chosen) < len(compared):
            rest = base.copy()
            for series in chosen:
                rest -= parts[series.name]
            _compare(table, rest, base, ~exact, chosen, found)
    rows = np.array(sorted(found), np.int64)
    if not len(rows):
        return None
    same_as = np.array([found[row][0] for row in rows.tolist()], np.int64)
    similarity = np.array([found[row][1] for row in rows.tolist()], np.float32)
    return RowErrors("near_duplicates", rows, same_as, similarity)


def _part(table: Table, series: Series) -> Hashes:
    part = column_hashes(series)
    table.left(series)
    return part


def _is_varied_text(series: Series) -> bool:
    """Is it a text that tells rows apart and is long enough to be misspelt?"""
    if series.kind != "string" or series.distinct_count < max(VARIED * series.rows, 2):
        return False
    lengths = pc.mean(pc.utf8_length(series.distinct.values)).as_py() or 0.0
    return bool(lengths >= LEAST_LENGTH)


def _are_informative(chance: dict[str, float], rows: int, but: str | None = None) -> bool:
    """Would next to no two different records agree by chance in all these columns, one left out?

    `chance` is that of two rows to agree in each column, taken as independent.
    """
    together = math.prod(share for name, share in chance.items() if name != but)
    return together * rows / 2 <= BY_CHANCE / 100


def _pairs(keys: Hashes, considered: Mask) -> Iterator[tuple[int, int]]:
    """Each considered row with a key that occurred before, after the first considered row with that key."""
    for group in _groups(keys, considered, most=None):
        for later in group[1:].tolist():
            yield int(group[0]), later


def _groups(keys: Hashes, considered: Mask, most: int | None) -> Iterator[Integers]:
    """The considered rows with equal keys, ascending, two at least and `most` at most."""
    rows = np.flatnonzero(considered)
    rows = rows[sharing_rows(keys[rows])]
    order = rows[np.argsort(keys[rows], kind="stable")]
    ordered = keys[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    sizes = np.diff(np.r_[starts, len(ordered)])
    for start, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        if most is None or size <= most:
            yield order[start : start + size]


def _compare(
    table: Table,
    rest: Hashes,
    base: Hashes,
    considered: Mask,
    chosen: tuple[Series, ...],
    found: dict[int, tuple[int, float]],
) -> None:
    """Adds the rows that agree with an earlier one in `rest` and have similar texts in the `chosen` columns."""
    groups = list(_groups(rest, considered, most=MAX_GROUP))
    if sum(map(len, groups)) > COMMON * table.rows:
        return
    candidates = [
        (int(a), int(b))
        for group in groups
        for a, b in combinations(group.tolist(), 2)
        if base[a] != base[b] and b not in found
    ][:MAX_PAIRS]
    if not candidates:
        return
    involved = np.unique(np.array(candidates, np.int64))
    place = {row: i for i, row in enumerate(involved.tolist())}
    texts = []
    for series in chosen:
        texts.append(series.array.take(pa.array(involved)).to_pylist())
        table.left(series)
    scores = [
        min(similarity(column[place[earlier]], column[place[later]]) for column in texts)
        for earlier, later in candidates
    ]
    alike = [(*pair, score) for pair, score in zip(candidates, scores, strict=True) if score >= SIMILAR]
    if len(alike) < ALIKE * len(candidates) and not all(map(_is_varied_text, chosen)):
        return
    for earlier, later, score in alike:
        if later not in found:
            found[later] = (found.get(earlier, (earlier, 0.0))[0], score)


def similarity(one: str | None, other: str | None) -> float:
    """How similar two texts are, in [0, 1]: 1 apart from case, width, accents and spaces; 0.95 with words in another order.

    Otherwise the share of letters that match in order (Ratcliff & Obershelp 1988). Texts whose digits differ are not similar.
    """
    if one is None or other is None:
        return 0.0
    a, b = folded(one), folded(other)
    if a == b:
        return 1.0
    if [c for c in a if c.isdigit()] != [c for c in b if c.isdigit()]:
        return 0.0
    if sorted(one.casefold().replace(",", " ").split()) == sorted(other.casefold().replace(",", " ").split()):
        return 0.95
    return SequenceMatcher(None, a, b, autojunk=False).ratio()


def near_duplicate_issue(found: RowErrors, report: Report) -> Issue:
    """The issue for rows that nearly repeat an earlier one."""
    affected = np.zeros(report.rows, np.bool_)
    affected[found.rows] = True
    shown = zip(found.rows.tolist(), found.same_as.tolist(), found.similarity.tolist(), strict=True)
    examples = [
        {"row": row + 1, "same_as_row": earlier + 1, "similarity": round(score, 4)}
        for row, earlier, score in list(shown)[: report.max_examples]
    ]
    return report.issue(
        "near_duplicates",
        None,
        affected,
        severity=by_share(float(affected.mean()), high=0.05, medium=0.0),
        dimension="uniqueness",
        en="{count:,} {rows} ({share:.2%}) nearly {repeat} an earlier row: only a spelling or the row's number differs, as in "
        "row {row:,} after row {earlier:,}.",
        ko="{count:,}행({share:.2%})이 앞의 행과 거의 같습니다. {row:,}행은 {earlier:,}행과 표기나 번호만 다릅니다.",
        examples=examples,
        row=examples[0]["row"],
        earlier=examples[0]["same_as_row"],
    )
