"""Public holidays of South Korea: fixed days, and those of the lunar calendar as they fell."""

import pandas as pd

FIXED = ("01-01", "03-01", "05-05", "06-06", "08-15", "10-03", "10-09", "12-25")
SEOLLAL = (
    "2015-02-19", "2016-02-08", "2017-01-28", "2018-02-16", "2019-02-05", "2020-01-25", "2021-02-12",
    "2022-02-01", "2023-01-22", "2024-02-10", "2025-01-29", "2026-02-17", "2027-02-07",
)  # fmt: skip
CHUSEOK = (
    "2015-09-27", "2016-09-15", "2017-10-04", "2018-09-24", "2019-09-13", "2020-10-01", "2021-09-21",
    "2022-09-10", "2023-09-29", "2024-09-17", "2025-10-06", "2026-09-25", "2027-09-15",
)  # fmt: skip
BUDDHA = (
    "2015-05-25", "2016-05-14", "2017-05-03", "2018-05-22", "2019-05-12", "2020-04-30", "2021-05-19",
    "2022-05-08", "2023-05-27", "2024-05-15", "2025-05-05", "2026-05-24", "2027-05-13",
)  # fmt: skip
FIRST_YEAR, LAST_YEAR = 2015, 2027


def korean_holidays(first: pd.Timestamp, last: pd.Timestamp) -> pd.DatetimeIndex:
    """The holidays from `first` to `last`; empty when the table does not cover the whole stretch.

    Seollal and Chuseok are three days each. Substitute holidays and election days are not in it.
    """
    if first.year < FIRST_YEAR or last.year > LAST_YEAR:
        return pd.DatetimeIndex([])
    days = {pd.Timestamp(f"{year}-{day}") for year in range(first.year, last.year + 1) for day in FIXED}
    days |= {pd.Timestamp(day) for day in BUDDHA}
    for day in (*SEOLLAL, *CHUSEOK):
        days |= {pd.Timestamp(day) + pd.Timedelta(days=shift) for shift in (-1, 0, 1)}
    return pd.DatetimeIndex(sorted(day for day in days if first <= day <= last))
