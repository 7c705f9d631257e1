"""MLflow: the tracking store and model registry. The one place that imports it."""

import contextlib
import json
import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from mesh.errors import NotFoundError, UnavailableError

from .promotion import Previous, Promotion, judge
from .record import Record

CHAMPION, CHALLENGER = "champion", "challenger"
EXPERIMENT = "a2a-mesh"


@dataclass(frozen=True)
class Store:
    """Where MLflow keeps things: a server at `uri`, or (None) a SQLite file and a folder under `folder`."""

    folder: Path
    uri: str | None = None

    @property
    def tracking_uri(self) -> str:
        """What MLflow is given."""
        return self.uri or f"sqlite:///{self.folder.resolve() / 'mlflow.db'}"

    @property
    def shown_uri(self) -> str:
        """The same for readers: a server's address without user, password and query; no path of this host."""
        if self.uri is None:
            return "embedded (MESH_HOME/mlops)"
        parts = urlsplit(self.uri)
        if parts.scheme not in {"http", "https"}:
            return f"{parts.scheme or 'file'} (MLFLOW_TRACKING_URI)"
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


@dataclass(frozen=True)
class Registered:
    """A new version and what became of it."""

    version: str
    run_id: str
    aliases: list[str]
    promotion: Promotion
    previous: Previous | None


@dataclass(frozen=True)
class Version:
    """A registered version as listed."""

    name: str
    version: str
    aliases: list[str]
    metric: str
    value: float | None
    model: str
    task: str
    dataset_id: str
    run_id: str


class Registry:
    """Reads and writes a store."""

    def __init__(self, client: Any, store: Store) -> None:
        self._client = client
        self._store = store

    def register(self, record: Record, model: dict[str, Any], files: list[tuple[Path, str]]) -> Registered:
        """Log a run with everything known of the model, register it, move the aliases.

        `files` are (local path, name to keep). The version is complete before an alias points at it.
        """
        run_id = self._log(record, model, files)
        self._ensure_model(record.name)
        champion = self._champion(record.name)
        version = self._client.create_model_version(
            record.name,
            source=f"{self._client.get_run(run_id).info.artifact_uri}/model",
            run_id=run_id,
            tags=record.tags,
        )
        promotion = judge(
            record.value, record.metric, lower_is_better=record.lower_is_better, champion=champion
        )
        aliases = [CHALLENGER, *([CHAMPION] if promotion.promoted else [])]
        for alias in aliases:
            self._client.set_registered_model_alias(record.name, alias, version.version)
        return Registered(str(version.version), run_id, aliases, promotion, champion)

    def versions(self, name: str | None = None) -> list[Version]:
        """Every version, by name, newest first; of one model when `name` is given.

        Raises: NotFoundError when `name` is not registered.
        """
        names = [m.name for m in _pages(self._client.search_registered_models)]
        if name is not None and name not in names:
            raise NotFoundError(
                f"No model named {name!r} is registered; there are: {', '.join(sorted(names)) or 'none'}."
            )
        found: list[Version] = []
        for each in sorted(names) if name is None else [name]:
            aliases: dict[str, list[str]] = {}
            for alias, number in self._client.get_registered_model(each).aliases.items():
                aliases.setdefault(str(number), []).append(alias)
            escaped = each.replace("'", "''")
            listed = _pages(self._client.search_model_versions, filter_string=f"name='{escaped}'")
            listed.sort(key=lambda v: -int(v.version))
            found += [self._version(v, sorted(aliases.get(str(v.version), []))) for v in listed]
        return found

    def _log(self, record: Record, model: dict[str, Any], files: list[tuple[Path, str]]) -> str:
        from mlflow.entities import Metric, Param, RunTag

        run = self._client.create_run(self._experiment(), run_name=f"{record.name}-{record.params['model']}")
        run_id = str(run.info.run_id)
        now = int(run.info.start_time)
        self._client.log_batch(
            run_id,
            metrics=[Metric(k, v, now, 0) for k, v in sorted(record.metrics.items())],
            params=[Param(k, v) for k, v in sorted(record.params.items())],
            tags=[RunTag(k, v) for k, v in sorted(record.tags.items())],
        )
        self._client.log_dict(run_id, {"leaderboard": model.get("leaderboard", [])}, "leaderboard.json")
        self._client.log_text(
            run_id, json.dumps(model, ensure_ascii=False, indent=1), "model/description.json"
        )
        for path, name in files:
            self._log_file(run_id, path, name)
        self._client.set_terminated(run_id)
        return run_id

    def _log_file(self, run_id: str, path: Path, name: str) -> None:
        folder = self._store.folder / "outgoing" / run_id
        folder.mkdir(parents=True, exist_ok=True)
        link = folder / Path(name).name
        link.symlink_to(path.resolve())
        try:
            self._client.log_artifact(run_id, str(link), "model")
        finally:
            link.unlink()
            folder.rmdir()

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

    def _ensure_model(self, name: str) -> None:
        from mlflow.exceptions import MlflowException

        with contextlib.suppress(MlflowException):
            self._client.create_registered_model(name)

    def _champion(self, name: str) -> Previous | None:
        from mlflow.exceptions import MlflowException

        try:
            version = self._client.get_model_version_by_alias(name, CHAMPION)
        except MlflowException:
            return None
        seen = self._version(version, [CHAMPION])
        return Previous(seen.version, seen.metric, seen.value, seen.dataset_id or None)

    def _version(self, version: Any, aliases: list[str]) -> Version:
        from mlflow.exceptions import MlflowException

        metric, value, params = version.tags.get("metric", ""), None, {}
        with contextlib.suppress(MlflowException):
            data = self._client.get_run(version.run_id).data
            value, params = data.metrics.get(metric), data.params
        return Version(
            name=version.name,
            version=str(version.version),
            aliases=aliases,
            metric=metric,
            value=None if value is None else float(value),
            model=params.get("model", ""),
            task=params.get("task", ""),
            dataset_id=version.tags.get("dataset_id", ""),
            run_id=str(version.run_id),
        )


@contextlib.contextmanager
def open_registry(store: Store) -> Iterator[Registry]:
    """MLflow on the store, created when it does not exist yet. It reports its use to nobody.

    Raises: UnavailableError when a server was named and cannot be reached.
    """
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    os.environ["DO_NOT_TRACK"] = "true"
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
    store.folder.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"(mlflow|alembic|sqlalchemy|pydantic)(\..*)?$")
        from mlflow import MlflowClient
        from mlflow.exceptions import MlflowException

        client = MlflowClient(tracking_uri=store.tracking_uri, registry_uri=store.tracking_uri)
        try:
            yield Registry(client, store)
        except MlflowException as error:
            raise UnavailableError(f"The MLflow store {store.shown_uri} refused: {error.message}") from None


def _pages(search: Any, **arguments: Any) -> list[Any]:
    found: list[Any] = []
    token = None
    while True:
        page = search(**arguments, page_token=token)
        found += page
        token = page.token
        if not token:
            return found
