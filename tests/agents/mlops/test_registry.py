"""Against a real MLflow store: a SQLite file and a folder, as in production in a process of their own."""

import json
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from agents.mlops.desk import Desk
from agents.mlops.record import build_record
from agents.mlops.registering import Listing, Registered, list_versions, register
from agents.mlops.request import Wish
from agents.mlops.runs import Newcomer, Trained
from agents.mlops.store import Store
from agents.mlops.story import (
    history_table,
    listing_findings,
    registration_findings,
    registration_tables,
    registration_warnings,
    version_table,
)
from mesh.errors import NotFoundError

Made = tuple[Newcomer, Registered]
Stored = tuple[list[Made], Listing, str, str, str]


def model(value: float, metric: str = "mase") -> dict[str, Any]:
    return {
        "task": "forecast",
        "target": "매출",
        "metric": metric,
        "best": {"model": "ets", metric: value},
        "baseline": {"model": "naive", metric: 1.0},
        "beats_baseline": value < 1,
        "leaderboard": [{"rank": 1, "model": "ets", metric: value}],
        "features": ["date"],
    }


def ignore(_fraction: float, _message: str) -> None:
    """Progress that nobody looks at."""


def session(folder: str) -> Stored:
    """Four registrations, then what the store says; runs in its own process, as the agent's jobs do."""
    store = Store(Path(folder) / "state")
    file = Path(folder) / "model.pkl"
    file.write_bytes(b"a fitted model")
    made = []
    for value, metric, dataset in (
        (0.7, "mase", "ds-1"),
        (0.6, "mase", "ds-1"),
        (0.65, "mase", "ds-2"),
        (5.0, "mae", "ds-1"),
    ):
        record = build_record(model(value, metric), None, {"dataset_id": dataset})
        newcomer = Newcomer(record, Trained(model(value, metric), ((file, "model.pkl"),)))
        desk = Desk(Path(folder) / "desk", "token", "ko")
        made.append((newcomer, register(store, newcomer, desk, ignore)))
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=store.tracking_uri)
    first = made[0][1]
    run = client.get_run(first.version.run_id)
    kept = (
        Path(client.download_artifacts(first.version.run_id, "model/model.pkl", folder)).read_bytes().decode()
    )
    board = Path(client.download_artifacts(first.version.run_id, "leaderboard.json", folder)).read_text()
    try:
        list_versions(store, Wish("", "other"))
    except NotFoundError as error:
        missing = error.message
    return (
        made,
        list_versions(store, Wish("list them")),
        kept,
        json.dumps([run.data.params, run.data.metrics, run.data.tags, board]),
        missing,
    )


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    """What a real store did and holds."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        run: Callable[[str], Any] = session
        return pool.submit(run, str(tmp_path_factory.mktemp("mlops"))).result()  # type: ignore[no-any-return]


def test_the_better_version_becomes_the_champion(stored: Stored) -> None:
    made, listing, *_ = stored
    assert [m.promoted for _, m in made] == [True, True, False, False]
    assert [m.version.version for _, m in made] == ["1", "2", "3", "4"]
    assert {v.version: v.aliases for v in listing.versions} == {
        "4": ["challenger"],
        "3": [],
        "2": ["champion"],
        "1": ["previous_champion"],
    }
    assert {v.name for v in listing.versions} == {"매출-forecast"}
    assert listing.versions[0].model == "ets"
    assert listing.versions[2].value == 0.6
    assert [(c.version, c.kind) for c in listing.history["매출-forecast"]] == [
        ("1", "first"),
        ("2", "promotion"),
    ]


def test_the_run_keeps_file_parameters_metrics_and_dataset(stored: Stored) -> None:
    _, _, kept, facts, missing = stored
    assert kept == "a fitted model"
    params, metrics, tags, board = json.loads(facts)
    assert params["task"] == "forecast"
    assert metrics == {"mase": 0.7, "baseline_mase": 1.0}
    assert tags["dataset_id"] == "ds-1"
    assert json.loads(board)["leaderboard"][0]["model"] == "ets"
    assert "매출-forecast" in missing


def test_tells_the_comparison_in_both_languages(stored: Stored) -> None:
    made, listing, *_ = stored
    newcomer, better = made[1]
    english = " ".join(f.text for f in registration_findings("en", newcomer.record, better))
    korean = " ".join(f.text for f in registration_findings("ko", newcomer.record, better))
    assert "version 2 (MASE 0.6)" in english
    assert "takes over from version 1" in english
    assert "MASE 0.6 against 0.7" in english
    assert "버전 1을 대신해" in korean
    newcomer, worse = made[2]
    assert "the same data" in registration_findings("en", newcomer.record, worse)[1].text
    newcomer, unlike = made[3]
    assert "not scored in MAE" in registration_findings("en", newcomer.record, unlike)[1].text
    assert any("baseline" in note for note in registration_warnings("en", newcomer))
    assert [len(table.rows) for table in registration_tables("en", worse)] == [6]
    assert registration_tables("en", made[0][1]) == []
    assert listing_findings("ko", listing)[0].evidence == {"models": 1, "versions": 4}
    assert "버전 2(MASE 0.6)" in listing_findings("ko", listing)[1].text
    assert len(version_table("ko", listing.versions).rows) == 4
    assert [row[2] for row in history_table("en", listing).rows] == [2, 1]


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("https://user:secret@host/ml?token=1", "https://host/ml"),
        ("sqlite:////srv/private/mlflow.db", "sqlite (MLFLOW_TRACKING_URI)"),
        ("/srv/private/mlruns", "file (MLFLOW_TRACKING_URI)"),
        (None, "embedded (MESH_HOME/mlops)"),
    ],
)
def test_readers_see_neither_passwords_nor_paths(uri: str | None, shown: str) -> None:
    assert Store(Path("/x"), uri).shown_uri == shown
