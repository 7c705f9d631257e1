"""What is known of a trained model: read from the data of a `model` output, or from what the registry keeps of it."""

import math
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mesh.errors import BadInputError
from mesh.language import Language, say
from mesh.results import Model

from .feature import Feature

INTERVAL_LEVEL = 0.9


class ModelFile(Model):
    """A file of the model: its checksum, and the seal of the mesh that made it."""

    name: str
    sha256: str
    seal: str


class TrainingData(Model):
    """The dataset that a model was trained on."""

    id: str
    name: str
    sha256: str


class Interval(Model):
    """An interval of `level` around every prediction of a regression: `half_width` to both sides, in units of the target.

    `rows` is how many held-out rows it is read from.
    """

    level: float
    half_width: float
    rows: int


class ModelDescription(BaseModel):
    """A regression or classification model of this mesh.

    `features` are what it takes, in order. `classes` are sorted labels; of two, the second is the positive one, predicted from
    the `threshold` on. `score` is that of the hold-out in `metric`; `judged` names the file of the model that has it, when the
    one to predict with has learned from the hold-out since.
    """

    model_config = ConfigDict(frozen=True)

    task: Literal["regression", "classification"]
    target: str
    engine: str
    algorithm: str
    features: tuple[Feature, ...] = Field(min_length=1)
    classes: tuple[str, ...] = ()
    threshold: float = 0.5
    metric: str
    score: float | None = None
    interval: Interval | None = None
    dataset: TrainingData | None = None
    files: tuple[ModelFile, ...] = ()
    judged: str | None = None

    @property
    def positive_class(self) -> str | None:
        """The class that the threshold is for; None for a regression and for more than two classes."""
        return self.classes[1] if len(self.classes) == 2 else None

    def class_of(self, value: Any) -> str | None:
        """The class that a value means, however it is written: 1, 1.0, "1" and true are one; None when it is none of them."""
        number = as_number(value)
        for label in self.classes:
            if str(value) == label or (number is not None and number == as_number(label)):
                return label
        return None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a table to score must have, each once."""
        return tuple(dict.fromkeys(column for feature in self.features for column in feature.columns))


def describe(model: dict[str, Any], language: Language = "en") -> ModelDescription:
    """The description of a model from the data of its `model` output.

    Raises: BadInputError for a forecast, which continues its own series, and for a model that was not saved for scoring.
    """
    if model.get("task") == "forecast":
        raise BadInputError(
            say(
                language,
                en="This model is a forecast: it continues the series it was trained on and has no other rows to score or "
                "features to explain. Ask for a forecast with the horizon you need, or train a model for a column.",
                ko="이 모델은 시계열 예측 모델이라 학습한 시계열을 이어 갈 뿐, 다른 행을 예측하거나 변수로 설명할 수 없습니다. "
                "필요한 기간의 예측을 요청하거나, 예측할 열을 정해 모델을 학습해 주십시오.",
            )
        )
    if not model.get("inputs"):
        raise BadInputError(
            say(
                language,
                en="The model does not say which columns it takes; train it again to score rows with it.",
                ko="모델에 입력 열 정보가 없습니다. 모델을 다시 학습해 주십시오.",
            )
        )
    best = model.get("best") or {}
    taken = ("task", "target", "engine", "metric", "dataset", "classes", "judged")
    given: dict[str, Any] = {key: model[key] for key in taken if key in model} | {
        "algorithm": best.get("model", ""),
        "features": model["inputs"],
        "threshold": 0.5 if model.get("threshold") is None else model["threshold"],
        "score": best.get(model.get("metric", "")),
        "interval": _interval(model),
        "files": model.get("files") or (),
    }
    try:
        return ModelDescription.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise BadInputError(
            say(
                language,
                en="The model's description cannot be read ({place}: {why}); train the model again.",
                ko="모델 설명을 읽을 수 없습니다({place}: {why}). 모델을 다시 학습해 주십시오.",
                place=place,
                why=first["msg"],
            )
        ) from None


def as_number(value: Any) -> float | None:
    """A finite number, also when it is written as a text; None for anything else."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _interval(model: dict[str, Any]) -> Interval | None:
    """Split conformal, from the absolute errors of the hold-out, which no training has seen.

    Source: Lei et al. (2018), Distribution-free predictive inference for regression: the ⌈(n + 1) level⌉-th smallest.
    """
    pairs = (model.get("holdout") or {}).get("actual_vs_predicted") or []
    rank = math.ceil((len(pairs) + 1) * INTERVAL_LEVEL)
    if model.get("task") != "regression" or rank > len(pairs):
        return None
    errors = sorted(abs(actual - predicted) for actual, predicted in pairs)
    return Interval(level=INTERVAL_LEVEL, half_width=errors[rank - 1], rows=len(errors))
