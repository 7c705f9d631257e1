"""The agent serving registered models: over A2A to begin with, over HTTP as callers see it, killed and rolled back."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import httpx
import numpy as np
import pytest
from a2a.types import Part, TaskState

from agents.mlops.serving.endpoint import Endpoint, EndpointFolders
from agents.mlops.serving.supervision import free_port
from mesh.cards import card_port
from mesh.results import FileRef
from tests.agents.serving import CARDS, ROOT, agent_at_work, ask, call_part, output_of, result_of, said
from tests.datahub.serving import free_offset

from .served_models import TOKEN, over, put_version

pytestmark = pytest.mark.anyio
NAME = "late-classification"


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """The services run on asyncio."""
    return "asyncio"


@dataclass(frozen=True)
class MLOps:
    """The addresses of the agent and of the storage."""

    url: str
    storage: str

    async def does(self, skill: str, goal: str, inputs: dict[str, Any] | None = None, **params: Any) -> Any:
        """The task of a call."""
        return await ask(self.url, Part(text=goal), call_part(skill, inputs=inputs, **params))

    def service(self, name: str) -> str:
        """The address of another service of the same mesh, with a trailing slash."""
        offset = int(self.url.rsplit(":", 1)[1]) - card_port(CARDS / "mlops.json")
        return f"http://127.0.0.1:{card_port(CARDS / f'{name}.json') + offset}/"

    async def register(self, limit: float, folder: Path, **params: Any) -> None:
        """Registers a classifier that says "yes" above `limit`, and makes it the champion."""
        model = over(limit, folder / "model.pkl")
        async with httpx.AsyncClient(trust_env=False) as http:
            sent = await http.put(
                f"{self.storage}/objects?name=model.pkl", content=(folder / "model.pkl").read_bytes()
            )
        file = {key: value for key, value in sent.json().items() if key in FileRef.model_fields}
        given = {"name": "model", "type": "model", "data": model, "file": file, "files": [file]}
        result_of(await self.does("register_model", "Register it", {"model": given}, **params))


@pytest.fixture(scope="module")
async def mlops(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[MLOps]:
    """The agent and the alert manager. Version 1, the champion, says "yes" above 0.5, version 2 above 0.2."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        patch.setenv("MESH_TOKEN", TOKEN)
        async with agent_at_work("mlops", home, "alerts") as (url, storage):
            agent = MLOps(url, storage)
            for limit in (0.5, 0.2):
                await agent.register(limit, home)
            yield agent


class Callers:
    """Those who use an endpoint, and learn later what was true."""

    def __init__(self, url: str, http: httpx.AsyncClient) -> None:
        self._url = url
        self._http = http
        self._random = np.random.default_rng(5)

    async def call(self, requests: int, true_above: float) -> None:
        """Requests of 50 rows each, then their outcomes: "yes" above a limit."""
        for _ in range(requests):
            xs = self._random.random(50)
            answer = await self._post("score", {"rows": [{"x": x} for x in xs]})
            labels = [
                {"request_id": answer["request_id"], "row": row, "actual": "yes" if x > true_above else "no"}
                for row, x in enumerate(xs)
            ]
            await self._post("labels", {"labels": labels})

    async def until_version(self, version: int) -> None:
        """Returns once the endpoint answers with a version."""
        with anyio.fail_after(120):
            while (await self._http.get(self._url + "health")).json()["version"] != version:  # noqa: ASYNC110 - another process
                await anyio.sleep(0.1)

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        reply = await self._http.post(self._url + path, json=body)
        reply.raise_for_status()
        answer: dict[str, Any] = reply.json()
        return answer


async def test_a_challenger_wins_in_the_shadow_decays_and_is_rolled_back(mlops: MLOps) -> None:
    served = output_of(await mlops.does("serve_model", "Serve the late model"), "endpoint")["data"]
    assert (served["name"], served["version"]) == (NAME, 1)
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        callers = Callers(served["url"], http)
        begun = await mlops.does("run_ab_test", "Try the challenger in shadow mode and promote it if it wins")
        report = output_of(begun, "trial_report")["data"]
        assert (report["champion"], report["challenger"], report["mode"]) == (1, 2, "shadow")
        await callers.call(8, true_above=0.2)
        await callers.until_version(2)

        watched = await mlops.does("watch_model", "Watch it and roll back if it decays")
        assert output_of(watched, "watch_report")["data"]["watch"]["rollback"] is True
        await callers.call(4, true_above=0.2)
        assert (await http.get(served["url"] + "health")).json()["version"] == 2
        await callers.call(8, true_above=0.5)
        await callers.until_version(1)

        told = await until_told(mlops.service("alerts"), http, "ModelRolledBack")
    assert told["labels"]["version"] == "2"
    assert "rolled back from version 2 to version 1" in told["annotations"]["summary"]
    seen = result_of(await mlops.does("watch_model", "서빙 중인 모델의 성능이 떨어졌어?"))
    assert "버전 2에서 버전 1로 되돌렸습니다" in seen["summary"]
    listed = await mlops.does("list_models", "List the models")
    assert output_of(listed, "model_version")["data"]["version"] == 1


async def test_an_endpoint_follows_the_champion_of_the_registry(mlops: MLOps) -> None:
    served = output_of(await mlops.does("serve_model", "Serve the champion"), "endpoint")["data"]
    promoted = await mlops.does("promote_model", "Promote version 2 anyway", name=NAME, force=True)
    assert "answers with version 2 now" in result_of(promoted)["findings"][-1]["text"]
    back = await mlops.does("rollback_model", "되돌려줘", name=NAME)
    assert "이제 버전 1로 응답합니다" in result_of(back)["findings"][-1]["text"]
    async with httpx.AsyncClient(trust_env=False) as http:
        assert (await http.get(served["url"] + "health")).json()["version"] == 1


async def until_told(alerts: str, http: httpx.AsyncClient, name: str) -> dict[str, Any]:
    """The alert of that name, once the alert manager has it."""
    with anyio.fail_after(60):
        while True:
            known = (await http.get(f"{alerts}api/v2/alerts")).json()
            for alert in known:
                if alert["labels"]["alertname"] == name:
                    return dict(alert)
            await anyio.sleep(0.1)


async def test_endpoints_are_listed_and_stopped(mlops: MLOps) -> None:
    task = await mlops.does("serve_model", "Serve version 2", name=NAME, version=2)
    served = output_of(task, "endpoint")
    assert served["data"]["version"] == 2
    assert any(
        "champion of 'late-classification' is version 1" in said for said in result_of(task)["warnings"]
    )
    listed = result_of(await ask(mlops.url, Part(text="서빙 중인 모델을 보여줘")))
    assert "서빙 중인 모델은 1개" in listed["summary"]
    assert listed["tables"][0]["rows"][0][:4] == [NAME, 2, served["data"]["url"], "ready"]
    result_of(await mlops.does("stop_serving", "Stop serving it"))
    async with httpx.AsyncClient(trust_env=False) as http:
        with pytest.raises(httpx.ConnectError):
            await http.get(served["data"]["url"] + "health")
    nothing = await mlops.does("stop_serving", "Stop serving it")
    assert nothing.status.state == TaskState.TASK_STATE_FAILED
    assert "No model is served now" in said(nothing)


async def test_what_cannot_be_served_is_said_and_nothing_is_left_behind(mlops: MLOps) -> None:
    missing = await mlops.does("serve_model", "Serve it", name=NAME, version=9)
    assert "no version 9" in said(missing)
    korean = await mlops.does("serve_model", "모델을 서빙해줘", name=NAME, version=9)
    assert "버전 9는 없습니다" in said(korean)
    untested = await mlops.does("run_ab_test", "A/B 테스트 결과는?")
    assert "서빙 중인 모델이 없습니다" in said(untested)
    assert "No model is served now" in result_of(await mlops.does("list_endpoints", "List them"))["summary"]


async def test_of_several_models_it_asks_which_to_serve(mlops: MLOps, tmp_path: Path) -> None:
    await mlops.register(0.4, tmp_path, name="urgent")
    listed = result_of(await mlops.does("list_models", "Serve the model"))
    assert [output["type"] for output in listed["outputs"]] == ["model_list"]
    task = await mlops.does("serve_model", "Serve the model")
    assert task.status.state == TaskState.TASK_STATE_INPUT_REQUIRED
    assert f"Which model do you mean? There are: {NAME}, urgent." in said(task)
    named = output_of(await mlops.does("list_models", "Serve the urgent model"), "model_version")
    assert named["data"]["name"] == "urgent"


async def test_a_model_that_is_asked_for_twice_at_once_is_served_once(mlops: MLOps) -> None:
    urls: list[str] = []

    async def serve() -> None:
        served = output_of(await mlops.does("serve_model", "Serve it", name="urgent"), "endpoint")["data"]
        urls.append(served["url"])

    async with anyio.create_task_group() as tasks:
        for _ in range(2):
            tasks.start_soon(serve)
    assert len(set(urls)) == 1
    result_of(await mlops.does("stop_serving", "Stop serving it"))
    async with httpx.AsyncClient(trust_env=False) as http:
        with pytest.raises(httpx.ConnectError):
            await http.get(f"{urls[0]}health")


def test_a_killed_agent_takes_its_scorers_along_and_serves_again_when_it_is_back(tmp_path: Path) -> None:
    folders = EndpointFolders(tmp_path / "mlops" / "serving")
    endpoint = Endpoint(name=NAME, port=free_port(), version=1)
    put_version(folders.folder(NAME), 1, over, 0.5)
    folders.save(endpoint)
    offset = free_offset(card_port(CARDS / "mlops.json"))
    rows = {"rows": [{"x": 0.9}], "request_id": "asked once"}
    for kept in (0, 1):
        with agent_process(tmp_path, offset), httpx.Client(base_url=endpoint.url, trust_env=False) as http:
            assert until_ready(http)["rows"] == kept
            answer = http.post("score", json=rows).json()
            assert (answer["version"], answer["predictions"][0]["predicted"]) == (1, "yes")
        until_closed(endpoint.port)


def until_ready(http: httpx.Client) -> dict[str, Any]:
    """The health of an endpoint, once it has its model."""
    for _ in range(600):
        with suppress(httpx.TransportError):
            reply = http.get("health")
            if reply.status_code == 200:
                return dict(reply.json())
        time.sleep(0.1)
    raise AssertionError("the endpoint did not come up")


def until_closed(port: int) -> None:
    """Returns once nothing listens on a port."""
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.1)
    raise AssertionError("the scorer outlived its agent")


@contextmanager
def agent_process(home: Path, offset: int) -> Iterator[None]:
    """The agent in a process of its own, killed at the end."""
    code = "from mesh.serve import run_service; from mesh.settings import load_settings; run_service('mlops', load_settings())"
    given = {"MESH_HOME": str(home), "MESH_PORT_OFFSET": str(offset), "MESH_TOKEN": TOKEN}
    sockets = {"MESH_COMPUTE_SOCKET": str(home / "none.sock"), "PYTHONPATH": str(ROOT)}
    with (home / "agent.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", code], env={**os.environ, **given, **sockets}, stdout=log, stderr=log
        )
        try:
            yield
        finally:
            process.kill()
            process.wait()
