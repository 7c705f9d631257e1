"""Chooses the kind of query: figures, share, growth, trend, comparison, correlation, list or time span."""

from .counting import count_of
from .differences import place_difference
from .draft import Draft, UnsureError
from .grains import default_grain, spoken_per, time_column
from .growths import place_growth
from .periods import Period
from .query import Filter, Key, Measure
from .ratios import place_ratio
from .running import place_running
from .shares import place_share
from .timing import period_filter

_BOUNDS = frozenset({"start", "begin", "end", "언제부터", "언제까지", "시작", "끝"})
"""Words for where the data begin and end."""


def place_kind(
    draft: Draft,
    periods: list[Period],
    values: list[tuple[int, Filter]],
    flags: list[tuple[int, Filter]],
    compared: list[tuple[int, Filter]],
) -> None:
    """Chooses the kind of query and places filters where that kind needs them."""
    query = draft.query
    place_ratio(draft)
    if draft.has("difference"):
        place_difference(draft, periods, values, flags)
        query.filters += [f for _, f in sorted([*values, *flags, *compared], key=lambda entry: entry[0])]
    elif draft.all("share") or query.kind == "share":
        place_share(draft, values, flags, compared)
    else:
        query.filters[:0] = [f for _, f in compared]
        _compare_flags(draft, flags)
        query.filters += [f for _, f in [*values, *flags]]
        _compare_values(draft, values)
    if draft.has("growth") or draft.has("fall"):
        place_growth(draft, periods)
    elif periods:
        _time(draft, periods)
    if draft.has("trend"):
        draft.take(*draft.all("trend"))
        if not any(k.grain for k in query.keys):
            yearly = draft.catalog.year_column
            time = Key(yearly) if yearly else Key(time_column(draft), default_grain(draft, periods))
            if time not in query.keys:
                query.keys.insert(0, time)
        if not query.measures:
            raise UnsureError("It is unclear what the trend is of.", "무엇의 추세인지 분명하지 않습니다.")
    if draft.has("running") or draft.has("moving"):
        place_running(draft)
    if draft.has("corr"):
        _correlation(draft)
    _span_or_list(draft)
    _mean_of_groups(draft)


def _compare_values(draft: Draft, values: list[tuple[int, Filter]]) -> None:
    """Several values of one column side by side become the groups of the answer."""
    compared = draft.all("compare")
    for _, condition in values:
        several = condition.op == "in" and len({condition.column.canonical(v) for v in condition.values}) > 1
        keyed = condition.column.name in {k.column.name for k in draft.query.keys}
        if draft.has("or") or _listed(draft):
            continue
        if several and not keyed and (compared or not _totalled(draft)) and draft.query.kind == "value":
            draft.query.keys.append(Key(condition.column))
    if compared and (draft.query.keys or len([m for m in draft.mentions if m.kind == "period"]) > 1):
        draft.take(*compared)


def _compare_flags(draft: Draft, flags: list[tuple[int, Filter]]) -> None:
    """`with promotion versus without`: yes and no of one column become the groups."""
    columns = [f.column for _, f in flags]
    twice = next((c for c in columns if len({f.values for _, f in flags if f.column == c}) > 1), None)
    if twice is None or not draft.has("compare"):
        return
    draft.take(*draft.all("compare"))
    flags[:] = [(position, f) for position, f in flags if f.column != twice]
    draft.query.keys.append(Key(twice))


def _listed(draft: Draft) -> bool:
    """True for `서울이나 부산`: either value, in one figure."""
    return any(m.kind == "value" and m.after in {"나", "이나"} for m in draft.mentions)


def _totalled(draft: Draft) -> bool:
    return any(m.kind == "agg" and m.payload == "sum" for m in draft.mentions) or draft.has("count")


def _time(draft: Draft, periods: list[Period]) -> None:
    """One period filters; several of one kind filter and group."""
    query = draft.query
    if len(periods) > 1:
        if len({p.grain for p in periods}) > 1 or periods[0].grain not in {"day", "month", "quarter", "year"}:
            raise UnsureError(
                "Several periods of different kinds cannot be compared.",
                "서로 다른 단위의 기간은 함께 비교할 수 없습니다.",
            )
        if draft.catalog.time_column is not None and not any(k.grain for k in query.keys):
            query.keys.insert(0, Key(draft.catalog.time_column, periods[0].grain))
    query.filters.append(period_filter(draft, periods))


def _correlation(draft: Draft) -> None:
    columns = [m.column for m in draft.query.measures if m.column is not None]
    if len(columns) != 2 or draft.query.keys:
        raise UnsureError(
            "A correlation needs exactly two numeric columns.",
            "상관관계에는 숫자 열이 정확히 두 개 필요합니다.",
        )
    draft.take(*draft.all("corr"))
    draft.query.measures = [Measure("corr", columns[0], columns[1])]


def _span_or_list(draft: Draft) -> None:
    """`when does the data start`, and plain lists of things."""
    query = draft.query
    asked_when = [*draft.all("when"), *draft.all("first"), *draft.all("last")]
    if asked_when and not query.measures and not query.keys:
        draft.take(
            *asked_when,
            *[n for n in draft.all("column") if any(c.temporal for c, _ in draft.mentions[n].columns)],
        )
        query.kind, query.measures = "span", [Measure("min", time_column(draft))]
        said = {
            draft.mentions[n].text.lower()
            for n in draft.all("first", free=False) + draft.all("last", free=False)
        }
        if draft.has("first") != draft.has("last") and not said & _BOUNDS:
            _require_one_date(draft)
            query.kind = "value"
            query.measures = [Measure("min" if draft.has("first") else "max", time_column(draft))]
        return
    ends = draft.all("first") + draft.all("last")
    if len(ends) == 1 and len(query.measures) == 1 and not query.keys and query.kind == "value":
        _at_the_end(draft, ends[0])
    if query.measures or query.kind != "value":
        return
    if draft.has("desc") or draft.has("asc") or draft.has("limit"):
        raise UnsureError(
            "It is unclear by which figure to rank.", "어떤 수치를 기준으로 순위를 매길지 분명하지 않습니다."
        )
    if query.keys and not query.having and not draft.has("list") and _count_per_group(draft):
        return
    for index in draft.all("column"):
        column = draft.column(index)
        beside = query.keys and column.semantic == "identifier" and column.distinct == draft.catalog.rows
        if draft.is_dimension(index) and not (query.having and beside):
            draft.take(index)
            query.keys.append(Key(column))
    if not query.keys or not (draft.has("list") or draft.has("group") or query.having or query.filters):
        raise UnsureError(
            "It is unclear which figure is asked for.", "어떤 수치를 묻는 것인지 분명하지 않습니다."
        )
    if any(m.kind == "group" and m.payload == "by" for m in draft.mentions) and draft.has("rows"):
        raise UnsureError(
            "It is unclear which figure of each group is asked for.",
            "묶음마다 어떤 수치를 묻는지 분명하지 않습니다.",
        )
    if query.having:
        counted = [h.measure for h in query.having if not h.measure.where]
        query.measures = counted
        query.kind = query.kind if counted else "list"
        return
    query.kind = "list"


def _require_one_date(draft: Draft) -> None:
    """Raises: UnsureError for `the earliest breach` among several columns of dates none of which is named."""
    dated, time = [c for c in draft.catalog.columns if c.temporal], time_column(draft)
    named = any(set(time.concepts) & set(c.concepts) for m in draft.mentions for c, _ in m.columns)
    if len(dated) > 1 and not named:
        names = ", ".join(c.name for c in dated)
        raise UnsureError(
            f"Several columns hold dates: {names}; say which is meant.",
            f"날짜 열이 여러 개입니다: {names}. 어느 날짜인지 말씀해 주십시오.",
        )


def _at_the_end(draft: Draft, index: int) -> None:
    """`the latest price`: a figure that does not add up, on the last day that has one."""
    query, time = draft.query, draft.catalog.time_column
    measure = query.measures[0]
    if time is None or measure.column is None or measure.function != "avg" or measure.column.temporal:
        return
    draft.take(index)
    query.keys.append(Key(time, "day"))
    query.end, query.limit = draft.mentions[index].kind, 1


def _count_per_group(draft: Draft) -> bool:
    """`orders per customer`: without a figure, things beside groups are counted."""
    things = [n for n in draft.all("column") if draft.is_entity(n)]
    if len(things) != 1:
        return False
    column = draft.column(things[0])
    if column.semantic != "identifier" and not draft.catalog.single(column):
        return False
    count_of(draft, things[0])
    return True


def _mean_of_groups(draft: Draft) -> None:
    """`average monthly revenue`, `average revenue per customer`: the average of the groups' totals, one number."""
    query = draft.query
    averaged = [
        m for m in query.measures if m.function == "avg" and m.column is not None and m.column.additive
    ]
    if (
        query.kind == "mean_of_groups"
        and len(query.measures) == 1
        and query.measures[0].function.startswith("count")
    ):
        return
    if query.kind == "mean_of_groups" and not averaged:
        query.kind = "value"
    if (
        len(query.measures) != 1
        or not averaged
        or len(query.keys) != 1
        or query.kind not in {"value", "mean_of_groups"}
    ):
        return
    if not any(m.kind == "agg" and m.payload == "avg" for m in draft.mentions):
        return
    said = [m.text for m in draft.mentions if m.kind == "grain" or (m.kind == "group" and m.payload == "by")]
    identified = query.keys[0].column.semantic == "identifier"
    if query.kind == "mean_of_groups" or any(spoken_per(text) for text in said) or identified:
        column = averaged[0].column
        query.kind, query.measures = "mean_of_groups", [Measure("sum", column)]
    elif query.keys[0].grain:
        query.assume(
            "The average is over single rows, not over totals of periods.",
            "평균은 기간별 합계가 아니라 개별 행을 기준으로 구했습니다.",
            0.9,
        )
