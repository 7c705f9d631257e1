"""Chooses what is watched and how: columns, window, slide and lateness, from parameters, question and data."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from mesh.errors import BadInputError
from mesh.results import Column

from .durations import durations_in, nice_slide, nice_window, parse_duration
from .fields import is_named, key_field
from .rule_reading import read_request
from .stream import StreamShape
from .window import WindowForm

MAX_WINDOWS = 200_000
MAX_OVERLAP = 100
MAX_PANES = 10_000
_MONDAY_S = 345_600.0
_WEEK_S, _DAY_S = 604_800.0, 86_400.0


@dataclass(frozen=True)
class Setup:
    """`value` is None when the data has no number to watch: then events are counted. `items` is the column whose distinct and
    most frequent values are kept, when one was asked for."""

    time: str
    value: str | None
    items: str | None
    form: WindowForm


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


def choose_items(question: str, columns: Sequence[Column], wanted: str | None) -> str | None:
    """The column of items: `wanted`, or the one whose distinct or most frequent values the question asks for.

    Raises: BadInputError when `wanted` is no column.
    """
    names = [column.name for column in columns]
    if wanted is not None and wanted not in names:
        raise BadInputError(f"{wanted!r} is no column; there are {', '.join(names)}.")
    word = read_request(question).items
    return wanted or (key_field(word, names) if word else None)


def choose_windows(
    question: str,
    shape: StreamShape,
    window: str | None,
    slide: str | None,
    lateness: str | None,
    session_gap: str | None = None,
) -> WindowForm:
    """The windows that parameters, question and data ask for.

    Raises: BadInputError when a length cannot be read, the slide is longer than the window or far shorter, or there would be
    more than `MAX_WINDOWS` windows.
    """
    asked_size, asked_slide = durations_in(question)
    size = (
        parse_duration(window)
        if window
        else asked_size or nice_window(shape.last_s - shape.first_s, shape.step_s)
    )
    late = lateness_of(lateness)
    if session_gap is not None or read_request(question).sessions:
        gap = parse_duration(session_gap) if session_gap else asked_size or nice_window(0, 2 * shape.step_s)
        return WindowForm(gap, gap, gap_s=gap, lateness_s=late, exact=True)
    step = parse_duration(slide) if slide else asked_slide or default_slide(question, size)
    check_slide(size, step)
    if (shape.last_s - shape.first_s) / step > MAX_WINDOWS:
        raise BadInputError(
            f"These windows are too short for the data: there would be more than {MAX_WINDOWS:,}."
        )
    return WindowForm(size, step, None, late, _origin(size, shape.first_s), exact=True)


def check_slide(size_s: float, slide_s: float) -> None:
    """Raises: BadInputError for a slide that loses events, or one that cuts windows into too many panes."""
    if slide_s > size_s:
        raise BadInputError(
            "The slide must not be longer than the window: events between windows would be lost."
        )
    if size_s / slide_s > MAX_OVERLAP:
        raise BadInputError(
            f"The slide is too short for the window; at most {MAX_OVERLAP} windows may overlap."
        )
    if WindowForm(size_s, slide_s).panes[1] > MAX_PANES:
        raise BadInputError(
            "Window and slide have no common measure; choose a slide that divides the window, such as 5m and 1m."
        )


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
