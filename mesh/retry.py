"""Bounded retries with jitter, for calls whose failure may pass."""

import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio

from .errors import MeshError

T = TypeVar("T")


async def retrying(
    call: Callable[[], Awaitable[T]], *, attempts: int = 8, first_s: float = 0.1, cap_s: float = 3.0
) -> T:
    """The result of `call`, tried again while it raises a retryable MeshError.

    The wait before try n is uniform between half and all of min(cap, first · 2ⁿ); with the defaults the tries span six to
    twelve seconds, in which a supervised service restarts.

    Raises: the last error.
    Source: equal jitter, AWS Architecture Blog (2015).
    """
    for attempt in range(attempts):
        try:
            return await call()
        except MeshError as error:
            if not error.retryable or attempt == attempts - 1:
                raise
        ceiling = min(cap_s, first_s * 2 ** (attempt + 1))
        await anyio.sleep(random.uniform(ceiling / 2, ceiling))  # noqa: S311 - jitter, not a secret
    raise AssertionError("unreachable")
