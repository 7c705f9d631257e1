"""Looks at what endpoints were sent, for as long as the agent lives: keeps verdicts, tells alerts, rolls back, promotes."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
import structlog

from mesh.errors import BadInputError, MeshError

from .alerting import AlertSender, alerts_of
from .endpoint import TRAFFIC, Endpoint, Trial, Watch
from .looking import look
from .service import Running, ServingService
from .verdict_story import decay_finding, trial_finding

LOOK_EVERY_S = 2.0
_LOOK_S = 120.0
_log = structlog.get_logger(__name__)


class ServingWatch:
    """The watcher of all endpoints of `service`."""

    def __init__(self, service: ServingService, sender: AlertSender) -> None:
        self._service = service
        self._sender = sender
        self._seen: dict[str, tuple[int, ...]] = {}

    async def run(self) -> None:
        """Looks every `LOOK_EVERY_S` at what has changed."""
        while True:
            for running in self._service.running():
                try:
                    await self._look_if_changed(running)
                except MeshError as error:
                    _log.warning("not_looked_at", model=running.endpoint.name, error=error.message)
                except Exception:  # noqa: BLE001 - the boundary of one look: others go on
                    _log.exception("look_failed", model=running.endpoint.name)
            await self._sender.tell(
                [alert for running in self._service.running() for alert in alerts_of(running.endpoint)]
            )
            await anyio.sleep(LOOK_EVERY_S)

    async def look(self, running: Running) -> dict[str, Any]:
        """What is known of an endpoint now; verdicts are kept and acted upon before this returns."""
        folder = self._service.folders.folder(running.endpoint.name)
        async with running.lock:
            found = await self._service.compute.run(look, folder, timeout_s=_LOOK_S)
            await self._service.note(running, _with_verdicts(running.endpoint, found))
        await self._act(running)
        return found

    async def _look_if_changed(self, running: Running) -> None:
        endpoint = running.endpoint
        if endpoint.watch is None and endpoint.trial is None:
            return
        state = endpoint.revision, *written_at(self._service.folders.folder(endpoint.name) / TRAFFIC)
        if self._seen.get(endpoint.name) != state:
            await self.look(running)
            self._seen[endpoint.name] = state

    async def _act(self, running: Running) -> None:
        endpoint = running.endpoint
        watch, trial = endpoint.watch, endpoint.trial
        if watch is not None and watch.rollback and watch.decayed:
            await self._roll_back(running, watch)
        elif trial is not None and trial.promote and trial.winner == "challenger":
            await self._promote(endpoint, trial)

    async def _roll_back(self, running: Running, watch: Watch) -> None:
        """The last champion becomes the champion again, in the registry first and then at the endpoint.

        A process killed in between goes on with it: the decay is still known, and the registry is not rolled back twice.
        """
        endpoint = running.endpoint
        reason = decay_finding(watch.decay or {}, watch.language)
        done: dict[str, Any] = {
            "from": endpoint.version,
            "to": None,
            "at": datetime.now(UTC).isoformat(),
            "reason": reason.text,
            "evidence": reason.evidence,
        }
        try:
            version = await self._service.registry.roll_back(
                endpoint.name, endpoint.version, reason.text, watch.language
            )
        except BadInputError as error:
            done["problem"] = error.message
            stays = watch.model_copy(update={"rolled_back": done, "rollback": False})
            async with running.lock:
                await self._service.note(running, endpoint.model_copy(update={"watch": stays}))
            return
        if not (self._service.folders.versions(endpoint.name) / str(version)).is_dir():
            await self._service.fetched(endpoint.name, version, watch.language)
        done["to"] = version

        def change(before: Endpoint, last: int) -> Endpoint:
            after = before.with_version(version, last)
            renewed = after.watch and after.watch.model_copy(update={"rolled_back": done})
            return after.model_copy(update={"watch": renewed})

        await self._service.change(endpoint.name, change)
        _log.warning("rolled_back", model=endpoint.name, version=version, was=endpoint.version)

    async def _promote(self, endpoint: Endpoint, trial: Trial) -> None:
        reason = trial_finding(trial.verdict or {}, endpoint.version, trial, trial.language)
        await self._service.registry.promote(endpoint.name, trial.version, reason.text)
        await self._service.change(
            endpoint.name, lambda before, last: before.with_version(trial.version, last)
        )


def written_at(log: Path) -> tuple[int, int]:
    """When a log and its write-ahead file were last written, in nanoseconds: something new is in one of them."""
    ahead = log.with_name(f"{log.name}-wal")
    main, waiting = (path.stat().st_mtime_ns if path.exists() else 0 for path in (log, ahead))
    return main, waiting


def _with_verdicts(endpoint: Endpoint, found: dict[str, Any]) -> Endpoint:
    """The endpoint with what was seen. What is proved stays proved: looking on would not make it more certain."""
    watch, trial = endpoint.watch, endpoint.trial
    if watch is not None and found["watch"] is not None:
        kept = {name: found["watch"][name] for name in ("decay", "drift", "drift_since", "windows")}
        if watch.decayed:
            kept["decay"] = watch.decay
        watch = watch.model_copy(update=kept)
    if trial is not None and found["trial"] is not None and trial.winner is None:
        trial = trial.model_copy(update={"verdict": found["trial"]})
    return endpoint.model_copy(update={"watch": watch, "trial": trial})
