"""Puts a query's result into one sentence, in Korean or English, with numbers that are in the rows."""

from typing import Any

from mesh.language import Language, say

from .labels import (
    condition_text,
    figure_label,
    figure_place,
    figure_text,
    filter_text,
    key_name,
    key_text,
    measure_label,
    number_text,
)
from .movements import change_sentence, difference_sentence, growth_sentence, running_sentence
from .query import Query
from .standings import ranking_sentence

_MOVEMENTS = {
    "growth": growth_sentence,
    "change": change_sentence,
    "running": running_sentence,
    "difference": difference_sentence,
}


def answer_sentence(query: Query, rows: list[list[Any]], language: Language) -> str:
    """One sentence that says what `rows` show."""
    if not rows or (not query.keys and all(v is None for v in rows[0])):
        return say(language, en="No rows match the conditions.", ko="조건에 맞는 행이 없습니다.")
    if query.kind == "list":
        return _list(rows, language)
    if query.kind == "span":
        return say(
            language,
            en="The data runs from {a} to {b}.",
            ko="데이터 기간은 {a}부터 {b}까지입니다.",
            a=rows[0][0],
            b=rows[0][1],
        )
    if query.kind in _MOVEMENTS:
        return _MOVEMENTS[query.kind](query, rows, language)
    if query.kind == "group_count":
        return _group_count(query, rows, language)
    if query.kind == "mean_of_groups":
        return _mean(query, rows, language)
    if query.measures[0].function == "corr":
        return _correlation(query, rows, language)
    if query.kind == "share" and not query.keys:
        return _share(query, rows, language)
    if not query.keys:
        return _figures(query, rows, language)
    if query.superlative:
        return ranking_sentence(query, rows, language)
    return _groups(query, rows, language)


def stated_rows(query: Query, rows: list[list[Any]]) -> list[list[Any]]:
    """The rows that the sentence on a long result may name: first, last, highest and lowest."""
    at = figure_place(query, rows[0])
    known = [r for r in rows if len(r) > at and isinstance(r[at], int | float)]
    extremes = [max(known, key=lambda r: r[at]), min(known, key=lambda r: r[at])] if known else []
    return [rows[0], rows[-1], *extremes]


def too_many(count: int, language: Language) -> str:
    """What is said of a result too long to speak about."""
    return say(
        language,
        en="The result has more than {n:,} rows; the first are shown.",
        ko="결과가 {n:,}행을 넘어 앞부분만 표시했습니다.",
        n=count,
    )


def _figures(query: Query, rows: list[list[Any]], language: Language) -> str:
    values = [
        f"{measure_label(query, m, language)} {number_text(v)}"
        for m, v in zip(query.measures, rows[0], strict=False)
        if v is not None
    ]
    condition = condition_text(query, language)
    if len(values) == 1 and len(query.measures) == 1:
        label, value = measure_label(query, query.measures[0], language), number_text(rows[0][0])
        return say(
            language, en="The {l}{c} is {v}.", ko="{c}{l}(은/는) {v}입니다.", l=label, v=value, c=condition
        )
    return say(
        language, en="The figures{c}: {v}.", ko="{c}결과는 {v}입니다.", v=", ".join(values), c=condition
    )


def _share(query: Query, rows: list[list[Any]], language: Language) -> str:
    part, total, share = rows[0]
    if share is None:
        return say(language, en="No rows match the conditions.", ko="조건에 맞는 행이 없습니다.")
    return say(
        language,
        en="{w} makes up {s:.1%} of the {m}{c}: {p} of {t}.",
        ko="{c}{m} {t} 가운데 {w}의 비율은 {s:.1%}({p})입니다.",
        s=share,
        p=number_text(part or 0),
        t=number_text(total),
        c=condition_text(query, language),
        m=measure_label(query, query.measures[0], language),
        w=", ".join(filter_text(f, language) for f in query.part),
    )


def _groups(query: Query, rows: list[list[Any]], language: Language) -> str:
    at = figure_place(query, rows[0])
    known = [r for r in rows if r[at] is not None]
    label, condition = figure_label(query, language), condition_text(query, language)
    if not known:
        return say(language, en="No figure could be computed.", ko="계산할 수 있는 값이 없습니다.")
    top, low = max(known, key=lambda r: r[at]), min(known, key=lambda r: r[at])
    if len(known) == 1:
        return say(
            language,
            en="{k}: {l}{c} {v}.",
            ko="{c}{k}의 {l}(은/는) {v}입니다.",
            k=key_text(query, top, language),
            l=label,
            c=condition,
            v=figure_text(query, top),
        )
    return say(
        language,
        en="The {l}{c} is highest for {a} ({x}) and lowest for {b} ({y}).",
        ko="{c}{l}(은/는) {a}에 {x}{r} 가장 높고 {b}에 {y}{r} 가장 낮습니다."
        if query.keys[0].grain
        else "{c}{l}(은/는) {a}에서 {x}{r} 가장 높고 {b}에서 {y}{r} 가장 낮습니다.",
        l=label,
        c=condition,
        a=key_text(query, top, language),
        x=figure_text(query, top),
        b=key_text(query, low, language),
        y=figure_text(query, low),
        r="로" if query.kind == "share" else "(으로/로)",
    )


def _mean(query: Query, rows: list[list[Any]], language: Language) -> str:
    values = {
        "l": measure_label(query, query.measures[0], language),
        "v": number_text(rows[0][0]),
        "n": rows[0][1],
        "k": key_name(query, language),
        "c": condition_text(query, language),
    }
    return say(
        language,
        en="The {l} per {k}{c} averages {v}, over {n:,} groups.",
        ko="{c}{k}당 {l}의 평균은 {v}이며, {n:,}개 묶음에서 구했습니다.",
        **values,
    )


def _group_count(query: Query, rows: list[list[Any]], language: Language) -> str:
    return say(
        language,
        en="The number of {k}{c} is {n:,}.",
        ko="{c}{k} 수는 {n:,}입니다.",
        k=query.counted,
        c=condition_text(query, language),
        n=rows[0][0],
    )


def _correlation(query: Query, rows: list[list[Any]], language: Language) -> str:
    measure = query.measures[0]
    a, b = (measure.column.name if measure.column else ""), (measure.other.name if measure.other else "")
    return say(
        language,
        en="The correlation (Pearson) between {a} and {b}{c} is {v:.3f}.",
        ko="{c}{a}(과/와) {b}의 상관계수(피어슨)는 {v:.3f}입니다.",
        a=a,
        b=b,
        v=rows[0][0],
        c=condition_text(query, language),
    )


def _list(rows: list[list[Any]], language: Language) -> str:
    shown = ", ".join(str(r[0]) for r in rows[:5])
    return say(
        language,
        en="{n:,} match, such as: {s}.",
        ko="조건에 맞는 항목은 {n:,}개이며, 예를 들면 {s}입니다.",
        n=len(rows),
        s=shown,
    )
