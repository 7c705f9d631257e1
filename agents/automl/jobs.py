"""What runs in the compute process. Importing this is cheap; the libraries come with the work."""

from collections.abc import Callable
from pathlib import Path

from mesh.language import Language
from mesh.results import Column

from .decision import Intake
from .order import Order, Trained
from .question import Task
from .scoring_order import ExplanationWish, ModelAnswer, ModelOrder, RowsGiven


def take_in(
    table: Path,
    columns: list[Column],
    question: str,
    language: Language,
    target: str | None,
    task: Task | None,
    folder: Path,
) -> Intake:
    """What to predict; see `intake.take_in`."""
    from . import intake

    return intake.take_in(table, columns, question, language, target, task, folder)


def train(order: Order, progress: Callable[[float, str], None]) -> Trained:
    """The model, or the forecast; see `forecasting.train_forecast` and `supervised.train_supervised`.

    Numerical libraries use one thread: their threads wait by spinning, which on a busy host costs more than it gains.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    from .forecasting import train_forecast
    from .supervised import train_supervised

    with threadpool_limits(1):
        return (train_forecast if order.choice.task == "forecast" else train_supervised)(order, progress)


def predict(order: ModelOrder, given: RowsGiven, progress: Callable[[float, str], None]) -> ModelAnswer:
    """New rows with predictions; see `predicting.predict_rows`."""
    from .predicting import predict_rows
    from .prediction_story import tell_predictions

    return tell_predictions(predict_rows(order, given, progress), order.folder, order.language)


def explain(order: ModelOrder, wish: ExplanationWish, progress: Callable[[float, str], None]) -> ModelAnswer:
    """A model explained on its hold-out; see `explanation.explain_model`."""
    from .explanation import explain_model
    from .explanation_files import tell_explanation

    return tell_explanation(explain_model(order, wish, progress), order.folder, order.language)
