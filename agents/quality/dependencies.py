"""Approximate functional dependencies between columns, and the cells that break them.

A dependency `zip -> city` holds approximately when nearly all rows with one zip code have the same city; its g3 error is the
least share of rows to take away so that it holds exactly (Kivinen & Mannila 1995). A cell that differs from the majority of its
group is wrong only if the columns that determine it outvote those that agree with it. Where several sources report on the same
things (a site and a flight name each row), their reports are votes, and fewer of them need to agree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from .issues import Issue, PackedRows, Repair, Report
from .tables import Integers, Levels, Series, Table, plain_value, shortened, spread

MAX_ERROR = 0.12
MAX_RELATIVE_ERROR = 0.2
"""The g3 error may be at most this share of the error of always naming the most frequent value."""
FEW_GROUPS, FEW_GROUPS_ERROR, FEW_GROUPS_RELATIVE = 10, 0.01, 0.05
VARIED = 0.5
"""With fewer groups than these two columns can agree by chance: the dependency must be nearly exact, or always guessing one value
must be wrong in this share of the rows."""
CLAIMS_ERROR, CLAIMS_GUESS, CLAIMS_MAJORITY, CLAIMS_LEAD, CLAIMS_GROUP = 0.5, 0.9, 0.4, 2.0, 5
"""Where several sources report on the same things, they may contradict each other in half of the rows; the majority must then be
this share of the reports and so many times as frequent as the next value."""
LEAST_GROUP = 3
GROUPED = 0.2
"""So much of the rows must be in groups of `LEAST_GROUP` rows at least, or there is nothing to compare."""
MAJORITY, MINORITY = 0.7, 0.2
SCREENED = 20_000
MAX_COLUMNS = 40
MAX_LEVEL_SHARE, MAX_TEXT_SHARE = 0.5, 0.2
SAME_VALUES = 0.9

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Dependency:
    """`determinant -> dependent` with its g3 error over the `rows` in groups that are large enough to judge."""

    determinant: str
    dependent: str
    groups: int
    rows: int
    error: float

    def as_data(self) -> dict[str, Any]:
        """The dependency as JSON."""
        return {
            "rule": f"{self.determinant} -> {self.dependent}",
            "groups": self.groups,
            "checked": self.rows,
            "g3_error": self.error,
        }


@dataclass(frozen=True)
class _Groups:
    """One pair of columns row by row: does the row break the dependency, keep it or lack a value that it gives.

    `usual` is the value of each group, by its position among the determinant's values; `group_of` is the group of each row.
    """

    dependency: Dependency
    breaks: PackedRows
    keeps: PackedRows
    empty: PackedRows
    usual: npt.NDArray[np.int32]
    group_of: npt.NDArray[Any]


def find_dependencies(table: Table) -> list[_Groups]:
    """The approximate dependencies between two columns of names, codes or dates; quantities determine nothing here.

    Pairs are screened on whole groups of about 20,000 rows; what passes is judged on all rows.
    """
    named = {}
    for series in table.series:
        if may_depend(series):
            named[series.name] = series.levels
            table.left(series)
    levels = {name: level for name, level in list(named.items())[:MAX_COLUMNS] if level is not None}
    found = []
    for determinant, left in levels.items():
        if len(left.counts) > MAX_LEVEL_SHARE * table.rows or len(left.counts) < 2:
            continue
        rows, claims = _whole_groups(left), _has_sources(determinant, levels)
        for dependent, right in levels.items():
            if dependent == determinant or len(right.counts) < 2 or _measure_the_same(left, right):
                continue
            screened = _judged(
                determinant, dependent, left.codes[rows], right.codes[rows], left, right, claims=claims
            )
            if screened is not None:
                groups = (
                    screened
                    if len(rows) == table.rows
                    else _judged(determinant, dependent, left.codes, right.codes, left, right, claims=claims)
                )
                if groups is not None:
                    found.append(groups)
    return found


def _measure_the_same(left: Levels, right: Levels) -> bool:
    """Do nearly all rows of either column hold a value that the other has, too: one thing asked twice, which may change?"""
    if left.values.type != right.values.type:
        return False
    for one, other in ((left, right), (right, left)):
        shared = pc.is_in(one.values, value_set=other.values).to_numpy(zero_copy_only=False)
        if one.counts[shared].sum() < SAME_VALUES * one.counts.sum():
            return False
    return True


def _has_sources(name: str, levels: dict[str, Levels]) -> bool:
    """Does another text column name the source of each report: does it name each row together with this one?"""
    mine = levels[name]
    rows = len(mine.codes)
    for other, level in levels.items():
        few = 3 <= len(level.counts) <= rows / CLAIMS_GROUP and pa.types.is_string(level.values.type)
        filled_in = int(mine.counts.sum() + level.counts.sum()) - rows
        if other != name and few and filled_in <= len(level.counts) * len(mine.counts) <= 3 * rows:
            keys = mine.codes.astype(np.int64) * len(level.counts) + level.codes
            if (np.bincount(keys[keys >= 0], minlength=1) <= 1).all():
                return True
    return False


def may_depend(series: Series) -> bool:
    """Can the column determine another or be determined: no quantity and no free text?"""
    if series.is_("measure", "intensive", "count") or series.kind == "number":
        return False
    if series.is_("text") and series.distinct_count > MAX_TEXT_SHARE * series.rows:
        return False
    return 2 <= series.distinct_count <= max(MAX_LEVEL_SHARE * series.rows, 2)


def _whole_groups(left: Levels) -> Integers:
    """The rows of evenly spread values of a column, all rows of each, about `SCREENED` of them, ascending."""
    rows = len(left.codes)
    if rows <= SCREENED:
        return np.arange(rows)
    chosen = np.zeros(len(left.counts) + 1, np.bool_)
    for wanted in (max(2, int(len(left.counts) * SCREENED / rows)), 2):
        chosen[:] = False
        chosen[spread(len(left.counts), wanted)] = True
        chosen[-1] = False
        picked = np.flatnonzero(chosen[left.codes])
        if len(picked) <= 10 * SCREENED:
            break
    return picked[spread(len(picked), 10 * SCREENED)]


def _judged(
    determinant: str,
    dependent: str,
    left_codes: npt.NDArray[Any],
    right_codes: npt.NDArray[Any],
    left: Levels,
    right: Levels,
    *,
    claims: bool,
) -> _Groups | None:
    """The pair on these rows; None when it is no dependency or has nothing to compare."""
    both = (left_codes >= 0) & (right_codes >= 0)
    a, b = left_codes[both], right_codes[both]
    width = len(right.counts)
    keys = a.astype(np.int64) * width + b
    pairs, pair_counts = _counted(keys, len(left.counts) * width)
    group_of_pair = pairs // width
    sizes = np.bincount(group_of_pair, pair_counts, len(left.counts)).astype(np.int64)
    order = np.lexsort((pairs, -pair_counts, group_of_pair))
    first = np.r_[True, group_of_pair[order][1:] != group_of_pair[order][:-1]]
    most = np.zeros(len(left.counts), np.int64)
    usual = np.full(len(left.counts), -1, np.int32)
    most[group_of_pair[order][first]] = pair_counts[order][first]
    usual[group_of_pair[order][first]] = pairs[order][first] % width
    second = np.zeros(len(left.counts), np.int64)
    np.maximum.at(second, group_of_pair[order][~first], pair_counts[order][~first])
    judged = sizes >= LEAST_GROUP
    total, groups = int(sizes[judged].sum()), int(judged.sum())
    if total < max(20, GROUPED * len(both)) or groups < 2 or len(np.unique(usual[judged])) < 2:
        return None
    error = 1 - float(most[judged].sum()) / total
    named = np.bincount(pairs[judged[group_of_pair]] % width, pair_counts[judged[group_of_pair]], width)
    guess = 1 - float(named.max()) / total
    mine, size = pair_counts[np.searchsorted(pairs, keys)], sizes[a]
    if _holds(error, guess, groups):
        clear = judged & (most >= MAJORITY * sizes)
        lone = (mine <= MINORITY * size) | ((mine == 1) & (size >= LEAST_GROUP))
    elif claims and error <= CLAIMS_ERROR and guess >= CLAIMS_GUESS and 2 * width >= groups:
        clear = (sizes >= CLAIMS_GROUP) & (most >= CLAIMS_MAJORITY * sizes) & (most >= CLAIMS_LEAD * second)
        lone = mine < most[a]
    else:
        return None
    deviates = b != usual[a]
    if (deviates & ~lone).sum() > (deviates & lone).sum():
        return None
    breaks, keeps, empty = (np.zeros(len(both), np.bool_) for _ in range(3))
    breaks[both] = clear[a] & deviates & lone
    keeps[both] = clear[a] & ~deviates
    lacking = (left_codes >= 0) & (right_codes < 0)
    empty[lacking] = clear[left_codes[lacking]]
    return _Groups(
        Dependency(determinant, dependent, groups, total, error),
        PackedRows.of(breaks),
        PackedRows.of(keeps),
        PackedRows.of(empty),
        usual,
        left_codes,
    )


def _holds(error: float, guess: float, groups: int) -> bool:
    """Is the g3 error small, and small beside the error of always guessing the most frequent value?"""
    if groups < FEW_GROUPS and guess < VARIED:
        return error <= min(FEW_GROUPS_ERROR, FEW_GROUPS_RELATIVE * guess)
    return error <= min(MAX_ERROR, MAX_RELATIVE_ERROR * guess)


def _counted(keys: Integers, possible: int) -> tuple[Integers, Counts]:
    """The distinct keys ascending and their counts; there are `possible` keys, which are counted where they are not many."""
    if possible <= len(keys):
        counts = np.bincount(keys, minlength=1)
        distinct = np.flatnonzero(counts)
        return distinct, counts[distinct]
    distinct, counts = np.unique(keys, return_counts=True)
    return distinct, counts.astype(np.int64)


def dependency_issues(table: Table, found: list[_Groups], report: Report) -> list[Issue]:
    """The cells that the columns determining them outvote, with the majority's value, and empty cells that they can fill."""
    _settle_pairs(found, [series.name for series in table.series])
    blamed = _blamed(found, table.rows)
    issues: list[Issue] = []
    for series in table.series:
        groups = [g for g in found if g.dependency.dependent == series.name]
        if groups:
            issues += _column_issues(series, groups, blamed, report)
            table.left(series)
    return issues


def _settle_pairs(found: list[_Groups], names: list[str]) -> None:
    """Where two columns that determine each other disagree, only the later one is taken to be wrong: keys come first."""
    by_pair = {(g.dependency.determinant, g.dependency.dependent): g for g in found}
    for (determinant, dependent), groups in by_pair.items():
        other = by_pair.get((dependent, determinant))
        if other is not None and names.index(determinant) < names.index(dependent):
            np.bitwise_and(other.breaks.bits, ~groups.breaks.bits, out=other.breaks.bits)


def _blamed(found: list[_Groups], rows: int) -> dict[str, PackedRows]:
    """Rows whose determinant itself must be wrong: most of the two columns or more that it determines break with it."""
    blamed = {}
    for name in {groups.dependency.determinant for groups in found}:
        mine = [groups for groups in found if groups.dependency.determinant == name]
        broken = np.zeros(rows, np.int16)
        judged = np.zeros(rows, np.int16)
        for groups in mine:
            breaks = groups.breaks.unpacked()
            broken += breaks
            judged += breaks | groups.keeps.unpacked()
        blamed[name] = PackedRows.of((broken >= 2) & (2 * broken > judged))
    return blamed


def _column_issues(
    series: Series, groups: list[_Groups], blamed: dict[str, PackedRows], report: Report
) -> Iterator[Issue]:
    against, by, usual = _votes(series, groups, blamed)
    supported = np.zeros(series.rows, np.int16)
    for one in groups:
        supported += one.keeps.unpacked() & ~blamed[one.dependency.determinant].unpacked()
    wrong = (against > 0) & (against > 2 * supported) & ~series.missing
    if wrong.any():
        yield _violations(series, groups, np.flatnonzero(wrong), by, usual, against, report)
    fillable = (against > 0) & series.missing
    if fillable.any():
        yield _fillable(series, groups, np.flatnonzero(fillable), by, usual, report)


def _votes(
    series: Series, groups: list[_Groups], blamed: dict[str, PackedRows]
) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.int16], npt.NDArray[np.int32]]:
    """Per row: how many determinants speak against the cell, the most exact of them, and the value that it proposes."""
    against = np.zeros(series.rows, np.int16)
    by = np.full(series.rows, -1, np.int16)
    usual = np.full(series.rows, -1, np.int32)
    exact = sorted(range(len(groups)), key=lambda i: -groups[i].dependency.error)
    for position in exact:
        one = groups[position]
        blameless = ~blamed[one.dependency.determinant].unpacked()
        speaks = (one.breaks.unpacked() | one.empty.unpacked()) & blameless
        against += speaks
        by[speaks] = position
        usual[speaks] = one.usual[one.group_of[speaks]]
    return against, by, usual


def _violations(
    series: Series,
    groups: list[_Groups],
    rows: Integers,
    by: npt.NDArray[np.int16],
    usual: npt.NDArray[np.int32],
    against: npt.NDArray[np.int16],
    report: Report,
) -> Issue:
    level = series.levels
    assert level is not None
    proposed = level.values.take(pa.array(usual[rows]))
    reasons, reason_of = _reasons(series, groups, by[rows], usual[rows], report)
    affected = np.zeros(series.rows, np.bool_)
    affected[rows] = True
    first = groups[int(by[rows[0]])].dependency
    sure = np.where(against[rows] > 1, 0.97, 0.85).astype(np.float32)
    return report.issue(
        "dependency_violation",
        series,
        affected,
        severity="high" if len(rows) >= 0.01 * report.rows else "medium",
        dimension="consistency",
        certainty=sure,
        repair=Repair(proposed, sure - np.float32(0.05), reasons, reason_of),
        en="{count:,} {values} of {column} {differ} from what {determinant} determines in {holds:.2%} of the rows; row {row:,} "
        "has '{value}' where the others with the same {determinant} have '{usual}'.",
        ko="{column} 열의 값 {count:,}개가 {determinant} 값으로 정해지는 값과 다릅니다(행의 {holds:.2%}에서 성립). {row:,}행은 "
        "'{value}'인데 {determinant} 값이 같은 다른 행은 '{usual}'입니다.",
        determinant=first.determinant,
        holds=1 - first.error,
        row=int(rows[0]) + 1,
        value=plain_value(series.array[int(rows[0])].as_py()),
        usual=plain_value(proposed[0].as_py()),
    )


def _fillable(
    series: Series,
    groups: list[_Groups],
    rows: Integers,
    by: npt.NDArray[np.int16],
    usual: npt.NDArray[np.int32],
    report: Report,
) -> Issue:
    level = series.levels
    assert level is not None
    reasons, reason_of = _reasons(series, groups, by[rows], usual[rows], report)
    affected = np.zeros(series.rows, np.bool_)
    affected[rows] = True
    return report.issue(
        "determined_missing",
        series,
        affected,
        severity="low",
        dimension="plausibility",
        certainty=0.85,
        repair=Repair(level.values.take(pa.array(usual[rows])), 0.8, reasons, reason_of),
        en="{count:,} missing {values} of {column} can be filled in from {determinant}, which determines them elsewhere.",
        ko="{column} 열의 결측 {count:,}개는 {determinant} 값으로 채울 수 있습니다.",
        examples=[
            {"row": int(row) + 1, "value": plain_value(level.values[int(usual[row])].as_py())}
            for row in rows[: report.max_examples]
        ],
        determinant=groups[int(by[rows[0]])].dependency.determinant,
    )


def _reasons(
    series: Series,
    groups: list[_Groups],
    by: npt.NDArray[np.int16],
    usual: npt.NDArray[np.int32],
    report: Report,
) -> tuple[tuple[str, ...], Integers]:
    level = series.levels
    assert level is not None
    keys, reason_of = np.unique(by.astype(np.int64) * len(level.counts) + usual, return_inverse=True)
    texts = []
    for key in keys.tolist():
        position, value = divmod(key, len(level.counts))
        texts.append(
            report.say(
                en="The other rows with the same {determinant} have '{usual}'.",
                ko="{determinant} 값이 같은 다른 행은 '{usual}'입니다.",
                determinant=groups[position].dependency.determinant,
                usual=shortened(str(plain_value(level.values[value].as_py()))),
            )
        )
    return tuple(texts), reason_of.astype(np.int64)
