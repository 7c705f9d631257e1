"""The MLOps agent as a service, given trained models through its inputs."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pandas as pd
import pytest
from a2a.types import Part, TaskState

from mesh.results import FileRef
from tests.agents.serving import agent_at_work, ask, call_part, output_of, result_of, said

pytestmark = pytest.mark.anyio
ROWS = 240


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


async def stored(storage: str, content: bytes, name: str = "model.pkl") -> dict[str, Any]:
    """A reference to a file put into the storage."""
    async with httpx.AsyncClient(trust_env=False) as http:
        reply = await http.put(f"{storage}/objects?name={name}", content=content)
        reply.raise_for_status()
        return {key: value for key, value in reply.json().items() if key in FileRef.model_fields}


async def trained(storage: str, folder: Path, spread: float) -> dict[str, Any]:
    """A regression as the AutoML agent gives it, wrong by `spread` on hold-out rows that are the same for every model."""
    random = np.random.default_rng(1)
    size, region = random.normal(80, 20, ROWS).round(2), random.choice(["north", "south"], ROWS)
    actual = 3 * size + random.normal(0, 5, ROWS)
    error = np.random.default_rng(int(spread * 10)).normal(0, spread, ROWS)
    frame = pd.DataFrame({"size": size, "region": region, "actual": actual, "predicted": actual + error})
    frame.to_parquet(folder / "rows.parquet", index=False)
    held = await stored(storage, (folder / "rows.parquet").read_bytes(), "predictions.parquet")
    file = await stored(storage, f"a model wrong by {spread}".encode())
    columns = [{"name": name, "type": "string" if name == "region" else "number"} for name in frame.columns]
    data = {
        "task": "regression",
        "target": "price",
        "metric": "rmse",
        "engine": "scikit-learn",
        "rows_test": ROWS,
        "best": {"model": "linear", "rmse": float(np.sqrt(np.mean(error**2)))},
        "baseline": {"model": "mean", "rmse": 60.0},
        "beats_baseline": True,
        "inputs": [
            {"name": "size", "source": "size", "type": "number"},
            {"name": "region", "source": "region", "type": "category"},
        ],
        "dataset": {"id": "ds-1", "name": "houses", "sha256": "a" * 64},
        "predictions": {"id": "ds-p", "name": "predictions", "uri": held["uri"], "sha256": held["sha256"]}
        | {"columns": columns, "rows": ROWS, "bytes": held["bytes"]},
    }
    return {"name": "model", "type": "model", "title": "Model", "data": data, "file": file, "files": [file]}


async def test_a_model_lives_from_registration_to_roll_back(mlops: tuple[str, str], tmp_path: Path) -> None:
    url, storage = mlops
    first, worse, better = [await trained(storage, tmp_path, spread) for spread in (5.0, 9.0, 2.0)]

    answered = await ask(
        url, Part(text="모델을 등록해줘"), call_part("register_model", inputs={"model": first})
    )
    version = output_of(answered, "model_version")["data"]
    assert (version["name"], version["version"], version["aliases"]) == ("price-regression", 1, ["champion"])
    assert version["files"] == 1
    assert version["tracking_uri"] == "embedded (MESH_HOME/mlops)"
    assert "등록했습니다" in result_of(answered)["summary"]
    assert str(tmp_path) not in str(answered)

    answered = await ask(url, Part(text="Register it"), call_part("register_model", inputs={"model": worse}))
    version = output_of(answered, "model_version")["data"]
    assert (version["version"], version["promoted"], version["aliases"]) == (2, False, ["challenger"])
    gates = {gate["gate"]: gate for gate in version["gates"]}
    assert (
        gates["better"]["after"] > gates["better"]["before"] == pytest.approx(first["data"]["best"]["rmse"])
    )
    assert result_of(answered)["tables"][0]["rows"]

    answered = await ask(
        url,
        Part(text="Compare the new model with the champion"),
        call_part("compare_models", inputs={"model": better}),
    )
    (found,) = output_of(answered, "model_comparison")["data"]["comparisons"]
    assert (found["basis"], found["rows"], found["take"]) == ("shared", ROWS, "second")
    assert found["first"]["version"] == 1
    assert found["second"]["version"] is None
    assert "Take the new model" in result_of(answered)["summary"]
    async with httpx.AsyncClient(trust_env=False) as http:
        page = await http.get(f"{storage}/objects/{output_of(answered, 'page')['file']['sha256']}")
    assert "</html>" in page.text
    assert "RMSE" in page.text

    answered = await ask(url, Part(text="도전자를 챔피언으로 승격해줘"), call_part("promote_model"))
    refused = output_of(answered, "promotion_decision")["data"]
    assert (refused["version"], refused["champion"], refused.get("change")) == (2, False, None)
    assert "승격하지 않았고" in result_of(answered)["summary"]

    answered = await ask(url, Part(text="Promote version 2 anyway"), call_part("promote_model"))
    forced = output_of(answered, "promotion_decision")["data"]
    assert (forced["champion"], forced["change"]["kind"]) == (True, "forced")

    answered = await ask(
        url, Part(text="버전 2가 이상하니 이전 챔피언으로 롤백해줘"), call_part("rollback_model")
    )
    assert output_of(answered, "champion_rollback")["data"]["version"] == "1"
    assert "버전 2 대신 버전 1이" in result_of(answered)["summary"]
    answered = await ask(url, Part(text="Roll back"), call_part("rollback_model"))
    assert answered.status.state == TaskState.TASK_STATE_FAILED
    assert "no champion before" in said(answered)

    answered = await ask(
        url,
        Part(text="Register it and make it the champion if it is better by at least 50"),
        call_part("register_model", inputs={"model": better}),
    )
    version = output_of(answered, "model_version")["data"]
    assert (version["version"], version["promoted"]) == (3, False)
    assert {gate["gate"]: gate for gate in version["gates"]}["better"]["margin"] == 50

    answered = await ask(
        url, Part(text="승격해줘"), call_part("promote_model", inputs={"model": better}, margin=50)
    )
    refused = output_of(answered, "promotion_decision")["data"]
    assert (refused["version"], refused["champion"], refused.get("change")) == (4, False, None)

    answered = await ask(
        url,
        Part(text="Promote this model if it is better"),
        call_part("promote_model", inputs={"model": better}),
    )
    promoted = output_of(answered, "promotion_decision")["data"]
    assert (promoted["version"], promoted["champion"]) == (5, True)
    assert promoted["change"]["reason"] == "Promote this model if it is better"
    assert "registered in MLflow" in result_of(answered)["summary"]
    assert "is the champion now, in place of version 1" in result_of(answered)["summary"]
    assert len(result_of(answered)["tables"][0]["rows"]) == 6

    listed = await ask(url, Part(text="Who was the champion when and why?"), call_part("list_models"))
    data = output_of(listed, "model_list")["data"]
    aliases = [entry["aliases"] for entry in data["versions"]]
    assert aliases == [["champion"], [], [], [], ["previous_champion"]]
    assert [(c["version"], c["kind"]) for c in data["history"]["price-regression"]] == [
        ("1", "first"),
        ("2", "forced"),
        ("1", "rollback"),
        ("5", "promotion"),
    ]
    assert data["history"]["price-regression"][1]["reason"] == "Promote version 2 anyway"


async def test_without_a_model_it_says_what_is_missing(mlops: tuple[str, str]) -> None:
    task = await ask(mlops[0], Part(text="모델을 등록해줘"), call_part("register_model"))
    assert task.status.state in (TaskState.TASK_STATE_FAILED, TaskState.TASK_STATE_REJECTED)
    assert "등록할 모델이 없습니다" in said(task)
    task = await ask(mlops[0], Part(text="Promote it"), call_part("promote_model"))
    assert "No model is registered yet" in said(task)
