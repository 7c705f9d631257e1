"""Two periods of one dataset to compare: those that the question names, else the latest against the one before."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mesh.errors import BadInputError
from mesh.language import Language, say
from mesh.tabular.spans import spans_in

from .tables import Mask, Series, Table

_YEAR_DAYS = 365
_HALVES = re.compile(
    r"\bhalves\b|\b(?:first|second|earlier|later) half\b|[전후]반부|[앞뒤]쪽?\s?절반|절반씩", re.IGNORECASE
)
_AROUND = re.compile(
    r"\bbefore (?:and|or|vs\.?|versus|to) after\b|전후|전과\s(?:그\s)?(?:이)?후", re.IGNORECASE
)


@dataclass(frozen=True)
class Period:
    """Whole days: `first` and `last` belong to it. `label` is how people call it."""

    label: str
    first: np.datetime64
    last: np.datetime64

    def rows(self, days: "np.typing.NDArray[np.datetime64]") -> Mask:
        """Which of the days lie in the period, shape (n,); NaT does not."""
        found: Mask = (days >= self.first) & (days <= self.last)
        return found


@dataclass(frozen=True)
class Split:
    """Two periods of a table by its column `column`, the earlier one first, and the rows in each."""

    column: str
    periods: tuple[Period, Period]
    sides: tuple[Table, Table]
    named: bool


def split_by_time(table: Table, question: str, named: Sequence[str], language: Language) -> Split:
    """The table's rows in two periods.

    They are the two of `named`, else the two that `question` speaks of (2023, 2023-06, Q2 2023, 2023년 상반기, 지난달), else
    what lies before and after the one it speaks of ("before and after June 2023", "2023년 6월 전후"), else the two halves of the
    time when it speaks of halves, else the last twelve months and the twelve before where the data cover both, so that
    seasons do not look like drift, else the two halves.
    Raises: BadInputError when there is no column of dates, or when a period has no rows.
    """
    series = _calendar(table, language)
    days = series.days.astype("datetime64[D]")
    known = np.sort(days[~series.missing])
    first, last = known[0], known[-1]
    said = periods_in(" , ".join(named) if named else question, first, last)
    if named and len(said) != 2:
        raise BadInputError(
            say(
                language,
                en="Name two periods such as 2023 and 2024, 2023-06 and 2024-06, or 2023-Q1 and 2024-Q1; got {given}.",
                ko="2023과 2024, 2023-06과 2024-06, 2023-Q1과 2024-Q1처럼 기간 두 개를 지정해 주십시오. 받은 값: {given}",
                given=", ".join(named),
            )
        )
    spoken = (said[0], said[1]) if len(said) == 2 else _spoken_of(question, said, first, last)
    chosen = spoken or default_periods(first, last)
    masks = [period.rows(days) for period in chosen]
    for period, mask in zip(chosen, masks, strict=True):
        if not mask.any():
            raise BadInputError(
                say(
                    language,
                    en="{column} has no row in {period}; the dates run from {first} to {last}. Name periods within that.",
                    ko="{column} 열에 {period} 기간의 행이 없습니다. 날짜는 {first}부터 {last}까지 있으니 그 안의 "
                    "기간을 지정해 주십시오.",
                    column=series.name,
                    period=period.label,
                    first=first,
                    last=last,
                )
            )
    return Split(
        series.name, chosen, (table.where(masks[0]), table.where(masks[1])), named=spoken is not None
    )


def periods_in(text: str, first: np.datetime64, last: np.datetime64) -> list[Period]:
    """The years, half-years, quarters and months that a text names, each once, the earlier first.

    `first` and `last` are the days between which the data lie: what is named without a year is there.
    """
    spans = spans_in(text, pd.Timestamp(first), pd.Timestamp(last))
    return [
        Period(span.label, np.datetime64(span.start, "D"), np.datetime64(span.end, "D") - 1)
        for span in sorted(spans, key=lambda span: (span.start, span.end))
    ]


def default_periods(first: np.datetime64, last: np.datetime64) -> tuple[Period, Period]:
    """The last twelve months and the twelve before, or the two halves of a shorter time."""
    span = int((last - first).astype(np.int64)) + 1
    if span >= 2 * _YEAR_DAYS:
        return _period(last - 2 * _YEAR_DAYS + 1, last - _YEAR_DAYS), _period(last - _YEAR_DAYS + 1, last)
    return _halves(first, last)


def _spoken_of(
    question: str, said: Sequence[Period], first: np.datetime64, last: np.datetime64
) -> tuple[Period, Period] | None:
    """The two sides of the one period that a question turns about, or the two halves, as far as it asks for them."""
    if len(said) == 1 and _AROUND.search(question):
        return _period(first, said[0].first - 1), _period(said[0].first, last)
    return _halves(first, last) if _HALVES.search(question) else None


def _halves(first: np.datetime64, last: np.datetime64) -> tuple[Period, Period]:
    middle = first + (int((last - first).astype(np.int64)) + 1) // 2
    return _period(first, middle - 1), _period(middle, last)


def _period(first: np.datetime64, last: np.datetime64) -> Period:
    return Period(f"{first} – {last}", first, last)


def _calendar(table: Table, language: Language) -> Series:
    """The column of dates that most rows have, the first of several."""
    dated = [s for s in table.series if s.kind in ("date", "datetime") and not s.missing.all()]
    if not dated:
        raise BadInputError(
            say(
                language,
                en="There is one dataset without a column of dates, so there are no two sides to compare. Send a second "
                "dataset, or one with dates.",
                ko="데이터셋이 하나뿐이고 날짜 열이 없어 비교할 두 시점이 없습니다. 데이터셋을 하나 더 보내거나 "
                "날짜가 있는 데이터를 "
                "보내 주십시오.",
            )
        )
    return min(dated, key=lambda series: int(series.missing.sum()))
