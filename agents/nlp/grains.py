"""Units of time: the column of dates they cut, the unit that suits a length of time, and which are said as a rate."""

import re

from .catalog import ColumnInfo
from .draft import Draft, UnsureError
from .periods import Period
from .query import Key

_PER = re.compile(
    r"^(?:per|daily|weekly|monthly|quarterly|yearly|annual|annually|당|하루|매월|매년|매달|.*당)\b|^per "
)


def time_column(draft: Draft) -> ColumnInfo:
    """The column of dates. Raises: UnsureError when there is none."""
    column = draft.named_dates() or draft.catalog.time_column
    if column is None:
        raise UnsureError(
            "The data has no column of dates to group by.", "데이터에 시간별로 나눌 날짜 열이 없습니다."
        )
    return column


def time_key(draft: Draft, grain: str, columns: tuple[tuple[ColumnInfo, float], ...] = ()) -> Key:
    """A group for each unit of time: of the column of dates, else of the column that holds the unit itself (`year`, `day`).

    Args: `columns` are those that are called by the unit's word. Raises: UnsureError when there is no such time.
    """
    dated = draft.named_dates() or draft.catalog.time_column
    if dated is None:
        own = [c for c, _ in columns] or [
            c
            for c in draft.catalog.columns
            if c.concepts == (grain,) or (grain == "day" and c.concepts in {("date",), ("weekday",)})
        ]
        if grain == "year" and draft.catalog.year_column is not None:
            own = [draft.catalog.year_column]
        if len(own) == 1:
            return Key(own[0])
    column = time_column(draft)
    if grain == "hour" and column.type != "datetime":
        raise UnsureError(
            f"{column.name} holds days without a time of day.",
            f"{column.name}에는 시각이 없고 날짜만 있습니다.",
        )
    return Key(column, grain)


def default_grain(draft: Draft, periods: list[Period]) -> str:
    """Days for up to three weeks, weeks up to three months, else months, over the time the question is about."""
    first, last = draft.catalog.first, draft.catalog.last
    if first is None or last is None:
        raise UnsureError("The data has no column of dates.", "데이터에 날짜 열이 없습니다.")
    if len(periods) == 1:
        first = max(first, periods[0].start or first)
        last = min(last, periods[0].end or last)
    days = (last - first).days
    return "day" if days <= 21 else "week" if days <= 92 else "month"


def spoken_per(text: str) -> bool:
    """True for grains said as a rate (`monthly average`, `per day`), which with an average mean the average of totals."""
    return bool(_PER.match(text.lower()))
