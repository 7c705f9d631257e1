"""Everything that one series shows of itself, as plain numbers."""

from typing import Any

import numpy as np
import pandas as pd

from mesh.errors import BadInputError
from mesh.language import Language, say
from mesh.tabular.focus import Focus
from mesh.tabular.periods import COARSENESS, aggregate, choose_grain, native_frequency, period_label
from mesh.tabular.sheet import Sheet

from .anomalies import find_anomalies
from .calendar_effects import calendar_effects
from .change_points import MAX_POINTS, find_shifts
from .cycle import find_cycle
from .decomposition import describe_parts, take_apart, without_steps
from .stationarity import describe_memory, judge_stationarity

MAX_MEASURES = 2


def describe_series(sheet: Sheet, focus: Focus, language: Language) -> list[dict[str, Any]]:
    """One record per measure in focus: parts, shifts, outlying periods, stationarity, memory, calendar.

    Raises: BadInputError when there is no date or no measure.
    """
    if focus.date is None or not focus.measures:
        raise BadInputError(
            say(
                language,
                en="A development over time needs a column of dates and a column of numbers; the columns are {columns}.",
                ko="시계열 분석에는 날짜 열과 숫자 열이 필요합니다. 열 목록: {columns}.",
                columns=", ".join(f"{column.name} ({column.semantic})" for column in sheet.columns),
            )
        )
    asked = [name for name in focus.measures if name in focus.asked]
    return [
        describe_one(sheet, focus.date, name, focus.grain, language)
        for name in (asked or list(focus.measures[:1]))[:MAX_MEASURES]
    ]


def describe_one(sheet: Sheet, date: str, name: str, asked: str | None, language: Language) -> dict[str, Any]:
    """The record of one measure; parts that its length does not allow are None or empty."""
    dates = sheet.dates[date]
    grain = working_grain(dates, asked)
    series = aggregate(dates, sheet.numeric[name], grain, additive=sheet.additive(name))
    starts = series.starts[series.complete]
    labels = [period_label(start, grain) for start in starts]
    parts = take_apart(series)
    record: dict[str, Any] = {
        "name": name,
        "aggregation": "sum" if sheet.additive(name) else "mean",
        "grain": grain,
        "periods": len(labels),
        "parts": None,
        "shifts": [],
        "anomalies": None,
        "stationarity": None,
        "memory": None,
        "cycle": None,
        "calendar": [],
    }
    if parts is None:
        return record
    shifts = find_shifts(parts.adjusted)
    settled = without_steps(parts, grain, shifts)
    return record | {
        "parts": describe_parts(parts),
        "shifts": [{"label": labels[shift["index"]]} | shift for shift in shifts],
        "anomalies": find_anomalies(settled, parts.values, labels),
        "stationarity": judge_stationarity(settled.adjusted),
        "memory": describe_memory(settled.remainder),
        "cycle": None if settled.seasons else find_cycle(settled.adjusted),
        "calendar": calendar_effects(settled, starts, language) if grain == "D" else [],
    }


def working_grain(dates: "pd.Series[pd.Timestamp]", asked: str | None) -> str:
    """The grain asked for, else the finest at which the data come and that has at most `MAX_POINTS` periods."""
    if asked is not None:
        return choose_grain(dates, asked)
    native = native_frequency(dates)
    start = COARSENESS.index(native) if native is not None else COARSENESS.index(choose_grain(dates, None))
    return next((grain for grain in COARSENESS[start:] if _periods(dates, grain) <= MAX_POINTS), "YS")


def _periods(dates: "pd.Series[pd.Timestamp]", grain: str) -> int:
    return len(aggregate(dates, np.ones(len(dates)), grain, additive=True).starts)
