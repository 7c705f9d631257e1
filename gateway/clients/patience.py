"""Waiting out the restart of a service."""

import random
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio

from mesh.errors import DeadlineError, UnavailableError

T = TypeVar("T")
WINDOW_S = 10.0
_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 1.0


async def patiently(
    call: Callable[[], Awaitable[T]],
    *,
    window_s: float = WINDOW_S,
    repeatable: Callable[[], bool] = lambda: True,
) -> T:
    """The result of `call`, which must be idempotent, tried again for `window_s` while its service is not there.

    A supervised service is back within three seconds. A call that ran out of its own time is not repeated, nor one that
    is no longer `repeatable`.

    Raises: the last UnavailableError.
    """
    give_up_at = time.monotonic() + window_s
    pause_s = _FIRST_PAUSE_S
    while True:
        try:
            return await call()
        except DeadlineError:
            raise
        except UnavailableError:
            if not repeatable() or time.monotonic() + pause_s > give_up_at:
                raise
        await anyio.sleep(random.uniform(pause_s / 2, pause_s))  # noqa: S311 - jitter, not a secret
        pause_s = min(_LONGEST_PAUSE_S, 2 * pause_s)
