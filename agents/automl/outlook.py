"""How many periods a question wants forecast, and which of them it asks about."""

from contextlib import suppress
from dataclasses import dataclass

import pandas as pd

from mesh.errors import BadInputError
from mesh.language import Language, say

from .calendar_words import Span, read_spans
from .horizon import Unit, read_horizon, states_count
from .series import MAX_STEPS, RegularSeries, future_index

_USUAL_STEPS = {"h": 48, "D": 30, "B": 20, "W-MON": 12, "MS": 6, "QS": 4, "YS": 3}
_OFFSETS: dict[Unit, pd.DateOffset] = {
    "hour": pd.DateOffset(hours=1),
    "day": pd.DateOffset(days=1),
    "week": pd.DateOffset(weeks=1),
    "month": pd.DateOffset(months=1),
    "quarter": pd.DateOffset(months=3),
    "year": pd.DateOffset(years=1),
}


@dataclass(frozen=True)
class Outlook:
    """`steps` periods from the end of the series on; the question is about those after the first `lead`.

    `said` are its words for a span of the calendar; `cut` that it reaches further than can be forecast.
    """

    steps: int
    lead: int = 0
    said: str = ""
    cut: bool = False


def look_ahead(
    question: str, series: RegularSeries, language: Language, horizon: int | None = None
) -> Outlook:
    """The periods to forecast: `horizon` when it is given, else what the question says, else a usual number.

    The usual number is at most a quarter of the history, so that a backtest remains possible. A span of the calendar is
    seen from the end of the data.
    Raises: BadInputError when the only date it names lies before the end of the data.
    """
    if horizon is not None:
        return Outlook(horizon)
    span = _span_ahead(question, series.end, language)
    if span is not None:
        return _reach(span, series)
    counted = read_horizon(question)
    if counted is None:
        return Outlook(max(1, min(_USUAL_STEPS[series.frequency], len(series.values) // 4)))
    start = future_index(series.values, 1)[0]
    steps = len(
        pd.date_range(
            start, start + _OFFSETS[counted.unit] * counted.count, freq=series.frequency, inclusive="left"
        )
    )
    return Outlook(max(1, min(steps, MAX_STEPS)), cut=steps > MAX_STEPS)


def days_ahead(question: str, last: pd.Timestamp) -> float | None:
    """About how many days after `last` the question looks, None when it does not say."""
    for span in _spans(question):
        with suppress(ValueError):
            end = pd.Timestamp(span.resolve(last)[1])
            if end > last:
                return float((end - last) / pd.Timedelta(days=1))
    counted = read_horizon(question)
    return counted.days if counted is not None else None


def _spans(question: str) -> list[Span]:
    """The spans to forecast; beside a stated number of units only one that says `until`."""
    counted = states_count(question)
    return [span for span in read_spans(question) if span.until or not counted]


def _span_ahead(question: str, last: pd.Timestamp, language: Language) -> Span | None:
    spans = _spans(question)
    following = last.normalize() + pd.Timedelta(days=1)
    for span in spans:
        if _resolved(span, last, language)[1] > following:
            return span
    past = [span for span in spans if span.until or span.part != "year"]
    if past and read_horizon(question) is None:
        raise BadInputError(
            say(
                language,
                en="'{said}' lies in the past: the data end on {last}. Ask for a date after that, or for a number of periods "
                "such as 'the next 3 months'.",
                ko="'{said}'(은/는) 이미 지난 기간입니다. 자료는 {last}에 끝납니다. 그 이후의 날짜나 '다음 3개월'과 같은 "
                "기간으로 요청해 주십시오.",
                said=past[0].said,
                last=str(last.date()),
            )
        )
    return None


def _resolved(span: Span, last: pd.Timestamp, language: Language) -> tuple[pd.Timestamp, pd.Timestamp]:
    try:
        first, end = span.resolve(last)
    except ValueError as error:
        raise BadInputError(
            say(
                language,
                en="'{said}' is no day of the calendar; ask for one that exists.",
                ko="'{said}'(은/는) 달력에 없는 날짜입니다. 실제 날짜로 요청해 주십시오.",
                said=span.said,
            )
        ) from error
    return pd.Timestamp(first), pd.Timestamp(end)


def _reach(span: Span, series: RegularSeries) -> Outlook:
    first, end = (pd.Timestamp(day) for day in span.resolve(series.end))
    index = future_index(series.values, MAX_STEPS + 1)
    steps = max(1, min(MAX_STEPS, int((index < end).sum())))
    lead = 0 if span.until else min(steps - 1, int((index[1:] <= first).sum()))
    return Outlook(steps, lead, span.said, cut=bool(index[-1] < end))
