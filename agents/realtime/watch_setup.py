"""Chooses what is watched and how: columns, window, slide and lateness, from parameters, question and data."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from mesh.errors import BadInputError
from mesh.results import Column

from .durations import durations_in, nice_slide, nice_window, parse_duration
from .stream import StreamShape

MAX_WINDOWS = 200_000
MAX_OVERLAP = 100
_MONDAY_S = 345_600.0
_WEEK_S, _DAY_S = 604_800.0, 86_400.0
_KOREAN = {
    "매출": ("revenue", "sales", "amount"),
    "수량": ("quantity", "units"),
    "판매량": ("quantity", "units"),
    "가격": ("price",),
    "온도": ("temperature", "temp"),
    "습도": ("humidity",),
    "전력": ("power", "energy"),
    "압력": ("pressure",),
    "속도": ("speed", "velocity"),
    "지연": ("latency", "delay"),
    "응답": ("response", "latency"),
    "요청": ("request",),
    "방문": ("visit",),
    "진동": ("vibration",),
    "전류": ("current",),
    "전압": ("voltage",),
    "주가": ("close", "price"),
    "거래량": ("volume",),
}


@dataclass(frozen=True)
class Setup:
    """`value` is None when the data has no number to watch: then events are counted. Lengths in seconds."""

    time: str
    value: str | None
    size_s: float
    slide_s: float
    lateness_s: float
    origin_s: float


def choose_columns(question: str, columns: Sequence[Column], wanted: str | None) -> tuple[str, str | None]:
    """The time column and the watched column. `wanted` goes first, then one the question names, then measures before averages.

    Raises: BadInputError when there is no time column, or `wanted` is not a numeric column.
    """
    time = next((c.name for c in columns if c.type == "datetime"), None) or next(
        (c.name for c in columns if c.type == "date"), None
    )
    if time is None:
        raise BadInputError("The data has no column of dates or times, so it cannot be replayed as a stream.")
    numeric = [
        c
        for c in columns
        if c.type in {"integer", "number"} and c.semantic not in {"identifier", "category", "boolean", "geo"}
    ]
    if wanted is not None:
        if wanted not in {c.name for c in numeric}:
            raise BadInputError(
                f"{wanted!r} is not a numeric column; there are {', '.join(c.name for c in numeric) or 'none'}."
            )
        return time, wanted
    rank = {"measure": 0, "count": 1, "intensive": 2}
    ordered = sorted(numeric, key=lambda c: (not is_named(c.name, question), rank.get(c.semantic, 3)))
    return time, ordered[0].name if ordered else None


def choose_windows(
    question: str, shape: StreamShape, window: str | None, slide: str | None, lateness: str | None
) -> tuple[float, float, float, float]:
    """Size, slide, allowed lateness and origin in seconds.

    Raises: BadInputError when a length cannot be read, the slide is longer than the window or far shorter, or there would be
    more than `MAX_WINDOWS` windows.
    """
    asked_size, asked_slide = durations_in(question)
    size = (
        parse_duration(window)
        if window
        else asked_size or nice_window(shape.last_s - shape.first_s, shape.step_s)
    )
    step = parse_duration(slide) if slide else asked_slide or default_slide(question, size)
    if step > size:
        raise BadInputError(
            "The slide must not be longer than the window: events between windows would be lost."
        )
    if size / step > MAX_OVERLAP:
        raise BadInputError(
            f"The slide is too short for the window; at most {MAX_OVERLAP} windows may overlap."
        )
    if (shape.last_s - shape.first_s) / step > MAX_WINDOWS:
        raise BadInputError(
            f"These windows are too short for the data: there would be more than {MAX_WINDOWS:,}."
        )
    return size, step, lateness_of(lateness), _origin(size, shape.first_s)


def lateness_of(text: str | None) -> float:
    """An allowed lateness in seconds; unlike other lengths it may be 0. Raises: BadInputError when it cannot be read."""
    return 0.0 if text is None or re.fullmatch(r"\s*0\s*[a-z]*\s*", text) else parse_duration(text)


def default_slide(question: str, size_s: float) -> float:
    """Sliding windows, when the question asks for them, move on by a round part of their length; others tumble."""
    sliding = re.search(r"slid|moving|rolling|슬라이딩|이동\s*(?:평균|윈도우|창)", question.lower())
    return nice_slide(size_s) if sliding else size_s


def _origin(size_s: float, first_s: float) -> float:
    """Where windows are aligned: weeks to Mondays, up to a day to midnight UTC, longer ones to the first event's day."""
    if size_s % _WEEK_S == 0:
        return _MONDAY_S
    return 0.0 if size_s <= _DAY_S else first_s // _DAY_S * _DAY_S


def is_named(name: str, question: str) -> bool:
    """Whether a question names a column, in its own words or in a Korean one for them."""
    asked = question.lower()
    words = [
        w.lower() for w in re.split(r"[\W_]+|(?<=[a-z])(?=[A-Z])", name) if len(w) > 2 or not w.isascii()
    ]
    if any(w in asked for w in words):
        return True
    return any(korean in asked and set(words) & set(english) for korean, english in _KOREAN.items())


def iso(seconds: float) -> str:
    """A time as ISO 8601 text in UTC, without a zone; a date alone at midnight."""
    moment = datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
    return (
        moment.date().isoformat()
        if moment == datetime.combine(moment.date(), datetime.min.time())
        else moment.isoformat(" ")
    )


def calendar(seconds: float) -> list[int]:
    """The numbers that `iso` prints: year, month, day, and within a day hour, minute, second."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return [moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second]
