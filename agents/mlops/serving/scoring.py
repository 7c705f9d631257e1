"""The use cases of a scorer's process: answer rows, take outcomes, follow what the agent decides."""

import json
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import structlog

from mesh.errors import MeshError, UnavailableError
from mesh.h2o.cluster import H2OCluster
from mesh.language import Language

from .endpoint import TRAFFIC, VERSIONS, Endpoint, read_endpoint
from .loaded import LoadedVersion, Scored, opened_version
from .requests import MAX_BODY_BYTES, MAX_ROWS, ScoreRequest
from .traffic import Answered, Outcome, TrafficLog
from .versions import REFERENCE

MAX_SHADOWS = 200
_log = structlog.get_logger(__name__)


class Scoring:
    """One endpoint at work. `folder` is its folder, `token` the mesh's, with which model files are known to be its own."""

    def __init__(self, folder: Path, token: str) -> None:
        self._folder = folder
        self._token = token
        self._cluster = H2OCluster(folder / "h2o")
        self._log = TrafficLog(folder / TRAFFIC)
        self._open: dict[int, tuple[LoadedVersion, AsyncExitStack]] = {}
        self._endpoint: Endpoint | None = None
        self._problem: str | None = None
        self._revision = 0
        self._begun = time.time()
        self._shadows, self._shadow_work = anyio.create_memory_object_stream[tuple[int, ScoreRequest]](
            MAX_SHADOWS
        )
        self._dropped = 0
        self._reviving = anyio.Lock()

    async def close(self) -> None:
        """Closes models, the log, and the cluster when there is one."""
        for _, stack in self._open.values():
            await stack.aclose()
        await self._cluster.stop()
        self._shadows.close()
        self._shadow_work.close()
        self._log.close()

    async def follow(self) -> None:
        """Opens the versions that `endpoint.json` names, then answers with them, then closes others.

        When one cannot be opened everything stays as it is, and `health` says why.
        """
        wanted = read_endpoint(self._folder)
        versions = {wanted.version, *([wanted.trial.version] if wanted.trial else [])}
        self._problem = await self._opened(versions - self._open.keys())
        if self._problem is None:
            self._endpoint = wanted
            for version in self._open.keys() - versions:
                await self._open.pop(version)[1].aclose()
        self._revision = wanted.revision

    async def _opened(self, versions: set[int]) -> str | None:
        """None once versions are open, else what is wrong with one of them."""
        for version in sorted(versions):
            stack = AsyncExitStack()
            folder = self._folder / VERSIONS / str(version)
            opening = opened_version(version, folder, self._token, self._cluster)
            try:
                self._open[version] = await stack.enter_async_context(opening), stack
            except MeshError as error:
                return error.message
            except Exception:  # noqa: BLE001 - the boundary of one load: what is open goes on answering
                _log.exception("version_not_opened", version=version)
                return f"version {version} could not be opened; scorer.log says why"
        return None

    async def answer(self, request: ScoreRequest, language: Language) -> dict[str, Any]:
        """The predictions for a request, which are in the log when this returns.

        Raises: UnavailableError before a model is loaded; BadInputError for rows that cannot be scored; ConflictError for a
        request id that was used for other rows.
        """
        started = time.perf_counter()
        await anyio.to_thread.run_sync(self._log.check, request.id, request.digest)
        endpoint = self._serving()
        loaded, scored = await self._scored(endpoint.arm_of(request.key), request, language)
        names = loaded.description.columns
        features = [{name: row[name] for name in names if name in row} for row in request.rows]
        seconds = time.perf_counter() - started
        answered = Answered(request.id, request.digest, loaded.version, seconds, features, scored.predicted)
        await anyio.to_thread.run_sync(self._log.record, answered)
        if endpoint.trial is not None and endpoint.trial.mode == "shadow":
            self._in_shadow(endpoint.trial.version, request)
        return {
            "request_id": request.id,
            "model": endpoint.name,
            "version": loaded.version,
            "predictions": scored.predictions,
            "notes": scored.notes,
        }

    async def _scored(
        self, version: int, request: ScoreRequest, language: Language
    ) -> tuple[LoadedVersion, Scored]:
        """A version and its answers; one whose cluster is gone is opened again first."""
        loaded = self._open[version][0]
        try:
            return loaded, await loaded.score(request.rows, language)
        except UnavailableError:
            if loaded.description.engine != "h2o":
                raise
        async with self._reviving:
            if self._open[version][0] is loaded:
                await self._revive()
        loaded = self._open[version][0]
        return loaded, await loaded.score(request.rows, language)

    async def _revive(self) -> None:
        """Opens every version anew that lives in the cluster. Raises: UnavailableError that says why it cannot."""
        _log.warning("cluster_gone", model=self._folder.name)
        for version, (loaded, stack) in list(self._open.items()):
            if loaded.description.engine == "h2o":
                await (
                    stack.aclose()
                )  # first, for it takes its model off the cluster, by a name that both have
                again = AsyncExitStack()
                opening = opened_version(version, loaded.folder, self._token, self._cluster)
                self._open[version] = await again.enter_async_context(opening), again

    async def label(self, outcomes: list[Outcome]) -> dict[str, int]:
        """Takes true outcomes; they are on disk when this returns."""
        return await anyio.to_thread.run_sync(self._log.label, outcomes)

    async def shadow(self) -> None:
        """Has the challenger score what the champion answered, one request after the other, for as long as the process lives."""
        async for version, request in self._shadow_work:
            if version not in self._open:
                continue
            try:
                _, scored = await self._scored(version, request, "en")
            except Exception:  # noqa: BLE001 - the challenger's failure is not the caller's
                _log.exception("shadow_failed", version=version)
                continue
            answered = Answered(request.id, request.digest, version, 0.0, [], scored.predicted)
            await anyio.to_thread.run_sync(self._log.record_shadow, answered)

    async def health(self) -> dict[str, Any]:
        """Whether it answers, with which versions, and how much and how fast it has."""
        endpoint = self._endpoint
        totals = await anyio.to_thread.run_sync(self._log.totals)
        trial = endpoint.trial if endpoint else None
        return {
            "ready": endpoint is not None,
            "problem": self._problem,
            "revision": self._revision,
            "model": endpoint.name if endpoint else None,
            "version": endpoint.version if endpoint else None,
            "trial": None if trial is None else {"version": trial.version, "mode": trial.mode},
            "requests": totals.requests,
            "rows": totals.rows,
            "labels": totals.labels,
            "p50_ms": None if totals.p50_s is None else round(1000 * totals.p50_s, 2),
            "p99_ms": None if totals.p99_s is None else round(1000 * totals.p99_s, 2),
            "shadows_dropped": self._dropped,
            "uptime_s": round(time.time() - self._begun, 3),
        }

    async def schema(self) -> dict[str, Any]:
        """What rows must have, with an example that can be sent as it is."""
        endpoint = self._serving()
        loaded = self._open[endpoint.version][0]
        description = loaded.description
        kinds = {f.source: "date" if f.part else f.type for f in description.features}
        levels = {f.source: list(f.levels) for f in description.features if f.levels}
        columns = [
            {"name": name, "type": kinds[name], **({"values": levels[name]} if name in levels else {})}
            for name in description.columns
        ]
        row = await anyio.to_thread.run_sync(_example, loaded.folder / REFERENCE, columns)
        return {
            "model": endpoint.name,
            "version": endpoint.version,
            "task": description.task,
            "target": description.target,
            "columns": columns,
            "classes": list(description.classes),
            "limits": {"rows": MAX_ROWS, "body_bytes": MAX_BODY_BYTES},
            "example": {"request_id": "order-1", "rows": [row]},
            "labels_example": {"labels": [{"request_id": "order-1", "row": 0, "actual": _outcome(loaded)}]},
        }

    def described(self) -> LoadedVersion:
        """The champion. Raises: UnavailableError before it is loaded."""
        return self._open[self._serving().version][0]

    def _serving(self) -> Endpoint:
        if self._endpoint is None:
            raise UnavailableError(self._problem or "The model is being loaded.")
        return self._endpoint

    def _in_shadow(self, version: int, request: ScoreRequest) -> None:
        try:
            self._shadows.send_nowait((version, request))
        except anyio.WouldBlock:
            self._dropped += 1


def _outcome(loaded: LoadedVersion) -> str | float:
    classes = loaded.description.classes
    return classes[-1] if classes else 0.0


def _example(reference: Path, columns: list[dict[str, Any]]) -> dict[str, Any]:
    """A row of the training data, or one made up of what each column may hold."""
    if reference.is_file():
        import pandas as pd

        first = pd.read_parquet(reference).head(1)
        row: dict[str, Any] = json.loads(
            first.to_json(orient="records", date_format="iso", force_ascii=False)
        )[0]
        return row
    kinds = {"number": 0, "date": "2024-01-01", "category": "text"}
    return {item["name"]: item.get("values", [kinds[item["type"]]])[0] for item in columns}
