"""One regular time series out of a table: its frequency, its gaps, its incomplete ends."""

from dataclasses import dataclass, field

import pandas as pd

from mesh.errors import BadInputError
from mesh.scoring.features import timestamps

from .horizon import UNIT_DAYS, Unit

FREQUENCY_OF_UNIT: dict[Unit, str] = {
    "hour": "h",
    "day": "D",
    "week": "W-MON",
    "month": "MS",
    "quarter": "QS",
    "year": "YS",
}
_ORDER = ("h", "D", "W-MON", "MS", "QS", "YS")
BUSINESS = "B"
_PERIOD = {"h": "h", BUSINESS: "D", "D": "D", "W-MON": "W-SUN", "MS": "M", "QS": "Q", "YS": "Y"}
_DAYS = {FREQUENCY_OF_UNIT[unit]: days for unit, days in UNIT_DAYS.items()} | {BUSINESS: 1.4}
_SEASONS: dict[str, tuple[float, ...]] = {
    "h": (24, 168),
    "D": (7, 365.25),
    BUSINESS: (5, 260.9),
    "W-MON": (52.1775,),
    "MS": (12,),
    "QS": (4,),
    "YS": (),
}
_LONGER = {"h": ((168.0, 2.0),), "D": ((365.25, 1.5),), BUSINESS: ((260.9, 1.5),), "W-MON": ((52.1775, 1.5),)}
MAX_STEPS = 400
COVERED = 0.7
_SATURDAY = 5
_WORKED, _LEAST_WORKED = 0.85, 15
_HOURLY_DAYS, _HOURLY_DAYS_AHEAD = 90, 14


@dataclass(frozen=True)
class RegularSeries:
    """`values` has one float per period, no gaps, indexed by the period's first moment.

    `filled` periods had no rows (0 for sums of many rows, interpolated otherwise); `dropped` are the incomplete
    first and last periods that were left out; `last_date` is the date of the last row.
    """

    values: pd.Series
    frequency: str
    aggregation: str
    filled: int = 0
    dropped: list[str] = field(default_factory=list)
    last_date: pd.Timestamp | None = None

    @property
    def end(self) -> pd.Timestamp:
        """The last day that the data speak of: that of the last row, or of the last period where it is later."""
        period_end = future_index(self.values, 1)[0] - pd.Timedelta(days=1)
        return period_end if self.last_date is None else max(period_end, self.last_date.normalize())

    @property
    def season(self) -> int:
        """Length of the shortest season of this frequency that was seen twice, or 1."""
        return next((round(s) for s in _SEASONS[self.frequency] if len(self.values) >= 2 * s), 1)

    @property
    def longer(self) -> float | None:
        """Length of a second, longer season: the year of days or weeks, the week of hours; None when seen too seldom."""
        length = len(self.values)
        return next((s for s, cycles in _LONGER.get(self.frequency, ()) if length >= cycles * s), None)


def choose_frequency(dates: pd.Series, unit: Unit | None, days_ahead: float | None) -> str:
    """The finest step in which the dates are dense enough, not finer than looking `days_ahead` in `MAX_STEPS` steps needs.

    Args: `dates` timezone-free timestamps, NaT allowed; `unit` a step that was asked for, which wins when it holds at
    least 4 periods.
    Raises: BadInputError when fewer than 8 periods of any step exist.
    """
    known = dates.dropna()
    if known.empty:
        raise BadInputError("The date column holds no dates; a forecast needs them.")
    business = on_business_days(known)
    if unit is not None and _periods(known, FREQUENCY_OF_UNIT[unit]) >= 4:
        return BUSINESS if unit == "day" and business else FREQUENCY_OF_UNIT[unit]
    span_days = (known.max() - known.min()) / pd.Timedelta(days=1)
    for frequency in _ORDER:
        total = _periods(known, frequency)
        seen = known.dt.to_period(_PERIOD[frequency]).nunique()
        if frequency == "h" and (span_days > _HOURLY_DAYS or (days_ahead or 0) > _HOURLY_DAYS_AHEAD):
            continue
        if days_ahead is not None and days_ahead / _DAYS[frequency] > MAX_STEPS:
            continue
        if frequency == "D" and business:
            return BUSINESS
        if seen >= COVERED * total and total >= 8:
            return frequency
    raise BadInputError(
        f"The dates cover only {span_days:.0f} days in too few periods; a forecast needs at least 8 periods."
    )


def on_business_days(dates: pd.Series) -> bool:
    """Whether no date lies on a weekend and nearly all other days of the span have one: holidays may be missing."""
    days = dates.dt.normalize().drop_duplicates()
    if len(days) < _LEAST_WORKED or bool((days.dt.day_of_week >= _SATURDAY).any()):
        return False
    return len(days) >= _WORKED * len(pd.bdate_range(days.min(), days.max()))


def regular_series(
    frame: pd.DataFrame, date_column: str, target: str | None, aggregation: str, frequency: str
) -> RegularSeries:
    """Sum, mean or count (`target` None) of the target per period.

    Rows without a date or target are left out. A first or last period that the data covers only in part is dropped.
    """
    values = pd.Series(1.0, index=frame.index) if target is None else frame[target].astype("float64")
    rows = pd.DataFrame({"date": timestamps(frame[date_column]), "value": values}).dropna()
    if rows.empty:
        raise BadInputError(
            "No row holds both a date and a value of the target; there is nothing to forecast."
        )
    grouped = rows.groupby(rows["date"].dt.to_period(_PERIOD[frequency]))["value"]
    table = pd.DataFrame(
        {"value": grouped.mean() if aggregation == "mean" else grouped.sum(), "rows": grouped.size()}
    )
    periods = pd.period_range(table.index.min(), table.index.max(), freq=_PERIOD[frequency])
    table = table.reindex(periods[periods.day_of_week < _SATURDAY] if frequency == BUSINESS else periods)
    table, dropped = _without_incomplete_ends(table, rows["date"], frequency)
    missing = table["value"].isna()
    if missing.any():
        many = aggregation == "sum" and float(table["rows"].median()) > 1
        table["value"] = (
            table["value"].fillna(0.0) if many else table["value"].interpolate(limit_direction="both")
        )
    index = pd.DatetimeIndex(pd.PeriodIndex(table.index).start_time, freq=frequency, name="date")
    return RegularSeries(
        values=pd.Series(table["value"].to_numpy(dtype=float), index=index, name=target or "rows"),
        frequency=frequency,
        aggregation=aggregation,
        filled=int(missing.sum()),
        dropped=dropped,
        last_date=rows["date"].max(),
    )


def group_series(
    frame: pd.DataFrame, date_column: str, target: str | None, groups: list[str], whole: RegularSeries
) -> pd.DataFrame:
    """Sums of the target (rows, when None) per group on the periods of `whole`: a column each, 0 where there are no rows.

    A label is the group's values joined by ` · `; a missing value is an em dash.
    """
    labels = frame[groups].astype("string").fillna("—").agg(" · ".join, axis=1)
    values = pd.Series(1.0, index=frame.index) if target is None else frame[target].astype("float64")
    rows = pd.DataFrame({"date": timestamps(frame[date_column]), "label": labels, "value": values}).dropna()
    periods = rows["date"].dt.to_period(_PERIOD[whole.frequency])
    table = rows.groupby([periods, rows["label"].astype(object)])["value"].sum().unstack().fillna(0.0)
    table.index = pd.DatetimeIndex(pd.PeriodIndex(table.index).start_time)
    known = table.reindex(whole.values.index, fill_value=0.0)
    return known.loc[:, (known != 0).any()]


def future_index(values: pd.Series, steps: int) -> pd.DatetimeIndex:
    """The `steps` periods after the last of `values`."""
    frequency = pd.DatetimeIndex(values.index).freq
    return pd.date_range(values.index[-1], periods=steps + 1, freq=frequency)[1:]


def _without_incomplete_ends(
    table: pd.DataFrame, dates: pd.Series, frequency: str
) -> tuple[pd.DataFrame, list[str]]:
    gaps = dates.drop_duplicates().sort_values().diff().dropna()
    typical = pd.Timedelta(gaps.median()) if len(gaps) else pd.Timedelta(0)
    length = pd.Timedelta(days=_DAYS[frequency])
    if frequency in {"h", "D", BUSINESS} or typical > 0.5 * length or len(table) < 4:
        return table, []
    slack = max(2 * typical, pd.Timedelta(days=1)) + pd.Timedelta(days=int(on_business_days(dates)))
    dropped: list[str] = []
    if table.index[-1].end_time - dates.max() > slack:
        dropped.append(str(table.index[-1].start_time.date()))
        table = table.iloc[:-1]
    if dates.min() - table.index[0].start_time > slack:
        dropped.append(str(table.index[0].start_time.date()))
        table = table.iloc[1:]
    return table, dropped


def _periods(dates: pd.Series, frequency: str) -> int:
    first, last = (stamp.to_period(_PERIOD[frequency]) for stamp in (dates.min(), dates.max()))
    return int((last - first).n) + 1
