"""The registry's state machine, with a clock that the test turns."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh.errors import BadInputError, NotFoundError
from orchestrator.discovery.registry import LEASE_TTL_S, MISSES_TO_OFFLINE, Registry

HERE, THERE = "http://a:1/", "http://b:1/"


def card(version: str = "1", organization: str = "us") -> dict[str, Any]:
    return {"name": "A", "version": version, "provider": {"organization": organization}, "skills": []}


def with_one(instance: str = "") -> Registry:
    registry = Registry()
    registry.add(card(), HERE, source="self" if instance else "file", now=0.0, instance=instance)
    return registry


def state(registry: Registry) -> str:
    return registry.get("A").state


def test_an_agent_is_unknown_until_it_is_heard_of() -> None:
    registry = with_one()
    assert state(registry) == "unknown"
    assert registry.probed("A", HERE, latency_ms=2.0, now=1.0) == "healthy"
    assert registry.probed("A", HERE, latency_ms=2.0, now=2.0) is None
    assert with_one("a-1").get("A").state == "healthy"


def test_one_miss_is_suspect_three_are_offline_and_one_answer_is_healthy_again() -> None:
    registry = with_one()
    changes = [registry.probed("A", HERE, latency_ms=None, now=float(n)) for n in range(MISSES_TO_OFFLINE)]
    assert changes == ["suspect", None, "offline"]
    assert registry.probed("A", HERE, latency_ms=1.0, now=9.0) == "healthy"
    assert registry.probed("A", HERE, latency_ms=None, now=10.0) == "suspect"


def test_a_lease_that_runs_out_after_a_miss_takes_the_instance_offline() -> None:
    registry = with_one("a-1")
    registry.probed("A", HERE, latency_ms=None, now=1.0)
    assert registry.sweep(LEASE_TTL_S) == []
    assert registry.sweep(LEASE_TTL_S + 1) == [("A", HERE)]
    assert state(registry) == "offline"
    assert registry.sweep(LEASE_TTL_S + 2) == []


def test_a_renewed_lease_holds() -> None:
    registry = with_one("a-1")
    registry.probed("A", HERE, latency_ms=None, now=1.0)
    registry.add(card(), HERE, source="self", now=20.0, instance="a-1")
    assert registry.sweep(LEASE_TTL_S + 1) == []
    assert state(registry) == "healthy"


def test_an_agent_is_as_well_as_its_best_instance() -> None:
    registry = with_one()
    registry.add(card(), THERE, source="api", now=0.0)
    for _ in range(3):
        registry.probed("A", HERE, latency_ms=None, now=1.0)
    assert state(registry) == "unknown"
    registry.probed("A", THERE, latency_ms=1.0, now=1.0)
    assert state(registry) == "healthy"
    assert list(registry.get("A").instances) == [HERE, THERE]


def test_an_agent_is_away_only_after_the_time_of_a_lease() -> None:
    registry = with_one()
    registry.probed("A", HERE, latency_ms=5.0, now=10.0)
    for n in range(3):
        registry.probed("A", HERE, latency_ms=None, now=11.0 + n)
    record = registry.get("A")
    assert not record.away(10.0 + LEASE_TTL_S)
    assert record.away(10.1 + LEASE_TTL_S)


def test_a_name_belongs_to_whom_it_was_first() -> None:
    registry = with_one()
    with pytest.raises(BadInputError, match=r"'A' belongs to another agent at http://a:1/"):
        registry.add(card(organization="them"), THERE, source="api", now=1.0)
    registry.add(card("2"), THERE, source="api", now=1.0)
    assert registry.get("A").version == "2"


def test_a_restarted_instance_replaces_its_former_self() -> None:
    registry = with_one("a-1")
    for _ in range(3):
        registry.probed("A", HERE, latency_ms=None, now=1.0)
    registry.add(card(), HERE, source="self", now=2.0, instance="a-2")
    (instance,) = registry.get("A").instances.values()
    assert (instance.instance, instance.state, instance.misses) == ("a-2", "healthy", 0)


def test_latency_is_smoothed() -> None:
    registry = with_one()
    registry.probed("A", HERE, latency_ms=10.0, now=1.0)
    registry.probed("A", HERE, latency_ms=20.0, now=2.0)
    assert registry.get("A").instances[HERE].latency_ms == pytest.approx(0.7 * 10 + 0.3 * 20)


def test_who_is_not_there_is_not_found_with_who_is() -> None:
    registry = with_one()
    for action in (registry.get, registry.remove):
        with pytest.raises(NotFoundError, match="Known: A"):
            action("B")
    registry.remove("A")
    with pytest.raises(NotFoundError, match="Known: none"):
        registry.get("A")
    assert registry.probed("A", HERE, latency_ms=1.0, now=1.0) is None


@given(st.lists(st.booleans(), max_size=12))
def test_the_state_follows_from_the_last_probes(answers: list[bool]) -> None:
    registry = with_one()
    for number, answered in enumerate(answers):
        registry.probed("A", HERE, latency_ms=1.0 if answered else None, now=float(number))
    misses = next((n for n, answered in enumerate(reversed(answers)) if answered), len(answers))
    if not answers:
        expected = "unknown"
    elif misses == 0:
        expected = "healthy"
    else:
        expected = "offline" if misses >= MISSES_TO_OFFLINE else "suspect"
    assert state(registry) == expected


def test_a_stranger_cannot_become_an_instance_of_a_built_in_agent() -> None:
    registry = Registry()
    registry.add(card(), "http://ours/", source="file", now=0, builtin=True, trusted=True)
    with pytest.raises(BadInputError, match="belongs to another agent"):
        registry.add(card(), "http://stranger/", source="api", now=1)
    with pytest.raises(BadInputError, match="belongs to another agent"):
        registry.add(card(), "http://stranger/", source="self", now=1, instance="x")
    registry.add(card(), "http://replica/", source="self", now=1, instance="y", trusted=True)
    instances = registry.get("A").instances
    assert {url: item.trusted for url, item in instances.items()} == {
        "http://ours/": True,
        "http://replica/": True,
    }
