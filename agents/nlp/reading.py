"""Reads a question as a query, or says why it cannot: every word that means something must find its place."""

from .catalog import Catalog
from .conditions import period_filter, place_comparisons, place_flags, place_periods, place_values
from .draft import Draft, UnsureError
from .figures import place_figures
from .grouping import (
    default_grain,
    place_groups,
    place_loose_dimensions,
    place_units,
    spoken_per,
    time_column,
)
from .mentions import Mention
from .numerals import Limit
from .periods import Period, shift
from .query import Filter, Key, Measure, Query

MIN_CONFIDENCE = 0.5
_SOFT = frozenset({"from", "within", "who", "list", "howmuch", "having", "rows"})
_REFUSALS = {
    "why": ("Causes cannot be read off one query.", "원인은 조회 한 번으로 알 수 없습니다."),
    "future": (
        "The data holds the past only; this asks about the future.",
        "데이터에는 과거 기록만 있으며 이 질문은 미래에 관한 것입니다.",
    ),
    "advice": (
        "Advice cannot be computed from the data alone.",
        "조언은 데이터 조회만으로 답할 수 없습니다.",
    ),
    "logic": ('Conditions joined with "or" are not read.', "'또는'으로 이은 조건은 해석하지 않습니다."),
    "ranked": (
        "A single later rank is not read; ask for the top of the list.",
        "특정 순위 하나는 해석하지 않습니다. 상위 목록으로 물어봐 주십시오.",
    ),
    "cumulative": (
        "Running totals and moving averages are not read.",
        "누적값과 이동평균은 해석하지 않습니다.",
    ),
    "percentile": ("Percentiles are not read.", "백분위수는 해석하지 않습니다."),
}


def read_question(mentions: list[Mention], catalog: Catalog) -> Query:
    """The query that `mentions` ask for. Raises: UnsureError when a word is unknown, unplaced or ambiguous."""
    draft = Draft(catalog, mentions)
    _refuse(draft)
    periods = place_periods(draft)
    values = place_values(draft)
    _units_before_comparisons(draft)
    place_comparisons(draft, _is_grouped(draft))
    place_groups(draft)
    place_units(draft)
    flags = place_flags(draft, _rated(draft)) if not draft.has("rate") else _rate(draft)
    place_loose_dimensions(draft)
    place_figures(draft)
    _kind(draft, periods, values, flags)
    _order(draft)
    _finish(draft)
    return draft.query


def _refuse(draft: Draft) -> None:
    for mention in draft.mentions:
        if mention.kind == "refuse":
            raise UnsureError(*_REFUSALS[mention.payload])
    for mention in draft.mentions:
        if mention.kind == "unknown" and mention.payload:
            raise UnsureError(
                f'"{mention.text}" needs its year.', f"'{mention.text}'의 연도를 함께 말씀해 주십시오."
            )
        if mention.kind == "unknown":
            raise UnsureError(
                f'The word "{mention.text}" is not understood.', f"'{mention.text}'의 뜻을 알 수 없습니다."
            )
        if mention.kind == "missing" and mention.payload not in {"date", "time", "total", "amount"}:
            counted = any(m.kind in {"count", "share", "rate"} for m in draft.mentions)
            if not counted:
                raise UnsureError(
                    f'No column holds "{mention.text}".', f"'{mention.text}'에 해당하는 열이 없습니다."
                )


def _is_grouped(draft: Draft) -> bool:
    return any(m.kind in {"group", "grain"} for m in draft.mentions) or draft.has("list")


def _units_before_comparisons(draft: Draft) -> None:
    """`more than 12 months`: a unit right behind a number belongs to the number."""
    for index in draft.all("unit"):
        before = draft.at(index - 1)
        if before is not None and before.kind == "comparison" and draft.mentions[index].latin:
            draft.take(index)


def _rated(draft: Draft) -> set[int]:
    """Yes-or-no columns that are not statements: an average is taken over them, or one lists them."""
    return {
        n
        for n in draft.all("column")
        if draft.is_flag(n) and (m := draft.at(n - 1)) is not None and m.kind == "agg"
    }


def _rate(draft: Draft) -> list[tuple[int, Filter]]:
    """`churn rate`: the share of rows where the column before `rate` says yes; other flags stay conditions."""
    placed = []
    for index in draft.all("rate"):
        if not draft.is_flag(index - 1):
            raise UnsureError(
                f'It is unclear which rate "{draft.mentions[index].text}" means.',
                "어떤 비율을 뜻하는지 분명하지 않습니다.",
            )
        column = draft.column(index - 1)
        draft.take(index, index - 1)
        placed.append((index, Filter(column, "in", (column.yes,))))
        draft.take(*[n for n in draft.all("agg") if draft.mentions[n].payload == "avg"])
    others = place_flags(draft, set())
    draft.query.filters += [f for _, f in others]
    draft.query.kind = "share"
    return placed


def _kind(
    draft: Draft, periods: list[Period], values: list[tuple[int, Filter]], flags: list[tuple[int, Filter]]
) -> None:
    """Chooses the kind of query and places filters where that kind needs them."""
    query = draft.query
    if draft.has("share") or query.kind == "share":
        _share(draft, values, flags)
    else:
        query.filters += [f for _, f in [*values, *flags]]
        _compare_values(draft, values)
    if draft.has("growth"):
        _growth(draft, periods)
    elif periods:
        _time(draft, periods)
    if draft.has("trend"):
        draft.take(*draft.all("trend"))
        if not any(k.grain for k in query.keys):
            query.keys.insert(0, Key(time_column(draft), default_grain(draft, periods)))
        if not query.measures:
            raise UnsureError("It is unclear what the trend is of.", "무엇의 추세인지 분명하지 않습니다.")
    if draft.has("corr"):
        _correlation(draft)
    _span_or_list(draft)
    _mean_of_groups(draft)


def _share(draft: Draft, values: list[tuple[int, Filter]], flags: list[tuple[int, Filter]]) -> None:
    """Numerator and whole: what comes after `is/from` or `중` is the part, what comes before it the whole."""
    query = draft.query
    query.kind = "share"
    shares = draft.all("share") or draft.all("rate", free=False)
    draft.take(*draft.all("share"))
    placed = sorted([*values, *flags], key=lambda entry: entry[0])
    border = _border(draft, shares[0])
    inner = [f for position, f in placed if border is not None and position > border]
    if draft.has("rate") and not draft.has("share"):
        inner = [f for _, f in flags]
    elif not inner and placed:
        if len(placed) > 1 and not flags:
            raise UnsureError(
                "It is unclear which condition is the part and which the whole.",
                "어느 조건이 부분이고 어느 조건이 전체인지 분명하지 않습니다.",
            )
        inner = [] if query.keys and not flags and _about_whole(draft, placed[-1][0]) else [placed[-1][1]]
    query.part = inner
    query.filters += [f for _, f in placed if f not in inner]
    for index in [*draft.all("missing"), *draft.all("column")]:
        if not query.measures and (draft.mentions[index].kind == "missing" or draft.is_dimension(index)):
            from .figures import _count_of

            _count_of(draft, index)
        elif query.measures and draft.is_dimension(index) and draft.column(index).semantic == "identifier":
            draft.take(index)
    if not query.measures:
        query.measures.append(Measure("count"))
    query.measures = query.measures[:1]
    if not query.part and not query.keys:
        raise UnsureError(
            "It is unclear which part the share is of.", "어떤 부분의 비율인지 분명하지 않습니다."
        )


def _about_whole(draft: Draft, value: int) -> bool:
    """True when a value beside a grouped share limits the whole (`share by product in Seoul`, `서울의 상품별 비중`)."""
    mention = draft.mentions[value]
    by = next((n for n, m in enumerate(draft.mentions) if m.kind == "group" and m.payload == "by"), None)
    if by is None:
        raise UnsureError(
            "It is unclear which condition is the part and which the whole.",
            "어느 조건이 부분인지 분명하지 않습니다.",
        )
    if mention.latin and draft.mentions[by].latin:
        if mention.gap.split()[-1:] in (["in"], ["for"]):
            return True
        if value > by:
            raise UnsureError(
                "It is unclear which condition is the part and which the whole.",
                "어느 조건이 부분인지 분명하지 않습니다.",
            )
        return False
    return value < by


def _border(draft: Draft, share: int) -> int | None:
    """Where the whole ends and the part begins, or None."""
    for index, mention in enumerate(draft.mentions):
        before = draft.at(index - 1)
        relative = before is not None and before.kind == "who"
        if mention.kind == "from" and index > share and not relative:
            return index
        if mention.kind == "within":
            return index
        if mention.after.startswith(("에서", "중")) and mention.kind in {"column", "agg"}:
            return index
    return None


def _compare_values(draft: Draft, values: list[tuple[int, Filter]]) -> None:
    """Several values of one column side by side become the groups of the answer."""
    compared = draft.all("compare")
    for _, condition in values:
        several = condition.op == "in" and len({condition.column.canonical(v) for v in condition.values}) > 1
        keyed = condition.column.name in {k.column.name for k in draft.query.keys}
        if several and not keyed and (compared or not _totalled(draft)) and draft.query.kind == "value":
            draft.query.keys.append(Key(condition.column))
    if compared and (draft.query.keys or len([m for m in draft.mentions if m.kind == "period"]) > 1):
        draft.take(*compared)


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


def _growth(draft: Draft, periods: list[Period]) -> None:
    query = draft.query
    growths = draft.all("growth")
    draft.take(*growths, *draft.all("share"), *draft.all("rate"))
    if not query.measures:
        raise UnsureError("It is unclear what the growth is of.", "무엇의 증감인지 분명하지 않습니다.")
    if len(query.measures) > 1 or any(not k.grain for k in query.keys):
        raise UnsureError(
            "Growth is read for one figure over time, without other groups.",
            "증감은 시간에 따른 한 가지 수치에 대해서만 해석합니다.",
        )
    named = next((draft.mentions[n].payload for n in growths if draft.mentions[n].payload), None)
    grain = (
        next((k.grain for k in query.keys if k.grain), None)
        or named
        or (periods[0].grain if periods else None)
    )
    if grain not in {"day", "week", "month", "quarter", "year"}:
        raise UnsureError(
            "Say over which periods the growth is meant: yearly or monthly.",
            "연도별인지 월별인지 증감의 기준 기간을 말씀해 주십시오.",
        )
    query.kind, query.keys = "growth", [Key(time_column(draft), grain)]
    _growth_period(draft, periods, grain)


def _growth_period(draft: Draft, periods: list[Period], grain: str) -> None:
    """The periods a growth is shown for; one period alone is compared with the one before it."""
    if not periods:
        return
    from dataclasses import replace

    period = periods[0]
    if (
        len(periods) == 1
        and period.grain == grain
        and period.start
        and period.end == shift(period.start, grain, 1)
    ):
        periods = [replace(period, start=shift(period.start, grain, -1))]
    draft.query.filters.append(period_filter(draft, periods))


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
        return
    if query.measures or query.kind != "value":
        return
    if draft.has("desc") or draft.has("asc") or draft.has("limit"):
        raise UnsureError(
            "It is unclear by which figure to rank.", "어떤 수치를 기준으로 순위를 매길지 분명하지 않습니다."
        )
    for index in draft.all("column"):
        if draft.is_dimension(index):
            column = draft.column(index)
            draft.take(index)
            query.keys.append(Key(column))
    if not query.keys or not (draft.has("list") or draft.has("group") or query.having or query.filters):
        raise UnsureError(
            "It is unclear which figure is asked for.", "어떤 수치를 묻는 것인지 분명하지 않습니다."
        )
    if query.having:
        query.measures = [h.measure for h in query.having]
        return
    query.kind = "list"


def _mean_of_groups(draft: Draft) -> None:
    """`average monthly revenue`, `average revenue per customer`: the average of the groups' totals, one number."""
    query = draft.query
    averaged = [
        m for m in query.measures if m.function == "avg" and m.column is not None and m.column.additive
    ]
    if query.kind == "mean_of_groups" and not averaged:
        query.kind = "value"
    if (
        len(query.measures) != 1
        or not averaged
        or len(query.keys) != 1
        or query.kind not in {"value", "mean_of_groups"}
    ):
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


def _order(draft: Draft) -> None:
    """Direction and number of rows."""
    query = draft.query
    for index in draft.all("limit"):
        limit = draft.mentions[index].detail
        assert isinstance(limit, Limit)
        query.limit, query.order = limit.count, limit.order or query.order
        draft.take(index)
    hard = [n for n in draft.all("desc") + draft.all("asc") if draft.mentions[n].payload != "soft"]
    soft = [n for n in draft.all("desc") + draft.all("asc") if draft.mentions[n].payload == "soft"]
    numbers = draft.all("number")
    ranked = draft.all("sorted")
    asked_which = any(m.kind == "group" and m.payload == "which" for m in draft.mentions)
    if hard or query.limit is not None or ranked or (asked_which and query.keys):
        hard += soft
    directions = {draft.mentions[n].kind for n in hard} | ({query.order} if query.order else set())
    if len(directions) > 1:
        raise UnsureError(
            "The question asks for both ends of the ranking.",
            "가장 높은 것과 가장 낮은 것을 함께 묻고 있습니다.",
        )
    draft.take(*hard, *ranked)
    if directions or ranked:
        query.order = directions.pop() if directions else "desc"
    if query.order and len(numbers) == 1 and query.limit is None:
        query.limit = int(float(str(draft.mentions[numbers[0]].detail)))
        draft.take(numbers[0])
    if query.order and query.keys and query.kind in {"value", "share", "growth"}:
        query.superlative = query.kind != "growth"
        _rank_per_group(draft)
        if query.limit is None and not ranked and not any("순" in draft.mentions[n].text for n in hard):
            query.limit = 1
    if query.limit is not None and (not query.keys or query.order is None):
        raise UnsureError("It is unclear what should be ranked.", "무엇의 순위를 매길지 분명하지 않습니다.")
    if query.limit is not None and not 1 <= query.limit <= 200:
        raise UnsureError("Between 1 and 200 rows can be asked for.", "1개부터 200개까지 요청할 수 있습니다.")


def _rank_per_group(draft: Draft) -> None:
    """`the best product in each region`: the groups go first, and each has its own ranking."""
    query = draft.query
    groups = [k for k in query.keys if k.alias not in draft.ranked]
    competing = [k for k in query.keys if k.alias in draft.ranked]
    if not groups or not competing:
        return
    if query.kind != "value":
        raise UnsureError(
            "Rankings within groups are read for plain figures only.",
            "그룹별 순위는 단순 수치에 대해서만 해석합니다.",
        )
    query.keys, query.per_group = [*groups, *competing], len(groups)


def _finish(draft: Draft) -> None:
    """Refuses what was mentioned and found no place in the query."""
    query = draft.query
    timed = query.kind == "growth" or any(k.grain for k in query.keys)
    for index, mention in enumerate(draft.mentions):
        if index in draft.used or mention.kind in _SOFT or (mention.kind in {"how", "when"} and timed):
            continue
        if any(c.semantic == "identifier" and c.distinct == draft.catalog.rows for c, _ in mention.columns):
            continue
        if mention.kind == "column" and {c.name for c, _ in mention.columns} & _columns_in(query):
            continue
        if mention.kind == "agg" and mention.payload == "sum" and query.kind in {"share", "growth"}:
            continue
        raise UnsureError(
            f'It is unclear how "{mention.text}" belongs to the question.',
            f"질문에서 '{mention.text}'(이/가) 어떤 뜻인지 분명하지 않습니다.",
        )
    if query.kind != "list" and not query.measures:
        raise UnsureError(
            "It is unclear which figure is asked for.", "어떤 수치를 묻는 것인지 분명하지 않습니다."
        )
    _say_spellings(query)
    if query.confidence < MIN_CONFIDENCE:
        raise UnsureError(
            "Too much of the question had to be guessed.",
            "질문의 많은 부분을 추측해야 하여 답하지 않았습니다.",
        )


def _say_spellings(query: Query) -> None:
    """Notes that values which differ only in case or outer spaces were taken as one."""
    counted = [m.column for m in query.measures if m.function == "count_distinct" and m.column is not None]
    filtered = [
        f.column
        for f in [*query.filters, *query.part]
        if {f.column.canonical(v) for v in f.values} != set(f.values)
    ]
    for column in {c.name: c for c in [*(k.column for k in query.keys), *counted, *filtered]}.values():
        if column.spellings:
            example = ", ".join(repr(v) for v in column.spellings[0][1])
            query.assume(
                f"In {column.name}, spellings that differ only in case or spaces were taken as one, such as {example}.",
                f"{column.name} 열에서 대소문자나 공백만 다른 표기는 같은 값으로 보았습니다(예: {example}).",
                0.97,
            )


def _columns_in(query: Query) -> set[str]:
    return {k.column.name for k in query.keys} | {m.column.name for m in query.measures if m.column}
