"""Alerts and silences as they are kept, the same on both databases."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from mesh.errors import InvalidRequestError, NotFoundError, TooLargeError
from monitor.alerts.models import AlertQuery, MatcherModel, PostedAlert, PostedSilence
from monitor.alerts.service import AlertLimits, AlertService
from monitor.alerts.store import AlertStore, metadata
from tests.datahub.databases import opened

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, 0, 0, 123457, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def engine(backend: str, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    async with opened(backend, tmp_path, "monitor/alerts") as engine:
        yield engine


@pytest.fixture
def service(engine: AsyncEngine, clock: Clock) -> AlertService:
    return AlertService(AlertStore(engine), limits=AlertLimits(max_alerts=5), clock=clock)


def down(service: str, **times: datetime) -> PostedAlert:
    return PostedAlert.model_validate(
        {
            "labels": {"alertname": "ServiceDown", "service": service},
            "annotations": {"summary": "gone"},
            **times,
        }
    )


def silence(clock: Clock, minutes: float, service: str, **more: str) -> PostedSilence:
    return PostedSilence(
        matchers=[MatcherModel(name="service", value=service, is_regex=True)],
        starts_at=clock.now,
        ends_at=clock.now + minutes * MINUTE,
        created_by="kim",
        comment="maintenance",
        **more,
    )


async def firing(service: AlertService, **query: object) -> list[str]:
    found = await service.alerts(AlertQuery.model_validate(query))
    return sorted(alert.labels["service"] for alert in found)


async def test_migrations_make_the_tables_the_store_uses(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(
                MigrationContext.configure(sync, opts={"version_table": "alembic_version_alerts"}), metadata
            )
        )
    assert differences == []


async def test_an_alert_fires_until_it_is_said_to_be_over(service: AlertService, clock: Clock) -> None:
    start = clock.now
    await service.report([down("hub", startsAt=start)])
    clock.now += MINUTE
    await service.report([down("hub", startsAt=start)])
    [alert] = await service.alerts(AlertQuery())
    assert (alert.starts_at, alert.ends_at, alert.updated_at) == (start, clock.now + 5 * MINUTE, clock.now)
    assert (alert.status.state, alert.receivers[0].name, alert.annotations) == (
        "active",
        "default",
        {"summary": "gone"},
    )
    with capture_logs() as logs:
        await service.report([down("hub", startsAt=start, endsAt=clock.now)])
    assert [(entry["event"], entry["state"]) for entry in logs] == [("alert_changed", "resolved")]
    assert await firing(service) == []
    assert [(change.before, change.after) for change in await service.history()] == [
        ("active", "resolved"),
        (None, "active"),
    ]


async def test_an_alert_nobody_repeats_resolves_by_itself(service: AlertService, clock: Clock) -> None:
    await service.report([down("hub")])
    clock.now += 5 * MINUTE - timedelta(seconds=1)
    await service.settle()
    assert await firing(service) == ["hub"]
    clock.now += timedelta(seconds=1)
    assert await firing(service) == []
    await service.settle()
    assert (await service.history())[0].after == "resolved"
    await service.report([down("hub")])
    assert [change.before for change in await service.history(limit=1)] == [None]


async def test_good_reports_count_beside_bad_ones(service: AlertService) -> None:
    with pytest.raises(InvalidRequestError, match="at least one label"):
        await service.report([PostedAlert(labels={}), down("hub")])
    assert await firing(service) == ["hub"]
    with pytest.raises(TooLargeError):
        await service.report([down(f"s{number}") for number in range(5)])


async def test_alerts_are_filtered(service: AlertService) -> None:
    await service.report([down("hub"), down("storage")])
    assert await firing(service, filter=['service=~"h.*"']) == ["hub"]
    assert await firing(service, filter=['service!="hub"', 'alertname="ServiceDown"']) == ["storage"]
    assert await firing(service, active=False) == []
    assert await firing(service, receiver="def.*") == ["hub", "storage"]
    assert await firing(service, receiver="other") == []
    [group] = await service.groups(AlertQuery())
    assert (len(group.alerts), group.labels, group.receiver.name) == (2, {}, "default")
    with pytest.raises(InvalidRequestError):
        await service.alerts(AlertQuery(filter=["nonsense"]))


async def test_a_silence_covers_what_it_matches_and_then_ends(service: AlertService, clock: Clock) -> None:
    await service.report([down("hub", endsAt=clock.now + 60 * MINUTE), down("storage")])
    silence_id = await service.set_silence(silence(clock, 10, "hub|session"))
    [alert] = await service.alerts(AlertQuery(active=False))
    assert (alert.labels["service"], alert.status.state) == ("hub", "suppressed")
    assert alert.status.silenced_by == [silence_id]
    assert await firing(service, silenced=False) == ["storage"]
    clock.now += 10 * MINUTE
    await service.settle()
    assert await firing(service, silenced=False) == ["hub"]
    changes = [(change.labels["service"], change.before, change.after) for change in await service.history()]
    assert changes[0:2] == [("storage", "active", "resolved"), ("hub", "suppressed", "active")] or changes[
        0:2
    ] == [
        ("hub", "suppressed", "active"),
        ("storage", "active", "resolved"),
    ]


async def test_silences_are_changed_expired_and_listed(service: AlertService, clock: Clock) -> None:
    first = await service.set_silence(silence(clock, 10, "hub"))
    longer = silence(clock, 20, "hub", id=first)
    assert await service.set_silence(longer) == first
    assert (await service.silence(first)).ends_at == clock.now + 20 * MINUTE
    clock.now += MINUTE
    other = await service.set_silence(silence(clock, 5, "storage", id=first))
    assert other != first
    listed = await service.silences()
    assert [(item.id, item.status.state) for item in listed] == [(other, "active"), (first, "expired")]
    assert [item.id for item in await service.silences(['service="hub"'])] == [first]
    await service.expire_silence(other)
    await service.expire_silence(other)
    assert (await service.silence(other)).status.state == "expired"
    for unknown in (
        service.silence("x"),
        service.expire_silence("x"),
        service.set_silence(silence(clock, 5, "a", id="x")),
    ):
        with pytest.raises(NotFoundError):
            await unknown


async def test_what_is_over_is_forgotten_after_its_retention(service: AlertService, clock: Clock) -> None:
    await service.report([down("hub", startsAt=clock.now - MINUTE, endsAt=clock.now)])
    silence_id = await service.set_silence(silence(clock, 1, "hub"))
    clock.now += timedelta(hours=119)
    await service.report([down("storage")])
    await service.forget_old()
    assert len(await service.history()) == 2
    clock.now += timedelta(hours=2)
    await service.forget_old()
    assert [change.labels["service"] for change in await service.history()] == ["storage"]
    with pytest.raises(NotFoundError):
        await service.silence(silence_id)


async def test_alerts_and_silences_outlive_a_restart(
    engine: AsyncEngine, service: AlertService, clock: Clock
) -> None:
    await service.report([down("hub")])
    await service.set_silence(silence(clock, 10, "hub"))
    again = AlertService(AlertStore(engine), clock=clock)
    [alert] = await again.alerts(AlertQuery())
    assert alert.status.state == "suppressed"
