"""Names and numbers of a result in words: figures, groups, conditions."""

from datetime import date, timedelta
from typing import Any

from mesh.language import Language, say

from .query import Average, Filter, Having, Measure, Query

_NAMES = {
    "sum": ("total {0}", "{0} 합계"),
    "avg": ("average {0}", "{0} 평균"),
    "median": ("median {0}", "{0} 중앙값"),
    "min": ("lowest {0}", "{0} 최솟값"),
    "max": ("highest {0}", "{0} 최댓값"),
    "stddev": ("standard deviation of {0}", "{0} 표준편차"),
    "count_distinct": ("number of different {0}", "{0} 수(중복 제외)"),
    "rate": ("{0} rate", "{0} 비율"),
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
_AVERAGES = {"avg": ("average", "평균"), "median": ("median", "중앙값")}
_AGAINST = {
    ">": ("above the {0}", "{0} 초과"),
    ">=": ("at or above the {0}", "{0} 이상"),
    "<": ("below the {0}", "{0} 미만"),
    "<=": ("at or below the {0}", "{0} 이하"),
}


def measure_label(query: Query, measure: Measure, language: Language) -> str:
    """A figure's name in words, with the question's own word for its column when it used one."""
    if measure.over is not None:
        return _ratio_label(query, measure, measure.over, language)
    if measure.column is None:
        word = query.counted or ("rows" if language == "en" else "행")
        return f"number of {word}" if language == "en" else f"{word} 수"
    name = query.words.get(measure.column.name, measure.column.name)
    if measure.column.temporal:
        en, ko = (
            ("earliest {0}", "가장 이른 {0}")
            if measure.function == "min"
            else ("latest {0}", "가장 늦은 {0}")
        )
        return (ko if language == "ko" else en).format(name)
    if query.superlative and measure.function in {"min", "max"}:
        return name
    if measure.percent is not None:
        en, ko = "percentile {1:g} of {0}", "{0} {1:g}백분위수"
        return (ko if language == "ko" else en).format(name, measure.percent)
    return _NAMES[measure.function][1 if language == "ko" else 0].format(name)


def _ratio_label(query: Query, measure: Measure, over: Measure, language: Language) -> str:
    names = [
        query.words.get(m.column.name, m.column.name) if m.column else ("row" if language == "en" else "행")
        for m in (measure, over)
    ]
    return ("{0} per {1}" if language == "en" else "{1} 대비 {0}").format(*names)


def value_text(measure: Measure, value: Any) -> str:
    """A figure for prose: a rate as a percentage, else as a number."""
    if measure.function == "rate" and isinstance(value, int | float):
        return f"{value:.1%}"
    return number_text(value)


def number_text(value: Any) -> str:
    """A number for prose: thousands separators, at most two decimals (four below one)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:,.2f}" if abs(value) >= 1 else f"{value:.4f}"


def condition_text(query: Query, language: Language) -> str:
    """The filters in words, empty when there are none."""
    parts = [filter_text(f, language) for f in query.filters]
    parts += [
        (" or " if language == "en" else " 또는 ").join(filter_text(f, language) for f in some)
        for some in query.alternatives
    ]
    parts += [_having_text(query, having, language) for having in query.having]
    if not parts:
        return ""
    return f" ({'; '.join(parts)})" if language == "en" else ", ".join(parts) + " 조건에서 "


def _having_text(query: Query, having: Having, language: Language) -> str:
    if having.measure.where:
        never = ", ".join(filter_text(f, language) for f in having.measure.where)
        return f"never {never}" if language == "en" else f"{never} 없음"
    return comparison_text(measure_label(query, having.measure, language), having.op, having.values, language)


def filter_text(item: Filter, language: Language) -> str:
    """One filter in words."""
    name = item.column.name
    if item.op in {"period", "periods"}:
        ranges = [item.values] if item.op == "period" else list(item.values)
        return f"{name} {', '.join(_range(start, end, language) for start, end in ranges)}"
    if item.op == "weekdays":
        return f"{name} = {', '.join(_WEEKDAYS[language][day - 1] for day in item.values)}"
    if item.op in {"null", "not null"}:
        missing = item.op == "null"
        if language == "ko":
            return f"{name} 값이 {'없음' if missing else '있음'}"
        return f"{name} is {'missing' if missing else 'known'}"
    if item.op in {"in", "not in"}:
        values = dict.fromkeys(str(item.column.canonical(v)) for v in item.values)
        return f"{name} {'≠' if item.op == 'not in' else '='} {', '.join(values)}"
    return comparison_text(name, item.op, item.values, language)


def comparison_text(name: str, op: str, values: tuple[Any, ...], language: Language) -> str:
    """A comparison of `name` with numbers in words."""
    ko = language == "ko"
    if isinstance(values[0], Average):
        return f"{name} {_AGAINST[op][ko]}".format(_AVERAGES[values[0].function][ko])
    numbers = [number_text(v) for v in values]
    if op == "between":
        return f"{name} {numbers[0]}~{numbers[1]}" if ko else f"{name} between {numbers[0]} and {numbers[1]}"
    word = _OPS[op]
    return f"{name} {numbers[0]} {word[1]}".rstrip() if ko else f"{name} {word[0]} {numbers[0]}"


def _range(start: date | None, end: date | None, language: Language) -> str:
    last = end - timedelta(days=1) if end else None
    if start and last and start == last:
        return str(start)
    if language == "ko":
        return f"{start or ''}~{last or ''}"
    return f"from {start} to {last}" if start and last else f"from {start} on" if start else f"up to {last}"


def key_text(query: Query, row: list[Any], language: Language) -> str:
    """A row's group in words."""
    return " · ".join(key_names(query, row, language))


def key_names(query: Query, row: list[Any], language: Language) -> list[str]:
    """What a row stands for in each of the groups, in words."""
    names = []
    for key, value in zip(query.keys, row, strict=False):
        if key.grain == "weekday" and isinstance(value, int):
            names.append(_WEEKDAYS[language][value - 1])
        elif key.grain == "hour" and isinstance(value, int):
            names.append(f"{value}시" if language == "ko" else f"{value:02d}:00")
        elif key.grain == "weekend" and language == "ko":
            names.append("주말" if value == "weekend" else "평일")
        else:
            text = str(value) if value is not None else say(language, en="(none)", ko="(없음)")
            if key.column.numeric and not key.column.calendar_year and not key.grain:
                text = f"{query.words.get(key.column.name, key.column.name)} {text}"
            names.append(text + "년" if key.grain == "year" and language == "ko" else text)
    return names


def figure_place(query: Query, row: list[Any]) -> int:
    """Where in a row the figure is that it is ranked by: last for shares and changes, else right behind the groups."""
    return len(row) - 1 if query.kind in {"share", "change"} else len(query.keys)


def figure_text(query: Query, row: list[Any]) -> str:
    """The figure that a row's sentence is about."""
    value = row[figure_place(query, row)]
    if value is None:
        return "-"
    return f"{value:.1%}" if query.kind == "share" else number_text(value)


def figure_label(query: Query, language: Language) -> str:
    """The name of the figure that a result is about."""
    if query.kind == "share":
        of = "" if query.measures[0].column is None else measure_label(query, query.measures[0], language)
        if query.part:
            part = ", ".join(filter_text(f, language) for f in query.part)
            return say(language, en="share with {p}", ko="{p} 비율", p=part)
        return say(language, en="share of {o}", ko="{o} 비중", o=of or say(language, en="rows", ko="행 수"))
    return measure_label(query, query.measures[0], language)


def key_name(query: Query, language: Language) -> str:
    """What the groups are called."""
    grains = {"day": "날", "week": "주", "month": "달", "quarter": "분기", "year": "해", "weekday": "요일"}
    grains |= {"weekend": "주말과 평일", "hour": "시간대"}
    key = query.keys[0]
    if key.grain:
        return grains[key.grain] if language == "ko" else key.grain
    return query.words.get(key.column.name, key.column.name)
