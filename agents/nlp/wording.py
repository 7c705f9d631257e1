"""Puts a query's result into one sentence, in Korean or English, with numbers that are in the rows."""

from datetime import date, timedelta
from typing import Any

from mesh.language import Language, say

from .query import Filter, Measure, Query

_NAMES = {
    "sum": ("total {0}", "{0} 합계"),
    "avg": ("average {0}", "{0} 평균"),
    "median": ("median {0}", "{0} 중앙값"),
    "min": ("lowest {0}", "{0} 최솟값"),
    "max": ("highest {0}", "{0} 최댓값"),
    "stddev": ("standard deviation of {0}", "{0} 표준편차"),
    "count_distinct": ("number of different {0}", "{0} 수(중복 제외)"),
    "corr": ("correlation of {0}", "{0} 상관계수"),
}
_WEEKDAYS = {
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "ko": ["월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일"],
}
_OPS = {
    ">": ("over", "초과"),
    ">=": ("at least", "이상"),
    "<": ("under", "미만"),
    "<=": ("at most", "이하"),
    "=": ("equal to", ""),
}


def measure_label(query: Query, measure: Measure, language: Language) -> str:
    """A figure's name in words, with the question's own word for its column when it used one."""
    if measure.column is None:
        word = query.counted or ("rows" if language == "en" else "행")
        return f"number of {word}" if language == "en" else f"{word} 수"
    name = query.words.get(measure.column.name, measure.column.name)
    if query.superlative and measure.function in {"min", "max"}:
        return name
    return _NAMES[measure.function][1 if language == "ko" else 0].format(name)


def number_text(value: Any) -> str:
    """A number for prose: thousands separators, at most two decimals (four below one)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:,.2f}" if abs(value) >= 1 else f"{value:.4f}"


def condition_text(query: Query, language: Language) -> str:
    """The filters in words, empty when there are none."""
    parts = [_condition(f, language) for f in query.filters]
    if not parts:
        return ""
    return f" ({'; '.join(parts)})" if language == "en" else ", ".join(parts) + " 조건에서 "


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
    if query.kind == "growth":
        return _growth(query, rows, language)
    if query.kind == "mean_of_groups":
        return _mean(query, rows, language)
    if query.measures[0].function == "corr":
        return _correlation(query, rows, language)
    if query.kind == "share" and not query.keys:
        return _share(query, rows, language)
    if not query.keys:
        return _figures(query, rows, language)
    if query.superlative:
        return _ranking(query, rows, language)
    return _groups(query, rows, language)


def _condition(item: Filter, language: Language) -> str:
    name, ko = item.column.name, language == "ko"
    if item.op in {"period", "periods"}:
        ranges = [item.values] if item.op == "period" else list(item.values)
        return f"{name} {', '.join(_range(start, end, language) for start, end in ranges)}"
    if item.op in {"in", "not in"}:
        values = dict.fromkeys(str(item.column.canonical(v)) for v in item.values)
        return f"{name} {'≠' if item.op == 'not in' else '='} {', '.join(values)}"
    numbers = [number_text(v) for v in item.values]
    if item.op == "between":
        return f"{name} {numbers[0]}~{numbers[1]}" if ko else f"{name} between {numbers[0]} and {numbers[1]}"
    word = _OPS[item.op]
    return f"{name} {numbers[0]} {word[1]}".rstrip() if ko else f"{name} {word[0]} {numbers[0]}"


def _range(start: date | None, end: date | None, language: Language) -> str:
    last = end - timedelta(days=1) if end else None
    if start and last and start == last:
        return str(start)
    if language == "ko":
        return f"{start or ''}~{last or ''}"
    return f"from {start} to {last}" if start and last else f"from {start} on" if start else f"up to {last}"


def _key(query: Query, row: list[Any], language: Language) -> str:
    names = []
    for key, value in zip(query.keys, row, strict=False):
        if key.grain == "weekday" and isinstance(value, int):
            names.append(_WEEKDAYS[language][value - 1])
        else:
            text = str(value if value is not None else "-")
            names.append(text + "년" if key.grain == "year" and language == "ko" else text)
    return " · ".join(names)


def _figure(query: Query, row: list[Any]) -> str:
    at = len(row) - 1 if query.kind == "share" else len(query.keys)
    value = row[at]
    if value is None:
        return "-"
    return f"{value:.1%}" if query.kind == "share" else number_text(value)


def _label(query: Query, language: Language) -> str:
    if query.kind == "share":
        of = "" if query.measures[0].column is None else measure_label(query, query.measures[0], language)
        if query.part:
            part = ", ".join(_condition(f, language) for f in query.part)
            return say(language, en="share with {p}", ko="{p} 비율", p=part)
        return say(language, en="share of {o}", ko="{o} 비중", o=of or say(language, en="rows", ko="행 수"))
    return measure_label(query, query.measures[0], language)


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
        w=", ".join(_condition(f, language) for f in query.part),
    )


def _ranking(query: Query, rows: list[list[Any]], language: Language) -> str:
    high = query.order != "asc"
    condition, label = condition_text(query, language), _label(query, language)
    if query.per_group:
        return _rankings(query, rows, language)
    counted = query.kind == "value" and query.measures[0].function in {"count", "count_distinct"}
    up, down = ("많은", "적은") if counted else ("높은", "낮은")
    if len(rows) == 1:
        return say(
            language,
            en="{k} has the {d} {l}{c}: {v}.",
            ko="{c}{l}(이/가) 가장 {d} {n}(은/는) {k}이며, 값은 {v}입니다.",
            k=_key(query, rows[0], language),
            l=label,
            c=condition,
            v=_figure(query, rows[0]),
            n=_key_name(query, language),
            d=("highest" if high else "lowest") if language == "en" else (up if high else down),
        )
    shown = ", ".join(f"{_key(query, r, language)} ({_figure(query, r)})" for r in rows[:5])
    return say(
        language,
        en="By {l}{c}, the {d} {n} are: {s}.",
        ko="{c}{l} 기준 {d} 순서는 {s}입니다.",
        l=label,
        c=condition,
        s=shown,
        n=_key_name(query, language),
        d=("highest" if high else "lowest") if language == "en" else (up if high else down),
    )


def _rankings(query: Query, rows: list[list[Any]], language: Language) -> str:
    """The first places of up to five groups."""
    shown = []
    for row in rows[:5]:
        names = [("" if v is None else str(v)) for v in row[: len(query.keys)]]
        group, best = " · ".join(names[: query.per_group]), " · ".join(names[query.per_group :])
        shown.append(f"{group}: {best} ({_figure(query, row)})")
    return say(
        language,
        en="By {l}{c}, the {d} of each {g}: {s}.",
        ko="{c}{l} 기준으로 {g}마다 가장 {d} 것은 {s}입니다.",
        l=_label(query, language),
        c=condition_text(query, language),
        g=_key_name(query, language),
        s="; ".join(shown) if language == "en" else ", ".join(shown),
        d=say(
            language,
            en="lowest" if query.order == "asc" else "highest",
            ko="낮은" if query.order == "asc" else "높은",
        ),
    )


def _key_name(query: Query, language: Language) -> str:
    grains = {"day": "날", "week": "주", "month": "달", "quarter": "분기", "year": "해", "weekday": "요일"}
    key = query.keys[0]
    if key.grain:
        return grains[key.grain] if language == "ko" else key.grain
    return query.words.get(key.column.name, key.column.name)


def _groups(query: Query, rows: list[list[Any]], language: Language) -> str:
    at = len(rows[0]) - 1 if query.kind == "share" else len(query.keys)
    known = [r for r in rows if r[at] is not None]
    label, condition = _label(query, language), condition_text(query, language)
    if not known:
        return say(language, en="No figure could be computed.", ko="계산할 수 있는 값이 없습니다.")
    top, low = max(known, key=lambda r: r[at]), min(known, key=lambda r: r[at])
    if len(known) == 1:
        return say(
            language,
            en="{k}: {l}{c} {v}.",
            ko="{c}{k}의 {l}(은/는) {v}입니다.",
            k=_key(query, top, language),
            l=label,
            c=condition,
            v=_figure(query, top),
        )
    return say(
        language,
        en="The {l}{c} is highest for {a} ({x}) and lowest for {b} ({y}).",
        ko="{c}{l}(은/는) {a}에 {x}{r} 가장 높고 {b}에 {y}{r} 가장 낮습니다."
        if query.keys[0].grain
        else "{c}{l}(은/는) {a}에서 {x}{r} 가장 높고 {b}에서 {y}{r} 가장 낮습니다.",
        l=label,
        c=condition,
        a=_key(query, top, language),
        x=_figure(query, top),
        b=_key(query, low, language),
        y=_figure(query, low),
        r="로" if query.kind == "share" else "(으로/로)",
    )


def _growth(query: Query, rows: list[list[Any]], language: Language) -> str:
    row = rows[-1] if query.order is None else rows[0]
    label = measure_label(query, query.measures[0], language)
    if row[2] is None:
        return say(
            language,
            en="In {k} the {l} was {v}; there is no earlier period to compare.",
            ko="{k} {l}(은/는) {v}이며 비교할 이전 기간이 없습니다.",
            k=row[0],
            l=label,
            v=number_text(row[1]),
        )
    return say(
        language,
        en="In {k} the {l} was {v}, {g:+.1%} against the period before.",
        ko="{k} {l}(은/는) {v}(으로/로) 직전 기간보다 {g:+.1%} 변했습니다.",
        k=row[0],
        l=label,
        v=number_text(row[1]),
        g=row[2],
    )


def _mean(query: Query, rows: list[list[Any]], language: Language) -> str:
    values = {
        "l": measure_label(query, query.measures[0], language),
        "v": number_text(rows[0][0]),
        "n": rows[0][1],
        "k": _key_name(query, language),
        "c": condition_text(query, language),
    }
    return say(
        language,
        en="The {l} per {k}{c} averages {v}, over {n:,} groups.",
        ko="{c}{k}당 {l}의 평균은 {v}이며, {n:,}개 묶음에서 구했습니다.",
        **values,
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
