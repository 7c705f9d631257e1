"""A forecast's files: the points, a CSV of them and the models."""

import pickle
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

from mesh.results import Column

from .contest import Contest
from .forecast import Forecast, forecast_frame
from .h2o_lags import H2OLags
from .order import Order, SavedFile, SavedTable
from .series import RegularSeries


def save_csv(order: Order, made: Forecast) -> SavedFile:
    """Every period with its intervals as CSV."""
    path = order.folder / "forecast.csv"
    forecast_frame(made).to_csv(path, index=False, float_format="%.6f")
    return SavedFile(path, "forecast.csv", "text/csv")


def save_points(order: Order, made: Forecast) -> SavedTable:
    """Every period with its intervals as a dataset."""
    path = order.folder / "forecast.parquet"
    frame = forecast_frame(made)
    frame.to_parquet(path, index=False)
    semantic = "measure" if made.series.aggregation == "sum" else "intensive"
    columns = [Column(name="date", type="datetime", semantic="date", nullable=False)]
    columns += [Column(name=n, type="number", semantic=semantic, nullable=False) for n in frame.columns[1:]]  # type: ignore[arg-type]
    return SavedTable(path, "forecast", columns, len(frame))


def save_models(
    order: Order, contest: Contest, entrant: H2OLags | None, series: RegularSeries
) -> list[SavedFile]:
    """The winner as a pickle of fitted library objects and plain values, and H2O's own file when it takes part."""
    names = list(contest.used())
    fitted = {
        name: getattr(contest.candidates[name], "fitted", None)
        for name in names
        if entrant is None or name != entrant.name
    }
    bundle = {
        "kind": "forecast",
        "model": contest.winner.name,
        "parts": contest.used(),
        "fitted": {name: _plain(value) for name, value in fitted.items()},
        "history": series.values,
        "frequency": series.frequency,
        "aggregation": series.aggregation,
        "season": series.season,
        "longer_season": series.longer,
        "seed": order.seed,
    }
    path = order.folder / "model.pkl"
    with path.open("wb") as file:
        pickle.dump(bundle, file)
    files = [SavedFile(path, "model.pkl", "application/octet-stream")]
    if entrant is not None and entrant.name in names:
        saved: Path = entrant.save(order.folder)
        files.append(SavedFile(saved, "h2o_model.bin", "application/octet-stream"))
    return files


def _plain(fitted: Any) -> Any:
    """Own dataclasses as dicts, so that the pickle loads where only the libraries are installed."""
    return vars(fitted).copy() if is_dataclass(fitted) else fitted
