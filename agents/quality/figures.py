"""Numbers as people read them."""

import math
from decimal import Decimal

MILLION = 1e6


class Figure(float):
    """A number that prints with thousands separators and no exponent: 12,150,000; 0.00015; six digits below a million."""

    def __str__(self) -> str:
        if not math.isfinite(self):
            return float.__repr__(self)
        if abs(self) >= MILLION:
            return f"{float(self):,.0f}"
        digits = f"{Decimal(f'{float(self):.6g}'):,f}"
        return digits.rstrip("0").rstrip(".") if "." in digits else digits
