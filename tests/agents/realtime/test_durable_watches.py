"""Watches over real HTTP: exact counts through kill -9, back-pressure, alerts in the real alert manager, the live feed."""

import json
import signal
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from agents.realtime.watch_service import MAX_WAITING
from mesh.settings import MeshSettings, load_settings
from tests.agents.realtime.service_process import agent_process
from tests.mesh.server.serving import connected, free_port, message, rpc, serving

BEGIN = datetime(2024, 3, 1, tzinfo=UTC)
BATCH = 100


@pytest.fixture
def anyio_backend() -> str:
    """Everything runs on asyncio, as the services do."""
    return "asyncio"


@pytest.fixture
def settings(tmp_path: Path) -> MeshSettings:
    """A mesh whose agent has a free port."""
    return load_settings(home=tmp_path, port_offset=free_port() - 8209)


@pytest.fixture
async def http(settings: MeshSettings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the agent, which runs in this process."""
    async with (
        serving(Path("realtime"), settings, settings.port_of("realtime")) as url,
        connected(url) as client,
    ):
        yield client


def _event(number: int, value: float, seconds: float, **more: Any) -> dict[str, Any]:
    return {
        "id": f"e{number}",
        "time": (BEGIN + timedelta(seconds=seconds)).isoformat(),
        "value": value,
        **more,
    }


async def _begin(http: httpx.AsyncClient, text: str) -> str:
    """Starts a watch as a bare client does, with a sentence; its id."""
    reply = await rpc(http, "SendMessage", message(f"m-{text}", text))
    assert reply["result"]["task"]["status"]["state"] == "TASK_STATE_COMPLETED", reply
    listed = (await http.get("/watches")).json()
    return str(listed[-1]["id"])


def test_counts_are_exact_after_kill_9_in_the_middle(tmp_path: Path) -> None:
    offset = free_port() - 8209
    batches = [
        [_event(n, float(n % 7), n * 0.1) for n in range(start, start + BATCH)]
        for start in range(0, 6_000, BATCH)
    ]
    acknowledged = 0
    killing = threading.Event()
    base = f"http://127.0.0.1:{8209 + offset}"
    with (
        agent_process(tmp_path, offset) as process,
        httpx.Client(base_url=base, trust_env=False, timeout=60) as client,
    ):
        body = {"jsonrpc": "2.0", "id": 1, "method": "SendMessage"}
        body |= {"params": message("m1", "Alert when the 10 second average exceeds 100")}
        assert "result" in client.post("/", json=body, headers={"A2A-Version": "1.0"}).json()
        watch = client.get("/watches").json()[0]["id"]

        def kill() -> None:
            killing.wait()
            process.send_signal(signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        for batch in batches:
            try:
                client.post(f"/watches/{watch}/events", json=batch).raise_for_status()
            except httpx.TransportError:
                break
            acknowledged += 1
            if acknowledged == 15:
                killing.set()
        killer.join()
        assert process.wait() == -signal.SIGKILL
    assert 15 <= acknowledged < len(batches)
    with agent_process(tmp_path, offset), httpx.Client(base_url=base, trust_env=False, timeout=60) as client:
        replies = []
        for batch in batches[acknowledged - 3 :]:
            reply = client.post(f"/watches/{watch}/events", json=batch)
            replies.append(reply.raise_for_status().json())
        assert [r["duplicates"] for r in replies[:3]] == [BATCH] * 3
        client.post(f"/watches/{watch}/events", json=_event(9_999, 0.0, 700)).raise_for_status()
        state = client.get(f"/watches/{watch}/state").json()
    assert state["events"] == 6_001
    assert (state["late_events"], state["windows_total"]) == (0, 60)
    assert [w["count"] for w in state["windows"]] == [100] * 60
    for number, window in enumerate(state["windows"]):
        values = [n % 7 for n in range(number * 100, (number + 1) * 100)]
        assert window["mean"] == pytest.approx(sum(values) / 100)


@pytest.mark.anyio
async def test_a_rule_in_words_fires_once_explains_itself_and_resolves(
    http: httpx.AsyncClient, settings: MeshSettings
) -> None:
    async with serving(Path("alerts"), settings, settings.port_of("alerts")) as url, connected(url) as alerts:
        watch = await _begin(http, "센서별 10초 평균이 50을 넘으면 알려줘")
        push = f"/watches/{watch}/events"
        calm = [_event(n, 20 + n % 3, n, sensor=s) | {"id": f"{s}{n}"} for n in range(100) for s in "ab"]
        hot = [_event(n, 90, n, sensor="a") | {"id": f"a{n}"} for n in range(100, 121)]
        assert (await http.post(push, json=calm)).json() == {"accepted": 200, "duplicates": 0}
        assert (await http.post(push, json=hot)).json()["accepted"] == 21
        told = await _until(alerts, lambda items: len(items) == 1)
        assert told[0]["labels"]["key"] == "a"
        summary = told[0]["annotations"]["summary"]
        assert "10초 윈도우의 value 평균이 50 초과" in summary
        assert "90" in summary
        assert "2024-03-01 00:01:50" in summary
        assert told[0]["generatorURL"].endswith(f"/watches/{watch}")
        state = (await http.get(f"/watches/{watch}/state")).json()
        assert (state["by"], state["column"]) == ("sensor", "value")
        assert [(a["key"], a["windows"], a["ends_at"]) for a in state["alerts"]] == [("a", 2, None)]
        await http.post(push, json=[_event(n, 10, n, sensor="a") for n in range(121, 141)])
        assert await _until(alerts, lambda items: not items) == []
        state = (await http.get(f"/watches/{watch}/state")).json()
        assert (state["alerts_total"], state["firing"]) == (1, 0)


@pytest.mark.anyio
async def test_late_duplicate_and_impossible_events_are_told_apart(http: httpx.AsyncClient) -> None:
    watch = await _begin(http, "Alert when the 10 second maximum goes above 80")
    push = f"/watches/{watch}/events"
    lines = "\n".join(json.dumps(_event(n, 1, t)) for n, t in [(1, 5), (2, 25), (3, 6), (1, 5)])
    reply = await http.post(push, content=lines, headers={"Content-Type": "application/x-ndjson"})
    assert reply.json() == {"accepted": 3, "duplicates": 1}
    far = {"id": "x", "time": (datetime.now(UTC) + timedelta(days=9)).isoformat(), "value": 1}
    assert (await http.post(push, json=far)).json()["accepted"] == 1
    state = (await http.get(f"/watches/{watch}/state")).json()
    assert (state["events"], state["late_events"], state["events_ahead_of_clock"]) == (4, 1, 1)
    for body, complaint in [("{", "valid JSON"), ("[1]", "Event 1"), ('{"time": "soon"}', "'soon'")]:
        refused = await http.post(push, content=body, headers={"Content-Type": "application/json"})
        assert refused.status_code == 400
        assert complaint in refused.json()["detail"]
    assert (await http.post(push, content="{}", headers={"Content-Type": "text/plain"})).status_code == 415
    assert (await http.get("/watches/w-none/state")).status_code == 404
    assert (await http.get(f"/watches/{watch}/state")).json()["events"] == 4


@pytest.mark.anyio
async def test_events_are_pushed_over_a_websocket_and_answered_in_order(
    http: httpx.AsyncClient, settings: MeshSettings
) -> None:
    watch = await _begin(http, "Alert when the 10 second average exceeds 50")
    address = f"ws://127.0.0.1:{settings.port_of('realtime')}/watches/{watch}/events"
    async with connect(address, proxy=None) as socket:
        for body in ([_event(1, 1, 1), _event(2, 3, 2)], [_event(2, 3, 2)], {"time": "soon"}):
            await socket.send(json.dumps(body))
        replies = [json.loads(await socket.recv()) for _ in range(3)]
    assert replies[:2] == [{"accepted": 2, "duplicates": 0}, {"accepted": 0, "duplicates": 1}]
    assert (replies[2]["status"], "'soon'" in replies[2]["detail"]) == (400, True)
    assert (await http.get(f"/watches/{watch}/state")).json()["events"] == 2
    with pytest.raises(InvalidStatus):
        async with connect(address, proxy=None, origin=Origin("http://elsewhere.example")):
            pass


@pytest.mark.anyio
async def test_what_is_unlike_the_usual_alerts_without_a_rule_and_says_why(http: httpx.AsyncClient) -> None:
    watch = await _begin(
        http, "Watch the live stream and tell me when something is unusual, in 10 second windows"
    )
    push = f"/watches/{watch}/events"
    calm = [_event(n, 20 + (n * 7919) % 11 / 10, n) for n in range(900)]
    await http.post(push, json=calm)
    await http.post(push, json=[_event(n, 60, n) for n in range(900, 910)])
    await http.post(push, json=[_event(n, 20 + (n * 7919) % 11 / 10, n) for n in range(910, 921)])
    state = (await http.get(f"/watches/{watch}/state")).json()
    ((alert),) = state["alerts"]
    assert (alert["kind"], alert["level"], alert["windows"]) == ("anomaly", 60, 1)
    assert alert["usual_low"] < 20.5 < alert["usual_high"] < 60
    assert alert["ends_at"] is not None
    assert "60" in alert["text"]
    assert "Usual at this time is 20." in alert["text"]
    await http.post(push, json=[_event(n, 25 + (n * 7919) % 11 / 10, n) for n in range(921, 1300)])
    moved = [a for a in (await http.get(f"/watches/{watch}/state")).json()["alerts"] if a["kind"] == "drift"]
    assert len(moved) == 1
    assert "rose from 20." in moved[0]["text"]


@pytest.mark.anyio
async def test_more_batches_than_may_wait_are_refused_and_none_is_lost(http: httpx.AsyncClient) -> None:
    watch = await _begin(http, "Alert when the 10 second sum exceeds 1")
    statuses: list[int] = []

    async def push(number: int) -> None:
        batch = [_event(number * 1000 + n, 0, n) for n in range(1000)]
        statuses.append((await http.post(f"/watches/{watch}/events", json=batch)).status_code)

    async with anyio.create_task_group() as tasks:
        for number in range(4 * MAX_WAITING):
            tasks.start_soon(push, number)
    assert set(statuses) <= {200, 429}
    state = (await http.get(f"/watches/{watch}/state")).json()
    assert state["events"] == 1000 * statuses.count(200)


@pytest.mark.anyio
async def test_the_page_is_fed_live_and_asks_nobody_else(http: httpx.AsyncClient) -> None:
    watch = await _begin(http, "Alert when the 10 second average exceeds 5")
    page = await http.get(f"/watches/{watch}")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "http://" not in page.text.replace("http://www.w3.org/2000/svg", "")
    async with http.stream("GET", f"/watches/{watch}/live") as feed:
        pictures = (json.loads(line[5:]) async for line in feed.aiter_lines() if line.startswith("data:"))
        assert (await anext(pictures))["events"] == 0
        valueless = {"id": "x", "time": BEGIN.isoformat()}
        sent = [_event(0, 9, 0), valueless, *(_event(n, 9, n) for n in range(1, 11))]
        await http.post(f"/watches/{watch}/events", json=sent)
        picture = await anext(pictures)
    assert (picture["events"], picture["firing"]) == (12, 1)
    (window,) = picture["windows"]
    assert (window["level"], window["count"], window["events"]) == (9, 10, 11)


@pytest.mark.anyio
async def test_watches_are_listed_and_stopped_by_a_sentence(http: httpx.AsyncClient) -> None:
    watch = await _begin(http, "1분 최대가 80을 초과하면 경보를 보내줘")
    listed = await rpc(http, "SendMessage", message("m-list", "감시 목록을 보여줘"))
    assert watch in json.dumps(listed, ensure_ascii=False)
    stopped = await rpc(http, "SendMessage", message("m-stop", f"{watch} 감시를 멈춰줘"))
    assert stopped["result"]["task"]["status"]["state"] == "TASK_STATE_COMPLETED"
    assert (await http.get("/watches")).json() == []
    refused = await http.post(f"/watches/{watch}/events", json=_event(1, 1, 1))
    assert refused.status_code == 409


async def _until(alerts: httpx.AsyncClient, fits: Any) -> list[dict[str, Any]]:
    """The watches' alerts in the alert manager, once they are as wanted."""
    with anyio.fail_after(20):
        while True:
            told = (await alerts.get("/api/v2/alerts", params={"filter": 'alertname="StreamWatch"'})).json()
            if fits(told):
                return list(told)
            await anyio.sleep(0.05)
