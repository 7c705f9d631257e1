"""Turns the periods that a question names into filters on the column of dates, or of years."""

from datetime import date, timedelta

from .draft import Draft, UnsureError
from .periods import Period, told_apart
from .query import Filter


def place_periods(draft: Draft) -> list[Period]:
    """The periods named. Raises: UnsureError when the data has no time."""
    indices = draft.all("period")
    if indices and draft.catalog.time_column is None and draft.catalog.year_column is None:
        text = draft.mentions[indices[0]].text
        raise UnsureError(
            f'The data has no column of dates, so "{text}" cannot be applied.',
            f"데이터에 날짜 열이 없어 '{text}' 조건을 적용할 수 없습니다.",
        )
    draft.take(*indices)
    return told_apart([p for n in indices if isinstance(p := draft.mentions[n].detail, Period)])


def period_filter(draft: Draft, periods: list[Period]) -> Filter:
    """The filter for one period, or for any of several. Raises: UnsureError when the data has no such time."""
    column = draft.named_dates() or draft.catalog.time_column
    if column is None:
        return _year_filter(draft, periods)
    first, last = draft.catalog.first, draft.catalog.last
    if column != draft.catalog.time_column:
        first = last = None
        if any(period.relative for period in periods):
            raise UnsureError(
                f"Say the dates of {column.name} as years, months or days.",
                f"{column.name}의 기간은 연도, 월, 날짜로 말씀해 주십시오.",
            )
    for period in periods:
        if first and last and ((period.end or date.max) <= first or (period.start or date.min) > last):
            raise UnsureError(
                f'The data runs from {first} to {last}; it holds nothing for "{period.text}".',
                f"데이터 기간은 {first}부터 {last}까지이며 '{period.text.strip()}'에 해당하는 자료가 없습니다.",
            )
        if period.relative:
            _say_relative(draft, period)
    if len(periods) == 1:
        return Filter(column, "period", (periods[0].start, periods[0].end))
    return Filter(column, "periods", tuple((p.start, p.end) for p in periods))


def _say_relative(draft: Draft, period: Period) -> None:
    end = (period.end or date.max) - timedelta(days=1)
    draft.query.assume(
        f'"{period.text}" was counted from the data\'s last day, {draft.catalog.last}: {period.start} to {end}.',
        f"'{period.text.strip()}'(은/는) 데이터의 마지막 날인 {draft.catalog.last}을 "
        f"기준으로 {period.start}부터 {end}까지로 보았습니다.",
        0.97,
    )


def _year_filter(draft: Draft, periods: list[Period]) -> Filter:
    column = draft.catalog.year_column
    assert column is not None
    if any(p.grain != "year" or p.relative for p in periods):
        raise UnsureError("The data has years only, no dates.", "데이터에는 연도만 있고 날짜가 없습니다.")
    if len(periods) > 1:
        return Filter(column, "in", tuple(p.start.year for p in periods if p.start))
    start, end = periods[0].start, periods[0].end
    low = start.year if start else int(column.low or 0)
    high = end.year - 1 if end else int(column.high or 9999)
    return Filter(column, "in", (low,)) if low == high else Filter(column, "between", (low, high))
