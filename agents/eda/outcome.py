"""The result of one test, in the shape in which a report holds it."""

from typing import Any

from mesh.tabular.plain import plain

from .effect_size import Interval


def outcome(
    test: str, statistic: float, p: float, effect: float, effect_name: str, interval: Interval
) -> dict[str, Any]:
    """Test, statistic, p and effect size with its 95 % interval, as plain numbers."""
    low, high = interval
    return {
        "test": test,
        "statistic": plain(statistic),
        "p": plain(p),
        "effect": plain(effect),
        "effect_name": effect_name,
        "effect_low": plain(low),
        "effect_high": plain(high),
    }
