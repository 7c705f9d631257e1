"""A question in words into the chart it asks for."""

import re
from collections.abc import Sequence

from mesh.tabular.lexicon import concepts_of
from mesh.tabular.lexicon import words as words_of

from .filter_reading import Read, number_filters, time_filters, value_filters
from .form_words import form_in
from .mentions import EXACT, MEANT, Mention, column_mentions
from .request import Request
from .side_by_side import side_by_side
from .sql import quoted
from .table import Table
from .unknown_words import unknown_amounts, unknown_words
from .vocabulary import (
    AGGREGATION_WORDS,
    BOTTOM_WORDS,
    COLOR_WORDS,
    FACET_WORDS,
    GRAIN_WORDS,
    OVER_WORDS,
    SHARED_WORDS,
    SORT_WORDS,
    TITLE_WORDS,
    TOP_WORDS,
    TREND_WORDS,
    blank,
    count_of,
    find_first,
    whole,
)

WIDER = (
    *("분석", "예측", "모델을", "모형", "보고서", "대시보드", "analyse", "analyze", "analysis", "forecast"),
    *(
        "predict",
        "report",
        "dashboard",
        "insight",
        "explore",
        "driver",
        "인사이트",
        "요인",
        "탐색",
        "원인",
        "살펴",
    ),
)
CYCLES = ("weekday", "hour")
_PART_OF = {"h": "hour", "MS": "month", "QS": "quarter", "YS": "year", "D": "day"}
_SERIES_FORMS = {"line", "area", "bar", "stacked", "grouped", "share"}
_UNITS = {"year", "quarter", "month", "week", "weekday", "wday", "연도", "분기", "월", "주차", "요일"}
_GROUPED_FORMS = {"box", "violin", "pie", "treemap", "pareto", "funnel", "lollipop", "sankey"}
_AGAINST = whole(r"against|versus|vs\.?|as a function of|depending on|에 대한")
_OHLC = (("open", "opening", "시가"), ("high", "고가"), ("low", "저가"), ("close", "closing", "종가"))


def read_request(table: Table, goal: str) -> Request:
    """The chart that `goal` asks for, in the columns of `table`."""
    return _Reading(table, goal).request()


class _Reading:
    """One pass over a question: what has been understood is blanked out, so that no word is read twice."""

    def __init__(self, table: Table, goal: str) -> None:
        self.table = table
        self.goal = goal
        self.lowered = goal.lower()
        self.text = self.lowered

    def request(self) -> Request:
        """Everything that the question says."""
        title = self._title()
        doubts = tuple(name for name in ("3d", "truncated") if self._take(SHARED_WORDS[name]))
        log = not self._take(SHARED_WORDS["linear"]) and self._take(SHARED_WORDS["log"])
        dual = self._take(SHARED_WORDS["dual"])
        form, found = form_in(self.text)
        self.text = blank(self.text, found)
        top, bottom = self._count(TOP_WORDS), self._count(BOTTOM_WORDS)
        sort = next((name for name, words in SORT_WORDS.items() if self._take(words)), None)
        mentions = column_mentions(self.text, self.table)
        day = self._day(mentions)
        times = time_filters(self.text, day, self.table.latest(day) if day else None)
        limits = number_filters(self.text, mentions, self.table)
        values = value_filters(blank(self.text, (*times.spans, *limits.spans)), mentions, self.table)
        self.text = blank(self.text, (*times.spans, *limits.spans, *values.spans))
        taken = (*limits.spans, *values.spans)
        mentions = [m for m in mentions if all(m.end <= a or b <= m.start for a, b in taken)]
        mentions = [m for m in mentions if not self._names_a_value(m, values)]
        dated = any(m.column in self.table.dates and self._by(m) for m in mentions)
        mentions = [m for m in mentions if not self._tells_time(m.column, day)]
        aggregation, spoken = self._aggregation(mentions)
        if aggregation == "count":
            mentions = [m for m in mentions if m.strength == EXACT or not self._within_count(m)]
        grains, spoken = _grains(spoken)
        color, facet = (
            self._placed(spoken, COLOR_WORDS, mentions),
            self._placed(spoken, FACET_WORDS, mentions),
        )
        distribution = find_first(whole(SHARED_WORDS["distribution"]), spoken) != ()
        relation = find_first(whole(SHARED_WORDS["relation"]), spoken) != ()
        over = find_first(whole(OVER_WORDS), self.lowered)
        trend = dated or (over or find_first(whole(TREND_WORDS), spoken)) != ()
        measures, dimensions = self._roles(mentions, form, aggregation)
        answer = next((d for d in dimensions if self._answers(d, mentions)), None)
        if aggregation == "share" and not measures and len(dimensions) > 1 and answer is not None:
            measures, aggregation = (answer,), "rate"
            dimensions = tuple(d for d in dimensions if d != answer)
        if measures and aggregation is None and not any(name in self.table.numeric for name in measures):
            aggregation = "rate"
        if aggregation == "count" and form != "correlation":
            measures, aggregation = self._counted(measures, mentions, spoken)
        subject = not measures and aggregation is None and self._subject(mentions, dimensions, grains)
        if subject or (not measures and distribution and dimensions):
            aggregation = "share" if form == "share" else "count"
        if not measures and aggregation in {"count", "share"} and self.table.weights is not None:
            measures, aggregation = (self.table.weights,), "sum" if aggregation == "count" else "share"
        measures = self._turned(measures, mentions)
        unknown = unknown_words(spoken)
        if len(unknown) == 1 and not dimensions and len(self.table.categories) == 1:
            dimensions = self.table.categories
        if not measures and aggregation not in {"count", "share"}:
            unknown += unknown_amounts(spoken, self.table)
        request = Request(
            form=form,
            measures=measures,
            dimensions=tuple(d for d in dimensions if d not in {color, facet}),
            aggregation=aggregation,
            filters=(*times.filters, *limits.filters, *values.filters),
            top=top,
            bottom=bottom,
            sort=sort,
            color=color,
            facet=facet,
            log=log,
            dual=dual,
            title=title,
            unknown=unknown,
            doubts=doubts,
            counted=times.counted,
        )
        request = self._timed(request, day, grains, trend=trend)
        compares = find_first(whole(SHARED_WORDS["compare"]), self.lowered) != ()
        request = side_by_side(
            request, values.compared, times.years, day, self.table, asked=compares or bool(times.counted)
        )
        request = self._formed(request, distribution=distribution, relation=relation)
        return request.but(exact=self._exact(request))

    def _title(self) -> str | None:
        found = re.search(TITLE_WORDS, self.lowered)
        if found is None:
            return None
        group = next(name for name, value in found.groupdict().items() if value)
        title = self.goal[found.start(group) : found.end(group)].strip()
        self.text = blank(self.text, (found.span(),))
        return title

    def _take(self, words: str) -> bool:
        found = find_first(whole(words), self.text)
        self.text = blank(self.text, found)
        return bool(found)

    def _count(self, words: str) -> int | None:
        found = whole(words).search(self.text)
        if found is None:
            return None
        inner = self.text[found.start() : found.end()]
        kept = [m for m in column_mentions(inner, self.table) if m.strength >= MEANT]
        self.text = blank(self.text, (found.span(),))
        for mention in kept:  # 가장 많이 팔린 상품 5개: the column stands inside
            a, b = found.start() + mention.start, found.start() + mention.end
            self.text = self.text[:a] + self.lowered[a:b] + self.text[b:]
        return max(1, count_of(found))

    def _day(self, mentions: Sequence[Mention]) -> str | None:
        """The date column that the question names, else the first with more than one day."""
        named = [m.column for m in mentions if m.column in self.table.dates and m.strength == EXACT]
        usable = [name for name in self.table.dates if len(self.table.known_days(name)) > 1]
        return next(iter([name for name in named if name in usable] + usable), None)

    def _tells_time(self, name: str, day: str | None) -> bool:
        """Whether a column is a unit of time that the dates tell as well: `month` beside a date, or the years themselves."""
        dated = day is not None and day not in self.table.years
        return name in self.table.years or (dated and name != day and set(words_of(name)) <= _UNITS)

    def _names_a_value(self, mention: Mention, values: Read) -> bool:
        """Whether a column stands right beside a value of its own (`machine A1`, `온라인 채널`) and groups nothing."""
        one = next((f for f in values.filters if f.column == mention.column and len(f.values) == 1), None)
        beside = any(
            mention.end <= a <= mention.end + 1 or b <= mention.start <= b + 1 for a, b in values.spans
        )
        return one is not None and one.op == "in" and beside and not self._by(mention)

    def _aggregation(self, mentions: Sequence[Mention]) -> tuple[str | None, str]:
        """How to combine, and the text without columns: counts are read with the columns that they may name."""
        spoken = blank(self.text, tuple((m.start, m.end) for m in mentions))
        firm = blank(
            self.text,
            tuple(
                (m.start, m.end) for m in mentions if m.strength == EXACT and "id" not in words_of(m.column)
            ),
        )
        for name, words in AGGREGATION_WORDS.items():
            found = find_first(whole(words), firm if name in {"count", "rate"} else spoken)
            if found:
                return name, blank(spoken, found)
        return None, spoken

    def _within_count(self, mention: Mention) -> bool:
        """Whether a category only lends its word to what is counted, as in `주문 건수` beside a column `주문시각`."""
        counts = whole(AGGREGATION_WORDS["count"]).finditer(self.text)
        inside = any(c.start() <= mention.start and mention.end <= c.end() for c in counts)
        return inside and mention.column in self.table.categories and not self._by(mention)

    def _roles(
        self, mentions: Sequence[Mention], form: str | None, aggregation: str | None
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The columns to calculate and those to group by, in the order of mention."""
        measures: list[str] = []
        dimensions: list[str] = []
        plain = [m.column for m in mentions if m.column in self.table.numeric and not self._by(m)]
        grouping = form not in {"scatter", "histogram", "correlation"} and (
            plain or aggregation in {"count", "rate"}
        )
        for mention in mentions:
            name = mention.column
            if name in self.table.numeric:
                grouped = grouping and self._by(mention)
                (dimensions if grouped else measures).append(self._banded(name) if grouped else name)
            elif name in self.table.categories or (
                name in self.table.texts and (mention.strength == EXACT or self._by(mention))
            ):
                outcome = (
                    aggregation in {"rate", None}
                    and form not in {"share", "stacked", "sankey"}
                    and self._is_outcome(name)
                    and not self._by(mention)
                )
                (measures if outcome else dimensions).append(name)
        if aggregation == "rate":
            outcomes = [n for n in self.table.categories if self._is_outcome(n)]
            measures = [n for n in measures if n in outcomes] or outcomes[:1]
        return tuple(dict.fromkeys(measures)), tuple(
            dict.fromkeys(d for d in dimensions if d not in measures)
        )

    def _subject(self, mentions: Sequence[Mention], dimensions: Sequence[str], grains: Sequence[str]) -> bool:
        """Whether a category is what is drawn by something else, as in `weather by month`: its rows are then counted."""
        if find_first(whole(SHARED_WORDS["compare"]), self.lowered):
            return False
        grouped = [m for m in mentions if m.column in dimensions]
        by = [m for m in grouped if self._by(m)]
        related = len(grouped) > 1 and find_first(whole(SHARED_WORDS["relation"]), self.lowered) != ()
        return related or (bool(by or grains) and len(by) < len(grouped))

    def _by(self, mention: Mention) -> bool:
        before, after = self.text[: mention.start].rstrip(), self.text[mention.end :].lstrip()
        return (
            after.startswith(("별", "마다", "대별"))
            or re.search(r"(?:\bby|\bper|each|across|according to)(?: [\w ]{1,30}(?: and|,))?$", before)
            is not None
        )

    def _banded(self, name: str) -> str:
        few = 12
        distinct = int(self.table.fetch(f"approx_count_distinct({quoted(name)})")[0][0])
        return name if distinct <= few else f"bands({name})"

    def _is_outcome(self, name: str) -> bool:
        return "outcome" in concepts_of(name) and len(self.table.levels(name)) == 2

    def _answers(self, name: str, mentions: Sequence[Mention]) -> bool:
        """Whether a column of yes and no is asked about, and not what it is grouped by."""
        by = any(m.column == name and self._by(m) for m in mentions)
        known = (
            {level.lower() for level in self.table.levels(name)} if name in self.table.categories else set()
        )
        return not by and len(known) == 2 and bool(known & {"yes", "true", "y", "예"})

    def _counted(
        self, measures: tuple[str, ...], mentions: Sequence[Mention], spoken: str
    ) -> tuple[tuple[str, ...], str]:
        """What is counted: rows, or the different values of an identifier that is named and repeats."""
        counted = [n for n in measures if self.table.column(n).semantic == "count"]
        for mention in mentions:
            if self.table.column(mention.column).semantic == "identifier":
                name = quoted(mention.column)
                if self.table.fetch(f"count(DISTINCT {name}) < count({name})")[0][0]:
                    return (mention.column,), "distinct"
        return tuple(counted), "sum" if counted else "count"

    def _turned(self, measures: tuple[str, ...], mentions: Sequence[Mention]) -> tuple[str, ...]:
        """`y against x` gives x first."""
        if len(measures) < 2:
            return measures
        places = {m.column: m for m in reversed(mentions)}
        a, b = places.get(measures[0]), places.get(measures[1])
        if a and b and _AGAINST.search(self.text[a.end : b.start]):
            return (measures[1], measures[0], *measures[2:])
        return measures

    def _placed(self, spoken: str, words: str, mentions: Sequence[Mention]) -> str | None:
        """The category that stands nearest to words such as `coloured by` or `패널`."""
        found = whole(words).search(spoken)
        if found is None:
            return None
        near = [m for m in mentions if m.column in {*self.table.categories, *self.table.texts}]
        korean = re.search("[가-힣]", found.group()) is not None

        def distance(mention: Mention) -> int:
            ahead = mention.start - found.end()
            return ahead if ahead >= 0 else (found.start() - mention.end) + (0 if korean else 1000)

        return min(near, key=distance).column if near else None

    def _timed(self, request: Request, day: str | None, grains: tuple[str, ...], *, trend: bool) -> Request:
        """Time as an axis, or as parts of a date when two of its units are asked for or one that repeats."""
        cyclic = [g for g in grains if g in CYCLES]
        if day is None:
            return request.but(grain=next((g for g in grains if g not in CYCLES), None))
        if len(grains) > 1 or cyclic:
            parts = [self._part(g, day) for g in grains]
            before = request.form != "heatmap" or len(grains) == 1
            dimensions = (*request.dimensions, *parts) if before else (*parts, *request.dimensions)
            return request.but(dimensions=dimensions)
        if request.form in {"calendar", "candlestick"}:
            return request.but(date=day, grain=grains[0] if grains else None)
        if grains and request.form in _GROUPED_FORMS:
            part = _PART_OF.get(grains[0], "")
            return request.but(dimensions=(*request.dimensions, f"{part}({day})")) if part else request
        if grains or trend:
            return request.but(date=day, grain=grains[0] if grains else None)
        return request

    def _part(self, grain: str, day: str) -> str:
        """A unit of time as a part of the date; the hour of a column of its own where the dates have no time of day."""
        part = _PART_OF.get(grain, grain)
        apart = part == "hour" and not self.table.hours(day) and self.table.clock is not None
        return f"{part}({self.table.clock if apart else day})"

    def _formed(self, request: Request, *, distribution: bool, relation: bool) -> Request:
        """Forms that are asked for without their name, and columns that a form needs."""
        if request.form is None and distribution and request.measures:
            request = request.but(form="box" if request.dimensions else "histogram")
        numbers = [name for name in request.measures if name in self.table.numeric]
        against = _AGAINST.search(self.text) is not None
        if request.form is None and len(numbers) > 1 and (relation or against) and request.date is None:
            request = request.but(form="scatter")
        if request.form == "heatmap" and len(numbers) > 2 and not request.dimensions:
            request = request.but(form="correlation")
        if (
            request.form == "heatmap"
            and len(numbers) == 2
            and not request.dimensions
            and request.date is None
        ):
            sides = tuple(self._banded(name) for name in numbers)
            request = request.but(measures=(), dimensions=sides, aggregation="count")
        if request.form == "stacked" and request.aggregation == "share":
            request = request.but(form="share")
        if request.form == "candlestick":
            names = [next((n for n in self.table.numeric if n.lower() in row), None) for row in _OHLC]
            if all(names):
                request = request.but(measures=tuple(name for name in names if name))
        if request.color and (request.form in _SERIES_FORMS or request.form is None):
            request = request.but(
                dimensions=tuple(dict.fromkeys((*request.dimensions, request.color))), color=None
            )
        if request.form in {"scatter", "map"} and request.dimensions and request.color is None:
            request = request.but(color=request.dimensions[0], dimensions=request.dimensions[1:])
        return request

    def _exact(self, request: Request) -> bool:
        """Whether the question asks for this one chart and nothing else."""
        grouped = bool(request.dimensions or request.date or request.grain or request.facet)
        counted = bool(request.measures or request.unknown) or request.aggregation in {"count", "share"}
        counted = counted or bool(request.dimensions and (request.date or request.grain))
        specific = request.form is not None or request.facet is not None or (counted and grouped)
        return bool(specific) and not any(term in self.lowered for term in WIDER)


def _grains(spoken: str) -> tuple[tuple[str, ...], str]:
    """The units of time in the order of mention, and the text without them."""
    found: list[tuple[int, str]] = []
    for grain, words in GRAIN_WORDS.items():
        span = find_first(whole(words), spoken)
        if span:
            found.append((span[0][0], grain))
            spoken = blank(spoken, span)
    return tuple(grain for _, grain in sorted(found)), spoken
