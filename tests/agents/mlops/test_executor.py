"""The MLOps agent as a service, given trained models through its inputs."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from a2a.types import Part, TaskState

from mesh.results import FileRef
from tests.agents.serving import agent_at_work, ask, call_part, output_of, result_of, said

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """The services run on asyncio."""
    return "asyncio"


@pytest.fixture
async def mlops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[str, str]]:
    """The addresses of the agent and of the storage; the agent keeps its own store."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    async with agent_at_work("mlops", tmp_path) as addresses:
        yield addresses


def model(mase: float, file: dict[str, Any] | None = None) -> dict[str, Any]:
    """A trained model as the AutoML agent gives it."""
    data = {
        "task": "forecast",
        "target": "sales",
        "metric": "mase",
        "engine": "statsmodels",
        "best": {"model": "ets", "mase": mase},
        "baseline": {"model": "naive", "mase": 1.0},
        "beats_baseline": mase < 1,
        "leaderboard": [{"rank": 1, "model": "ets", "mase": mase, "baseline": False}],
        "features": ["date"],
    }
    given = {"file": file, "files": [file]} if file else {}
    return {"name": "model", "type": "model", "title": "Model", "data": data, **given}


async def stored(storage: str, content: bytes) -> dict[str, Any]:
    """A reference to a file put into the storage."""
    async with httpx.AsyncClient(trust_env=False) as http:
        reply = await http.put(f"{storage}/objects?name=model.pkl", content=content)
        reply.raise_for_status()
        return {key: value for key, value in reply.json().items() if key in FileRef.model_fields}


async def test_the_better_of_two_models_is_the_champion(mlops: tuple[str, str], tmp_path: Path) -> None:
    url, storage = mlops
    file = await stored(storage, b"a fitted model")
    first = await ask(
        url, Part(text="모델을 등록해줘"), call_part("register_model", inputs={"model": model(0.9, file)})
    )
    version = output_of(first, "model_version")["data"]
    assert (version["name"], version["version"], version["aliases"]) == (
        "sales-forecast",
        1,
        ["champion"],
    )
    assert version["files"] == 1
    assert version["tracking_uri"] == "embedded (MESH_HOME/mlops)"
    assert "등록했습니다" in result_of(first)["summary"]
    assert str(tmp_path) not in str(first)

    second = await ask(
        url, Part(text="Register it"), call_part("register_model", inputs={"model": model(0.7)})
    )
    better = output_of(second, "model_version")["data"]
    assert (better["version"], better["promoted"], better["previous"]["value"]) == (2, True, 0.9)
    assert any("No model file" in warning for warning in result_of(second)["warnings"])

    listed = await ask(url, Part(text="List the models"), call_part("list_models"))
    assert [entry["aliases"] for entry in output_of(listed, "model_list")["data"]["versions"]] == [
        ["champion"],
        ["previous_champion"],
    ]


async def test_without_a_model_it_says_what_is_missing(mlops: tuple[str, str]) -> None:
    task = await ask(mlops[0], Part(text="모델을 등록해줘"), call_part("register_model"))
    assert task.status.state in (TaskState.TASK_STATE_FAILED, TaskState.TASK_STATE_REJECTED)
    assert "model" in said(task) or "모델" in said(task)
