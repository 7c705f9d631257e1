"""What the hub does: remember what exists, what it was made from, and results worth not computing again."""

import time
from collections.abc import Callable
from typing import Any

import structlog

from mesh.errors import InvalidRequestError, NotFoundError

from .cache import CacheStore
from .models import CacheAnswer, CacheStats, CatalogueEntry, DatasetPage, Lineage, StepRecord
from .store import CatalogueStore

log = structlog.get_logger(__name__)


class HubService:
    """The use cases. `clock` gives UTC epoch seconds."""

    def __init__(
        self, catalogue: CatalogueStore, cache: CacheStore, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._catalogue = catalogue
        self._cache = cache
        self._clock = clock

    def _time(self) -> float:
        """Now, in whole microseconds: what a datetime keeps, so that cursors are exact."""
        return round(self._clock(), 6)

    async def record_step(self, record: StepRecord) -> bool:
        """Register a step's datasets and lineage; False when (analysis, step) is known and stays."""
        recorded = await self._catalogue.record(record, self._time())
        log.info("step_recorded", step=record.step, analysis_id=record.analysis_id, new=recorded)
        return recorded

    async def dataset(self, dataset_id: str, version: int | None = None) -> CatalogueEntry:
        """A dataset of the catalogue, the newest version unless told. Raises: NotFoundError."""
        entry = await self._catalogue.dataset(dataset_id, version)
        if entry is None:
            raise NotFoundError(
                f"The catalogue has no dataset {dataset_id!r}; GET /datasets lists what it has."
            )
        return entry

    async def datasets(self, *, limit: int = 50, cursor: str | None = None, name: str = "") -> DatasetPage:
        """One page of the catalogue, newest first. `cursor` is the last page's `next_cursor`.

        Raises: InvalidRequestError for a cursor that no page gave.
        """
        before = None if cursor is None else _decode_cursor(cursor)
        found = await self._catalogue.page(name=name, before=before, limit=limit + 1)
        more = len(found) > limit
        return DatasetPage(
            items=found[:limit], next_cursor=_encode_cursor(found[limit - 1]) if more else None
        )

    async def lineage(self, *, analysis_id: str | None = None, dataset_id: str | None = None) -> Lineage:
        """The lineage of an analysis or of a dataset.

        Raises: InvalidRequestError unless exactly one is given, NotFoundError.
        """
        if (analysis_id is None) == (dataset_id is None):
            raise InvalidRequestError("Give either analysis_id or dataset_id.")
        if dataset_id is not None:
            entry = await self.dataset(dataset_id)
            return await self._catalogue.lineage_of_dataset(dataset_id, entry.dataset.version)
        found = await self._catalogue.lineage_of_analysis(analysis_id or "")
        if not found.nodes:
            raise NotFoundError(f"No step of an analysis {analysis_id!r} has been recorded.")
        return found

    async def cache_get(self, key: str) -> CacheAnswer:
        """What the cache has under `key`."""
        value = await self._cache.get(key, self._time())
        return CacheAnswer(hit=value is not None, value=value)

    async def cache_put(self, key: str, value: dict[str, Any], ttl_s: float | None = None) -> int:
        """Keep `value` under `key`; how many entries made room for it. Raises: TooLargeError."""
        evicted = await self._cache.put(key, value, ttl_s, self._time())
        if evicted:
            log.info("cache_evicted", entries=evicted)
        return evicted

    async def cache_stats(self) -> CacheStats:
        """How full the cache is."""
        return await self._cache.stats()

    async def expire_cache(self) -> None:
        """Remove what the cache keeps past its time."""
        removed = await self._cache.expire(self._time())
        if removed:
            log.info("cache_expired", entries=removed)


def _encode_cursor(entry: CatalogueEntry) -> str:
    return f"{entry.created_at.timestamp()!r}~{entry.dataset.version}~{entry.dataset.id}"


def _decode_cursor(cursor: str) -> tuple[float, str, int]:
    try:
        created_at, version, dataset_id = cursor.split("~", 2)
        return float(created_at), dataset_id, int(version)
    except ValueError:
        raise InvalidRequestError(
            f"{cursor[:80]!r} is not a cursor; use next_cursor of the last page."
        ) from None
