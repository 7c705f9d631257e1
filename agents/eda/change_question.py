"""Which change a question asks to explain: of what, from which rows to which."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mesh.errors import BadInputError
from mesh.language import Language, say
from mesh.tabular.focus import Focus
from mesh.tabular.periods import aggregate, full_years, native_frequency
from mesh.tabular.sheet import Numbers, Sheet
from mesh.tabular.spans import YEAR_EARLIER, Span, span_of, spans_in

from .contribution import Mask
from .named_groups import named_levels
from .target import positive_level

FELL = re.compile(
    r"줄|감소|떨어|하락|낮|빠졌|급감|drop|f[ae]ll|declin|decreas|lower|\bdown\b|worse|slump|lose|lost",
    re.IGNORECASE,
)
ROSE = re.compile(
    r"늘|증가|올랐|오른|상승|높|급증|성장|ris(?:e|ing)|rose|increas|gr[eo]w|jump|higher|\bup\b|surge|improv",
    re.IGNORECASE,
)
MIN_STEP = 0.02
RECENT_MONTHS = 12
WHY = re.compile(r"왜|이유|원인|요인|why|cause|reason|explain|behind|drove", re.IGNORECASE)
DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class Change:
    """`values` of the rows `before` and `after`, whose sum (`additive`) or mean changed.

    `positive` is the value whose share `measure` stands for, None for a number. `span` are the two stretches of time, None
    where two groups of `dimension` are set against each other. `days` are the days that each stretch covers, None where
    the data do not come by day. `cut` says that both stretches end early, because the data do.
    """

    measure: str
    values: Numbers
    additive: bool
    positive: str | None
    before: Mask
    after: Mask
    labels: tuple[str, str]
    spans: tuple[Span, Span] | None = None
    dimension: str | None = None
    days: tuple[int, int] | None = None
    cut: bool = False


def direction(goal: str) -> int:
    """-1 when the question takes it that something fell, 1 that it rose, 0 when it says neither or both."""
    return bool(ROSE.search(goal)) - bool(FELL.search(goal))


def read_change(sheet: Sheet, focus: Focus, goal: str, measure: str | None, language: Language) -> Change:
    """The change that `goal` asks about, in `measure` or what it names.

    Two named periods are compared with each other, one with the one before it, or with a year earlier where the question says so;
    two named groups with each other. Without either it is the last full year, else the last full month, else the largest
    step of the last `RECENT_MONTHS`, whichever first goes the way the question says.
    Raises: BadInputError when there is no measure, no time and no groups, or no data in a period.
    """
    name, values, additive, positive = _values(sheet, focus, measure, language)
    dates = sheet.dates[focus.date] if focus.date is not None else None
    known = None if dates is None else dates[dates.notna().to_numpy() & np.isfinite(values)]
    if dates is not None and known is not None and not known.empty:
        spans = spans_in(goal, known.min(), known.max())
        if spans or not _groups(sheet, goal):
            pair = (
                _pair(spans, goal, known)
                if spans
                else _found(dates, values, direction(goal), additive=additive)
            )
            return _between(name, values, dates, pair, language, additive=additive, positive=positive)
    segments = _groups(sheet, goal)
    if not segments:
        raise BadInputError(
            say(
                language,
                en="A change can be explained between two periods or two groups; the data have no usable dates, and the "
                "question names no two groups.",
                ko="변화는 두 기간이나 두 집단 사이에서 설명할 수 있습니다. 데이터에 쓸 수 있는 날짜가 없고, 질문에 두 집단의 "
                "이름도 없습니다.",
            )
        )
    dimension, (second, first) = segments
    codes, names = sheet.levels[dimension].codes, sheet.levels[dimension].names
    masks = [codes == names.index(level) for level in (first, second)]
    return Change(name, values, additive, positive, masks[0], masks[1], (first, second), dimension=dimension)


def _values(
    sheet: Sheet, focus: Focus, measure: str | None, language: Language
) -> tuple[str, Numbers, bool, str | None]:
    asked_target = focus.target if focus.target in focus.asked else None
    asked_number = next((m for m in focus.measures if m in focus.asked), None)
    name = measure or asked_number or asked_target or next(iter(focus.measures), None)
    if name in sheet.numeric:
        return name, sheet.numeric[name], sheet.additive(name), None
    if name in sheet.levels and len(sheet.levels[name].names) == 2:
        levels = sheet.levels[name]
        positive = positive_level(levels, name)
        hits = np.where(
            levels.codes < 0, np.nan, (levels.codes == levels.names.index(positive)).astype(np.float64)
        )
        return name, hits, False, positive
    raise BadInputError(
        say(
            language,
            en="There is no number whose change could be explained; the columns are {columns}.",
            ko="변화를 설명할 숫자 열이 없습니다. 열 목록: {columns}.",
            columns=", ".join(column.name for column in sheet.columns),
        )
    )


def _groups(sheet: Sheet, goal: str) -> tuple[str, tuple[str, str]] | None:
    """The category of which the question names exactly two values, and these in the order of their mention."""
    for name, levels in sheet.levels.items():
        named = named_levels(goal, levels)
        if len(named) == 2:
            first, second = sorted(named, key=lambda level: goal.lower().index(level.lower()))
            return name, (first, second)
    return None


def _pair(spans: list[Span], goal: str, known: "pd.Series[pd.Timestamp]") -> tuple[Span, Span]:
    finest = min(spans, key=lambda span: ("MS", "QS", "HS", "YS").index(span.grain))
    same = [span for span in spans if span.grain == finest.grain]
    if len(same) > 1:
        first, last = sorted(same[:2], key=lambda span: span.start)
        return first, last
    if finest.grain == "YS" and YEAR_EARLIER.search(goal) and finest.start.year < known.max().year:
        later = finest.moved(1)
        return (
            (finest, later)
            if direction(goal) or "대비" in goal or "compared" in goal.lower()
            else (finest.moved(-1), finest)
        )
    yearly = finest.grain != "YS" and YEAR_EARLIER.search(goal) is not None
    return (finest.year_earlier() if yearly else finest.moved(-1)), finest


def _found(
    dates: "pd.Series[pd.Timestamp]", values: Numbers, wanted: int, *, additive: bool
) -> tuple[Span, Span]:
    """The step to explain when the question names no period."""
    steps: list[tuple[Span, float, float]] = []
    years = full_years(dates, values, additive=additive)
    if len(years) >= 2 and years[-1][0] == years[-2][0] + 1:
        steps.append(
            (Span("YS", pd.Timestamp(years[-1][0], 1, 1)), years[-1][1] - years[-2][1], years[-2][1])
        )
    months = aggregate(dates, values, "MS", additive=additive)
    whole = np.where(months.complete, months.values, np.nan)
    by_month = [
        (span_of("MS", months.starts[i]), float(whole[i] - whole[i - 1]), float(whole[i - 1]))
        for i in range(1, whole.size)
        if np.isfinite(whole[i] - whole[i - 1])
    ]
    steps += by_month[-1:]
    fitting = [s for s, step, base in steps if wanted == 0 or step * wanted > MIN_STEP * abs(base)]
    if not fitting and by_month:
        fitting = [max(by_month[-RECENT_MONTHS:], key=lambda item: item[1] * (wanted or 1))[0]]
    span = next(iter(fitting), None) or span_of("MS", dates.max())
    return span.moved(-1), span


def _between(
    name: str,
    values: Numbers,
    dates: "pd.Series[pd.Timestamp]",
    pair: tuple[Span, Span],
    language: Language,
    *,
    additive: bool,
    positive: str | None,
) -> Change:
    ends, cut = _ends(pair, dates.max())
    masks = [
        ((dates >= span.start) & (dates < end)).fillna(value=False).to_numpy(dtype=np.bool_)
        for span, end in zip(pair, ends, strict=True)
    ]
    for span, mask in zip(pair, masks, strict=True):
        if not (mask & np.isfinite(values)).any():
            raise BadInputError(
                say(
                    language,
                    en="There are no values of {name} in {period}: the data run from {first} to {last}.",
                    ko="{period} 기간에는 {name} 값이 없습니다. 데이터는 {first}부터 {last}까지입니다.",
                    name=name,
                    period=span.called(language),
                    first=dates.min().date().isoformat(),
                    last=dates.max().date().isoformat(),
                )
            )
    daily = native_frequency(dates) in {"h", "D"}
    days = [int((end - span.start) / DAY) for span, end in zip(pair, ends, strict=True)]
    return Change(
        name, values, additive, positive, masks[0], masks[1], (pair[0].called(language), pair[1].called(language)),
        spans=pair, days=(days[0], days[1]) if daily else None, cut=cut,
    )  # fmt: skip


def _ends(pair: tuple[Span, Span], last: pd.Timestamp) -> tuple[tuple[pd.Timestamp, pd.Timestamp], bool]:
    """Where the two spans end: early, and after the same time, when the data end inside the later one."""
    earlier, later = pair
    day = last.normalize() + DAY
    months = {"YS": 12, "HS": 6, "QS": 3, "MS": 1}[later.grain]
    if day >= later.end - (pd.Timedelta(days=4) if months > 1 else DAY) or day <= later.start:
        return (earlier.end, later.end), False
    whole = (last.year - later.start.year) * 12 + last.month - later.start.month
    end = earlier.start + pd.DateOffset(months=whole) + pd.Timedelta(days=last.day)
    return (min(end, earlier.end), day), True
