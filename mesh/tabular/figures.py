"""Numbers with as many digits as a person reads."""

import math

EXACT = 1e16


def figure(value: float) -> str:
    """Thousands separated; whole numbers and thousands without decimals, else about three significant
    digits; from `EXACT` on, where a float no longer holds every digit, as a power of ten (`1.2e+30`)."""
    size = abs(value)
    if size >= EXACT:
        return f"{value:.3g}"
    if value == int(value) or size >= 1000:
        return f"{value:,.0f}"
    decimals = 1 if size >= 10 else 2 if size >= 1 else min(10, 2 - math.floor(math.log10(size)))
    return f"{value:,.{decimals}f}"
