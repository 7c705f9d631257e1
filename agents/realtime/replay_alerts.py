"""The alerts of a replayed stream: stretches of unusual windows, and levels that moved."""

import statistics
from typing import Any

from .drift import find_drift
from .watch_setup import calendar, iso


def find_alerts(records: list[dict[str, Any]], overlap: int) -> list[dict[str, Any]]:
    """Anomalous windows, neighbours in the same direction as one alert, and drifts of the level, in time order.

    Drift is looked for in every `overlap`-th window, so that no event counts twice. `strength` says how many times further from
    what is usual a level lies than the bound on that side.
    """
    alerts: list[dict[str, Any]] = []
    open_alert: dict[str, Any] | None = None
    for record in records:
        if not record["anomaly"]:
            open_alert = None
            continue
        seen = _seen(record)
        if open_alert is not None and open_alert["direction"] == seen["direction"]:
            open_alert |= {"end": iso(record["end_s"]), "windows": open_alert["windows"] + 1}
            if seen["strength"] > open_alert["strength"]:
                open_alert |= seen
            continue
        open_alert = _alert("anomaly", seen["direction"], record) | seen | {"windows": 1}
        alerts.append(open_alert)
    alerts += _drifts([r for r in records if r["level"] is not None][::overlap])
    return sorted(alerts, key=lambda a: (a["start_s"], a["kind"]))


def _seen(record: dict[str, Any]) -> dict[str, Any]:
    """What is told of an unusual window."""
    level, (low, expected, high) = record["level"], record["usual"]
    bound = high if level > expected else low
    return {
        "direction": "up" if level > expected else "down",
        "peak": iso(record["start_s"]),
        "calendar": calendar(record["start_s"]),
        "value": level,
        "usual": expected,
        "low": low,
        "high": high,
        "once_in": record["once_in"],
        "strength": abs(level - expected) / max(abs(bound - expected), 1e-9 * abs(level - expected)),
    }


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
