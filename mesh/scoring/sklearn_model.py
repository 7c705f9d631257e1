"""A scikit-learn model in this process."""

import pickle
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from mesh.errors import UnavailableError

LEAST_PROBABILITY = 5e-4


def sklearn_predict(path: Path, classes: int) -> Callable[[pd.DataFrame], np.ndarray]:
    """What the pickled model predicts: values, or the probabilities of `classes` classes in order of their codes.

    The file must be trusted already. Numerical libraries use one thread.
    Raises: UnavailableError when the installed libraries cannot load it.
    """
    try:
        with path.open("rb") as file:
            model: Any = pickle.load(file)  # noqa: S301 - sealed by this mesh, see scorer.open_scorer
    except (ImportError, AttributeError, pickle.UnpicklingError, EOFError, ValueError) as error:
        raise UnavailableError(
            f"The model cannot be loaded with the libraries installed here ({error}); train it again."
        ) from error

    return partial(ask_sklearn, model, classes)


def ask_sklearn(model: Any, classes: int, frame: pd.DataFrame) -> np.ndarray:
    """Values, or the probabilities of all `classes`: also of those that the model has not met.

    None is 0 or 1: a tree that has seen one class alone is sure of it after a handful of rows (Laplace's rule of succession).
    """
    with threadpool_limits(1):
        if classes == 0:
            return np.asarray(model.predict(frame), dtype=float)
        made = np.zeros((len(frame), classes))
        made[:, model.classes_.astype(int)] = model.predict_proba(frame)
        return (made + LEAST_PROBABILITY) / (1 + classes * LEAST_PROBABILITY)
