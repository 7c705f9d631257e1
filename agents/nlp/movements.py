"""Says of a figure over time how it grew, changed between two periods, or added up."""

from typing import Any

from mesh.language import Language, say

from .labels import (
    condition_text,
    filter_text,
    key_name,
    key_text,
    measure_label,
    number_text,
    value_text,
)
from .query import Filter, Query


def growth_sentence(query: Query, rows: list[list[Any]], language: Language) -> str:
    """The last period's figure and its growth, or the greatest growth when they are ranked."""
    row = rows[-1] if query.order is None else rows[0]
    values = {"k": row[0], "l": measure_label(query, query.measures[0], language), "v": number_text(row[1])}
    if row[2] is None:
        return say(
            language,
            en="In {k} the {l} was {v}; there is no earlier period to compare.",
            ko="{k} {l}(은/는) {v}이며 비교할 이전 기간이 없습니다.",
            **values,
        )
    if query.lag is not None:
        return say(
            language,
            en="In {k} the {l} was {v}, {g:+.1%} against the same period of the year before.",
            ko="{k} {l}(은/는) {v}(으로/로) 전년 같은 기간보다 {g:+.1%} 변했습니다.",
            g=row[2],
            **values,
        )
    return say(
        language,
        en="In {k} the {l} was {v}, {g:+.1%} against the period before.",
        ko="{k} {l}(은/는) {v}(으로/로) 직전 기간보다 {g:+.1%} 변했습니다.",
        g=row[2],
        **values,
    )


def change_sentence(query: Query, rows: list[list[Any]], language: Language) -> str:
    """The first group's figure in both periods and its change, or the greatest and the smallest change."""
    known = [r for r in rows if r[-1] is not None]
    if not known:
        return say(language, en="No change could be computed.", ko="계산할 수 있는 증감이 없습니다.")
    label = measure_label(query, query.measures[0], language)
    if not query.keys:
        before, after = (filter_text(side, language) for side in query.compared)
        return say(
            language,
            en="The {l}{c} was {a} ({p}) and {b} ({q}): {g:+.1%}.",
            ko="{c}{l}(은/는) {a}({p})에서 {b}({q})(으로/로) {g:+.1%} 변했습니다.",
            l=label,
            c=condition_text(query, language),
            a=number_text(known[0][0]),
            b=number_text(known[0][1]),
            p=before,
            q=after,
            g=known[0][2],
        )
    if query.order is not None:
        return say(
            language,
            en="The {l} of {k} {d}: from {a} to {b} ({g:+.1%}).",
            ko="{l}(이/가) 가장 {d} {n}(은/는) {k}(으로/로) {a}에서 {b}(으로/로) {g:+.1%} 변했습니다.",
            l=label,
            k=key_text(query, known[0], language),
            n=key_name(query, language),
            a=number_text(known[0][-3]),
            b=number_text(known[0][-2]),
            g=known[0][-1],
            d=_extreme(query, known[0][-1], language),
        )
    top, low = max(known, key=lambda r: r[-1]), min(known, key=lambda r: r[-1])
    return say(
        language,
        en="The {l} grew most for {a} ({x:+.1%}) and least for {b} ({y:+.1%}).",
        ko="{l} 증감률은 {a}에서 {x:+.1%}로 가장 높고 {b}에서 {y:+.1%}로 가장 낮습니다.",
        l=label,
        a=key_text(query, top, language),
        x=top[-1],
        b=key_text(query, low, language),
        y=low[-1],
    )


def running_sentence(query: Query, rows: list[list[Any]], language: Language) -> str:
    """Where a running total or a moving average stands at its last period."""
    values = {
        "l": measure_label(query, query.measures[0], language),
        "c": condition_text(query, language),
        "k": key_text(query, rows[-1], language),
        "v": number_text(rows[-1][-1]),
        "n": query.window,
    }
    if query.window is None:
        return say(
            language,
            en="Up to {k}, the {l}{c} has run up to {v}.",
            ko="{c}{k}까지 누적된 {l}(은/는) {v}입니다.",
            **values,
        )
    return say(
        language,
        en="At {k}, the {l}{c} averages {v} over the last {n} periods.",
        ko="{c}{k} 기준 {l}의 최근 {n}개 기간 평균은 {v}입니다.",
        **values,
    )


def _extreme(query: Query, growth: float, language: Language) -> str:
    """How the first of a ranking changed beside the others."""
    fell, most = growth < 0, (growth < 0) == (query.order == "asc")
    if language == "ko":
        return f"{'크게' if most else '적게'} {'줄어든' if fell else '늘어난'}"
    return f"{'fell' if fell else 'grew'} {'most' if most else 'least'}"


def difference_sentence(query: Query, rows: list[list[Any]], language: Language) -> str:
    """Both figures and how far they are apart."""
    one, other, apart = rows[0]
    sides = [_side(side, language) for side in query.compared]
    if apart is None:
        return say(
            language,
            en="There is no figure for both {a} and {b}.",
            ko="{a}(와/과) {b} 모두의 값이 있지 않아 차이를 구할 수 없습니다.",
            a=sides[0],
            b=sides[1],
        )
    measure, higher = query.measures[0], apart >= 0
    points = measure.function == "rate"
    return say(
        language,
        en="The {l}{c} is {x} for {a} and {y} for {b}: {d} {h}.",
        ko="{c}{l}(은/는) {a} {x}, {b} {y}(으로/로) 차이는 {d}입니다.",
        l=measure_label(query, measure, language),
        c=condition_text(query, language),
        a=sides[0],
        b=sides[1],
        x=value_text(measure, one),
        y=value_text(measure, other),
        d=say(language, en="{d} points", ko="{d}%p", d=number_text(round(abs(apart) * 100, 2)))
        if points
        else number_text(abs(apart)),
        h="more" if higher else "less",
    )


def _side(item: Filter, language: Language) -> str:
    """One side of a difference: the value alone when it says itself what it is."""
    if item.op == "in" and not item.column.boolean:
        return str(item.column.canonical(item.values[0]))
    return filter_text(item, language)
