"""Days in groups: two periods, or weekends and weekdays, set against each other day by day."""

import re

import numpy as np
import pandas as pd

from mesh.language import Language, say
from mesh.results import Column
from mesh.tabular.focus import Focus
from mesh.tabular.periods import aggregate, native_frequency
from mesh.tabular.sheet import Codes, Levels, Numbers, Sheet
from mesh.tabular.spans import spans_in

from .group_question import MAX_OUTCOMES, GroupQuestion
from .named_groups import named_levels

WEEKENDS = re.compile(r"주말|평일|weekend|weekday", re.IGNORECASE)


def calendar_groups(
    sheet: Sheet, focus: Focus, goal: str, language: Language
) -> tuple[Sheet, GroupQuestion] | None:
    """A sheet of one row per day (or per period, where the data come less often) and the comparison that `goal` asks for.

    Rows of one day are one observation: their number would make the comparison look surer than it is. Measures that add
    up are summed per day, others averaged. None when the question names no two periods, no weekends, or two values of a category.
    """
    if focus.date is None or not focus.measures or _names_groups(sheet, goal):
        return None
    dates = sheet.dates[focus.date]
    grain = native_frequency(dates) or "D"
    grain = "D" if grain == "h" else grain
    measures = [name for name in focus.measures if name in focus.asked] or list(focus.measures[:1])
    first = aggregate(dates, sheet.numeric[measures[0]], grain, additive=sheet.additive(measures[0]))
    if not len(first.starts):
        return None
    found = _levels(goal, first.starts, grain, language)
    if found is None:
        return None
    name, levels = found
    numeric: dict[str, Numbers] = {}
    for measure in measures[:MAX_OUTCOMES]:
        series = aggregate(dates, sheet.numeric[measure], grain, additive=sheet.additive(measure))
        values = pd.Series(series.values, index=series.starts).where(series.complete)
        numeric[measure] = np.array(values.reindex(first.starts), dtype=np.float64)
    columns = (Column(name=name, type="string", semantic="category"), *(sheet.column(m) for m in numeric))
    missing = {m: int(np.isnan(v).sum()) for m, v in numeric.items()} | {name: int((levels.codes < 0).sum())}
    distinct = {m: int(np.unique(v[np.isfinite(v)]).size) for m, v in numeric.items()} | {
        name: len(levels.names)
    }
    grouped = Sheet(len(first.starts), columns, numeric, {name: levels}, {}, missing, distinct)
    return grouped, GroupQuestion(tuple(numeric), (name,))


def _names_groups(sheet: Sheet, goal: str) -> bool:
    return any(len(named_levels(goal, levels)) >= 2 for levels in sheet.levels.values())


def _levels(goal: str, starts: pd.DatetimeIndex, grain: str, language: Language) -> tuple[str, Levels] | None:
    if grain == "D" and WEEKENDS.search(goal):
        names = (say(language, en="weekday", ko="평일"), say(language, en="weekend", ko="주말"))
        codes: Codes = (starts.day_of_week >= 5).astype(np.int64)
        return say(language, en="part of the week", ko="평일·주말"), Levels(np.asarray(codes), names)
    spans = spans_in(goal, starts[0], starts[-1])
    same = [span for span in spans if span.grain == spans[0].grain]
    if len(same) < 2:
        return None
    same.sort(key=lambda span: span.start)
    codes = np.full(len(starts), -1, dtype=np.int64)
    for place, span in enumerate(same):
        codes[np.asarray((starts >= span.start) & (starts < span.end))] = place
    return say(language, en="period", ko="기간"), Levels(codes, tuple(span.called(language) for span in same))
