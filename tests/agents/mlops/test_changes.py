"""Changes of the champion in a real MLflow store, also when the process is killed in the middle of one."""

import multiprocessing
import os
import shutil
import signal
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from agents.mlops.record import build_record
from agents.mlops.registry import Registry, open_registry
from agents.mlops.runs import Newcomer, Trained
from agents.mlops.store import Store
from mesh.errors import BadInputError, NotFoundError
from mesh.results import Column, DatasetRef

NAME = "churn-classification"
COLUMNS = [
    Column(name="tenure", type="integer"),
    Column(name="지역", type="string", semantic="category"),
    Column(name="actual", type="string"),
]
DATASET = DatasetRef(
    id="ds-1",
    name="customers",
    uri="mesh://objects/" + "a" * 64,
    columns=COLUMNS,
    rows=500,
    bytes=1,
    sha256="a" * 64,
)
MODEL: dict[str, Any] = {
    "task": "classification",
    "target": "churn",
    "metric": "auc",
    "best": {"model": "logistic", "auc": 0.8},
    "inputs": [
        {"name": "tenure", "source": "tenure", "type": "number"},
        {"name": "지역", "source": "지역", "type": "category"},
    ],
    "classes": ["no", "yes"],
    "predictions": DATASET.model_dump(mode="json"),
}


def enrol(registry: Registry, folder: Path) -> str:
    """A new version with a file and a hold-out; its number."""
    file, holdout = folder / "model.pkl", folder / "rows.parquet"
    file.write_bytes(b"a fitted model")
    holdout.write_bytes(b"rows")
    trained = Trained(MODEL, ((file, "model.pkl"),), holdout, DATASET)
    return registry.register(Newcomer(build_record(MODEL, None, {}), trained)).version


def changes(folder: str) -> dict[str, Any]:
    """Three versions, promoted in turn and rolled back twice; what the store says meanwhile."""
    from mlflow import MlflowClient
    from mlflow.models import Model

    store, said = Store(Path(folder) / "state"), dict[str, Any]()
    with open_registry(store) as registry:
        for number in ("1", "2", "3"):
            assert enrol(registry, Path(folder)) == number
            challenger = registry.challenger(NAME)
            assert challenger is not None
            assert challenger.version == number
            registry.promote(
                NAME, number, reason=f"reason {number}", kind="first" if number == "1" else "promotion"
            )
        said["challenger"] = registry.challenger(NAME)
        for attempt in ("again", "last"):
            registry.rollback(NAME, reason=attempt)
            champion = registry.champion(NAME)
            assert champion is not None
            said[attempt] = (champion.version, champion.aliases)
        with pytest.raises(BadInputError, match="no champion before"):
            registry.rollback(NAME, reason="too far")
        with pytest.raises(BadInputError, match="앞선 챔피언이 없습니다"):
            registry.rollback(NAME, reason="too far", language="ko")
        with pytest.raises(BadInputError, match="champion already"):
            registry.promote(NAME, "1", reason="is it already")
        with pytest.raises(NotFoundError, match="3, 2, 1"):
            registry.promote(NAME, "9", reason="there is none")
        said["history"] = registry.history(NAME)
        files = registry.files(registry.version(NAME, "2"), Path(folder) / "out")
        said["files"] = [(file.path.read_bytes(), file.sha256) for file in files.files]
        said["holdout"] = files.holdout and files.holdout.read_bytes()
        client = MlflowClient(tracking_uri=store.tracking_uri)
        said["signature"] = Model.load(str(files.files[0].path.parent)).signature.to_dict()
        run = client.get_run(registry.version(NAME, "2").run_id)
        assert run.inputs is not None
        said["inputs"] = run.inputs.dataset_inputs[0].dataset.to_dictionary()
    return said


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(changes, str(tmp_path_factory.mktemp("changes"))).result()


def test_rolling_back_goes_one_champion_back_each_time(said: dict[str, Any]) -> None:
    assert said["again"] == ("2", ["champion"])
    assert said["last"] == ("1", ["champion"])
    assert said["challenger"] is None


def test_every_change_that_took_place_is_remembered_with_its_reason(said: dict[str, Any]) -> None:
    assert [(c.version, c.previous, c.kind, c.reason) for c in said["history"]] == [
        ("1", None, "first", "reason 1"),
        ("2", "1", "promotion", "reason 2"),
        ("3", "2", "promotion", "reason 3"),
        ("2", "3", "rollback", "again"),
        ("1", "2", "rollback", "last"),
    ]
    assert [c.at for c in said["history"]] == sorted(c.at for c in said["history"])


def test_a_version_gives_back_its_files_with_their_checksum(said: dict[str, Any]) -> None:
    assert said["files"] == [
        (b"a fitted model", "4e00d92c569072cb958312fb5d9be4a9eda8bb0252a9b5fea50a76c4802bb153")
    ]  # sha256sum's answer
    assert said["holdout"] == b"rows"


def test_mlflow_reads_the_signature_and_the_training_data(said: dict[str, Any]) -> None:
    assert '"type": "double", "name": "tenure"' in said["signature"]["inputs"]
    assert '"type": "string", "name": "predicted"' in said["signature"]["outputs"]
    assert "probability of yes" in said["signature"]["outputs"]
    assert (said["inputs"]["name"], said["inputs"]["digest"]) == ("customers", "a" * 36)
    assert '"num_rows": 500' in said["inputs"]["profile"]


class Dying:
    """An MLflow client whose process is killed instead of making its `last`-th writing call."""

    def __init__(self, client: Any, last: int) -> None:
        self._client, self._left = client, last

    def __getattr__(self, name: str) -> Any:
        if name.startswith(("get_", "search_", "list_")):
            return getattr(self._client, name)
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return getattr(self._client, name)


def killed(folder: str) -> list[tuple[str, str | None, list[str], int]]:
    """Registers and promotes a second version again and again, killed one call later each time, until a run gets through.

    Returns: after each kill the champion, its predecessor, the versions whose files are whole, and how many changes are told.
    """
    from mlflow import MlflowClient

    start, after = Path(folder) / "start", []
    with open_registry(Store(start)) as registry:
        enrol(registry, Path(folder))
        registry.promote(NAME, "1", reason="", kind="first")
    for last in range(1, 40):
        home = Path(folder) / f"killed-{last}"
        shutil.copytree(start, home)
        store = Store(home)
        child = os.fork()
        if child == 0:
            client = MlflowClient(tracking_uri=store.tracking_uri, registry_uri=store.tracking_uri)
            registry = Registry(Dying(client, last), store)
            registry.promote(NAME, enrol(registry, Path(folder)), reason="better")
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        with open_registry(store) as registry:
            champion = registry.champion(NAME)
            assert champion is not None
            whole = [
                version.version
                for version in registry.versions(NAME)
                if registry.files(version, home / version.version).files[0].path.read_bytes()
                == b"a fitted model"
            ]
            after.append((champion.version, registry.previous(NAME), whole, len(registry.history(NAME))))
            newest = enrol(registry, Path(folder))
            registry.promote(NAME, newest, reason="after the kill")
            assert registry.previous(NAME) == after[-1][0]
            assert len(registry.history(NAME)) == after[-1][3] + 1
        if os.WIFEXITED(status):
            return after
    raise AssertionError("no run got through")


def test_a_kill_leaves_either_the_old_champion_or_the_new_one_whole(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        after = pool.submit(killed, str(tmp_path_factory.mktemp("killed"))).result()
    assert len(after) > 10
    assert {(champion, previous, count) for champion, previous, _, count in after} == {
        ("1", None, 1),
        ("2", "1", 2),
    }
    assert [champion for champion, *_ in after] == sorted(champion for champion, *_ in after)
    assert all(champion in whole for champion, _, whole, _ in after)
    assert after[-1] == ("2", "1", ["2", "1"], 2)
