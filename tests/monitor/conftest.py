"""Fixtures of the monitor's tests."""

import pytest

from tests.datahub.databases import BACKENDS


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Everything runs on asyncio, as the services do."""
    return "asyncio"


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on."""
    return str(request.param)
