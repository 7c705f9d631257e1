"""Against a real MLflow store: a SQLite file and a folder, as in production in a process of their own."""

import json
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from agents.mlops.jobs import Registered, list_versions, register
from agents.mlops.record import Record, build_record
from agents.mlops.registry import Version
from agents.mlops.runs import Trained
from agents.mlops.store import Store
from agents.mlops.story import listing_finding, registration_findings, registration_warnings, version_table
from mesh.errors import NotFoundError

Made = tuple[Record, Registered]


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


def session(folder: str) -> tuple[list[Made], list[Version], str, str, str]:
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
        trained = Trained(model(value, metric), ((file, "model.pkl"),))
        made.append((record, register(store, record, trained, "ko", ignore)))
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=store.tracking_uri)
    first = made[0][1]
    run = client.get_run(first.version.run_id)
    kept = (
        Path(client.download_artifacts(first.version.run_id, "model/model.pkl", folder)).read_bytes().decode()
    )
    board = Path(client.download_artifacts(first.version.run_id, "leaderboard.json", folder)).read_text()
    try:
        list_versions(store, "other")
    except NotFoundError as error:
        missing = error.message
    return (
        made,
        list_versions(store, None),
        kept,
        json.dumps([run.data.params, run.data.metrics, run.data.tags, board]),
        missing,
    )


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Made], list[Version], str, str, str]:
    """What a real store did and holds."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        run: Callable[[str], Any] = session
        return pool.submit(run, str(tmp_path_factory.mktemp("mlops"))).result()  # type: ignore[no-any-return]


def test_the_better_version_becomes_the_champion(
    stored: tuple[list[Made], list[Version], str, str, str],
) -> None:
    made, versions, *_ = stored
    assert [m.promotion.verdict for _, m in made] == ["first", "better", "not_better", "not_comparable"]
    assert [m.version.version for _, m in made] == ["1", "2", "3", "4"]
    assert {v.version: v.aliases for v in versions} == {
        "4": ["challenger"],
        "3": [],
        "2": ["champion"],
        "1": ["previous_champion"],
    }
    assert {v.name for v in versions} == {"매출-forecast"}
    assert versions[0].model == "ets"
    assert versions[2].value == 0.6


def test_the_run_keeps_file_parameters_metrics_and_dataset(
    stored: tuple[list[Made], list[Version], str, str, str],
) -> None:
    _, _, kept, facts, missing = stored
    assert kept == "a fitted model"
    params, metrics, tags, board = json.loads(facts)
    assert params["task"] == "forecast"
    assert metrics == {"mase": 0.7, "baseline_mase": 1.0}
    assert tags["dataset_id"] == "ds-1"
    assert json.loads(board)["leaderboard"][0]["model"] == "ets"
    assert "매출-forecast" in missing


def test_tells_the_comparison_in_both_languages(
    stored: tuple[list[Made], list[Version], str, str, str],
) -> None:
    made, versions, *_ = stored
    record, better = made[1]
    english = " ".join(f.text for f in registration_findings("en", record, better))
    korean = " ".join(f.text for f in registration_findings("ko", record, better))
    assert "version 2 (MASE 0.6)" in english
    assert "better than version 1 (MASE 0.6 against 0.7)" in english
    assert "버전 1보다" in korean
    assert korean.endswith("지정했습니다.")
    record, worse = made[2]
    assert "not better" in registration_findings("en", record, worse)[1].text
    assert any("another dataset" in note for note in registration_warnings("en", record, worse, 1))
    assert "another metric" in registration_findings("en", *made[3])[1].text
    assert any("baseline" in note for note in registration_warnings("en", *made[3], 1))
    assert listing_finding("ko", versions).evidence == {"models": 1, "versions": 4}
    assert len(version_table("ko", versions).rows) == 4


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
