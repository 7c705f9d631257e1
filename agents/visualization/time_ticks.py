"""Readable ticks for a time axis, in days since 1970 as matplotlib counts them."""

from datetime import datetime, timedelta

from mesh.language import Language

from .keys import MONTHS

MAX_TICKS = 9
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - day numbers carry no zone


def day_number(iso: str) -> float:
    """A date or date-time in ISO form as days since 1970."""
    return _days(datetime.fromisoformat(iso))


def time_ticks(days: list[float], language: Language) -> tuple[list[float], list[str]]:
    """Places and texts of at most nine ticks: years, quarters or months, days, or hours, as the span
    allows."""
    low, high = min(days), max(days)
    first, last = (EPOCH + timedelta(days=day) for day in (low, high))
    months = (last.year - first.year) * 12 + last.month - first.month
    if months >= 3:
        step = next(s for s in (1, 2, 3, 6, 12, 24, 60, 120, 600) if months / s <= MAX_TICKS)
        moments = _month_starts(first, last, step)
        texts = [_month_text(moment, language, step) for moment in moments]
    elif high - low >= 2:
        step = next(s for s in (1, 2, 7, 14, 28) if (high - low) / s <= MAX_TICKS + 2)
        start = datetime(first.year, first.month, first.day)  # noqa: DTZ001
        moments = [start + timedelta(days=step * k) for k in range(int((high - low) // step) + 2)]
        texts = [
            f"{m.month}/{m.day}" if language == "ko" else f"{MONTHS[m.month - 1]} {m.day}" for m in moments
        ]
    else:
        start = datetime(first.year, first.month, first.day)  # noqa: DTZ001
        moments = [start + timedelta(hours=6 * k) for k in range(int((high - low) * 4) + 5)]
        texts = [f"{m:%m-%d %H:%M}" for m in moments]
    ticks = [_days(moment) for moment in moments]
    kept = [index for index, tick in enumerate(ticks) if low - 1e-9 <= tick <= high + 1e-9]
    return [ticks[index] for index in kept], [texts[index] for index in kept]


def _month_starts(first: datetime, last: datetime, step: int) -> list[datetime]:
    start = first.year * 12 + (first.month - 1)
    start -= start % step
    end = last.year * 12 + last.month
    return [datetime(m // 12, m % 12 + 1, 1) for m in range(start, end, step)]  # noqa: DTZ001


def _month_text(moment: datetime, language: Language, step: int) -> str:
    if step % 12 == 0:
        return f"{moment.year}년" if language == "ko" else str(moment.year)
    month = f"{moment.month}월" if language == "ko" else MONTHS[moment.month - 1]
    if moment.month == 1:
        return f"{month}\n{moment.year}년" if language == "ko" else f"{month}\n{moment.year}"
    return month


def _days(moment: datetime) -> float:
    return (moment - EPOCH) / timedelta(days=1)
