"""A connection to the running H2O cluster from a compute process, and AutoML with a deadline on it."""

import contextlib
import io
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd

from mesh.h2o.address import H2OAddress
from mesh.h2o.connection import connected, refusable

_POLL_S = 0.4
_HEARTBEAT_S = 10.0


@dataclass(frozen=True)
class Standing:
    """A model on AutoML's leaderboard, with its validation score in the sort metric."""

    model_id: str
    score: float

    @property
    def algorithm(self) -> str:
        """`GBM`, `GLM`, `DRF`, `XRT` or `StackedEnsemble`."""
        return self.model_id.split("_")[0]


class H2OSession:
    """What one training does on the cluster. Every frame and project carries the `project` as a prefix.

    What the cluster refuses, and its death, are a ValueError: the training goes on without it.
    """

    def __init__(self, h2o: Any, project: str, folder: Path) -> None:
        self.h2o = h2o
        self.project = project
        self._folder = folder
        self._frames = 0
        self._last: tuple[pd.DataFrame, Any] | None = None

    def upload(self, frame: pd.DataFrame, types: dict[str, str]) -> Any:
        """The table as an H2OFrame; `types` are `enum` or `numeric` per column.

        Sent to the JVM, which refuses to read files below a hidden folder such as `.mesh` itself. The same table twice in
        a row is sent once.
        """
        if self._last is not None and self._last[0] is frame:
            return self._last[1]
        self._frames += 1
        path = self._folder / f"{self.project}_{self._frames}.csv"
        frame.to_csv(path, index=False, quoting=2, na_rep="")
        with refusable(self.h2o):
            uploaded = self.h2o.upload_file(
                str(path),
                destination_frame=f"{self.project}_{self._frames}",
                header=1,
                sep=",",
                col_types=[types[name] for name in frame.columns],
            )
        path.unlink()
        self._last = (frame, uploaded)
        return uploaded

    def train(self, estimator: Any, target: str, frame: Any) -> None:
        """Fit one H2O estimator on an H2OFrame."""
        with refusable(self.h2o):
            estimator.train(y=target, training_frame=frame)

    def predict(self, model: Any, frame: Any) -> pd.DataFrame:
        """The model's prediction columns for an H2OFrame, in its row order."""
        with refusable(self.h2o):
            return pd.read_csv(io.StringIO(model.predict(frame).get_frame_data()))

    def automl(
        self,
        target: str,
        training: Any,
        *,
        validation: Any | None,
        seconds: float,
        seed: int,
        metric: str,
        algorithms: tuple[str, ...],
        report: Callable[[list[Standing]], None],
        folds: str | None = None,
    ) -> list[Standing]:
        """Train until AutoML is through or `seconds` are over; the leaderboard, best first.

        With `validation` the leaderboard is scored on it (no folds); otherwise by cross-validation in the folds that the column
        `folds` numbers. A cut-off run keeps the models that were finished, which may be none.

        Raises: ValueError with AutoML's own reason when it failed before the time was up.
        """
        from h2o.automl import H2OAutoML

        deadline = time.monotonic() + seconds
        automl = H2OAutoML(
            max_runtime_secs=max(1, round(seconds * 0.95)),
            max_models=20,
            seed=seed,
            nfolds=0 if folds is None else -1,
            sort_metric=metric,
            include_algos=list(algorithms),
            project_name=f"{self.project}_{self._frames}",
            verbosity=None,
        )
        failure: list[Exception] = []
        name = f"{automl.project_name}@@{target}"
        thread = threading.Thread(
            target=_train,
            args=(automl, target, training, validation, folds, failure),
            name="h2o-automl",
            daemon=True,
        )
        thread.start()
        seen, told_at = 0, time.monotonic()
        while thread.is_alive():
            thread.join(_POLL_S)
            standings = self._standings(name)
            if len(standings) > seen or (standings and time.monotonic() - told_at > _HEARTBEAT_S):
                seen, told_at = len(standings), time.monotonic()
                report(standings)
            if time.monotonic() > deadline:
                self._cancel()
                thread.join(2.0)
                break
        standings = self._standings(name)
        if len(standings) > seen:
            report(standings)
        if not standings and failure and time.monotonic() < deadline:
            raise ValueError(str(failure[0]).splitlines()[0])
        return standings

    def model(self, model_id: str) -> Any:
        """A trained model by its id."""
        return self.h2o.get_model(model_id)

    def save(self, model: Any, folder: Path) -> Path:
        """The model in H2O's own binary form, to be loaded into a cluster of the same version."""
        return Path(self.h2o.download_model(model, path=str(folder)))

    def _standings(self, name: str) -> list[Standing]:
        try:
            board = self.h2o.api(f"GET /99/AutoML/{quote(name, safe='')}")["leaderboard"]
        except (OSError, ValueError, KeyError, self.h2o.exceptions.H2OError):
            return []
        ids = [key["name"] for key in board["models"] or []]
        return [Standing(i, float(s)) for i, s in zip(ids, board["sort_metrics"] or [], strict=False)]

    def _cancel(self) -> None:
        for job in self.h2o.api("GET /3/Jobs")["jobs"]:
            if job["status"] == "RUNNING" and (job["dest"] or {}).get("name", "").startswith(self.project):
                self.h2o.api(f"POST /3/Jobs/{quote(job['key']['name'], safe='')}/cancel")


@contextlib.contextmanager
def h2o_session(address: H2OAddress, project: str, folder: Path) -> Iterator[H2OSession]:
    """Connect to the cluster for one training."""
    with connected(address) as h2o:
        yield H2OSession(h2o, project, folder)


def _train(
    automl: Any,
    target: str,
    training: Any,
    validation: Any | None,
    folds: str | None,
    failure: list[Exception],
) -> None:
    try:
        automl.train(y=target, training_frame=training, leaderboard_frame=validation, fold_column=folds)
    except Exception as error:  # noqa: BLE001  the thread's boundary; judged by the caller, which also cancels it
        failure.append(error)
