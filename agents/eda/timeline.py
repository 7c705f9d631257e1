"""The development of measures over time: series, trend, season, best and worst periods."""

from typing import Any

import numpy as np
import pandas as pd

from mesh.language import Language
from mesh.tabular.focus import Focus
from mesh.tabular.periods import Series, aggregate, choose_grain, full_years, native_frequency, period_label
from mesh.tabular.plain import plain
from mesh.tabular.sheet import Numbers, Sheet

from .seasonality import PERIODS, find_season
from .trend import beyond_scatter, change, fit_trend, year_on_year

YEAR_PERIODS = {"D": 365, "W": 52, "MS": 12, "QS": 4, "YS": 1}


def analyse_time(sheet: Sheet, focus: Focus, language: Language) -> dict[str, Any] | None:
    """The `time` part of the report for the measures in focus; None without a usable date column.

    Periods that the data cover only in part stay in the series, are named in `partial`, and take no part in
    trend, season, best or worst.
    """
    if focus.date is None or not focus.measures:
        return None
    dates = sheet.dates[focus.date]
    grain = choose_grain(dates, focus.grain)
    native = native_frequency(dates)
    measures = [
        record
        for name in focus.measures
        if (record := _measure(sheet, name, dates, grain, native, language)) is not None
    ]
    if not measures:
        return None
    return {
        "date_column": focus.date,
        "frequency": grain,
        "native_frequency": native,
        "start": dates.min().date().isoformat(),
        "end": dates.max().date().isoformat(),
        "undated_rows": int(dates.isna().sum()),
        "measures": measures,
    }


def _measure(
    sheet: Sheet,
    name: str,
    dates: "pd.Series[pd.Timestamp]",
    grain: str,
    native: str | None,
    language: Language,
) -> dict[str, Any] | None:
    values, additive = sheet.numeric[name], sheet.additive(name)
    if not (np.isfinite(values) & dates.notna().to_numpy()).any():
        return None
    series = aggregate(dates, values, grain, additive=additive)
    whole = series.values.copy()
    whole[~series.complete] = np.nan
    labels = [period_label(start, grain) for start in series.starts]
    years = full_years(dates, values, additive=additive)
    trend = fit_trend(whole, PERIODS.get(grain)) | change(years, whole, labels)
    trend["clear"] = beyond_scatter(trend, YEAR_PERIODS.get(grain), additive=additive)
    return {
        "name": name,
        "aggregation": "sum" if additive else "mean",
        "series": [
            {"date": start.isoformat() if grain == "h" else start.date().isoformat(), "value": plain(value)}
            for start, value in zip(series.starts, series.values, strict=True)
        ],
        "partial": [label for label, full in zip(labels, series.complete, strict=True) if not full],
        "empty_periods": int(np.isnan(series.values).sum()),
        "trend": trend,
        "years": year_on_year(years),
        "seasonality": _annual(dates, values, native, language, additive=additive),
        "weekday": _weekly(dates, values, native, language, additive=additive),
        "best": _extreme(whole, labels, highest=True),
        "worst": _extreme(whole, labels, highest=False),
        "mean_per_period": plain(np.nanmean(whole)) if np.isfinite(whole).any() else None,
    }


def _annual(
    dates: "pd.Series[pd.Timestamp]",
    values: Numbers,
    native: str | None,
    language: Language,
    *,
    additive: bool,
) -> dict[str, Any] | None:
    if native == "YS":
        return None
    grain = "QS" if native == "QS" else "MS"
    return find_season(aggregate(dates, values, grain, additive=additive), language)


def _weekly(
    dates: "pd.Series[pd.Timestamp]",
    values: Numbers,
    native: str | None,
    language: Language,
    *,
    additive: bool,
) -> dict[str, Any] | None:
    if native not in {"h", "D"}:
        return None
    daily = aggregate(dates, values, "D", additive=additive)
    recent = Series("D", daily.starts[-2000:], daily.values[-2000:], daily.complete[-2000:])
    return find_season(recent, language)


def _extreme(values: Numbers, labels: list[str], *, highest: bool) -> dict[str, Any] | None:
    if not np.isfinite(values).any():
        return None
    index = int(np.nanargmax(values) if highest else np.nanargmin(values))
    return {"label": labels[index], "value": plain(values[index])}
