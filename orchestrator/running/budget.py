"""A retry budget: retries in flight stay a small share of the calls in flight, so that a failure cannot multiply load.

Source: gRPC and Finagle retry budgets; here 20 % of active calls, at least 3.
"""

_SHARE = 0.2
_MINIMUM = 3


class RetryBudget:
    """Counts calls and retries in flight."""

    def __init__(self) -> None:
        self._calls = 0
        self._retries = 0

    def began(self, *, retry: bool) -> bool:
        """Takes a place for a call; False when it is a retry and the budget is spent."""
        if retry and self._retries + 1 > max(_MINIMUM, _SHARE * (self._calls + 1)):
            return False
        self._calls += 1
        self._retries += int(retry)
        return True

    def ended(self, *, retry: bool) -> None:
        """Gives the place back."""
        self._calls -= 1
        self._retries -= int(retry)
