"""Edges against a real agent: cut connections, kill -9 of either side, several edges, and the same windows as without an edge."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from agents.realtime.edge_spool import Spool
from tests.agents.realtime.service_process import agent_process
from tests.mesh.server.serving import free_port, message

BEGIN = datetime(2024, 3, 1, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[3]
EVENTS = 6_000


def _event(number: int) -> dict[str, Any]:
    time = (BEGIN + timedelta(seconds=number / 10)).isoformat()
    return {"time": time, "value": number % 7, "sensor": f"s{number % 2}", "user": f"u{number % 40}"}


def _edge(watch: str, *arguments: str, **options: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "agents.realtime.edge", watch, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, **options)


@contextmanager
def _agent(home: Path, offset: int) -> Iterator[httpx.Client]:
    base = f"http://127.0.0.1:{8209 + offset}"
    with agent_process(home, offset), httpx.Client(base_url=base, trust_env=False, timeout=60) as client:
        yield client


def _begin(client: httpx.Client, text: str) -> str:
    body = {"jsonrpc": "2.0", "id": 1, "method": "SendMessage", "params": message("m1", text)}
    assert "result" in client.post("/", json=body, headers={"A2A-Version": "1.0"}).json()
    return str(client.get("/watches").json()[0]["id"])


def _write(path: Path, numbers: range, *more: str) -> None:
    lines = [*(json.dumps(_event(n)) for n in numbers), *more]
    path.write_text("".join(f"{line}\n" for line in lines))


def _until_some_wait(path: Path) -> None:
    """Returns once batches that cannot be sent wait in a spool."""
    spool = Spool(path)
    try:
        while spool.waiting() < 3:
            time.sleep(0.02)
    finally:
        spool.close()


def _finish(edge: subprocess.Popen[str]) -> str:
    _, errors = edge.communicate(timeout=60)
    assert edge.returncode == 0, errors
    return errors


@pytest.fixture
def offset() -> int:
    """Ports of the agent's own."""
    return free_port() - 8209


def test_nothing_is_lost_or_counted_twice_while_the_agent_is_away_and_edges_are_killed(
    tmp_path: Path, offset: int
) -> None:
    lines = tmp_path / "events.jsonl"
    _write(lines, range(EVENTS), "no event")
    spool = str(tmp_path / "edge.db")
    with _agent(tmp_path, offset) as client:
        watch = _begin(client, "Alert when the 10 second average exceeds 100")
        url = f"{client.base_url}/watches/{watch}"
        slow = ["--spool", spool, "--speed", "100"]
        edge = _edge(url, str(lines), *slow)
        with client.stream("GET", f"/watches/{watch}/live") as feed:
            pictures = (json.loads(line[5:]) for line in feed.iter_lines() if line.startswith("data:"))
            some = next(picture["events"] for picture in pictures if picture["events"])
    # The agent was killed while the edge sends: what it closes meanwhile waits, through a kill of the edge as well.
    with edge:
        _until_some_wait(Path(spool))
        edge.send_signal(signal.SIGKILL)
    assert 0 < some < EVENTS
    with _edge(url, str(lines), "--spool", spool) as edge, _agent(tmp_path, offset) as client:
        _finish(edge)
        state = client.get(f"/watches/{watch}/state").json()
        with _edge(url, str(lines), "--spool", spool) as again:
            _finish(again)
        with _edge(f"{url}-other", str(lines), "--spool", spool) as other:
            _, errors = other.communicate(timeout=60)
        assert f"belongs to the watch {url}" in errors
        assert client.get(f"/watches/{watch}/state").json()["events"] == EVENTS
    assert (state["events"], state["late_events"]) == (EVENTS, 0)
    assert [w["count"] for w in state["windows"]] == [100] * 60
    for number, window in enumerate(state["windows"]):
        values = [n % 7 for n in range(number * 100, (number + 1) * 100)]
        assert window["mean"] == pytest.approx(sum(values) / 100)
        assert window["p50"] == sorted(values)[49] / 2 + sorted(values)[50] / 2
        assert window["distinct"] == len({_event(n)["sensor"] for n in range(2)})


def test_two_edges_make_the_windows_of_one_stream_and_a_batch_again_changes_nothing(
    tmp_path: Path, offset: int
) -> None:
    with _agent(tmp_path, offset) as client:
        watch = _begin(client, "센서별 20초 동안 고유 user 수가 1000을 넘으면 알려줘")
        url = f"{client.base_url}/watches/{watch}"
        numbers = range(1_000)
        for name, own in (("a", numbers[::2]), ("b", numbers[1::2])):
            (tmp_path / f"{name}.csv").write_text(
                "time,value,sensor,user\n"
                + "".join(",".join(str(v) for v in _event(n).values()) + "\n" for n in own)
            )
        # Both are known before either has come far: the slower one is waited for.
        first = {"fields": ["value", "sensor", "user"], "watermark": BEGIN.timestamp()}
        for name in "ab":
            reply = client.post(f"/watches/{watch}/panes", json={**first, "edge": name, "number": 1})
            assert reply.json() == {"taken": True}
            again = client.post(f"/watches/{watch}/panes", json={**first, "edge": name, "number": 1})
            assert again.json() == {"taken": False}
        gap = client.post(f"/watches/{watch}/panes", json={**first, "edge": "a", "number": 3})
        assert gap.status_code == 409
        other = client.post(
            f"/watches/{watch}/panes", json={**first, "edge": "a", "number": 2, "fields": [None] * 3}
        )
        assert other.status_code == 409
        assert "value" in other.json()["detail"]
        odd = client.post(
            f"/watches/{watch}/panes", json={**first, "edge": "a", "number": 2, "panes": [["", [0, 20, "x"]]]}
        )
        assert (odd.status_code, "cannot be read" in odd.json()["detail"]) == (400, True)
        for name in "ab":
            with _edge(url, str(tmp_path / f"{name}.csv"), "--spool", str(tmp_path / f"{name}.db")) as edge:
                _finish(edge)
        state = client.get(f"/watches/{watch}/state").json()
        assert (state["events"], state["late_events"], state["items"]) == (1_000, 0, "user")
        # The two names above never come further, so that nothing has closed.
        assert (state["windows_total"], state["open_windows"]) == (0, 10)
        last = {**first, "number": 2, "watermark": (BEGIN + timedelta(seconds=100)).timestamp()}
        for name in "ab":
            client.post(f"/watches/{watch}/panes", json={**last, "edge": name}).raise_for_status()
        state = client.get(f"/watches/{watch}/state").json()
    assert [(w["key"], w["count"], w["distinct"]) for w in state["windows"]] == [
        (key, 100, 20.0) for _ in range(5) for key in ("s0", "s1")
    ]


def test_events_pushed_to_an_edge_are_counted_once(tmp_path: Path, offset: int) -> None:
    with _agent(tmp_path, offset) as client:
        watch = _begin(client, "Alert when the 10 second average exceeds 100")
        with _edge(
            f"{client.base_url}/watches/{watch}", "--listen", "0", "--spool", str(tmp_path / "edge.db")
        ) as edge:
            assert edge.stderr is not None
            found = re.search(r"http://\S+", edge.stderr.readline())
            assert found is not None
            batch = [{"id": f"e{n}", **_event(n)} for n in range(300)]
            replies = [
                httpx.post(found[0], json=batch[start : start + 200], trust_env=False).json()
                for start in (0, 100)
            ]
            assert replies == [
                {"accepted": 200, "duplicates": 0},
                {"accepted": 100, "duplicates": 100},
            ]
            refused = httpx.post(found[0], json=[{"time": "soon"}], trust_env=False)
            assert (refused.status_code, "'soon'" in refused.json()["detail"]) == (400, True)
            with client.stream("GET", f"/watches/{watch}/live") as feed:
                pictures = (json.loads(line[5:]) for line in feed.iter_lines() if line.startswith("data:"))
                picture = next(item for item in pictures if item["windows_total"] == 2)
            edge.terminate()
            edge.communicate(timeout=60)
    assert [w["count"] for w in picture["windows"]] == [100, 100]


def test_standard_input_is_aggregated_with_little_memory(tmp_path: Path, offset: int) -> None:
    with _agent(tmp_path, offset) as client:
        watch = _begin(client, "Alert when the 10 second average exceeds 100")
        url = f"{client.base_url}/watches/{watch}"
        with _edge(url, "--spool", str(tmp_path / "edge.db"), stdin=subprocess.PIPE) as edge:
            text = "".join(f"{json.dumps(_event(n))}\n" for n in range(1_000))
            feeder = threading.Thread(target=lambda: edge.communicate(text, timeout=60))
            feeder.start()
            feeder.join()
            assert edge.returncode == 0
        state = client.get(f"/watches/{watch}/state").json()
    assert (state["events"], state["windows_total"]) == (1_000, 10)


def test_every_file_of_a_spool_is_read_whole_and_a_line_that_cannot_be_read_stops_nothing(
    tmp_path: Path, offset: int
) -> None:
    first, second = tmp_path / "a.jsonl", tmp_path / "b.csv"
    first.write_text("".join(f"{json.dumps({'id': None, **_event(n)})}\n" for n in range(500)))
    rows = (",".join(str(v) for v in _event(n).values()) + "\n" for n in range(500, 1_000))
    second.write_text("time,value,sensor,user\n" + "2024-03-01,1,a\rb,c\n" + "".join(rows))
    with _agent(tmp_path, offset) as client:
        url = f"{client.base_url}/watches/{_begin(client, 'Alert when the 10 second average exceeds 100')}"
        for lines in (first, second):
            with _edge(url, str(lines), "--spool", str(tmp_path / "edge.db")) as edge:
                errors = _finish(edge)
        first.write_text("".join(f"{json.dumps(_event(n))}\n" for n in range(1_000, 1_100)))
        with _edge(url, str(first), "--spool", str(tmp_path / "edge.db")) as edge:
            _finish(edge)
        state = client.get(f"{url}/state").json()
    assert errors == "1 lines hold no event and were left out.\n"
    assert (state["events"], state["late_events"]) == (1_100, 0)
    assert [w["count"] for w in state["windows"]] == [100] * 11


def test_an_edge_of_no_watch_says_so(tmp_path: Path) -> None:
    with _edge(f"http://127.0.0.1:{free_port()}/watches/w-1", "--spool", str(tmp_path / "edge.db")) as edge:
        _, errors = edge.communicate(timeout=60)
    assert edge.returncode == 1
    assert "does not say how it cuts its windows" in errors
