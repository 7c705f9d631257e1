"""Watches a stream window by window: statistics, anomalies against what is usual, drift, and alerts without repeats."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from mesh.language import Language, say
from mesh.results import Column

from .durations import duration_text
from .judge import NOT_JUDGED, Judge
from .replay_alerts import find_alerts
from .stream import StreamShape, read_shape, replay, replay_order
from .watch_setup import Setup, calendar, choose_columns, choose_items, choose_windows, iso
from .window import Window, WindowForm
from .windows import Windows

MAX_SHOWN = 500
MAX_ALERTS = 200
_REPORT_EVERY = 20_000


def replay_stream(
    path: Path,
    columns: Sequence[Column],
    question: str,
    language: Language,
    *,
    window: str | None = None,
    slide: str | None = None,
    allowed_lateness: str | None = None,
    session_gap: str | None = None,
    column: str | None = None,
    items: str | None = None,
    order: str = "auto",
    progress: Callable[[float, str], None] = lambda _fraction, _message: None,
) -> dict[str, Any]:
    """The data of a `stream_report`.

    Returns: set-up, event counts, `windows` (the last `MAX_SHOWN`, oldest first: start, end, statistics, quantiles, `usual` as
    low, expected and high, anomaly, and with a column of items `distinct` and `top`), `alerts` and `overall` statistics.
    Raises: BadInputError when there is no time column or a parameter does not fit.
    """
    time, value = choose_columns(question, columns, column)
    shape = read_shape(path, time)
    form = choose_windows(question, shape, window, slide, allowed_lateness, session_gap)
    setup = Setup(time, value, choose_items(question, columns, items), form)
    used_order = replay_order(shape, order)
    windows, overall = Windows(form), Window.of(form, shape.first_s, shape.last_s)
    closed: list[Window] = []
    events = replay(path, time, value, used_order, setup.items)
    for number, (time_s, reading, item) in enumerate(events, start=1):
        closed.extend(window for _, window in windows.add(time_s, reading, item=item))
        overall.add(reading, item)
        if number % _REPORT_EVERY == 0:
            _tell(progress, number, shape.events, language)
    closed.extend(window for _, window in windows.advance(float("inf")))
    _tell(progress, shape.events, shape.events, language)
    records = _records(closed, shape, setup)
    alerts = find_alerts(records, max(1, round(form.size_s / form.slide_s)))
    return {
        "time_column": time,
        "value_column": value,
        "item_column": setup.items,
        "kind": form.kind,
        "window": duration_text(form.size_s),
        "window_s": form.size_s,
        "slide": duration_text(form.slide_s),
        "slide_s": form.slide_s,
        "allowed_lateness_s": form.lateness_s,
        "order": used_order,
        "disorder": shape.disorder,
        "events": windows.events,
        "late_events": windows.late,
        "missing_values": windows.missing,
        "untimed_rows": shape.untimed,
        "first_event": iso(shape.first_s),
        "last_event": iso(shape.last_s),
        "windows_total": len(records),
        "empty_windows": _empty(closed, form),
        "windows": [_shown(r) for r in records[-MAX_SHOWN:]],
        "calendar": [calendar(shape.first_s), calendar(shape.last_s)],
        "alerts": alerts[:MAX_ALERTS],
        "alerts_total": len(alerts),
        "overall": _statistics(overall, setup),
    }


def _tell(progress: Callable[[float, str], None], done: int, total: int, language: Language) -> None:
    text = say(
        language, en="{d:,} of {t:,} events processed", ko="이벤트 {t:,}건 중 {d:,}건 처리", d=done, t=total
    )
    progress(0.95 * done / max(total, 1), text)


def _statistics(window: Window, setup: Setup) -> dict[str, Any]:
    items = {"distinct": window.items.distinct(), "top": window.top()} if setup.items else {}
    return {**window.statistics(), **items}


def _records(closed: list[Window], shape: StreamShape, setup: Setup) -> list[dict[str, Any]]:
    """Windows in time order, each judged by those before it.

    The level is the mean, or the count when events are counted; a count that the stream's ends cut off is not judged.
    """
    records = []
    judge = Judge()
    for window in sorted(closed, key=lambda w: w.start):
        record = {
            "start_s": window.start,
            "end_s": window.end,
            **_statistics(window, setup),
            "missing": window.missing,
        }
        level = float(window.moments.count) if setup.value is None else record["mean"]
        if setup.value is None and _is_cut_off(window, shape, setup.form):
            level = None
        judged = NOT_JUDGED if level is None else judge.judge(window.start, window.end, level)
        usual = judged.usual
        records.append(
            {
                **record,
                "usual": [usual.low, usual.expected, usual.high] if usual else None,
                "once_in": usual.once_in if usual else None,
                "anomaly": judged.anomaly,
                "level": level,
            }
        )
    return records


def _is_cut_off(window: Window, shape: StreamShape, form: WindowForm) -> bool:
    begun_before = window.start < shape.first_s or window.end > shape.last_s + shape.step_s
    return form.gap_s is None and begun_before


def _empty(closed: list[Window], form: WindowForm) -> int:
    """Windows between the first and the last in which nothing happened."""
    if not closed or form.gap_s is not None:
        return 0
    starts = sorted(w.start for w in closed)
    return round((starts[-1] - starts[0]) / form.slide_s) + 1 - len(starts)


def _shown(record: dict[str, Any]) -> dict[str, Any]:
    kept = {k: v for k, v in record.items() if k not in {"start_s", "end_s", "level"}}
    return {"start": iso(record["start_s"]), "end": iso(record["end_s"]), **kept}
