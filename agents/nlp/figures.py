"""Decides which figures are computed: the aggregate of a measure, a count, the ranking figure of a superlative."""

from dataclasses import replace

from .catalog import ColumnInfo
from .concepts import AVERAGED
from .counting import count_of, counted_by
from .cues import COUNTING
from .draft import Draft, UnsureError
from .mentions import Mention
from .numerals import Percentile
from .query import Measure

_ENDS = frozenset({"highest", "lowest", "largest", "smallest", "최고", "최저"})
_EXTREMES = _ENDS | {
    "biggest",
    "greatest",
    "가장 높은",
    "가장 낮은",
    "가장 큰",
    "가장 작은",
    "가장 비싼",
    "가장 싼",
}
_EACH = frozenset(
    {"by", "each", "for each", "in each", "by each", "per", "every", "별", "별로", "마다", "각"}
)
_WHOLES = ("share", "running")
"""Kinds of questions whose figures add up to a whole."""


def place_figures(draft: Draft) -> None:
    """Fills `query.measures` from the numeric columns, aggregates and counting words of the question."""
    if draft.query.kind == "group_count":
        return
    _count(draft)
    _numbers(draft)
    _price_order(draft)
    if draft.has("sell") or any(
        m.kind in {"desc", "asc"} and "selling" in m.text.lower() for m in draft.mentions
    ):
        _sold(draft)
    if not draft.query.measures:
        _counted_entity(draft)
    if not draft.query.measures and any(map(draft.has, ("growth", "fall", "difference", "running"))):
        _only_measure(draft)
    _mean_count(draft)
    for index in draft.all("agg"):
        if draft.mentions[index].payload == "sum" and (
            draft.query.measures or draft.has("share") or draft.has("rate")
        ):
            draft.take(index)


def both_ends(mentions: list[Mention]) -> list[Mention]:
    """`highest and lowest salary`, `최고 급여와 최저 급여`: two figures, not two rankings."""
    ends = [m for m in mentions if m.kind in {"desc", "asc"} and m.text.lower() in _ENDS]
    if {m.kind for m in ends} != {"desc", "asc"}:
        return mentions
    return [
        replace(m, kind="agg", payload="max" if m.kind == "desc" else "min") if m in ends else m
        for m in mentions
    ]


def extremes_of_groups(mentions: list[Mention]) -> list[Mention]:
    """`highest price of each symbol`, `지점별 최고 금액`: a figure of every group, and no ranking of the groups."""
    grouped = any(m.kind == "group" and m.text.lower() in _EACH for m in mentions)
    ends = [n for n, m in enumerate(mentions) if m.kind in {"desc", "asc"}]
    others = any(m.kind in {"limit", "nth", "sorted"} or m.payload == "which" for m in mentions)
    if not grouped or others or len(ends) != 1 or mentions[ends[0]].text.lower() not in _EXTREMES:
        return mentions
    at = ends[0]
    figure = mentions[at + 1] if at + 1 < len(mentions) else None
    if figure is None or not any(c.numeric for c, _ in figure.columns):
        return mentions
    function = "max" if mentions[at].kind == "desc" else "min"
    return [replace(m, kind="agg", payload=function) if n == at else m for n, m in enumerate(mentions)]


def natural(column: ColumnInfo) -> str:
    """How a column's values combine when nothing else was said: those that add up are summed, others averaged."""
    return "sum" if column.additive and not column.averaged else "avg"


def _mean_count(draft: Draft) -> None:
    """`고객당 평균 주문 횟수`: the average of the groups' numbers."""
    averages = [n for n in draft.all("agg") if draft.mentions[n].payload == "avg"]
    query = draft.query
    counted = len(query.measures) == 1 and query.measures[0].function in {"count", "count_distinct"}
    if averages and counted and len(query.keys) == 1 and query.keys[0].alias in draft.per:
        draft.take(*averages)
        query.kind = "mean_of_groups"


def _only_measure(draft: Draft) -> None:
    """A change of what is not named is that of the only measure there is."""
    measures = [c for c in draft.catalog.columns if c.numeric and c.days is None and not c.calendar_year]
    if len(measures) != 1 or draft.has("rate"):
        return
    draft.query.measures.append(Measure(natural(measures[0]), measures[0]))
    name = measures[0].name
    draft.query.assume(f"The figure was taken to be {name}.", f"{name}에 대한 질문으로 보았습니다.", 0.9)


def _count(draft: Draft) -> None:
    for index in draft.all("count"):
        mention = draft.mentions[index]
        if mention.text == "수" and draft.mentions[index - 1].kind not in {
            "column",
            "missing",
            "rows",
            "value",
        }:
            raise UnsureError("The question was not understood.", "질문을 이해하지 못했습니다.")
        target = counted_by(draft, index)
        draft.take(index)
        if target is not None and draft.is_numeric(target) and _is_averaged(draft, index):
            draft.mentions[index] = replace(mention, kind="from")
            continue
        if target is None:
            draft.query.measures.append(Measure("count"))
            continue
        other = draft.mentions[target]
        if other.kind == "sell":
            _sold(draft, only_quantity=True)
        elif draft.is_numeric(target):
            draft.take(target)
            draft.query.measures.append(Measure("sum", draft.column(target, lambda c: c.additive)))
        else:
            count_of(draft, target)


def _is_averaged(draft: Draft, index: int) -> bool:
    """`average number of individuals`: the number is a column of its own."""
    before = draft.at(index - 1)
    return before is not None and before.kind == "agg" and before.payload != "sum"


def _numbers(draft: Draft) -> None:
    """Numeric columns with their aggregates; a column without one takes its natural aggregate."""
    indices = [n for n in draft.all("column") if draft.is_numeric(n)]
    superlative = any(
        m.kind == "nth" or (m.kind in {"desc", "asc"} and m.payload != "soft") for m in draft.mentions
    )
    for index in indices:
        column = draft.column(index, lambda c: c.numeric)
        draft.take(index)
        said = [_stated(draft.mentions[n], column) for n in _aggregates(draft, index)]
        for measure in said or [Measure(_implied(draft, column, superlative), column)]:
            function = measure.function
            if measure not in draft.query.measures:
                draft.query.measures.append(measure)
            if function == "sum" and not column.additive:
                draft.query.assume(
                    f"{column.name} is not a quantity that adds up; it was summed because the question says so.",
                    f"{column.name}(은/는) 더하는 것이 알맞지 않은 값이지만 질문대로 합계를 구했습니다.",
                )


def _stated(mention: Mention, column: ColumnInfo) -> Measure:
    """The measure that an aggregate word says."""
    percent = mention.detail.percent if isinstance(mention.detail, Percentile) else None
    return Measure(mention.payload, column, percent=percent)


def _aggregates(draft: Draft, index: int) -> list[int]:
    """The aggregate words that belong to the numeric column at `index`: those right around it, taken."""
    found: list[int] = []
    for step in (-1, 1):
        at = index + step
        while (mention := draft.at(at)) is not None and mention.kind == "agg" and at not in draft.used:
            if step > 0 and (mention.latin or found) and draft.is_numeric(at + 1):
                break
            found.append(at)
            draft.take(at)
            at += step
    if not found:
        lonely = [n for n in draft.all("agg") if not draft.is_numeric(n + 1) and not draft.is_numeric(n - 1)]
        found = (
            lonely[:1] if len([n for n, m in enumerate(draft.mentions) if draft.is_numeric(n)]) == 1 else []
        )
        draft.take(*found)
    return sorted(found)


def _implied(draft: Draft, column: ColumnInfo, superlative: bool) -> str:
    """The aggregate of a column without a word for it."""
    if column.additive and any(map(draft.has, _WHOLES)):
        return "sum"
    extreme = "min" if draft.has("asc") else "max"
    if superlative and (not draft.query.keys or _names_rows(draft)):
        return extreme
    if column.additive and (
        not column.averaged or (superlative and _so_many(draft) and not set(column.concepts) & AVERAGED)
    ):
        return "sum"
    if superlative and "price" in column.concepts:
        en, ko = ("lowest", "최저") if extreme == "min" else ("highest", "최고")
        draft.query.assume(
            f"Ranked by each group's {en} {column.name}.",
            f"그룹마다 {ko} {column.name} 값을 기준으로 비교했습니다.",
            0.95,
        )
        return extreme
    if superlative:
        draft.query.assume(
            f"Ranked by the average {column.name}.", f"{column.name} 평균을 기준으로 비교했습니다.", 0.95
        )
    elif column.averaged:
        draft.query.assume(
            f"{column.name} was averaged; ask for the total to have it added up.",
            f"{column.name}(은/는) 평균을 구했습니다. 합계가 필요하면 '합계'라고 말씀해 주십시오.",
            0.95,
        )
    return "avg"


def _names_rows(draft: Draft) -> bool:
    """True when a group is (nearly) always a single row."""
    return any(draft.catalog.single(k.column) and not k.grain for k in draft.query.keys)


def _so_many(draft: Draft) -> bool:
    """`most`, `가장 많은`: a number of things, which adds up."""
    many = COUNTING | {"가장 많이", "제일 많이", "가장 적게", "제일 적게"}
    return any(m.kind in {"desc", "asc"} and m.text.lower() in many for m in draft.mentions)


def _price_order(draft: Draft) -> None:
    """`most expensive`, `oldest`: the superlative names its own measure."""
    for index in draft.all("desc") + draft.all("asc"):
        mention = draft.mentions[index]
        if mention.payload in {"", "soft"} or any(m.column for m in draft.query.measures):
            continue
        column, rising = _meant_by(draft, mention)
        if column is None:
            raise UnsureError(
                f'No column tells what "{mention.text}" means here.',
                f"'{mention.text}'의 기준이 되는 열이 없습니다.",
            )
        if rising != (mention.kind == "desc"):
            draft.mentions[index] = replace(mention, kind="desc" if rising else "asc")
        averages = [n for n in draft.all("agg") if draft.mentions[n].payload in {"avg", "median"}]
        function = (
            draft.mentions[averages[0]].payload if averages else _superlative(draft, column, rising=rising)
        )
        draft.take(*averages)
        draft.query.measures.append(Measure(function, column))


def _superlative(draft: Draft, column: ColumnInfo, *, rising: bool) -> str:
    """The aggregate of a superlative of its own: of groups, sums add up (`wettest month`) and temperatures are averaged."""
    if draft.query.keys and not _names_rows(draft):
        if natural(column) == "sum":
            return "sum"
        if "temperature" in column.concepts:
            return _implied(draft, column, superlative=True)
    return "max" if rising else "min"


def _meant_by(draft: Draft, mention: Mention) -> tuple[ColumnInfo | None, bool]:
    """The column that a superlative is about (`tallest`, `oldest`), and whether its largest value comes first."""
    for concept in mention.payload.split("|"):
        name, against = concept.removeprefix("-"), concept.startswith("-")
        rising = (mention.kind == "desc") != against
        column = draft.first_named(name) or _by_end(draft, name, rising) or _dated(draft, name)
        if column is not None:
            return column, rising
    return None, True


def _by_end(draft: Draft, concept: str, rising: bool) -> ColumnInfo | None:
    """Of several columns (`temp_max`, `temp_min`) the one whose name says the end that is asked for."""
    several = [c for c in draft.catalog.columns if c.numeric and concept in c.concepts]
    words = {"max", "high", "highest", "최고", "최대"} if rising else {"min", "low", "lowest", "최저", "최소"}
    told = [c for c in several if any(word in c.name.lower() for word in words)]
    return next(iter(told if len(several) > 1 else several), None) if len(told) < 2 else None


def _dated(draft: Draft, concept: str) -> ColumnInfo | None:
    if concept == "year":
        return next((c for c in draft.catalog.columns if c.calendar_year), None)
    return draft.catalog.time_column if concept == "date" else None


def _sold(draft: Draft, *, only_quantity: bool = False) -> None:
    """`sold` without a named measure: units when a column counts them, and revenue beside it."""
    _require_sold_figure(draft)
    draft.take(*draft.all("sell", free=False))
    if (
        any(m.column for m in draft.query.measures)
        or draft.query.having
        or (draft.query.measures and not only_quantity)
    ):
        return
    quantity, revenue = draft.first_named("quantity"), draft.first_named("revenue")
    chosen = [c for c in (quantity, None if only_quantity else revenue) if c is not None]
    if not chosen:
        raise UnsureError("No column says how much was sold.", "판매량이나 매출을 나타내는 열이 없습니다.")
    draft.query.measures += [Measure("sum", c) for c in chosen]
    if only_quantity:
        return
    name = chosen[0].name
    draft.query.assume(f'"Sold" was measured by {name}.', f"판매 정도는 {name}(으로/로) 측정했습니다.", 0.95)


def _require_sold_figure(draft: Draft) -> None:
    """Raises: UnsureError for `the average discount of the most sold product`, which ranks by one figure and asks for another."""
    for index in draft.all("sell", free=False):
        before = draft.at(index - 1)
        ranked = before is not None and before.kind in {"desc", "asc"}
        sold = {"quantity", "revenue", "amount"}
        if ranked and any(m.column and not sold & set(m.column.concepts) for m in draft.query.measures):
            raise UnsureError(
                "This ranks by one figure and asks for another; ask for one after the other.",
                "순위를 매기는 수치와 묻는 수치가 서로 다릅니다. 하나씩 나누어 물어봐 주십시오.",
            )


def _counted_entity(draft: Draft) -> None:
    """A superlative over things (`the region with the most customers`) counts them."""
    if not draft.query.keys or not any(
        m.kind in {"desc", "asc"} and m.text.lower() in COUNTING for m in draft.mentions
    ):
        return
    for index in [*draft.all("column"), *draft.all("rows"), *draft.all("missing")]:
        if draft.mentions[index].kind != "column" or (draft.is_dimension(index) and not draft.is_flag(index)):
            count_of(draft, index)
            return
    if any(m.kind in {"value", "comparison"} for m in draft.mentions):
        draft.query.measures.append(Measure("count"))
