"""MLflow's model registry: versions, the champion and its challengers, and the history of who was champion."""

import contextlib
import datetime as dt
import os
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mesh.errors import BadInputError, NotFoundError, UnavailableError
from mesh.language import Language, say

from .history import Change, Kind, decode_change, line_of, settle
from .runs import MODEL, ModelFiles, Newcomer, Runs
from .store import Store

CHAMPION, CHALLENGER, PREVIOUS = "champion", "challenger", "previous_champion"
_CHANGE = "champion_change."


@dataclass(frozen=True)
class Version:
    """A registered version. `value` is its score in `metric`; None when it was not scored in it."""

    name: str
    version: str
    aliases: list[str]
    metric: str
    value: float | None
    model: str
    task: str
    dataset_id: str
    run_id: str
    dataset_name: str = ""
    registered_at: str = ""


class Registry:
    """Reads and writes a store.

    Writing is safe to break off anywhere: a version is complete before an alias points at it, and a change of the champion
    takes place with the one call that moves the alias `champion`.
    """

    def __init__(self, client: Any, store: Store) -> None:
        self._client = client
        self._runs = Runs(client, store)

    def register(self, newcomer: Newcomer) -> Version:
        """Log a run with everything known of the model and make it the newest version, the challenger."""
        record = newcomer.record
        run_id = self._runs.log(record, newcomer.trained)
        self._ensure_model(record.name)
        made = self._client.create_model_version(
            record.name,
            source=f"{self._client.get_run(run_id).info.artifact_uri}/{MODEL}",
            run_id=run_id,
            tags=record.tags,
        )
        self._client.set_registered_model_alias(record.name, CHALLENGER, made.version)
        return self.version(record.name, str(made.version))

    def names(self) -> list[str]:
        """The registered names, sorted."""
        return sorted(model.name for model in _pages(self._client.search_registered_models))

    def versions(self, name: str | None = None, language: Language = "en") -> list[Version]:
        """Every version, by name, newest first; of one model when `name` is given.

        Raises: NotFoundError when `name` is not registered.
        """
        names = self.names()
        if name is not None and name not in names:
            raise NotFoundError(not_registered(name, names, language))
        found: list[Version] = []
        for each in names if name is None else [name]:
            aliases = self._aliases(each)
            escaped = each.replace("'", "''")
            listed = _pages(self._client.search_model_versions, filter_string=f"name='{escaped}'")
            listed.sort(key=lambda v: -int(v.version))
            found += [self._version(v, aliases) for v in listed]
        return found

    def version(self, name: str, version: str, language: Language = "en") -> Version:
        """One version. Raises: NotFoundError naming the versions there are."""
        from mlflow.exceptions import MlflowException

        try:
            found = self._client.get_model_version(name, version)
        except MlflowException:
            known = [v.version for v in self.versions(name, language)]
            raise NotFoundError(
                say(
                    language,
                    en="'{name}' has no version {version}; its versions are: {known}.",
                    ko="'{name}'에 버전 {version}(은/는) 없습니다. 있는 버전: {known}.",
                    name=name,
                    version=version,
                    known=", ".join(known) or say(language, en="none", ko="없음"),
                )
            ) from None
        return self._version(found, self._aliases(name))

    def champion(self, name: str) -> Version | None:
        """The version that is the champion now; None when there is none."""
        return self._by_alias(name, CHAMPION)

    def challenger(self, name: str) -> Version | None:
        """The newest version that was registered and not promoted; None when there is none."""
        return self._by_alias(name, CHALLENGER)

    def files(self, version: Version, folder: Path) -> ModelFiles:
        """Everything needed to load a version, put under `folder`."""
        return self._runs.read(version.run_id, folder)

    def history(self, name: str) -> list[Change]:
        """Who was the champion when and why, oldest first."""
        return settle(list(self._recorded(name).values()), self._champion_number(name))

    def previous(self, name: str) -> str | None:
        """The version that a roll-back returns to; None when there is none."""
        line = line_of(self.history(name))
        return line[-2] if len(line) > 1 else None

    def promote(self, name: str, version: str, *, reason: str, kind: Kind = "promotion") -> Change:
        """Make a version the champion and keep the one before as `previous_champion`."""
        made = self._change(self.version(name, version), reason, kind)
        if self._aliases(name).get(CHALLENGER) == version:
            self._client.delete_registered_model_alias(name, CHALLENGER)
        return made

    def rollback(
        self, name: str, version: str | None = None, *, reason: str, language: Language = "en"
    ) -> Change:
        """Make an earlier version the champion again: the last champion before the present one, or `version`.

        Raises: BadInputError when there was no champion before it, or the version is the champion already.
        """
        target = version or self.previous(name)
        if target is None:
            raise BadInputError(
                say(
                    language,
                    en="'{name}' has had no champion before the present one; name the version to return to.",
                    ko="'{name}'에는 지금보다 앞선 챔피언이 없습니다. 되돌아갈 버전을 알려 주십시오.",
                    name=name,
                )
            )
        return self._change(self.version(name, target, language), reason, "rollback", language)

    def _change(self, version: Version, reason: str, kind: Kind, language: Language = "en") -> Change:
        """Record the change, then move the aliases, `champion` last: what broke off before that did not happen."""
        name, now = version.name, self._champion_number(version.name)
        if now == version.version:
            raise BadInputError(
                say(
                    language,
                    en="Version {version} of '{name}' is the champion already; nothing was changed.",
                    ko="'{name}' 버전 {version}(은/는) 이미 챔피언입니다. 바꾼 것이 없습니다.",
                    name=name,
                    version=int(now),
                )
            )
        recorded = self._recorded(name)
        settled = settle(list(recorded.values()), now)
        for key in [key for key, change in recorded.items() if change not in settled]:
            self._client.delete_registered_model_tag(name, key)
        at = dt.datetime.now(dt.UTC)
        change = Change(at.isoformat(timespec="milliseconds"), version.version, now, kind, reason)
        line = line_of([*settled, change])
        self._client.set_registered_model_tag(name, f"{_CHANGE}{at:%Y%m%dT%H%M%S.%f}", change.encode())
        if len(line) > 1:
            self._client.set_registered_model_alias(name, PREVIOUS, line[-2])
        self._client.set_registered_model_alias(name, CHAMPION, version.version)
        if len(line) == 1 and PREVIOUS in self._aliases(name):
            self._client.delete_registered_model_alias(name, PREVIOUS)
        return change

    def _recorded(self, name: str) -> dict[str, Change]:
        """The changes as they were written, by the tag that holds them, oldest first."""
        tags = self._client.get_registered_model(name).tags
        return {key: decode_change(tags[key]) for key in sorted(tags) if key.startswith(_CHANGE)}

    def _ensure_model(self, name: str) -> None:
        from mlflow.exceptions import MlflowException

        with contextlib.suppress(MlflowException):
            self._client.create_registered_model(name)

    def _aliases(self, name: str) -> dict[str, str]:
        aliases = self._client.get_registered_model(name).aliases
        return {alias: str(number) for alias, number in aliases.items()}

    def _champion_number(self, name: str) -> str | None:
        return self._aliases(name).get(CHAMPION)

    def _by_alias(self, name: str, alias: str) -> Version | None:
        from mlflow.exceptions import MlflowException

        try:
            return self._version(self._client.get_model_version_by_alias(name, alias), self._aliases(name))
        except MlflowException:
            return None

    def _version(self, version: Any, aliases: dict[str, str]) -> Version:
        from mlflow.exceptions import MlflowException

        metric, value, params = version.tags.get("metric", ""), None, {}
        with contextlib.suppress(MlflowException):
            data = self._client.get_run(version.run_id).data
            value, params = data.metrics.get(metric), data.params
        at = dt.datetime.fromtimestamp(version.creation_timestamp / 1000, dt.UTC)
        return Version(
            name=version.name,
            version=str(version.version),
            aliases=sorted(alias for alias, number in aliases.items() if number == str(version.version)),
            metric=metric,
            value=None if value is None else float(value),
            model=params.get("model", ""),
            task=params.get("task", ""),
            dataset_id=version.tags.get("dataset_id", ""),
            run_id=str(version.run_id),
            dataset_name=version.tags.get("dataset_name", ""),
            registered_at=at.isoformat(timespec="seconds"),
        )


def not_registered(name: str, names: Sequence[str], language: Language) -> str:
    """That no model has this name, and which there are."""
    return say(
        language,
        en="No model named '{name}' is registered; there are: {names}.",
        ko="'{name}' 이름으로 등록된 모델이 없습니다. 등록된 모델: {names}.",
        name=name,
        names=", ".join(names) or say(language, en="none", ko="없음"),
    )


@contextlib.contextmanager
def open_registry(store: Store) -> Iterator[Registry]:
    """MLflow on the store, created when it does not exist yet. It reports its use to nobody.

    The embedded store is opened by one process at a time; others wait.
    Raises: UnavailableError when a server was named and cannot be reached.
    """
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    os.environ["DO_NOT_TRACK"] = "true"
    os.environ["MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR"] = "false"
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
    with warnings.catch_warnings(), store.alone() if store.uri is None else contextlib.nullcontext():
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
