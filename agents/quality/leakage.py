"""Columns that give the target away: they nearly determine it, or are filled in only after it is known."""

import re

import numpy as np
import numpy.typing as npt

from . import domains
from .issues import Issue, Report
from .tables import Series, Table

_TARGET = re.compile(
    r"^(?:target|label|class|outcome|churn|churned|churn (?:flag|label|yn)|is churn|default|defaulted|fraud|is fraud|survived"
    r"|attrition|converted|이탈|이탈 ?여부|해지 ?여부|목표|부도 ?여부)$"
)
LEAST_ACCURACY = 0.99
MOST_ERROR_SHARE = 0.05
"""The error may be at most this share of the error of always naming the most frequent class."""
MAX_CLASSES, LEAST_BIN, MAX_BINS = 20, 20, 50
LEAST_ROWS = 100


def target_of(table: Table, named: str | None) -> Series | None:
    """The column to predict: the one that was named, else one whose name says so; None when there is none."""
    if named is not None:
        return next((s for s in table.series if s.name == named), None)
    return next((s for s in table.series if _TARGET.match(domains.words(s.name))), None)


def leakage_issues(table: Table, target: Series | None, report: Report) -> list[Issue]:
    """The columns that nearly determine the classes of `target`, or whose being filled in does."""
    if target is None or table.rows < LEAST_ROWS or not 2 <= target.distinct_count <= MAX_CLASSES:
        return []
    classes = target.distinct.codes.astype(np.int64)
    known = classes >= 0
    base = 1 - float(target.distinct.counts[0] / known.sum())
    found = []
    for series in table.series:
        if series is target or series.distinct_count < 1:
            continue
        accuracy = _accuracy(_bins(series)[known], classes[known])
        filled = _accuracy(series.missing[known].astype(np.int64), classes[known])
        for kind, share in (("determines", accuracy), ("filled in", filled)):
            if share >= LEAST_ACCURACY and 1 - share <= MOST_ERROR_SHARE * base:
                found.append(_issue(series, target, kind, share, report))
                break
        table.left(series)
    return found


def _bins(series: Series) -> npt.NDArray[np.int64]:
    """Per row a group of rows with like values, -1 where missing: values that are frequent enough, else equally filled bins."""
    bins = min(MAX_BINS, series.rows // LEAST_BIN)
    if series.kind in ("integer", "number", "date", "datetime"):
        measured = series.numbers if series.kind in ("integer", "number") else series.days.view(np.int64)
        numbers, shares = measured.astype(np.float64), np.linspace(0, 1, bins + 1)[1:-1]
        edges = np.unique(np.quantile(numbers[~series.missing], shares, method="inverted_cdf"))
        groups = np.searchsorted(edges, numbers, side="right").astype(np.int64)
        return np.where(series.missing, -1, groups)
    codes = series.distinct.codes.astype(np.int64)
    rare = np.append(series.distinct.counts < LEAST_BIN, False)[codes]
    return np.where(rare, len(series.distinct.counts), codes)


def _accuracy(groups: npt.NDArray[np.int64], classes: npt.NDArray[np.int64]) -> float:
    """Share of rows that are right when each group names its most frequent class."""
    shifted = groups - groups.min()
    table = np.zeros((int(shifted.max()) + 1, int(classes.max()) + 1), np.int64)
    np.add.at(table, (shifted, classes), 1)
    return float(table.max(axis=1).sum() / len(groups))


def _issue(series: Series, target: Series, kind: str, share: float, report: Report) -> Issue:
    rows = ~series.missing
    return report.issue(
        "leakage",
        series,
        rows,
        severity="high",
        dimension="plausibility",
        en=_WORDS[kind]["en"],
        ko=_WORDS[kind]["ko"],
        examples=[],
        target=target.name,
        accuracy=share,
    )


_WORDS = {
    "determines": {
        "en": "{column} alone tells {target} right in {accuracy:.2%} of the rows: it may be known only afterwards, or be the "
        "same thing.",
        "ko": "{column} 열 하나만으로 {target} 값을 {accuracy:.2%} 맞힐 수 있습니다. 결과가 정해진 뒤에 알 수 있는 값이거나 "
        "같은 정보일 수 있습니다.",
    },
    "filled in": {
        "en": "Whether {column} is filled in tells {target} right in {accuracy:.2%} of the rows: it seems to be entered "
        "afterwards.",
        "ko": "{column} 값이 있는지 여부만으로 {target} 값을 {accuracy:.2%} 맞힐 수 있어, 결과가 정해진 뒤에 입력되는 값으로 "
        "보입니다.",
    },
}
