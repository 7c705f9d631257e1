"""A loaded model: predictions for checked rows."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd

from mesh.errors import ForbiddenError, UnavailableError
from mesh.h2o.address import H2OAddress
from mesh.language import Language, say

from .description import ModelDescription
from .seal import checksum, is_sealed

Predict = Callable[[pd.DataFrame], np.ndarray]
PREDICTED, LOWER, UPPER, PROBABILITY = "predicted", "lower", "upper", "probability_"


class Scorer:
    """Scores rows as `rows.check_rows` returns them. Not for several threads at once."""

    def __init__(self, description: ModelDescription, predict: Predict) -> None:
        self.description = description
        self._predict = predict

    def predict(self, frame: pd.DataFrame) -> np.ndarray:
        """Values, shape (n,), or the probability of each class, shape (n, classes), rows summing to 1."""
        return self._predict(frame[[feature.name for feature in self.description.features]])

    def score(self, frame: pd.DataFrame) -> pd.DataFrame:
        """One row per row, with the index of `frame`.

        A regression has `predicted`, and `lower` and `upper` when the model has an interval; a classification has the class
        as `predicted`, and one `probability_<class>` for each.
        """
        predicted = self.predict(frame)
        if self.description.classes:
            labels = np.array(self.description.classes, dtype=object)
            names = [f"{PROBABILITY}{label}" for label in self.description.classes]
            columns = {
                PREDICTED: labels[decide(predicted, self.description.threshold)],
                **dict(zip(names, predicted.T, strict=True)),
            }
            return pd.DataFrame(columns, index=frame.index)
        scored = pd.DataFrame({PREDICTED: predicted}, index=frame.index)
        interval = self.description.interval
        if interval is None:
            return scored
        return scored.assign(
            **{LOWER: predicted - interval.half_width, UPPER: predicted + interval.half_width}
        )


def decide(probability: np.ndarray, threshold: float) -> np.ndarray:
    """The code of each row's class: the positive one of two from the threshold on, the most probable of more.

    Args: `probability` of each class, shape (n, classes).
    """
    if probability.shape[1] == 2:
        return (probability[:, 1] >= threshold).astype(int)
    return np.asarray(probability.argmax(axis=1))


@contextmanager
def open_scorer(
    description: ModelDescription,
    files: Sequence[Path],
    *,
    token: str,
    h2o: H2OAddress | None = None,
    folder: Path | None = None,
    language: Language = "en",
    judged: bool = False,
) -> Iterator[Scorer]:
    """The model, loaded from its files until the block ends.

    Model files are code to whoever loads them. Only those are loaded whose content has the checksum that the description
    names, under a seal made with this mesh's `token` (`mesh.auth.mesh_token`): what a stranger uploads is never opened.
    A scikit-learn model is loaded into this process and costs milliseconds per call. An H2O model is loaded into the cluster
    at `h2o` (`mesh.h2o.cluster.H2OCluster(…).lease(…)` starts one), with `folder` for what is sent to it, and costs some
    tenths of a second per call, so it should be given many rows at once. `judged` asks for the model that has not learned from
    the held-out rows, where there are two.

    Raises: ForbiddenError when a file is not a model of this mesh; UnavailableError when an H2O model has no cluster, or
    the model cannot be loaded by the libraries installed.
    """
    path = _trusted(description, files, token, language, judged=judged)
    if description.engine == "h2o":
        if h2o is None:
            raise UnavailableError(
                say(
                    language,
                    en="This model was trained with H2O and needs a running H2O cluster to score; none could be started.",
                    ko="H2O로 학습한 모델이라 예측하려면 H2O 클러스터가 필요하지만 시작하지 못했습니다.",
                )
            )
        from .h2o_model import h2o_predict

        with h2o_predict(description, path, h2o, folder or path.parent) as predict:
            yield Scorer(description, predict)
        return
    from .sklearn_model import sklearn_predict

    yield Scorer(description, sklearn_predict(path, len(description.classes)))


def _trusted(
    description: ModelDescription, files: Sequence[Path], token: str, language: Language, *, judged: bool
) -> Path:
    """The first file of the description, or the `judged` one, once every file given is known to be the mesh's own."""
    known = {file.sha256: file for file in description.files}
    found: dict[str, Path] = {}
    for path in files:
        sha256 = checksum(path)
        if sha256 not in known or not is_sealed(sha256, known[sha256].seal, token):
            raise ForbiddenError(
                say(
                    language,
                    en="The model file was not made by this mesh, or was changed since, and is not loaded; train the model here.",
                    ko="모델 파일이 이 메시에서 만든 것이 아니거나 변경되어 불러오지 않았습니다. 여기에서 다시 학습해 주십시오.",
                )
            )
        found[sha256] = path
    for file in sorted(description.files, key=lambda file: (file.name == description.judged) is not judged):
        if file.sha256 in found:
            return found[file.sha256]
    raise ForbiddenError(
        say(
            language,
            en="The model comes without its file; train it again.",
            ko="모델 파일이 없습니다. 모델을 다시 학습해 주십시오.",
        )
    )
