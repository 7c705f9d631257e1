"""Units of time: the column of dates they cut, the unit that suits a length of time, and which are said as a rate."""

import re

from .catalog import ColumnInfo
from .draft import Draft, UnsureError
from .periods import Period

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
