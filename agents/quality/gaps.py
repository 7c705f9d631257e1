"""Gaps in a regular time series: days, weeks or months that are not there although all around them are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from .issues import Issue, Report, by_share
from .tables import Integers, Mask, Series, Table

MIN_PERIODS = 12
SCATTERED, MOST_BY_CHANCE = 0.3, 1.5
MIN_COVERAGE = 0.8
"""A series with fewer of its periods present is irregular by nature, not a regular one with gaps."""

Frequency = Literal["day", "business day", "week", "month"]
_KOREAN: dict[Frequency, str] = {"month": "월", "week": "주", "business day": "영업일", "day": "일"}
"""The calendars from the coarsest to the finest, with their Korean names."""
Days = npt.NDArray[np.datetime64]


@dataclass(frozen=True)
class Calendar:
    """A regular series: its `frequency`, the periods from first to last (`expected`) and those that are `absent`."""

    series: Series
    frequency: Frequency
    expected: int
    absent: Days

    @property
    def coverage(self) -> float:
        """Share of the expected periods that are present."""
        return 1 - len(self.absent) / self.expected

    def as_data(self) -> dict[str, Any]:
        """The calendar as JSON, with at most 100 absent periods."""
        return {
            "column": self.series.name,
            "frequency": self.frequency,
            "expected_periods": self.expected,
            "absent_periods": len(self.absent),
            "coverage": self.coverage,
            "absent": [str(day) for day in self.absent[:100]],
        }


def find_calendar(table: Table, impossible: Callable[[Series], Mask]) -> Calendar | None:
    """The calendar that the table's first regular date column follows; None when no date column is regular.

    Args: `impossible` marks the rows whose date is wrong and belongs to no calendar.
    """
    for series in table.series:
        if series.kind in ("date", "datetime") and series.missing_count < series.rows:
            found = calendar_of(series, impossible(series))
            table.left(series)
            if found:
                return found
    return None


def calendar_of(series: Series, ignored: Mask) -> Calendar | None:
    """The coarsest calendar of which at least 80 % of the periods are present, or None."""
    every = series.days[~series.missing & ~ignored].astype("datetime64[D]")
    days, rows_of_day = np.unique(every, return_counts=True)
    if len(days) < MIN_PERIODS:
        return None
    for frequency in _KOREAN:
        expected = _expected(days, frequency)
        if expected is None or len(expected) < MIN_PERIODS:
            continue
        absent = np.setdiff1d(expected, days)
        if 1 - len(absent) / len(expected) >= MIN_COVERAGE and not _by_chance(rows_of_day, len(absent)):
            return Calendar(series, frequency, len(expected), absent)
    return None


def _by_chance(rows_of_period: Integers, absent: int) -> bool:
    """Would events that happen at random leave so many periods without any, and do their numbers vary as such events' do?

    Of n periods with m events each on average, n × exp(-m) have none, and the variance of the numbers is their mean (Poisson).
    """
    periods = len(rows_of_period) + absent
    mean = float(rows_of_period.sum()) / periods
    scattered = float(rows_of_period.var()) >= SCATTERED * float(rows_of_period.mean())
    return scattered and 0 < absent <= MOST_BY_CHANCE * periods * float(np.exp(-mean))


def _expected(days: Days, frequency: Frequency) -> Days | None:
    """All periods from the first to the last day, or None when some day does not belong to the calendar."""
    first, last = days[0], days[-1]
    if frequency == "month":
        months = days.astype("datetime64[M]")
        offsets = (days - months.astype("datetime64[D]")).astype(np.int64)
        if len(np.unique(offsets)) != 1:
            return None
        monthly: Days = np.arange(months[0], months[-1] + 1).astype("datetime64[D]") + offsets[0]
        return monthly
    if frequency == "week":
        steps = (days - first).astype(np.int64)
        return np.arange(first, last + 1, 7) if (steps % 7 == 0).all() else None
    every = np.arange(first, last + 1)
    if frequency == "day":
        return every
    weekdays: Days = every[np.is_busday(every)]
    return weekdays if np.is_busday(days).all() else None


def gap_issue(calendar: Calendar, report: Report) -> Issue | None:
    """The issue for absent periods; None when there are none."""
    if not len(calendar.absent):
        return None
    share = len(calendar.absent) / calendar.expected
    issue = report.issue(
        "date_gaps",
        calendar.series,
        np.zeros(report.rows, np.bool_),
        severity=by_share(share, high=0.1, medium=0.01),
        dimension="completeness",
        en="{absent:,} of {expected:,} periods (one per {frequency}) are absent from {column}, the first is {first}.",
        ko="{column} 열에서 {frequency_ko} 단위 {expected:,}개 기간 중 {absent:,}개가 빠져 있으며, 첫 공백은 {first}입니다.",
        examples=[{"date": str(day)} for day in calendar.absent[: report.max_examples]],
        absent=len(calendar.absent),
        expected=calendar.expected,
        frequency=calendar.frequency,
        frequency_ko=_KOREAN[calendar.frequency],
        first=str(calendar.absent[0]),
    )
    issue.count, issue.share = len(calendar.absent), share
    issue.evidence.update(count=len(calendar.absent), share=share)
    return issue
