"""Work that stops when its time is up."""

import time


def check(deadline: float) -> None:
    """Raises: TimeoutError when `deadline` (monotonic seconds) has passed."""
    if time.monotonic() > deadline:
        raise TimeoutError
