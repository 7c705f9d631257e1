"""Fixtures of the orchestrator's tests."""

import pytest


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Everything runs on asyncio, as the services do."""
    return "asyncio"
