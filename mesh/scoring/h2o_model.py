"""An H2O model on a running cluster."""

import io
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mesh.errors import UnavailableError
from mesh.h2o.address import H2OAddress
from mesh.h2o.connection import connected, refusable

from .description import ModelDescription

_TURN = threading.Lock()
"""The connection is not for several threads at once, whichever model they score with."""
H2O_TYPES = {"number": "numeric", "category": "enum", "text": "string"}


@contextmanager
def h2o_predict(
    description: ModelDescription, path: Path, address: H2OAddress, folder: Path
) -> Iterator[Callable[[pd.DataFrame], np.ndarray]]:
    """What the model predicts, while it is on the cluster: values, or probabilities in order of the classes.

    `folder` takes the rows on their way: the JVM is sent them, because it refuses to read below hidden folders itself.
    Raises: UnavailableError when the cluster refuses the model (it takes models of its own version only) or the rows.
    """
    types = {f.name: H2O_TYPES[f.type] for f in description.features}
    with connected(address) as h2o:
        model = _refused_as_unavailable(h2o, lambda: h2o.upload_model(str(path)))

        def predict(frame: pd.DataFrame) -> np.ndarray:
            with _TURN:
                made = _refused_as_unavailable(h2o, lambda: _round_trip(h2o, model, frame, types, folder))
            return read_predictions(made, len(description.classes))

        try:
            yield predict
        finally:
            with suppress(h2o.exceptions.H2OError, OSError):
                h2o.remove(model.model_id)


def read_predictions(made: pd.DataFrame, classes: int) -> np.ndarray:
    """Values, or the probabilities of `classes` classes in order of their codes, out of what the cluster gives."""
    if classes == 0:
        return made["predict"].to_numpy(dtype=float)
    probability = made[[f"c{code}" for code in range(classes)]].to_numpy(dtype=float)
    return np.asarray(probability / probability.sum(axis=1, keepdims=True))


def _round_trip(
    h2o: Any, model: Any, frame: pd.DataFrame, types: dict[str, str], folder: Path
) -> pd.DataFrame:
    name = f"score_{uuid.uuid4().hex}"
    path = folder / f"{name}.csv"
    try:
        frame.to_csv(path, index=False, quoting=2, na_rep="")
        sent = h2o.upload_file(
            str(path), destination_frame=name, header=1, sep=",", col_types=[types[c] for c in frame.columns]
        )
    finally:
        path.unlink(missing_ok=True)
    made = model.predict(sent)
    try:
        return pd.read_csv(io.StringIO(made.get_frame_data()))
    finally:
        h2o.remove([sent.frame_id, made.frame_id])


def _refused_as_unavailable(h2o: Any, act: Callable[[], Any]) -> Any:
    try:
        with refusable(h2o):
            return act()
    except ValueError as error:
        raise UnavailableError(f"The H2O cluster could not score with this model: {error}") from error
