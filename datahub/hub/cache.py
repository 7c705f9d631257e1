"""The cache of step results by content: bounded in number, bytes and age, the longest unused goes first."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from mesh.errors import TooLargeError

from .models import CacheStats
from .tables import cache, insert_into


@dataclass(frozen=True)
class CacheLimits:
    """How much the cache keeps, and for how long when the writer does not say."""

    max_entries: int = 20_000
    max_bytes: int = 512 * 1024 * 1024
    max_value_bytes: int = 4 * 1024 * 1024
    ttl_s: float = 7 * 24 * 3600.0
    max_ttl_s: float = 90 * 24 * 3600.0


class CacheStore:
    """Values by key, in SQLite or PostgreSQL, so that they outlive a restart."""

    def __init__(self, engine: AsyncEngine, limits: CacheLimits) -> None:
        self._engine = engine
        self._limits = limits
        self._last_use = 0.0

    async def get(self, key: str, now: float) -> dict[str, Any] | None:
        """The value under `key`, which counts as a use, or None when it is absent or expired."""
        used = (
            update(cache)
            .where(cache.c.key == key, cache.c.expires_at > now)
            .values(used_at=self._use_at(now), hits=cache.c.hits + 1)
            .returning(cache.c.value)
        )
        async with self._engine.begin() as connection:
            found = (await connection.execute(used)).scalar_one_or_none()
        return None if found is None else json.loads(found)

    async def put(self, key: str, value: dict[str, Any], ttl_s: float | None, now: float) -> int:
        """Keep `value` under `key` in place of what was there; how many other entries had to go.

        Raises: TooLargeError for a value over `max_value_bytes`.
        """
        encoded = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        size_bytes = len(encoded.encode())
        if size_bytes > min(self._limits.max_value_bytes, self._limits.max_bytes):
            raise TooLargeError(
                f"The value has {size_bytes:,} bytes, an entry takes {self._limits.max_value_bytes:,};"
                " put the data into storage and cache its reference."
            )
        lasting_s = min(self._limits.ttl_s if ttl_s is None else ttl_s, self._limits.max_ttl_s)
        row = {
            "value": encoded,
            "bytes": size_bytes,
            "hits": 0,
            "used_at": self._use_at(now),
            "expires_at": now + lasting_s,
        }
        async with self._engine.begin() as connection:
            entry = insert_into(connection, cache).values(key=key, **row)
            await connection.execute(entry.on_conflict_do_update(index_elements=[cache.c.key], set_=row))
            return await self._shrink(connection, now)

    async def expire(self, now: float) -> int:
        """Remove what is past its time; how many entries that were."""
        async with self._engine.begin() as connection:
            return (await connection.execute(delete(cache).where(cache.c.expires_at <= now))).rowcount

    async def stats(self) -> CacheStats:
        """How full the cache is."""
        totals = select(
            func.count(),
            func.coalesce(func.sum(cache.c.bytes), 0),
            func.coalesce(func.sum(cache.c.hits), 0),
            func.min(cache.c.used_at),
        ).select_from(cache)
        async with self._engine.connect() as connection:
            entries, size_bytes, hits, oldest = (await connection.execute(totals)).one()
        return CacheStats(
            entries=entries,
            bytes=int(size_bytes),
            hits=int(hits),
            max_entries=self._limits.max_entries,
            max_bytes=self._limits.max_bytes,
            oldest_use=None if oldest is None else datetime.fromtimestamp(oldest, UTC),
        )

    async def _shrink(self, connection: AsyncConnection, now: float) -> int:
        gone = (await connection.execute(delete(cache).where(cache.c.expires_at <= now))).rowcount
        totals = select(func.count(), func.coalesce(func.sum(cache.c.bytes), 0)).select_from(cache)
        entries, size_bytes = (await connection.execute(totals)).one()
        if entries <= self._limits.max_entries and size_bytes <= self._limits.max_bytes:
            return gone
        newest_first = (cache.c.used_at.desc(), cache.c.key)
        ranked = select(
            cache.c.key,
            func.row_number().over(order_by=newest_first).label("rank"),
            func.sum(cache.c.bytes).over(order_by=newest_first, rows=(None, 0)).label("running_bytes"),
        ).subquery()
        too_old = select(ranked.c.key).where(
            (ranked.c.rank > self._limits.max_entries) | (ranked.c.running_bytes > self._limits.max_bytes)
        )
        return gone + (await connection.execute(delete(cache).where(cache.c.key.in_(too_old)))).rowcount

    def _use_at(self, now: float) -> float:
        """The time of a use; two uses in one tick of the clock keep their order."""
        self._last_use = max(now, self._last_use + 1e-6)
        return self._last_use
