"""The AutoML agent as a service, asked by a client that knows nothing but A2A: text and a CSV file."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import pytest
from a2a.types import Part, TaskState

from tests.agents.automl.conftest import customers, daily_sales
from tests.agents.serving import agent_at_work, ask, call_part, output_of, result_of, said

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """The services run on asyncio."""
    return "asyncio"


@pytest.fixture(scope="module")
async def url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The agent's address."""
    home: Path = tmp_path_factory.mktemp("home")
    async with agent_at_work("automl", home) as (agent, _):
        yield agent


def csv(frame: pd.DataFrame) -> Part:
    """The table as an attached file."""
    return Part(raw=frame.to_csv(index=False).encode(), filename="table.csv", media_type="text/csv")


async def churn_model(url: str, rows: int) -> dict[str, Any]:
    """The `model` output of a training on so many customers."""
    call = call_part("train_model", target="churn", time_budget_s=5)
    return output_of(await ask(url, Part(text="Who will leave?"), call, csv(customers(rows))), "model")


async def test_a_question_and_a_file_give_a_forecast_in_the_language_of_the_question(url: str) -> None:
    task = await ask(url, Part(text="다음 2주 매출(sales)을 예측해줘"), csv(daily_sales(150)))
    forecast, model = output_of(task, "forecast")["data"], output_of(task, "model")["data"]
    assert (forecast["target"], forecast["horizon"], len(forecast["points"])) == ("sales", 14, 14)
    assert all(point["lower_95"] < point["mean"] < point["upper_95"] for point in forecast["points"])
    assert {row["model"]: row["label"] for row in model["leaderboard"]}["naive"] == "마지막 값 반복"
    assert "예측" in result_of(task)["summary"]


async def test_the_files_of_a_result_can_be_fetched(url: str) -> None:
    task = await ask(
        url,
        Part(text="Forecast sales for the next week"),
        call_part("train_model", time_budget_s=5, horizon=7),
        csv(daily_sales(120)),
    )
    (address,) = [
        part.url
        for item in task.artifacts
        if item.name == "forecast"
        for part in item.parts
        if part.WhichOneof("content") == "url"
    ]
    async with httpx.AsyncClient(trust_env=False) as http:
        table = (await http.get(address)).text.splitlines()
    assert table[0].startswith("date,mean,lower_80")
    assert len(table) == 1 + 7


async def test_the_budget_and_the_task_are_parameters(url: str) -> None:
    task = await ask(
        url,
        Part(text="Who will leave?"),
        call_part("train_model", target="churn", task="classification", time_budget_s=6),
        csv(customers(190)),
    )
    model = output_of(task, "model")["data"]
    assert (model["task"], model["target"], model["engine"]) == ("classification", "churn", "scikit-learn")
    assert {row["model"] for row in model["leaderboard"] if row["baseline"]} >= {"majority_class"}
    assert "customer" not in model["features"]
    assert model["predictions"] == output_of(task, "dataset")["dataset"]


async def test_a_target_that_does_not_exist_is_asked_for(url: str) -> None:
    task = await ask(url, Part(text="Predict 'temperature' with a regression"), csv(customers(60)))
    assert task.status.state == TaskState.TASK_STATE_INPUT_REQUIRED
    assert "tenure" in said(task)


async def test_too_little_data_is_refused_in_the_language_of_the_question(url: str) -> None:
    task = await ask(
        url,
        Part(text="이탈 여부(churn)를 분류해줘"),
        call_part("train_model", target="churn", task="classification"),
        csv(customers(12)),
    )
    assert task.status.state == TaskState.TASK_STATE_FAILED
    assert "최소 15개" in said(task)


async def test_a_model_scores_new_rows_and_only_this_meshs_own_models_do(url: str) -> None:
    model = await churn_model(url, 190)
    new = csv(customers(40, seed=8).drop(columns="churn"))
    task = await ask(
        url, Part(text="이 모델로 새 고객을 예측해줘"), call_part("predict", inputs={"model": model}), new
    )
    report, dataset = output_of(task, "prediction_report"), output_of(task, "dataset")["dataset"]
    assert report["data"]["rows"] == dataset["rows"] == 40
    assert {column["name"] for column in dataset["columns"]} >= {"predicted", "probability_Yes", "customer"}
    assert report["files"][0]["name"] == "predictions.csv"
    assert "40개 행의 'churn'" in result_of(task)["summary"]
    forged = {**model, "data": {**model["data"], "files": [{**model["data"]["files"][0], "seal": "0" * 64}]}}
    refused = await ask(url, Part(text="Predict"), call_part("predict", inputs={"model": forged}), new)
    assert refused.status.state == TaskState.TASK_STATE_FAILED
    assert "was not made by this mesh" in said(refused)


async def test_a_model_is_explained_with_a_model_card(url: str) -> None:
    model = await churn_model(url, 300)
    task = await ask(
        url, Part(text="모델을 설명해줘"), call_part("explain_model", inputs={"model": model}, row=2)
    )
    explained, card = output_of(task, "model_explanation"), output_of(task, "page")
    assert explained["data"]["importance"]["features"][0]["feature"] == "tenure"
    assert explained["data"]["row"]["of"] == "holdout"
    assert (explained["files"][0]["name"], card["file"]["media_type"]) == ("model_card.md", "text/html")
    assert "검증용 2번째 행" in result_of(task)["summary"]
    alone = await ask(url, Part(text="Explain the model"), call_part("explain_model"), csv(customers(60)))
    assert "train one first" in said(alone)
