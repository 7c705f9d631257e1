"""What the watch does: probe every service, keep its condition, raise and resolve alerts, gather metrics."""

from collections.abc import Callable
from datetime import UTC, datetime

import anyio
import httpx
import structlog

from mesh.errors import NotFoundError, UnavailableError

from .alertmanager import AlertManager
from .condition import HISTORY_POINTS, Condition
from .discovery import Discovery
from .exposition import merge
from .incidents import Incidents
from .metrics import WatchMetrics
from .models import Overview, ServiceView, Target
from .probes import probe, scrape

CONCURRENT_PROBES = 32
SPARKLINE_POINTS = 60

log = structlog.get_logger(__name__)


class WatchService:
    """The use cases. `own_name` is the service that this is; `clock` gives the time in UTC."""

    def __init__(
        self,
        own_name: str,
        http: httpx.AsyncClient,
        discovery: Discovery,
        alert_manager: AlertManager,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._own_name = own_name
        self._http = http
        self._discovery = discovery
        self._alert_manager = alert_manager
        self._clock = clock
        self._conditions: dict[str, Condition] = {}
        self._incidents = Incidents()
        self._metrics = WatchMetrics()
        self._adopted = False

    async def discover(self) -> None:
        """Learn what is to be watched; what is gone is forgotten and its alert resolved."""
        targets = {target.name: target for target in await self._discovery.targets()}
        now = self._clock()
        for name in self._conditions.keys() - targets.keys():
            del self._conditions[name]
            self._incidents.close(name, now)
            self._metrics.forget(name)
            log.info("service_unwatched", name=name)
        for name, target in targets.items():
            known = self._conditions.get(name)
            if known is None or known.target.url != target.url:
                self._conditions[name] = Condition(target, now)
            else:
                known.target = target
        order = {name: position for position, name in enumerate(targets)}
        self._conditions = dict(sorted(self._conditions.items(), key=lambda item: order[item[0]]))

    async def look(self) -> None:
        """Probe every service once."""
        limiter = anyio.CapacityLimiter(CONCURRENT_PROBES)

        async def look_at(condition: Condition) -> None:
            async with limiter:
                seen = await probe(self._http, condition.target)
            now, before = self._clock(), condition.state
            condition.observe(seen, now)
            self._metrics.probed(condition, seen.seconds if seen.answered else None)
            self._judge(condition, before, now)

        async with anyio.create_task_group() as tasks:
            for condition in list(self._conditions.values()):
                tasks.start_soon(look_at, condition)

    async def tell(self) -> None:
        """Tell the alert manager what is due. It may be away: then it is told at the next call."""
        try:
            if not self._adopted:
                for service, started_at in (await self._alert_manager.firing_deaths()).items():
                    if service in self._conditions:
                        self._incidents.adopt(service, started_at)
                self._adopted = True
            due = self._incidents.due(self._clock())
            if due:
                await self._alert_manager.send(due)
                self._incidents.sent(due, self._clock())
        except UnavailableError as error:
            log.debug("alert_manager_away", why=error.message)

    def overview(self, *, points: int = SPARKLINE_POINTS) -> Overview:
        """The condition of every service, with its newest `points` probes."""
        views = [condition.view(points=points) for condition in self._conditions.values()]
        return Overview(time=self._clock(), services=views)

    def service(self, name: str) -> ServiceView:
        """The condition of one service with the last 15 minutes. Raises: NotFoundError."""
        condition = self._conditions.get(name)
        if condition is None:
            raise NotFoundError(f"No service {name!r} is watched; GET /api/services lists those that are.")
        return condition.view(points=HISTORY_POINTS)

    async def open_alerts(self) -> list[dict[str, object]]:
        """What the alert manager says fires now. Raises: UnavailableError."""
        return await self._alert_manager.firing()

    async def metrics(self) -> str:
        """The metrics of the whole mesh in one exposition, each sample labelled with its service."""
        scrapes: dict[str, str] = {}

        async def ask(target: Target) -> None:
            text = await scrape(self._http, target)
            if text is not None:
                scrapes[target.name] = text

        others = [condition.target for name, condition in self._conditions.items() if name != self._own_name]
        async with anyio.create_task_group() as tasks:
            for target in others:
                tasks.start_soon(ask, target)
        for target in others:
            self._metrics.scraped(target.name, answered=target.name in scrapes)
        scrapes[self._own_name] = self._metrics.process_text()
        merged = merge(scrapes, self._metrics.own_text())
        for name in scrapes:
            self._metrics.rejected(name, merged.rejected.get(name, 0))
        return merged.text

    def _judge(self, condition: Condition, before: str, now: datetime) -> None:
        name = condition.target.name
        if condition.state != before:
            log.info(
                "service_state", name=name, state=condition.state, before=before, detail=condition.detail
            )
        if condition.died_at is not None:
            detail = condition.detail or "Its process was replaced since the last probe."
            log.warning("service_died", name=name, detail=detail)
            self._incidents.died(name, condition.died_at, detail)
        if self._incidents.looked(name, well=condition.state in ("up", "degraded"), now=now):
            log.info("service_recovered", name=name)
