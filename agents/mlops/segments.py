"""Where one model is worse than another, among rows that both scored: groups, tested with a correction for their number."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from mesh.tabular.drift import holm

from .measures import Array, Scored

ALPHA = 0.05
LEAST_ROWS = 30
MAX_LEVELS = 20
MAX_FEATURES = 60
_BANDS = 4


@dataclass(frozen=True)
class Segment:
    """The rows in which `feature` has `level`.

    `before` and `after` are the first and the second model's mean error (absolute error, or share of wrong classes);
    `p_adjusted` is that of the second being worse.
    """

    feature: str
    level: str
    rows: int
    before: float
    after: float
    p_adjusted: float

    @property
    def worse(self) -> bool:
        """Whether the second model is worse here by more than chance among so many segments explains."""
        return self.p_adjusted < ALPHA


def compare_segments(features: pd.DataFrame, first: Scored, second: Scored) -> list[Segment]:
    """Every group of at least `LEAST_ROWS` rows, the worst for the second model first.

    Groups are the levels of a feature with at most `MAX_LEVELS` of them, or its quarters when it is a number with more.
    One-sided tests on the same rows: the exact McNemar test for classes, the paired t test of absolute errors for numbers;
    p-values are Holm's. Sources: McNemar (1947); Holm (1979).
    Args: `features` has one row a scored row, in the same order.
    """
    before, after = first.errors, second.errors
    found = [
        (feature, level, here, _p_worse(before[here], after[here], exact=bool(first.classes)))
        for feature, level, here in _groups(features)
    ]
    adjusted = holm([p for *_, p in found])
    segments = [
        Segment(feature, level, int(here.sum()), float(before[here].mean()), float(after[here].mean()), p)
        for (feature, level, here, _), p in zip(found, adjusted, strict=True)
    ]
    return sorted(segments, key=lambda s: (s.p_adjusted, s.before - s.after, s.feature, s.level))


def _groups(features: pd.DataFrame) -> Iterator[tuple[str, str, npt.NDArray[np.bool_]]]:
    for name in list(features.columns)[:MAX_FEATURES]:
        values = features[name]
        known = values.nunique()
        if known > MAX_LEVELS and pd.api.types.is_numeric_dtype(values) and values.dtype != bool:
            values = pd.qcut(values, _BANDS, duplicates="drop").map(_band, na_action="ignore")
        elif known > MAX_LEVELS:
            continue
        labels = values.astype(object)
        for level, count in labels.value_counts().sort_index(key=lambda index: index.map(str)).items():
            if LEAST_ROWS <= count < len(labels):
                yield str(name), str(level), (labels == level).to_numpy(dtype=bool)


def _band(interval: "pd.Interval[float]") -> str:
    return f"{interval.left:,.4g} – {interval.right:,.4g}"


def _p_worse(before: Array, after: Array, *, exact: bool) -> float:
    """The one-sided p-value of the errors `after` being larger than `before`, row by row."""
    loss = after - before
    if exact:
        lost, won = int((loss > 0).sum()), int((loss < 0).sum())
        return float(stats.binomtest(lost, lost + won, alternative="greater").pvalue) if lost + won else 1.0
    if np.ptp(loss) == 0:
        return 0.0 if loss[0] > 0 else 1.0
    return float(stats.ttest_1samp(loss, 0, alternative="greater").pvalue)
