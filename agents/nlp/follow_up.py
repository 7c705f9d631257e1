"""Reads a question that changes an earlier one (`only Seoul`, `and by month?`) by applying it to the earlier query."""

import re
from dataclasses import replace

from .catalog import Catalog
from .comparisons import place_comparisons
from .draft import Draft, UnsureError
from .figures import natural
from .grouping import place_groups
from .mentions import Mention
from .numerals import Limit, Percentile
from .query import Filter, Measure, Query
from .reading import finish, read_question, refuse
from .scanning import find_mentions
from .timing import period_filter, place_periods
from .values import place_flags, place_values

TURN = " — "
"""What stands between an earlier question and its change in a goal."""
_CARRYING = re.compile(
    r"\b(?:what about|how about|of (?:them|those|these)|among (?:them|those|these)|the same|same|only|just|instead"
    r"|and|but|now|then|for|in)\b|그 ?중(?:에서|에|에는)?|이 ?중(?:에서|에)?|그럼|그러면|그리고|이번(?:엔|에는)|다시|대신|나눠서?"
    r"|바꿔서?|정렬해서?|추려서?|걸러서?",
    re.IGNORECASE,
)
_PERIODS = frozenset({"period", "periods"})
_PASSING = frozenset({"having", "from", "within", "list", "who", "how", "howmuch"})
_CHANGEABLE = frozenset({"value", "share", "running", "list"})


def turns_of(question: str) -> list[str]:
    """The first question and its changes, in order."""
    return [turn.strip() for turn in question.split(TURN) if turn.strip()]


def read_turns(turns: list[str], catalog: Catalog) -> Query:
    """The query that a question and the changes after it ask for. Raises: UnsureError."""
    query = read_question(find_mentions(turns[0], catalog), catalog)
    for at, change in enumerate(turns[1:], 1):
        query = _changed(query, change, catalog)
        first = turns[at - 1]
        query.assume(f'Read as a change of "{first}".', f"'{first}'에 대한 변경으로 보았습니다.", 0.97)
    return query


def _changed(query: Query, text: str, catalog: Catalog) -> Query:
    """`query` with what `text` says about rows, groups, figure or order in place of what it said about the same."""
    if query.kind not in _CHANGEABLE or query.per_group or query.skipped:
        raise UnsureError(
            "This kind of answer is not changed by a follow-up; ask the whole question.",
            "이 유형의 답은 이어지는 질문으로 바꾸지 않습니다. 질문 전체를 다시 말씀해 주십시오.",
        )
    draft = Draft(catalog, find_mentions(_CARRYING.sub(lambda m: " " * len(m.group()), text), catalog))
    refuse(draft)
    periods = place_periods(draft)
    new = [f for _, f in place_values(draft)]
    new += [f for _, f in place_comparisons(draft, grouped=False)]
    place_groups(draft)
    for index in draft.all("grain"):
        draft.take(index)
    new += [f for _, f in place_flags(draft, set())] + draft.query.filters
    if periods:
        new.append(period_filter(draft, periods))
    changed = replace(query, words={**query.words, **draft.query.words})
    changed.assumptions = [*_kept_assumptions(query, new), *draft.query.assumptions]
    _filter(changed, new)
    _regroup(changed, draft)
    _measure(changed, draft)
    _rank(changed, draft)
    draft.take(*[n for n, m in enumerate(draft.mentions) if m.kind in _PASSING])
    if len(draft.used) < len(draft.mentions) or not draft.mentions or draft.query.having:
        raise _unclear(next((m for n, m in enumerate(draft.mentions) if n not in draft.used), None), text)
    draft.query = changed
    finish(draft)
    return changed


def _unclear(mention: Mention | None, text: str) -> UnsureError:
    word = mention.text if mention is not None else text
    return UnsureError(
        f'It is unclear what "{word}" changes; ask the whole question.',
        f"'{word}'(이/가) 무엇을 바꾸는지 분명하지 않습니다. 질문 전체를 다시 말씀해 주십시오.",
    )


def _kept_assumptions(query: Query, new: list[Filter]) -> list[tuple[str, str]]:
    """The earlier notes, without those on a period that is replaced."""
    if not any(f.op in _PERIODS for f in new):
        return query.assumptions
    return [note for note in query.assumptions if "was counted from the data's last day" not in note[0]]


def _filter(query: Query, new: list[Filter]) -> None:
    """Conditions on the same column replace the earlier ones; on the part of a share they stay on the part."""
    names = {f.column.name for f in new}
    parts = {f.column.name for f in query.part}
    query.part = [f for f in query.part if f.column.name not in names] + [
        f for f in new if f.column.name in parts
    ]
    kept = [f for f in query.filters if f.column.name not in names]
    query.filters = kept + [f for f in new if f.column.name not in parts]


def _regroup(query: Query, draft: Draft) -> None:
    """Groups that are named take the place of the earlier ones."""
    keys = list(draft.query.keys)
    if not keys:
        return
    in_time = len(keys) == 1 and keys[0].grain is not None
    if query.superlative or query.kind == "list" or query.having or (query.kind == "running" and not in_time):
        raise UnsureError(
            "It is unclear how the new groups and the earlier ranking or list go together.",
            "새로운 묶음과 앞선 순위나 목록을 어떻게 합칠지 분명하지 않습니다.",
        )
    if query.window is not None:
        raise UnsureError(
            "A moving average has the unit of its window.", "이동평균은 정해진 기간 단위를 따릅니다."
        )
    if query.keys and query.keys != keys:
        was, now = (", ".join(k.alias for k in some) for some in (query.keys, keys))
        query.assume(f"Grouped by {now} instead of {was}.", f"{was} 대신 {now} 기준으로 나누었습니다.", 0.95)
    query.keys = keys


def _measure(query: Query, draft: Draft) -> None:
    """A figure that is named takes the place of the earlier one; an aggregate alone is applied to the earlier column."""
    columns = [n for n in draft.all("column") if draft.is_numeric(n)]
    aggregates = draft.all("agg")
    if not columns and not aggregates:
        return
    if len(columns) > 1 or len(aggregates) > 1 or len(query.measures) != 1 or query.having:
        raise UnsureError(
            "It is unclear which figure replaces which.", "어떤 수치를 무엇으로 바꿀지 분명하지 않습니다."
        )
    earlier = query.measures[0]
    column = draft.column(columns[0], lambda c: c.numeric) if columns else earlier.column
    if column is None or (query.kind != "value" and (aggregates or not column.additive)):
        raise UnsureError(
            "That figure cannot take the place of the earlier one.", "앞선 수치를 그 값으로 바꿀 수 없습니다."
        )
    draft.take(*columns, *aggregates)
    if aggregates:
        said = draft.mentions[aggregates[0]]
        percent = said.detail.percent if isinstance(said.detail, Percentile) else None
        query.measures = [Measure(said.payload, column, percent=percent)]
        return
    carried = earlier.column is not None and earlier.function != natural(earlier.column)
    if earlier.column is not None and earlier.column.additive != column.additive and not carried:
        query.assume(
            f"{column.name} is {'added up' if column.additive else 'averaged'}.",
            f"{column.name}(은/는) {'합계' if column.additive else '평균'}로 구했습니다.",
        )
    query.measures = [replace(earlier, column=column) if carried else Measure(natural(column), column)]


def _rank(query: Query, draft: Draft) -> None:
    """`top 3`, `상위 3개`: the groups of the earlier answer, ranked."""
    for index in draft.all("limit"):
        limit = draft.mentions[index].detail
        assert isinstance(limit, Limit)
        if not query.keys or query.kind not in {"value", "share"} or not (limit.order or query.order):
            raise UnsureError(
                "It is unclear what should be ranked.", "무엇의 순위를 매길지 분명하지 않습니다."
            )
        draft.take(index)
        query.limit, query.order, query.superlative = limit.count, limit.order or query.order, True
