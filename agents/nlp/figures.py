"""Decides which figures are computed: the aggregate of a measure, a count, the ranking figure of a superlative."""

from dataclasses import replace

from .catalog import ColumnInfo
from .concepts import PRICE_LIKE
from .counting import count_of, counted_by
from .draft import Draft, UnsureError
from .grouping import COUNTING
from .mentions import Mention
from .numerals import Percentile
from .query import Measure

_ENDS = frozenset({"highest", "lowest", "largest", "smallest", "최고", "최저"})


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


def natural(column: ColumnInfo) -> str:
    """How a column's values combine when nothing else was said: additive ones are summed, others averaged."""
    return "sum" if column.additive else "avg"


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
    if not superlative:
        return natural(column)
    extreme = "min" if draft.has("asc") else "max"
    if not draft.query.keys:
        return extreme
    if column.additive:
        return "sum"
    if set(column.concepts) & PRICE_LIKE:
        en, ko = ("lowest", "최저") if extreme == "min" else ("highest", "최고")
        draft.query.assume(
            f"Ranked by each group's {en} {column.name}.",
            f"그룹마다 {ko} {column.name} 값을 기준으로 비교했습니다.",
            0.95,
        )
        return extreme
    draft.query.assume(
        f"Ranked by the average {column.name}.", f"{column.name} 평균을 기준으로 비교했습니다.", 0.95
    )
    return "avg"


def _price_order(draft: Draft) -> None:
    """`most expensive`, `oldest`: the superlative names its own measure."""
    for index in draft.all("desc") + draft.all("asc"):
        mention = draft.mentions[index]
        if mention.payload in {"", "soft"} or any(m.column for m in draft.query.measures):
            continue
        column = draft.first_named(mention.payload)
        if column is None:
            raise UnsureError(
                f'No column tells what "{mention.text}" means here.',
                f"'{mention.text}'의 기준이 되는 열이 없습니다.",
            )
        draft.query.measures.append(Measure("min" if mention.kind == "asc" else "max", column))


def _sold(draft: Draft, *, only_quantity: bool = False) -> None:
    """`sold` without a named measure: units when a column counts them, and revenue beside it."""
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
