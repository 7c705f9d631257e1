"""A real scorer process on a real port, driven over HTTP."""

import os
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from agents.mlops.serving.endpoint import TRAFFIC, Endpoint, EndpointFolders, Trial
from agents.mlops.serving.supervision import Scorer, free_port
from agents.mlops.serving.traffic import TrafficLog
from mesh.errors import UnavailableError

from .served_models import TOKEN, over, put_version

pytestmark = pytest.mark.anyio
NAME = "late-classification"


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """The services run on asyncio."""
    return "asyncio"


@dataclass
class Served:
    """An endpoint at work: the process's keeper, where it is, and a client that speaks to it."""

    scorer: Scorer
    folders: EndpointFolders
    http: httpx.AsyncClient

    @property
    def folder(self) -> Path:
        """The endpoint's folder."""
        return self.folders.folder(NAME)

    async def becomes(self, **changes: Any) -> None:
        """Changes the endpoint and waits until its process follows."""
        before = next(self.folders.all())
        self.folders.save(before.model_copy(update={**changes, "revision": before.revision + 1}))
        self.scorer.announce()
        await self.scorer.until_served()

    async def score(self, *xs: Any, **fields: Any) -> dict[str, Any]:
        """The reply to a request of one row per x."""
        reply = await self.http.post("score", json={"rows": [{"x": x} for x in xs], **fields})
        reply.raise_for_status()
        answer: dict[str, Any] = reply.json()
        return answer


@pytest.fixture(scope="module")
async def served(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """Version 1 says "yes" above 0.5, version 2 above 0.2."""
    home = tmp_path_factory.mktemp("home")
    folders = EndpointFolders(home / "mlops" / "serving")
    endpoint = Endpoint(name=NAME, port=free_port(), version=1)
    for version, limit in ((1, 0.5), (2, 0.2)):
        put_version(folders.folder(NAME), version, over, limit)
    folders.save(endpoint)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MESH_TOKEN", TOKEN)
        async with (
            httpx.AsyncClient(base_url=endpoint.url, trust_env=False, timeout=30) as http,
            anyio.create_task_group() as tasks,
        ):
            scorer = Scorer(folders.folder(NAME), home, http)
            scorer.begin(tasks)
            await scorer.until_served()
            yield Served(scorer, folders, http)
            await scorer.stop()


async def test_rows_are_answered_with_class_probabilities_version_and_id(served: Served) -> None:
    answer = await served.score(0.1, 0.9, request_id="order-7")
    assert [item["predicted"] for item in answer["predictions"]] == ["no", "yes"]
    assert answer["predictions"][1]["probabilities"] == pytest.approx({"no": 0.0, "yes": 1.0}, abs=0.01)
    assert (answer["request_id"], answer["version"], answer["model"]) == ("order-7", 1, NAME)
    again = await served.score(0.1, 0.9, request_id="order-7")
    assert again == answer
    other = await served.http.post("score", json={"rows": [{"x": 0}], "request_id": "order-7"})
    assert (other.status_code, other.json()["reason"]) == (409, "conflict")


async def test_the_example_of_the_schema_can_be_sent_as_it_is(served: Served) -> None:
    schema = (await served.http.get("schema")).json()
    assert [(item["name"], item["type"]) for item in schema["columns"]] == [("x", "number")]
    scored = await served.http.post("score", json=schema["example"])
    assert scored.status_code == 200
    labelled = await served.http.post("labels", json=schema["labels_example"])
    assert labelled.json() == {"accepted": 1, "duplicates": 0, "unknown": 0}


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("score", b"{", 400, "not valid JSON"),
        ("score", b'{"rows": []}', 400, "at least one row"),
        ("score", b'{"rows": [{"x": NaN}]}', 400, "NaN is not a JSON value"),
        ("score", b'{"rows": [1, {"x": [2]}], "id": "a"}', 400, "row 0 is not an object"),
        ("score", b'{"rows": [{"y": 1}]}', 422, "lack columns that the model was trained with: 'x'"),
        ("score", b'{"rows": [{"x": "much"}]}', 422, "'x' must hold a number"),
        ("score", b"[" + b",".join([b'{"x":1}'] * 1001) + b"]", 413, "at most 1,000"),
        ("score", b'"' + b"x" * 2**23 + b'"', 413, "exceeds"),
        (
            "labels",
            b'{"labels": [{"request_id": "a", "actual": "maybe"}]}',
            400,
            "none of the classes no, yes",
        ),
        ("labels", b'{"labels": [{"actual": "yes"}]}', 400, "label 0: needs request_id"),
    ],
)
async def test_what_cannot_be_used_is_refused_with_what_is_wrong(
    served: Served, path: str, body: bytes, status: int, said: str
) -> None:
    reply = await served.http.post(path, content=body, headers={"Content-Type": "application/json"})
    assert reply.status_code == status
    assert said in reply.json()["detail"]


async def test_every_fault_is_told_at_once(served: Served) -> None:
    reply = await served.http.post("score", json={"rows": [1, {"x": [2]}], "id": "a"})
    detail = reply.json()["detail"]
    assert all(said in detail for said in ("id is not a known field", "row 0 is not", "row 1: 'x'"))


async def test_strange_hosts_and_media_types_are_refused(served: Served) -> None:
    strange = await served.http.post("score", json={"rows": [{"x": 1}]}, headers={"Host": "example.com"})
    assert strange.status_code == 421
    form = await served.http.post("score", content=b"x=1", headers={"Content-Type": "text/plain"})
    assert form.status_code == 415
    assert (await served.http.get("nothing")).status_code == 404


async def test_errors_and_notes_are_korean_when_asked_for(served: Served) -> None:
    korean = {"Accept-Language": "ko-KR"}
    reply = await served.http.post("score", json={"rows": [{"y": 1}]}, headers=korean)
    assert "모델이 학습한 열이 새 데이터에 없습니다" in reply.json()["detail"]
    noted = await served.http.post("score", json={"rows": [{"x": None}]}, headers=korean)
    assert any("빈 값" in note for note in noted.json()["notes"])


async def test_in_a_shadow_the_challenger_is_logged_and_never_answers(served: Served) -> None:
    since = TrafficLog(served.folder / TRAFFIC)
    last = since.last_number()
    await served.becomes(trial=Trial(version=2, mode="shadow", since=last))
    answers = [await served.score(0.3, 0.1, key=f"c{n}") for n in range(20)]
    assert {answer["version"] for answer in answers} == {1}
    assert {item["predicted"] for answer in answers for item in answer["predictions"]} == {"no"}
    with anyio.fail_after(30):
        while len(pairs := since.paired_predictions(1, 2, last)) < 40:  # noqa: ASYNC110 - another process
            await anyio.sleep(0.02)
    assert sorted(pairs) == [("no", "no")] * 20 + [("no", "yes")] * 20
    since.close()
    await served.becomes(trial=None)


async def test_a_split_sends_the_same_key_to_the_same_version_and_about_its_share(served: Served) -> None:
    await served.becomes(trial=Trial(version=2, mode="split", share=0.3, since=5))
    first = {n: (await served.score(0.3, key=f"customer {n}"))["version"] for n in range(100)}
    again = {n: (await served.score(0.3, key=f"customer {n}"))["version"] for n in range(100)}
    assert first == again
    # 30 of 100 expected; 13 and 49 are more than four standard deviations away.
    assert 13 < sum(version == 2 for version in first.values()) < 49
    await served.becomes(trial=None)


async def test_another_version_takes_over_without_a_request_being_refused(served: Served) -> None:
    versions: list[int] = []
    done = anyio.Event()

    async def call() -> None:
        while not done.is_set():
            versions.append((await served.score(0.3))["version"])

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(call)
        await served.becomes(version=2)
        await served.score(0.3)
        done.set()
    assert set(versions) <= {1, 2}
    assert (await served.score(0.3))["predictions"][0]["predicted"] == "yes"
    await served.becomes(version=1)


async def test_a_version_that_cannot_be_loaded_is_said_and_the_old_one_goes_on(served: Served) -> None:
    put_version(served.folder, 3, over, 0.9, token="another mesh's token")
    with pytest.raises(UnavailableError, match="was not made by this mesh"):
        await served.becomes(version=3)
    assert (await served.score(0.9))["version"] == 1
    await served.becomes(version=1)


async def test_a_killed_process_is_started_again_with_all_it_knew(served: Served) -> None:
    await served.score(0.1, request_id="before the end")
    rows = (await served.scorer.health() or {})["rows"]
    killed = served.scorer.process_id
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    with anyio.fail_after(60):
        while served.scorer.process_id in (killed, None):  # noqa: ASYNC110 - another process
            await anyio.sleep(0.05)
    health = await served.scorer.until_served()
    assert health["rows"] == rows
    labels = {"labels": [{"request_id": "before the end", "row": 0, "actual": "no"}]}
    assert (await served.http.post("labels", json=labels)).json()["accepted"] == 1
    assert served.scorer.restarts == 1


async def test_a_port_that_is_taken_is_said(served: Served, tmp_path: Path) -> None:
    folders = EndpointFolders(tmp_path)
    put_version(folders.folder("other"), 1, over, 0.5)
    folders.save(Endpoint(name="other", port=next(served.folders.all()).port, version=1))
    async with anyio.create_task_group() as tasks:
        second = Scorer(folders.folder("other"), tmp_path, served.http)
        second.begin(tasks)
        with anyio.fail_after(60):
            while not second.note:  # noqa: ASYNC110 - another process
                await anyio.sleep(0.02)
        assert "in use" in second.note
        await second.stop()
