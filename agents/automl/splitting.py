"""The hold-out: the latest rows when time matters, whole groups when rows repeat, a stratified draw otherwise."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from sklearn.model_selection import GroupShuffleSplit, train_test_split

from mesh.results import Column

from .series import timestamps

TEST_SHARE = 0.2
MAX_TEST = 20_000


@dataclass(frozen=True)
class Split:
    """Positions of the training rows (in time order when split by time) and of the hold-out."""

    kind: Literal["time", "random", "group"]
    train: np.ndarray
    test: np.ndarray


def split_rows(
    table: pd.DataFrame,
    columns: list[Column],
    target: pd.Series,
    *,
    date_column: str | None,
    classes: bool,
    seed: int,
) -> Split:
    """A hold-out of a fifth of the rows, at most `MAX_TEST`.

    By time every row of the cut's date goes to the hold-out, so no date is on both sides. By group when an identifier repeats.
    """
    share = min(TEST_SHARE, MAX_TEST / len(table))
    if date_column is not None:
        stamps = timestamps(table[date_column])
        order = np.argsort(stamps.to_numpy(), kind="stable")
        order = order[~stamps.isna().to_numpy()[order]]
        cut = stamps.iloc[order[round(len(order) * (1 - share))]]
        late = (stamps.iloc[order] >= cut).to_numpy()
        if 0 < late.sum() <= 0.5 * len(order):
            return Split("time", order[~late], order[late])
    positions = np.arange(len(table))
    group = _group(table, columns)
    if group is not None:
        drawn = GroupShuffleSplit(1, test_size=share, random_state=seed).split(
            positions, groups=table[group].astype(str)
        )
        train, test = next(iter(drawn))
        return Split("group", train, test)
    stratify = target if classes and int(target.value_counts().min()) >= 2 else None
    train, test = train_test_split(positions, test_size=share, random_state=seed, stratify=stratify)
    return Split("random", np.sort(train), np.sort(test))


def _group(table: pd.DataFrame, columns: list[Column]) -> str | None:
    for column in columns:
        if column.semantic == "identifier" and column.name in table.columns:
            distinct = int(table[column.name].nunique())
            if 20 <= distinct <= 0.5 * len(table):
                return column.name
    return None
