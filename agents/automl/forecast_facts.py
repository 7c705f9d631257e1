"""The numbers that a forecast's sentences, headline figures and data share."""

from typing import Any

import pandas as pd

from mesh.language import say
from mesh.tabular.periods import period_label

from .forecast import Forecast
from .order import Order

_UNITS = {
    "h": ("hour", "시간"),
    "D": ("day", "일"),
    "B": ("business day", "영업일"),
    "W-MON": ("week", "주"),
    "MS": ("month", "개월"),
    "QS": ("quarter", "분기"),
    "YS": ("year", "년"),
}


def forecast_facts(order: Order, made: Forecast) -> dict[str, Any]:
    """The sum (or mean) over the periods asked about with its interval, what it was a year earlier, and the words for them."""
    asked, frequency = made.asked, made.series.frequency
    summed, steps = made.series.aggregation == "sum", len(asked)
    english, korean = _UNITS[frequency]
    level = float(asked.sum()) if summed else float(asked.mean())
    half = made.total_half if summed else made.total_half / steps
    facts: dict[str, Any] = {
        "target": order.choice.target or say(order.language, en="number of rows", ko="행 수"),
        "steps": steps,
        "unit": korean if order.language == "ko" else english + ("s" if steps != 1 else ""),
        "value": level,
        "lower": max(level - half, made.floor),
        "upper": level + half,
        "confidence": 0.95,
        "first": period_label(asked.index[0], frequency),
        "last": period_label(asked.index[-1], frequency),
        "ends": str(made.series.end.date()),
    }
    before = year_before(made)
    if before is not None:
        facts |= {"before": before, "change": level / before - 1}
    return facts


def year_before(made: Forecast) -> float | None:
    """The same measure over the same period a year earlier; None where the history does not hold it or it is not above 0."""
    values = made.series.values
    first, last = (made.asked.index[i] - pd.DateOffset(years=1) for i in (0, -1))
    window = values.loc[first:last]
    if first < values.index[0] or not 0.9 * len(made.asked) <= len(window) <= 1.1 * len(made.asked):
        return None
    before = float(window.mean()) * (len(made.asked) if made.series.aggregation == "sum" else 1)
    return before if before > 0 else None


def stamp(date: Any, frequency: str) -> str:
    """A period's first moment as text: a date, with the time of day for hours."""
    return str(date) if frequency == "h" else str(date.date())
