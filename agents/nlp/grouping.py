"""Decides what the result is grouped by: `by region`, `지역별`, `which product`, `monthly`."""

import re

from .catalog import ColumnInfo
from .draft import Draft, UnsureError
from .periods import Period
from .query import Key

_ALSO = re.compile(r"^[\s,/]*(?:and|과|와|및|랑|,|/)*[\s,/]*(?:the|each)?\s*$")
COUNTING = frozenset(
    {
        "most",
        "the most",
        "fewest",
        "least",
        "the least",
        "more",
        "fewer",
        "less",
        "가장 많은",
        "가장 많",
        "제일 많은",
        "제일 많",
        "최다",
        "가장 적은",
        "가장 적",
        "제일 적은",
        "많은",
        "적은",
    }
)
"""Superlatives that count the things they stand beside."""
_PER = re.compile(
    r"^(?:per|daily|weekly|monthly|quarterly|yearly|annual|annually|당|하루|매월|매년|매달)\b|^per "
)


def place_groups(draft: Draft) -> None:
    """Adds a key for every column or time unit that a grouping word points at."""
    for index in draft.all("group"):
        mention = draft.mentions[index]
        if mention.payload == "which":
            _which(draft, index)
            continue
        forward = mention.latin or mention.text.startswith("각") or mention.text.startswith("기준")
        targets = _run(draft, index, 1 if forward else -1)
        if not targets:
            raise UnsureError(
                f'It is unclear what "{mention.text}" groups by.',
                f"'{mention.text}' 앞뒤의 기준이 분명하지 않습니다.",
            )
        draft.take(index)
        for target in sorted(targets):
            _add(draft, target)
    for index in draft.all("grain"):
        draft.take(index)
        draft.query.keys.append(Key(time_column(draft), draft.mentions[index].payload))


def _run(draft: Draft, index: int, step: int) -> list[int]:
    """The mentions a grouping word covers: its neighbour and those joined to it with `and`."""
    targets: list[int] = []
    at = index + step
    while True:
        mention = draft.at(at)
        if mention is None or not (
            draft.is_dimension(at) or mention.kind == "unit" or (not targets and mention.kind == "column")
        ):
            return targets
        joined = draft.mentions[at].gap if step > 0 else draft.mentions[at + 1].gap
        if targets and not (
            (_ALSO.match(joined) and joined.strip()) or (step < 0 and mention.after in {"과", "와", "랑"})
        ):
            return targets
        targets.append(at)
        at += step


def _which(draft: Draft, index: int) -> None:
    draft.take(index)
    after = draft.at(index + 1)
    if after is not None and (draft.is_dimension(index + 1) or after.kind == "unit"):
        _add(draft, index + 1)
        draft.ranked.update(k.alias for k in draft.query.keys[-1:])


def _add(draft: Draft, index: int) -> None:
    mention = draft.mentions[index]
    if mention.kind == "unit":
        draft.take(index)
        draft.query.keys.append(Key(time_column(draft), mention.payload))
        return
    column = draft.column(index, lambda c: c.semantic != "identifier")
    if column.numeric:
        beside = draft.at(index + 1) if not mention.latin else draft.at(index - 1)
        if beside is not None and beside.kind == "group" and beside.text.lower() != "by":
            raise UnsureError("Ratios of two columns are not read.", "두 열의 비는 해석하지 않습니다.")
        return
    draft.take(index)
    if column.temporal:
        draft.query.keys.append(Key(column, "day"))
    elif column.name not in {k.column.name for k in draft.query.keys}:
        draft.query.keys.append(Key(column))


def place_units(draft: Draft) -> None:
    """Time units without a grouping word: a key when a superlative asks for the best one (`the best month`)."""
    for index in draft.all("unit"):
        mention = draft.mentions[index]
        after = draft.at(index + 1)
        if not mention.latin and after is not None and after.kind == "agg" and after.payload == "avg":
            draft.take(index)
            draft.query.keys.append(Key(time_column(draft), mention.payload))
            draft.query.kind = "mean_of_groups"
        elif (draft.has("desc") or draft.has("asc") or draft.query.having) and not draft.query.keys:
            draft.take(index)
            draft.query.keys.append(Key(time_column(draft), mention.payload))


def place_loose_dimensions(draft: Draft) -> None:
    """Category columns without a grouping word: the thing a superlative ranks, or what is compared."""
    loose = [n for n in draft.all("column") if draft.is_dimension(n)]
    if draft.query.keys:
        _loose_among_groups(draft, loose)
        return
    if not loose:
        return
    order = [
        n
        for n, m in enumerate(draft.mentions)
        if m.kind in {"desc", "asc", "limit", "nth"} and m.payload != "soft"
    ]
    if order:
        index = _ranked(draft, loose, order[0])
        _add(draft, index)
    elif draft.has("compare") or draft.query.having:
        _add(draft, loose[0])
    elif len(spoken := [n for n in loose if draft.mentions[n].text.endswith("별")]) == 1:
        _add(draft, spoken[0])


def _loose_among_groups(draft: Draft, loose: list[int]) -> None:
    """`the best selling product by region`: what is ranked within each group."""
    order = [
        m
        for m in draft.mentions
        if m.kind == "limit"
        or (m.kind in {"desc", "asc"} and m.payload != "soft" and m.text.lower() not in COUNTING)
    ]
    things = [
        n for n in loose if draft.column(n, lambda c: c.semantic != "identifier").semantic != "identifier"
    ]
    if not order or len(things) != 1 or draft.ranked:
        return
    _add(draft, things[0])
    draft.ranked.update(k.alias for k in draft.query.keys[-1:])


def _ranked(draft: Draft, loose: list[int], order: int) -> int:
    """Which of several columns is ranked: after the superlative in Korean; before it in English unless only one follows."""
    after = [n for n in loose if n > order]
    before = [n for n in loose if n < order]
    if len(loose) == 1:
        return loose[0]
    if not draft.mentions[order].latin:
        return after[0] if after else before[0]
    return before[0] if before else after[0]


def time_column(draft: Draft) -> ColumnInfo:
    """The column of dates. Raises: UnsureError when there is none."""
    from .mentions import year_column

    column = draft.catalog.time_column
    if column is None:
        raise UnsureError(
            "The data has no column of dates to group by.", "데이터에 시간별로 나눌 날짜 열이 없습니다."
        )
    assert year_column(draft.catalog) is None
    return column


def default_grain(draft: Draft, periods: list[Period]) -> str:
    """Days for up to three weeks, weeks up to three months, else months, over the time the question is about."""
    first, last = draft.catalog.first, draft.catalog.last
    if first is None or last is None:
        raise UnsureError("The data has no column of dates.", "데이터에 날짜 열이 없습니다.")
    if len(periods) == 1:
        first = max(first, periods[0].start or first)
        last = min(last, periods[0].end or last)
    days = (last - first).days
    return "day" if days <= 21 else "week" if days <= 92 else "month"


def spoken_per(text: str) -> bool:
    """True for grains said as a rate (`monthly average`, `per day`), which with an average mean the average of totals."""
    return bool(_PER.match(text.lower()))
