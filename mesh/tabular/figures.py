"""Numbers with as many digits as a person reads."""

import math


def figure(value: float) -> str:
    """Thousands separated; whole numbers and thousands without decimals, else about three significant
    digits."""
    size = abs(value)
    if value == int(value) or size >= 1000:
        return f"{value:,.0f}"
    decimals = 1 if size >= 10 else 2 if size >= 1 else min(10, 2 - math.floor(math.log10(size)))
    return f"{value:,.{decimals}f}"
