"""The folds of the training rows on which models are chosen: in the same way as the hold-out is split off."""

import numpy as np
from sklearn.model_selection import GroupKFold, KFold, StratifiedGroupKFold, StratifiedKFold, train_test_split

from .splitting import Split

FOLDS = 5
FEW_FOLDS = 3
SOME_ROWS = 5000
MANY_ROWS = 20_000
LATE_SHARE = 0.25
Folds = list[tuple[np.ndarray, np.ndarray]]


def make_folds(split: Split, target: np.ndarray, *, classes: bool, seed: int) -> Folds:
    """Positions within the training rows to learn from and to judge on.

    By time: one fold, the latest quarter. Whole groups in 5 folds where an entity repeats. Otherwise 5 folds, for classes with
    the same shares in each. Above `SOME_ROWS` rows 3 folds; above `MANY_ROWS` one draw of a fifth instead of drawn folds.
    Args: `target` of the training rows, codes when `classes`.
    """
    rows = np.arange(len(split.train))
    count = FOLDS if len(rows) <= SOME_ROWS else FEW_FOLDS
    if split.kind == "time":
        cut = round(len(rows) * (1 - LATE_SHARE))
        return [(rows[:cut], rows[cut:])]
    if split.kind == "group":
        by_group = StratifiedGroupKFold if classes else GroupKFold
        drawn = by_group(count, shuffle=True, random_state=seed).split(
            rows, target, split.clusters[split.train]
        )
        folds = [(fit, test) for fit, test in drawn if not classes or len(np.unique(target[fit])) > 1]
        if folds:
            return folds
    rarest = int(np.bincount(target.astype(int)).min()) if classes else 0
    if len(rows) > MANY_ROWS:
        fit, test = train_test_split(
            rows, test_size=1 / FOLDS, random_state=seed, stratify=target if rarest > 1 else None
        )
        return [(np.sort(fit), np.sort(test))]
    kind = StratifiedKFold if rarest >= count else KFold
    return list(kind(count, shuffle=True, random_state=seed).split(rows, target))
