"""The rows that a model was scored on and never trained with: read, and matched with another model's."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mesh.pages.shapes import items, mapping

from .measures import Array, Scored
from .schema import schema_of

ACTUAL, PREDICTED, PROBABILITY = "actual", "predicted", "probability"
_GENERATED = (ACTUAL, PREDICTED, PROBABILITY)
_TELLING_SHARE = 0.5

Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Holdout:
    """Scored rows with what the model was given of each; `features` has no columns for a forecast. `ordered` is in time."""

    scored: Scored
    features: pd.DataFrame
    ordered: bool = False

    def take(self, places: Places) -> "Holdout":
        """The rows at `places` alone."""
        return Holdout(self.scored.take(places), self.features.iloc[places], self.ordered)


def read_holdout(model: Mapping[str, Any], path: Path | None) -> Holdout | None:
    """The hold-out of a `model` output's data: from its predictions at `path`, or else the pairs in the description.

    None when neither says for single rows what was true and what was predicted.
    """
    frame = pd.read_parquet(path) if path is not None else pd.DataFrame()
    if {ACTUAL, PREDICTED} <= set(frame.columns) and len(frame):
        return from_frame(frame, schema_of(model).classes)
    pairs = items(mapping(model.get("holdout")).get("actual_vs_predicted"))
    if len(pairs) < 2:
        return None
    actual, predicted = np.array(pairs, dtype=np.float64).T
    return Holdout(
        Scored(actual, predicted), pd.DataFrame(index=range(len(pairs))), model.get("split") == "time"
    )


def from_frame(frame: pd.DataFrame, classes: tuple[str, ...]) -> Holdout | None:
    """Scored rows from a table with `actual`, `predicted`, and for classes `probability` (of the second) or one for each.

    Rows without a true value are left out. None when a label is none of the classes.
    """
    frame = frame[frame[ACTUAL].notna()].reset_index(drop=True)
    generated = [c for c in frame.columns if str(c) in _GENERATED or str(c).startswith(f"{PROBABILITY}_")]
    features = frame.drop(columns=generated)
    if not classes:
        return Holdout(Scored(_numbers(frame[ACTUAL]), _numbers(frame[PREDICTED])), features)
    codes = {label: float(code) for code, label in enumerate(classes)}
    actual, predicted = (frame[name].astype(str).map(codes) for name in (ACTUAL, PREDICTED))
    if actual.isna().any() or predicted.isna().any():
        return None
    scored = Scored(_numbers(actual), _numbers(predicted), _probability(frame, classes), len(classes))
    return Holdout(scored, features)


def match(first: Holdout, second: Holdout) -> tuple[Places, Places] | None:
    """The places of the rows that are in both hold-outs, in the same order; None when they cannot be told.

    Rows are the same when the columns that both have, and the true value, are the same; among equal rows the order decides.
    Without common columns, as for forecasts, only hold-outs with the very same true values match. Where less than half of the
    rows can be told apart, nothing is matched.
    """
    if first.scored.classes != second.scored.classes:
        return None
    everything = np.arange(len(first.scored.actual))
    if np.array_equal(first.scored.actual, second.scored.actual) and _alike(first, second):
        return everything, everything
    common = [name for name in first.features.columns if name in second.features.columns]
    if not common:
        return None
    left, right = (_keys(holdout, common) for holdout in (first, second))
    if left["key"].nunique() < _TELLING_SHARE * len(left):
        return None
    both = left.merge(right, on=["key", "turn"])
    return both["place_x"].to_numpy(dtype=np.int64), both["place_y"].to_numpy(dtype=np.int64)


def _alike(first: Holdout, second: Holdout) -> bool:
    common = [name for name in first.features.columns if name in second.features.columns]
    if not common:
        return not (len(first.features.columns) or len(second.features.columns))
    return bool((_keys(first, common)["key"] == _keys(second, common)["key"]).all())


def _keys(holdout: Holdout, columns: list[str]) -> pd.DataFrame:
    """A hash of each row's values, and the how-manieth of its like the row is."""
    texts = {name: _comparable(holdout.features[name]) for name in columns}
    frame = pd.DataFrame(texts).assign(**{f"{ACTUAL} ": _comparable(pd.Series(holdout.scored.actual))})
    key = pd.util.hash_pandas_object(frame.reset_index(drop=True), index=False)
    return pd.DataFrame({"key": key, "turn": key.groupby(key).cumcount(), "place": np.arange(len(key))})


def _comparable(values: pd.Series) -> pd.Series:
    """Values of one type for all numbers, and of one for everything else, however a column is stored."""
    values = values.reset_index(drop=True)
    if pd.api.types.is_numeric_dtype(values) and values.dtype != bool:
        return values.astype("float64")
    return values.astype(str)


def _numbers(values: pd.Series) -> Array:
    return np.asarray(values.to_numpy(dtype=np.float64, na_value=np.nan))


def _probability(frame: pd.DataFrame, classes: tuple[str, ...]) -> Array | None:
    named = [f"{PROBABILITY}_{label}" for label in classes]
    if set(named) <= set(frame.columns):
        return np.asarray(frame[named].to_numpy(dtype=np.float64))
    if len(classes) == 2 and PROBABILITY in frame:
        positive = _numbers(frame[PROBABILITY])
        return np.column_stack([1 - positive, positive])
    return None
