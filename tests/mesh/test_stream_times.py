"""Times of events as sources write them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mesh.streams.event import moment_of

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2024-03-01T12:00:00Z", NOON),
        ("2024-03-01T21:00:00+09:00", NOON),
        ("2024-03-01 12:00", NOON),
        ("20240301", datetime(2024, 3, 1, tzinfo=UTC)),
        (1_709_294_400, NOON),
        (1_709_294_400_000, NOON),
        ("1709294400", NOON),
        ("1709294400.0", NOON),
        ("1709294400000", NOON),
        ("soon", None),
        ("12", None),
        ("0001-01-01T00:00:00+05:00", None),
        (float("nan"), None),
        (True, None),
        (None, None),
    ],
)
def test_a_time_is_read_or_there_is_none(value: Any, moment: datetime | None) -> None:
    assert moment_of(value) == moment
