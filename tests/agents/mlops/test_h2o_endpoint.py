"""An endpoint whose models live in an H2O cluster: two at once, one after the other, and after the cluster was killed."""

import json
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import numpy as np
import pandas as pd
import psutil
import pytest

from agents.mlops.serving.endpoint import Endpoint, EndpointFolders, Trial
from agents.mlops.serving.supervision import Scorer, free_port
from agents.mlops.serving.versions import DESCRIPTION, FILES
from mesh.h2o.cluster import H2OCluster
from mesh.h2o.connection import connected
from mesh.scoring.seal import checksum, seal_of

from .served_models import TOKEN

pytestmark = pytest.mark.anyio
NAME = "late-classification"


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """The services run on asyncio."""
    return "asyncio"


async def put_versions(folder: Path, home: Path, *limits: float) -> None:
    """Versions that say "yes" where x is above a limit, trained by a cluster of their own."""
    cluster = H2OCluster(home / "training", memory="512m", threads=1)
    async with cluster.lease("train") as address:
        await anyio.to_thread.run_sync(_train, folder, address, limits)
    await cluster.stop()


def _train(folder: Path, address: Any, limits: tuple[float, ...]) -> None:
    x = np.linspace(0, 1, 400)
    with connected(address) as h2o:
        from h2o.estimators import H2OGradientBoostingEstimator

        for version, limit in enumerate(limits, 1):
            frame = h2o.H2OFrame(
                pd.DataFrame({"x": x, "y": np.where(x > limit, "c1", "c0")}),
                column_types={"x": "numeric", "y": "enum"},
            )
            model = H2OGradientBoostingEstimator(ntrees=5, max_depth=2, min_rows=5, seed=1)
            model.train(x=["x"], y="y", training_frame=frame)
            place = folder / "versions" / str(version)
            (place / FILES).mkdir(parents=True)
            path = Path(h2o.download_model(model, path=str(place / FILES)))
            sha256 = checksum(path)
            described = {
                "task": "classification",
                "target": "late",
                "engine": "h2o",
                "metric": "auc",
                "best": {"model": "gbm", "auc": 0.9},
                "classes": ["no", "yes"],
                "threshold": 0.5,
                "inputs": [{"name": "x", "source": "x", "type": "number"}],
                "files": [{"name": path.name, "sha256": sha256, "seal": seal_of(sha256, TOKEN)}],
            }
            (place / DESCRIPTION).write_text(json.dumps(described))


@pytest.fixture(scope="module")
async def scorer(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Scorer, EndpointFolders]]:
    """Version 1 says "yes" above 0.5, version 2 above 0.2."""
    home = tmp_path_factory.mktemp("home")
    folders = EndpointFolders(home / "mlops" / "serving")
    await put_versions(folders.folder(NAME), home, 0.5, 0.2)
    folders.save(Endpoint(name=NAME, port=free_port(), version=1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MESH_TOKEN", TOKEN)
        async with httpx.AsyncClient(trust_env=False, timeout=60) as http, anyio.create_task_group() as tasks:
            scorer = Scorer(folders.folder(NAME), home, http)
            scorer.begin(tasks)
            await scorer.until_served()
            yield scorer, folders
            await scorer.stop()


async def test_h2o_models_answer_change_and_outlive_their_cluster(
    scorer: tuple[Scorer, EndpointFolders],
) -> None:
    keeper, folders = scorer
    url = next(folders.all()).url

    async def said(**fields: Any) -> tuple[int, str]:
        async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
            reply = await http.post(
                f"{url}score", json={"rows": [{"x": 0.1}, {"x": 0.3}, {"x": 0.9}], **fields}
            )
        assert reply.status_code == 200, reply.text
        answer = reply.json()
        return answer["version"], " ".join(item["predicted"] for item in answer["predictions"])

    async def becomes(**changes: Any) -> None:
        before = next(folders.all())
        folders.save(before.model_copy(update={**changes, "revision": before.revision + 1}))
        keeper.announce()
        await keeper.until_served()

    assert await said() == (1, "no no yes")
    await becomes(trial=Trial(version=2, mode="split", share=0.5))
    assert {await said(key=str(key)) for key in range(8)} == {(1, "no no yes"), (2, "no yes yes")}
    await becomes(version=2, trial=None)
    assert await said() == (2, "no yes yes")

    assert keeper.process_id is not None
    (java,) = [one for one in psutil.Process(keeper.process_id).children() if "java" in one.name()]
    os.kill(java.pid, signal.SIGKILL)
    assert await said() == (2, "no yes yes")
    assert keeper.restarts == 0

    (java,) = [one for one in psutil.Process(keeper.process_id).children() if "java" in one.name()]
    await keeper.stop()
    assert not psutil.pid_exists(java.pid) or java.status() == psutil.STATUS_ZOMBIE
