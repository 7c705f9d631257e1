"""Lengths of time as people write them: `5m`, `1h`, `7d`, `5분`, `1시간`."""

import re

from mesh.errors import BadInputError

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_UNITS = {
    "second": "s",
    "seconds": "s",
    "sec": "s",
    "secs": "s",
    "s": "s",
    "초": "s",
    "minute": "m",
    "minutes": "m",
    "min": "m",
    "mins": "m",
    "m": "m",
    "분": "m",
    "hour": "h",
    "hours": "h",
    "hr": "h",
    "h": "h",
    "시간": "h",
    "day": "d",
    "days": "d",
    "d": "d",
    "일": "d",
    "week": "w",
    "weeks": "w",
    "w": "w",
    "주": "w",
    "주일": "w",
}
_WORD = "|".join(sorted(_UNITS, key=len, reverse=True))
_EXACT = re.compile(rf"^\s*(\d+(?:\.\d+)?)\s*({_WORD})\s*$", re.IGNORECASE)
_IN_TEXT = re.compile(
    rf"(?<![\d.])(?P<n>\d+(?:\.\d+)?)\s*-?\s*(?P<u>{_WORD})(?![a-z])(?:\s*간)?\s*-?\s*(?P<role>(?:단위|마다|간격|평균|이동|윈도우|구간|window|average|mean|moving|sliding|tumbling|rolling)?)",
    re.IGNORECASE,
)
_NAMED = {
    "per second": 1,
    "every second": 1,
    "초당": 1,
    "per minute": 60,
    "every minute": 60,
    "분당": 60,
    "분 단위": 60,
    "분별": 60,
    "hourly": 3600,
    "per hour": 3600,
    "every hour": 3600,
    "매시간": 3600,
    "시간별": 3600,
    "시간 단위": 3600,
    "시간당": 3600,
    "daily": 86_400,
    "per day": 86_400,
    "every day": 86_400,
    "일별": 86_400,
    "매일": 86_400,
    "하루": 86_400,
    "weekly": 604_800,
    "per week": 604_800,
    "every week": 604_800,
    "주별": 604_800,
    "매주": 604_800,
    "주간": 604_800,
}
_SLIDE_BEFORE = re.compile(r"(?:every|slid\w*\s+(?:by|every)|advanc\w*\s+by|step\s+of)\s*$", re.IGNORECASE)
_NICE = (
    *(1, 5, 10, 15, 30),
    *(60, 300, 600, 900, 1800),
    *(3600, 10_800, 21_600, 43_200),
    *(86_400, 604_800, 2_592_000, 7_776_000, 31_536_000),
)
_STEPS = (
    *(1, 2, 5, 10, 15, 30),
    *(60, 120, 300, 600, 900, 1800),
    *(3600, 7200, 10_800, 21_600, 43_200),
    *(86_400, 604_800),
)
_SLIDES_PER_WINDOW = 5


def parse_duration(text: str) -> float:
    """Seconds in a text such as `5m` or `1시간`.

    Raises: BadInputError when it is not a positive length of time.
    """
    match = _EXACT.match(text)
    if match is None or float(match[1]) <= 0:
        raise BadInputError(f"{text!r} is not a length of time; write for example 30s, 5m, 1h, 7d or 2w.")
    return float(match[1]) * _SECONDS[_UNITS[match[2].lower()]]


def durations_in(question: str) -> tuple[float | None, float | None]:
    """The window and the slide, in seconds, that a question names (`5분 평균`, `1h windows every 10 minutes`)."""
    window: float | None = None
    slide: float | None = None
    for match in _IN_TEXT.finditer(question):
        seconds = float(match["n"]) * _SECONDS[_UNITS[match["u"].lower()]]
        if seconds <= 0:
            continue
        if _SLIDE_BEFORE.search(question[: match.start()]) or match["role"] == "마다":
            slide = seconds if slide is None else slide
        elif window is None:
            window = seconds
    if window is None and slide is None:
        asked = question.lower()
        window = next((float(seconds) for word, seconds in _NAMED.items() if word in asked), None)
    return (window, slide) if window is not None else (slide, None)


def nice_window(span_s: float, step_s: float) -> float:
    """A round length that cuts `span_s` into about 60 windows, none shorter than 5 typical steps between events."""
    wanted = max(span_s / 60, 5 * step_s, 1.0)
    return float(min(_NICE, key=lambda seconds: abs(_log(seconds) - _log(wanted))))


def nice_slide(size_s: float) -> float:
    """A round length near a fifth of a window, so that windows share most of their events: 7 days move on by 1 day.

    A fifth itself for windows shorter than 2 seconds.
    """
    fitting = [seconds for seconds in _STEPS if seconds <= size_s / 2 and size_s % seconds == 0]
    wanted = size_s / _SLIDES_PER_WINDOW
    return float(min(fitting, key=lambda seconds: abs(_log(seconds) - _log(wanted)))) if fitting else wanted


def duration_text(seconds: float) -> str:
    """The shortest exact way to write a length of time: 90000 → `25h`."""
    for unit in ("d", "h", "m"):
        if seconds >= _SECONDS[unit] and seconds % _SECONDS[unit] == 0:
            return f"{seconds / _SECONDS[unit]:.15g}{unit}"
    return f"{seconds:.15g}s"


def duration_parts(seconds: float) -> list[tuple[float, str]]:
    """A length of time in its largest units: 120960 → `[(1, "d"), (9, "h"), (36, "m")]`; only seconds have fractions."""
    parts: list[tuple[float, str]] = []
    rest = seconds
    for unit in ("d", "h", "m"):
        count, rest = divmod(rest, _SECONDS[unit])
        parts += [(int(count), unit)] if count else []
    return [*parts, (rest, "s")] if rest or not parts else parts


def _log(value: float) -> float:
    import math

    return math.log(value)
