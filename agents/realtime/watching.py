"""Watches a stream window by window: statistics, anomalies against the windows before, drift, and alerts without repeats."""

import statistics
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from mesh.language import Language, say
from mesh.results import Column

from .drift import ANOMALY_Z, MIN_WINDOWS, find_drift, robust_z
from .durations import duration_text
from .moments import Moments
from .stream import StreamShape, read_shape, replay, replay_order
from .watch_setup import Setup, calendar, choose_columns, choose_windows, iso
from .windows import Window, Windower

HISTORY = 60
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
    column: str | None = None,
    order: str = "auto",
    progress: Callable[[float, str], None] = lambda _fraction, _message: None,
) -> dict[str, Any]:
    """The data of a `stream_report`.

    Returns: set-up, event counts, `windows` (the last `MAX_SHOWN`, oldest first: start, end, count, sum, mean, min, max, std,
    z, anomaly), `alerts` and `overall` statistics. `z` compares a window's mean with those of up to `HISTORY` windows before it.
    Raises: BadInputError when there is no time column or a parameter does not fit.
    """
    time, value = choose_columns(question, columns, column)
    shape = read_shape(path, time)
    setup = Setup(time, value, *choose_windows(question, shape, window, slide, allowed_lateness))
    used_order = replay_order(shape, order)
    windower = Windower(setup.size_s, setup.slide_s, setup.lateness_s, setup.origin_s)
    overall = Moments()
    closed: list[Window] = []
    for number, (time_s, reading) in enumerate(replay(path, time, value, used_order), start=1):
        closed.extend(windower.add(time_s, reading))
        if reading is not None:
            overall.add(reading)
        if number % _REPORT_EVERY == 0:
            _tell(progress, number, shape.events, language)
    closed.extend(windower.finish())
    _tell(progress, shape.events, shape.events, language)
    records = _records(closed, shape, counting=value is None)
    alerts = _alerts(records, max(1, round(setup.size_s / setup.slide_s)))
    tumbling = setup.slide_s == setup.size_s
    return {
        "time_column": time,
        "value_column": value,
        "kind": "tumbling" if tumbling else "sliding",
        "window": duration_text(setup.size_s),
        "window_s": setup.size_s,
        "slide": duration_text(setup.slide_s),
        "slide_s": setup.slide_s,
        "allowed_lateness_s": setup.lateness_s,
        "order": used_order,
        "disorder": shape.disorder,
        "events": windower.events,
        "late_events": windower.late,
        "missing_values": windower.missing,
        "untimed_rows": shape.untimed,
        "first_event": iso(shape.first_s),
        "last_event": iso(shape.last_s),
        "windows_total": len(records),
        "empty_windows": _empty(closed, setup),
        "windows": [_shown(r) for r in records[-MAX_SHOWN:]],
        "calendar": [calendar(shape.first_s), calendar(shape.last_s)],
        "alerts": alerts[:MAX_ALERTS],
        "alerts_total": len(alerts),
        "overall": _statistics(overall),
        "anomaly_threshold": ANOMALY_Z,
    }


def _tell(progress: Callable[[float, str], None], done: int, total: int, language: Language) -> None:
    text = say(
        language, en="{d:,} of {t:,} events processed", ko="이벤트 {t:,}건 중 {d:,}건 처리", d=done, t=total
    )
    progress(0.95 * done / max(total, 1), text)


def _statistics(moments: Moments) -> dict[str, Any]:
    if moments.count == 0:
        return {"count": 0, "sum": None, "mean": None, "min": None, "max": None, "std": None}
    return {
        "count": moments.count,
        "sum": moments.total,
        "mean": moments.mean,
        "min": moments.low,
        "max": moments.high,
        "std": moments.std,
    }


def _records(closed: list[Window], shape: StreamShape, *, counting: bool) -> list[dict[str, Any]]:
    """Windows in time order, each with the robust z of its level against those before it.

    The level is the mean, or the count when events are counted; a count that the stream's ends cut off is not judged.
    """
    records = []
    history: list[float] = []
    for window in sorted(closed, key=lambda w: w.start):
        record = {
            "start_s": window.start,
            "end_s": window.end,
            **_statistics(window.moments),
            "missing": window.missing,
        }
        level = float(window.moments.count) if counting else record["mean"]
        if counting and (window.start < shape.first_s or window.end > shape.last_s + shape.step_s):
            level = None
        z = None
        if level is not None:
            if len(history) >= MIN_WINDOWS:
                z = robust_z([*history[-HISTORY:], level])[-1]
            history.append(level)
        records.append({**record, "z": z, "anomaly": z is not None and abs(z) > ANOMALY_Z, "level": level})
    return records


def _alerts(records: list[dict[str, Any]], overlap: int) -> list[dict[str, Any]]:
    """Anomalous windows, neighbours in the same direction as one alert, and drifts of the level, in time order.

    Drift is looked for in every `overlap`-th window, so that no event counts twice.
    """
    alerts: list[dict[str, Any]] = []
    open_alert: dict[str, Any] | None = None
    for record in records:
        if not record["anomaly"]:
            open_alert = None
            continue
        direction = "up" if record["z"] > 0 else "down"
        if open_alert is not None and open_alert["direction"] == direction:
            open_alert |= {"end": iso(record["end_s"]), "windows": open_alert["windows"] + 1}
            if abs(record["z"]) > abs(open_alert["z"]):
                open_alert |= {"z": record["z"], "value": record["level"], "peak": iso(record["start_s"])}
            continue
        open_alert = _alert("anomaly", direction, record) | {
            "peak": iso(record["start_s"]),
            "value": record["level"],
            "z": record["z"],
            "windows": 1,
        }
        alerts.append(open_alert)
    alerts += _drifts([r for r in records if r["level"] is not None][::overlap])
    return sorted(alerts, key=lambda a: (a["start_s"], a["kind"]))


def _alert(kind: str, direction: str, record: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": kind,
        "direction": direction,
        "start": iso(record["start_s"]),
        "end": iso(record["end_s"]),
        "start_s": record["start_s"],
        "calendar": calendar(record["start_s"]),
    }


def _drifts(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Drifts with the mean level before and after; one whose levels do not bear it out is left away."""
    levels = [r["level"] for r in records]
    changes = find_drift(levels)
    drifts = []
    begin = 0
    for number, (position, direction) in enumerate(changes):
        end = changes[number + 1][0] if number + 1 < len(changes) else len(levels)
        before, after = (
            statistics.fmean(levels[begin:position] or [levels[position]]),
            statistics.fmean(levels[position:end]),
        )
        begin = position
        if (after > before) == (direction == "up") and after != before:
            drifts.append(_alert("drift", direction, records[position]) | {"before": before, "after": after})
    return drifts


def _empty(closed: list[Window], setup: Setup) -> int:
    """Windows between the first and the last in which nothing happened."""
    if not closed:
        return 0
    starts = sorted(w.start for w in closed)
    return round((starts[-1] - starts[0]) / setup.slide_s) + 1 - len(starts)


def _shown(record: dict[str, Any]) -> dict[str, Any]:
    kept = {k: v for k, v in record.items() if k not in {"start_s", "end_s", "level"}}
    return {"start": iso(record["start_s"]), "end": iso(record["end_s"]), **kept}
