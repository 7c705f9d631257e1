"""One MLflow run a model: parameters, metrics, dataset, schema, leaderboard, hold-out and files."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mesh.results import DatasetRef

from .record import Record
from .schema import ModelSchema, schema_of
from .store import Store

EXPERIMENT = "a2a-mesh"
MODEL, HOLDOUT = "model", "holdout.parquet"
DESCRIPTION, CONTENTS = "description.json", "files.json"
_DIGEST = 36
_COLUMN_TYPES = {"number": "double", "date": "datetime"}


@dataclass(frozen=True)
class Trained:
    """A trained model to log: description, files (local path, name to keep), scored hold-out and training data."""

    description: dict[str, Any]
    files: tuple[tuple[Path, str], ...] = ()
    holdout: Path | None = None
    dataset: DatasetRef | None = None


@dataclass(frozen=True)
class Newcomer:
    """A trained model with what is to be kept of it: ready to be registered."""

    record: Record
    trained: Trained


@dataclass(frozen=True)
class ModelFile:
    """A model's file on this host, and the SHA-256 that it had when it was registered."""

    path: Path
    sha256: str


@dataclass(frozen=True)
class ModelFiles:
    """A registered model, ready to be loaded. `holdout` holds the rows it was scored on, when they were kept."""

    description: dict[str, Any]
    files: tuple[ModelFile, ...]
    holdout: Path | None


class Runs:
    """Writes and reads the runs of a store."""

    def __init__(self, client: Any, store: Store) -> None:
        self._client = client
        self._store = store

    def log(self, record: Record, trained: Trained) -> str:
        """The id of a new run that holds everything; it is finished when this returns."""
        from mlflow.entities import Metric, Param, RunTag

        run = self._client.create_run(self._experiment(), run_name=f"{record.name}-{record.params['model']}")
        run_id, now = str(run.info.run_id), int(run.info.start_time)
        self._client.log_batch(
            run_id,
            metrics=[Metric(k, v, now, 0) for k, v in sorted(record.metrics.items())],
            params=[Param(k, v) for k, v in sorted(record.params.items())],
            tags=[RunTag(k, v) for k, v in sorted(record.tags.items())],
        )
        if trained.dataset is not None:
            self._client.log_inputs(run_id, datasets=[_dataset_input(trained.dataset)])
        described = trained.description
        self._client.log_dict(run_id, {"leaderboard": described.get("leaderboard", [])}, "leaderboard.json")
        self._client.log_text(
            run_id, json.dumps(described, ensure_ascii=False, indent=1), f"{MODEL}/{DESCRIPTION}"
        )
        self._client.log_text(run_id, _mlmodel(schema_of(described), run_id), f"{MODEL}/MLmodel")
        for path, name in trained.files:
            self._log_file(run_id, path, name, MODEL)
        if trained.holdout is not None:
            self._log_file(run_id, trained.holdout, HOLDOUT, None)
        contents = {Path(name).name: _sha256(path) for path, name in trained.files}
        self._client.log_dict(run_id, contents, f"{MODEL}/{CONTENTS}")
        self._client.set_terminated(run_id)
        return run_id

    def read(self, run_id: str, folder: Path) -> ModelFiles:
        """The model of a run, its files put under `folder`; a run without a list of files has none that can be trusted."""
        folder.mkdir(parents=True, exist_ok=True)
        model = Path(self._client.download_artifacts(run_id, MODEL, str(folder)))
        contents = model / CONTENTS
        listed = json.loads(contents.read_text(encoding="utf-8")) if contents.exists() else {}
        holdout = None
        if any(item.path == HOLDOUT for item in self._client.list_artifacts(run_id)):
            holdout = Path(self._client.download_artifacts(run_id, HOLDOUT, str(folder)))
        return ModelFiles(
            json.loads((model / DESCRIPTION).read_text(encoding="utf-8")),
            tuple(ModelFile(model / name, sha256) for name, sha256 in sorted(listed.items())),
            holdout,
        )

    def _log_file(self, run_id: str, path: Path, name: str, folder: str | None) -> None:
        """A file under its name to keep: MLflow takes the name of what it is given, so that is a link in a folder of its own."""
        outgoing = self._store.folder / "outgoing" / run_id
        outgoing.mkdir(parents=True, exist_ok=True)
        link = outgoing / Path(name).name
        link.symlink_to(path.resolve())
        try:
            self._client.log_artifact(run_id, str(link), folder)
        finally:
            link.unlink()
            outgoing.rmdir()

    def _experiment(self) -> str:
        from mlflow.exceptions import MlflowException

        known = self._client.get_experiment_by_name(EXPERIMENT)
        if known is not None:
            return str(known.experiment_id)
        location = None if self._store.uri else (self._store.folder.resolve() / "artifacts").as_uri()
        try:
            return str(self._client.create_experiment(EXPERIMENT, artifact_location=location))
        except MlflowException:
            return str(self._client.get_experiment_by_name(EXPERIMENT).experiment_id)


def _dataset_input(dataset: DatasetRef) -> Any:
    """The training data as MLflow's lineage has it: name, the start of its checksum, address, columns and size."""
    from mlflow.entities import Dataset, DatasetInput, InputTag

    columns = [{"name": c.name, "type": c.type, "semantic": c.semantic} for c in dataset.columns]
    return DatasetInput(
        Dataset(
            name=dataset.name,
            digest=dataset.sha256[:_DIGEST],
            source_type="a2a-mesh",
            source=json.dumps({"id": dataset.id, "uri": dataset.uri, "sha256": dataset.sha256}),
            schema=json.dumps({"columns": columns}, ensure_ascii=False),
            profile=json.dumps({"num_rows": dataset.rows}),
        ),
        tags=[InputTag("mlflow.data.context", "training")],
    )


def _mlmodel(schema: ModelSchema, run_id: str) -> str:
    """The model's signature in MLflow's own form. No input is required: the models of the mesh take missing values."""
    from mlflow.models import Model, ModelSignature
    from mlflow.types import ColSpec, Schema

    inputs: list[Any] = [
        ColSpec(_COLUMN_TYPES.get(kind, "string"), name, required=False)
        for name, kind in schema.inputs.items()
    ]
    outputs: list[Any] = [ColSpec("string" if schema.classes else "double", "predicted")]
    outputs += [ColSpec("double", f"probability of {label}") for label in schema.classes]
    signature = ModelSignature(inputs=Schema(inputs), outputs=Schema(outputs))
    return str(Model(artifact_path=MODEL, run_id=run_id, signature=signature).to_yaml())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
