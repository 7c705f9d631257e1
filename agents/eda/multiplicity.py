"""p-values corrected for having looked at many things."""

from collections.abc import Sequence


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values that hold the family-wise error rate, in the order given. Source: Holm (1979)."""
    total = len(p_values)
    order = sorted(range(total), key=lambda index: p_values[index])
    adjusted = [0.0] * total
    highest = 0.0
    for rank, index in enumerate(order):
        highest = max(highest, min(1.0, (total - rank) * p_values[index]))
        adjusted[index] = highest
    return adjusted


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values that hold the false discovery rate, in the order given. Source: Benjamini & Hochberg
    (1995)."""
    total = len(p_values)
    order = sorted(range(total), key=lambda index: p_values[index], reverse=True)
    adjusted = [0.0] * total
    lowest = 1.0
    for position, index in enumerate(order):
        lowest = min(lowest, total / (total - position) * p_values[index])
        adjusted[index] = lowest
    return adjusted
