"""Retries: only of what may pass, and not for ever."""

import pytest

from mesh.errors import BadInputError, MeshError, UnavailableError
from mesh.retry import retrying

pytestmark = pytest.mark.anyio


class Flaky:
    """Fails with `error` the first `failures` times."""

    def __init__(self, failures: int, error: Exception) -> None:
        self.calls = 0
        self._failures = failures
        self._error = error

    async def __call__(self) -> int:
        self.calls += 1
        if self.calls <= self._failures:
            raise self._error
        return self.calls


async def test_a_passing_failure_is_tried_again_until_it_passes() -> None:
    flaky = Flaky(3, UnavailableError("away"))
    assert await retrying(flaky, first_s=0.001) == 4


async def test_the_last_failure_is_the_callers() -> None:
    flaky = Flaky(9, UnavailableError("away"))
    with pytest.raises(UnavailableError, match="away"):
        await retrying(flaky, attempts=3, first_s=0.001)
    assert flaky.calls == 3


@pytest.mark.parametrize("error", [BadInputError("no"), MeshError("bug"), ValueError("other")])
async def test_what_will_not_pass_is_not_tried_again(error: Exception) -> None:
    flaky = Flaky(1, error)
    with pytest.raises(type(error)):
        await retrying(flaky)
    assert flaky.calls == 1
