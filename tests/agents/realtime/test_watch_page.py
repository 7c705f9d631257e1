"""The live page in a real browser: what it shows, that it follows, and that it asks nobody else."""

import math
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from tests.agents.realtime.service_process import agent_process
from tests.browser import browser_tab
from tests.mesh.server.serving import free_port, message

BEGIN = datetime(2024, 3, 1, tzinfo=UTC)


def _event(minute: int, value: float) -> dict[str, Any]:
    time = (BEGIN + timedelta(minutes=minute)).isoformat()
    return {"id": f"e{minute}", "time": time, "value": value, "user": f"user {minute % 3}"}


def _day(minutes: range) -> list[dict[str, Any]]:
    """A rhythm of the day with a burst at minute 1,500 and another level from 1,800 on."""
    lots = random.Random(1)
    events = []
    for n in minutes:
        value = 20 + 8 * math.sin(2 * math.pi * n / 1_440) + lots.gauss(0, 1)
        events.append(_event(n, value + 25 * (1_500 <= n < 1_520) + 9 * (n >= 1_800)))
    return events


def test_the_page_shows_windows_percentiles_and_alerts_as_they_come(tmp_path: Path) -> None:
    offset = free_port() - 8209
    base = f"http://127.0.0.1:{8209 + offset}"
    with (
        agent_process(tmp_path, offset),
        httpx.Client(base_url=base, trust_env=False, timeout=60) as client,
        browser_tab() as tab,
    ):
        asked = "Watch the live stream and tell me when something is unusual, in 10 minute windows"
        body = {"jsonrpc": "2.0", "id": 1, "method": "SendMessage", "params": message("m1", asked)}
        assert "result" in client.post("/", json=body, headers={"A2A-Version": "1.0"}).json()
        watch = client.get("/watches").json()[0]["id"]
        tab.open(f"{base}/watches/{watch}", width=1_000)
        tab.until("document.querySelector('#facts b')?.textContent === '0'")
        client.post(f"/watches/{watch}/events", json=_day(range(2_161))).raise_for_status()
        tab.until("document.querySelector('#facts b').textContent === '2,161'")
        (tmp_path / "page.png").write_bytes(tab.picture())
        shown = tab.run("document.body.innerText")
        drawn = tab.run("document.querySelectorAll('#chart circle').length")
        state = client.get(f"/watches/{watch}/state").json()
        assert (tab.errors, drawn, state["windows_total"]) == ([], 216, 216)
        for text in (
            "Alerts when: a window of 10 minutes is unlike",
            "95th percentile",
            "Distinct user",
            "user 2 (4)",
        ):
            assert text in shown
        for alert in state["alerts"]:
            assert alert["text"] in shown
        assert {alert["kind"] for alert in state["alerts"]} == {"anomaly"}
        assert all(address.startswith(base) for address in tab.requests)
