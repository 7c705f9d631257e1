"""Dates into periods: how often the data come, and a measure per day, week, month, quarter or year."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from .sheet import Numbers

Dates = npt.NDArray[np.datetime64]

PERIOD_CODES = {"h": "h", "D": "D", "W": "W-SUN", "MS": "M", "QS": "Q", "YS": "Y"}
COARSENESS = tuple(PERIOD_CODES)
MAX_POINTS = 2000
DAY = np.timedelta64(1, "D")
TYPICAL_DAYS = (
    ("h", 0.0, 0.9),
    ("D", 0.9, 1.5),
    ("W", 6.5, 7.5),
    ("MS", 27, 32),
    ("QS", 88, 93),
    ("YS", 360, 370),
)


@dataclass(frozen=True)
class Series:
    """One value per period, gap-free in time: NaN where a period has no known value.

    `starts` are the first days of the periods, `complete` is False where the data cover a period only in
    part.
    """

    grain: str
    starts: pd.DatetimeIndex
    values: Numbers
    complete: npt.NDArray[np.bool_]


def native_frequency(dates: "pd.Series[pd.Timestamp]") -> str | None:
    """How far apart the distinct dates lie by the median gap: `h`, `D`, `W`, `MS`, `QS`, `YS`, or None when
    irregular."""
    known = dates.dropna()
    days = known.dt.normalize().drop_duplicates()
    distinct = known.drop_duplicates() if len(days) < 3 else days
    gap = median_gap_days(distinct)
    if gap is None:
        return None
    return next((name for name, low, high in TYPICAL_DAYS if low <= gap < high), None)


def median_gap_days(dates: "pd.Series[pd.Timestamp]") -> float | None:
    """The median distance between neighbouring distinct dates in days, None below two dates."""
    distinct = np.sort(dates.dropna().drop_duplicates().to_numpy())
    if distinct.size < 2:
        return None
    return float(np.median(np.diff(distinct) / DAY))


def choose_grain(dates: "pd.Series[pd.Timestamp]", asked: str | None) -> str:
    """The period to show: the one asked for unless it is finer than the data or needs more than `MAX_POINTS`
    periods.

    Otherwise years of data are shown by month, months by week, weeks by day.
    """
    known = dates.dropna()
    span_days = (known.max() - known.min()) / pd.Timedelta(days=1)
    finest = native_frequency(dates) or ("D" if span_days <= 92 else "W" if span_days <= 540 else "MS")
    wanted = asked or ("MS" if span_days > 540 else "W" if span_days > 180 else "D" if span_days > 3 else "h")
    chosen = max(COARSENESS.index(finest), COARSENESS.index(wanted))
    while _periods_between(known, COARSENESS[chosen]) > MAX_POINTS and chosen < len(COARSENESS) - 1:
        chosen += 1
    return COARSENESS[chosen]


def _periods_between(known: "pd.Series[pd.Timestamp]", grain: str) -> int:
    first, last = (pd.Period(value, freq=PERIOD_CODES[grain]) for value in (known.min(), known.max()))
    return int((last - first).n) + 1


def aggregate(dates: "pd.Series[pd.Timestamp]", values: Numbers, grain: str, *, additive: bool) -> Series:
    """The sum (additive) or mean of `values` per period of `grain`; no period where no row has both date and
    value.

    Rows without a date or a value are left out.
    """
    use = dates.notna().to_numpy() & np.isfinite(values)
    known = dates[use]
    if known.empty:
        return Series(grain, pd.DatetimeIndex([]), np.array([]), np.ones(0, dtype=np.bool_))
    ordinals = pd.PeriodIndex(known, freq=PERIOD_CODES[grain])
    first, last = ordinals.min(), ordinals.max()
    index = pd.period_range(first, last, freq=PERIOD_CODES[grain])
    slot = ordinals.astype("int64").to_numpy() - first.ordinal
    counts = np.bincount(slot, minlength=len(index))
    sums = np.bincount(slot, weights=values[use], minlength=len(index))
    with np.errstate(invalid="ignore", divide="ignore"):
        series = np.where(counts == 0, np.nan, sums if additive else sums / counts)
    return Series(grain, index.to_timestamp(how="start"), series, _complete(known, index, grain))


def _complete(known: "pd.Series[pd.Timestamp]", index: pd.PeriodIndex, grain: str) -> npt.NDArray[np.bool_]:
    """Only the first and the last period can be cut: they are when the data begin late or end early.

    Up to four days are forgiven from a week's length upwards, for holidays and weekends at a month's ends; months, quarters
    and years of data may be as long as they can be.
    """
    complete = np.ones(len(index), dtype=np.bool_)
    days = known.dt.normalize()
    gap = median_gap_days(days) or 1.0
    longest = next((high for _, low, high in TYPICAL_DAYS if low <= gap < high and low > 20), gap)
    forgiven = pd.Timedelta(days=max(longest, 4.0) if grain in {"MS", "QS", "YS"} else gap)
    if grain == "h":
        return complete
    if known.min().normalize() - index[0].start_time >= forgiven:
        complete[0] = False
    if index[-1].end_time.normalize() + pd.Timedelta(days=1) - known.max().normalize() > forgiven:
        complete[-1] = False
    return complete


def full_years(
    dates: "pd.Series[pd.Timestamp]", values: Numbers, *, additive: bool
) -> list[tuple[int, float]]:
    """Year and value of the calendar years that the data cover in full, with a known value in every month
    (or quarter)."""
    native = native_frequency(dates)
    years = aggregate(dates, values, "YS", additive=additive)
    filled: dict[int, int] = {}
    wanted = 1
    if native != "YS":
        parts = aggregate(dates, values, "QS" if native == "QS" else "MS", additive=additive)
        wanted = 4 if native == "QS" else 12
        for start, value in zip(parts.starts, parts.values, strict=True):
            filled[start.year] = filled.get(start.year, 0) + int(np.isfinite(value))
    return [
        (int(start.year), float(value))
        for start, value, complete in zip(years.starts, years.values, years.complete, strict=True)
        if complete and np.isfinite(value) and (wanted == 1 or filled.get(start.year) == wanted)
    ]


def period_label(start: pd.Timestamp, grain: str) -> str:
    """How a period is written: `2024`, `2024-Q1`, `2024-03`, `2024-03-04` or `2024-03-04 05:00`."""
    if grain == "YS":
        return f"{start.year}"
    if grain == "QS":
        return f"{start.year}-Q{start.quarter}"
    return start.strftime({"MS": "%Y-%m", "h": "%Y-%m-%d %H:00"}.get(grain, "%Y-%m-%d"))
