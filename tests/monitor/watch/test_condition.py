"""How a service is judged from its probes, and which alerts follow."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.watch.condition import HISTORY_POINTS, Condition
from monitor.watch.incidents import Incidents
from monitor.watch.models import Probe, Target
from monitor.watch.targets import agent_targets, service_target

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
TARGET = Target(
    name="hub", title="Hub", url="http://h/", card_url="http://h/card", kind="service", version="1.0.0"
)


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def ok(uptime_s: float | None = None, seconds: float = 0.004) -> Probe:
    return Probe(answered=True, ready=True, seconds=seconds, uptime_s=uptime_s, version="1.2.0")


NOT_READY = Probe(answered=True, ready=False, seconds=0.01, detail="not ready: start-up")
REFUSED = Probe(answered=False, ready=False, seconds=0.001, refused=True, detail="connection refused")
SILENT = Probe(answered=False, ready=False, seconds=1.0, detail="no answer within 1 s")


def states(*probes: Probe) -> list[str]:
    condition = Condition(TARGET, NOW)
    seen: list[str] = []
    for number, probe in enumerate(probes):
        condition.observe(probe, at(2 * number))
        seen.append(condition.state)
    return seen


def test_nobody_listening_is_down_at_once_and_silence_at_the_third_time() -> None:
    assert states(ok(), REFUSED, ok(), NOT_READY) == ["up", "down", "up", "degraded"]
    assert states(ok(), SILENT, SILENT, SILENT, SILENT) == ["up", "degraded", "degraded", "down", "down"]
    assert states(ok(), REFUSED, SILENT) == ["up", "down", "down"]


def test_a_service_that_never_answered_is_given_time_to_start() -> None:
    assert states(*[REFUSED] * 16)[-2:] == ["unknown", "down"]
    assert states(REFUSED, NOT_READY, ok()) == ["unknown", "degraded", "up"]


def test_a_death_dates_from_the_last_good_answer_and_is_told_once() -> None:
    condition = Condition(TARGET, NOW)
    deaths = []
    for second, probe in [(0, ok(50)), (2, ok(52)), (4, REFUSED), (6, REFUSED), (8, ok(1)), (10, ok(3))]:
        condition.observe(probe, at(second))
        deaths.append(condition.died_at)
    assert deaths == [None, None, at(2), None, None, None]


def test_a_service_that_came_back_between_two_probes_has_died() -> None:
    condition = Condition(TARGET, NOW)
    condition.observe(ok(50), at(0))
    condition.observe(ok(0.5), at(2))
    assert (condition.state, condition.died_at) == ("up", at(0))
    condition.observe(ok(2.5), at(4))
    assert condition.died_at is None


def test_a_slow_answer_is_not_taken_for_a_restart() -> None:
    condition = Condition(TARGET, NOW)
    condition.observe(ok(0.1), at(0))
    condition.observe(ok(1.2, seconds=0.9), at(2))
    assert condition.died_at is None


def test_latency_is_averaged_with_weight_three_tenths() -> None:
    condition = Condition(TARGET, NOW)
    condition.observe(ok(seconds=0.010), at(0))
    condition.observe(ok(seconds=0.020), at(2))
    condition.observe(REFUSED, at(4))
    view = condition.view(points=2)
    assert view.latency_ewma_ms == pytest.approx(0.3 * 20 + 0.7 * 10)
    assert (view.latency_ms, view.consecutive_failures, view.uptime_s) == (None, 1, None)
    assert [(point.state, point.ms) for point in view.history] == [("up", 20.0), ("down", None)]
    assert (view.version, view.last_change, view.last_seen) == ("1.2.0", at(4), at(2))


def test_the_history_is_bounded_to_fifteen_minutes() -> None:
    condition = Condition(TARGET, NOW)
    for number in range(HISTORY_POINTS + 50):
        condition.observe(ok(), at(2 * number))
    history = condition.view(points=10_000).history
    assert history[-1].at - history[0].at == timedelta(minutes=15) - timedelta(seconds=2)


def test_an_incident_is_sent_again_until_it_is_over_and_then_once() -> None:
    incidents = Incidents()
    incidents.died("hub", at(0), "gone")
    [first] = incidents.due(at(1))
    assert first.as_alert("http://w/")["labels"] == {
        "alertname": "ServiceDown",
        "service": "hub",
        "severity": "critical",
    }
    assert "endsAt" not in first.as_alert("http://w/")
    incidents.sent([first], at(1))
    assert incidents.due(at(60)) == []
    assert incidents.due(at(61)) == [first]
    assert not incidents.looked("hub", well=True, now=at(62))
    assert not incidents.looked("hub", well=False, now=at(64))
    assert not incidents.looked("hub", well=True, now=at(66))
    assert incidents.looked("hub", well=True, now=at(71))
    [last] = incidents.due(at(71))
    assert last.as_alert("http://w/")["endsAt"] == at(71).isoformat()
    assert incidents.due(at(72)) == [last]
    incidents.sent([last], at(72))
    assert incidents.due(at(500)) == []


def test_an_alert_left_firing_by_an_earlier_run_is_resolved_with_its_own_start() -> None:
    incidents = Incidents()
    incidents.adopt("hub", at(-100))
    incidents.looked("hub", well=True, now=at(0))
    incidents.looked("hub", well=True, now=at(5))
    [alert] = [incident.as_alert("") for incident in incidents.due(at(5))]
    assert (alert["startsAt"], alert["endsAt"]) == (at(-100).isoformat(), at(5).isoformat())


def test_agents_of_the_orchestrator_are_watched_beside_the_services() -> None:
    hub = service_target("hub", {"name": "Data Hub", "version": "1.0.0"}, "http://127.0.0.1:8500/")
    views: list[dict[str, Any]] = [
        {"name": "Data Hub", "instances": [{"instance": "hub-1", "url": "http://127.0.0.1:8500/"}]},
        {
            "name": "Echo",
            "version": "2",
            "card_url": "http://e/c.json",
            "instances": [{"instance": "e", "url": "http://e/rpc"}],
        },
        {
            "name": "Twins",
            "instances": [{"instance": "a", "url": "http://a"}, {"instance": "b", "url": "http://b/"}],
        },
        {"name": "Nowhere", "instances": []},
        {"name": "Bad", "instances": [{"url": "http://b:99999/"}, {"url": "host:50051"}, {"url": "http://"}]},
        {"instances": [{"url": "http://nameless/"}]},
    ]
    found = agent_targets(views, [hub])
    assert [(target.name, target.url) for target in found] == [
        ("Echo", "http://e/rpc/"),
        ("Twins/a", "http://a/"),
        ("Twins/b", "http://b/"),
    ]
    assert found[0].card_url == "http://e/c.json"
    assert found[1].card_url == "http://a/.well-known/agent-card.json"


def test_a_new_process_right_after_a_probe_is_a_restart_and_another_replica_is_not() -> None:
    def answer(pid: int, uptime_s: float) -> Probe:
        return Probe(answered=True, ready=True, seconds=0.0, uptime_s=uptime_s, pid=pid)

    begun = datetime(2026, 1, 1, tzinfo=UTC)
    for pid, uptime_s, died in ((2, 1.8, True), (2, 600.0, False), (1, 602.0, False)):
        condition = Condition(
            Target(name="a", title="A", kind="service", url="http://127.0.0.1:1/", card_url=""), begun
        )
        condition.observe(answer(1, 600.0), begun)
        condition.observe(answer(pid, uptime_s), begun + timedelta(seconds=2))
        assert (condition.died_at is not None) is died
