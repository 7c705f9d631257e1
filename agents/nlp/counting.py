"""Counts what a question names: rows, different values, or things that are one row each."""

from .concepts import ENTITIES, PEOPLE
from .draft import Draft, UnsureError
from .query import Key, Measure


def count_of(draft: Draft, index: int) -> None:
    """Counts what the mention at `index` names: rows, different values, or things that are one row each."""
    mention = draft.mentions[index]
    draft.take(index)
    draft.query.counted = mention.text
    if mention.kind == "rows":
        draft.query.measures.append(Measure("count"))
        return
    if mention.kind == "missing":
        _count_missing(draft, index)
        return
    column = draft.column(index, lambda c: c.semantic == "identifier")
    if column.concepts == ("product",) or column.concepts[-1:] == ("product",):
        _refuse_products_sold(draft)
    for again in draft.all("column"):
        if column.name in {c.name for c, _ in draft.mentions[again].columns}:
            draft.take(again)
    if column.temporal:
        raise UnsureError("Counting dates is ambiguous.", "날짜를 세는 기준이 분명하지 않습니다.")
    for distinct in draft.all("distinct"):
        draft.take(distinct)
    whole = column.distinct == draft.catalog.rows or (
        column == draft.catalog.label and draft.catalog.single(column)
    )
    draft.query.measures.append(
        Measure("count") if whole and not draft.has("distinct") else Measure("count_distinct", column)
    )


def counted_by(draft: Draft, index: int) -> int | None:
    """What a counting word counts: the noun after it in English, the noun before it (or after) in Korean."""
    latin = draft.mentions[index].latin
    events = draft.mentions[index].text in {"건수", "횟수", "몇 건", "몇 번"}
    after = draft.at(index + 1)
    if not latin and after is not None and after.kind == "sell":
        return index + 1
    forward, backward = range(index + 1, len(draft.mentions)), range(index - 1, -1, -1)
    for side in (forward, backward) if latin else (backward, forward):
        for at in side:
            mention = draft.mentions[at]
            if events and _acts(draft, at):
                draft.take(at)
                continue
            if mention.kind in {"rows", "sell", "missing"} and at not in draft.used:
                return at
            if mention.kind == "column" and at not in draft.used and not draft.is_flag(at):
                return at
            if mention.kind in {"group", "comparison", "count"}:
                break
    return None


def _acts(draft: Draft, index: int) -> bool:
    """True for the people who did what is counted (`고객이 주문한 건수`)."""
    mention = draft.mentions[index]
    people = any(set(c.concepts) & PEOPLE for c, _ in mention.columns)
    return people and draft.is_entity(index) and mention.after != ""


def count_groups(draft: Draft) -> None:
    """`how many products have more than 30 orders`: the number of groups that fulfil a condition."""
    counts, query = draft.all("count"), draft.query
    if not query.having or not counts:
        return
    target = _same_column(draft, query.keys[0].column.name) if query.keys else counted_by(draft, counts[0])
    if len(counts) > 1 or len(query.keys) > 1 or target is None or not draft.is_dimension(target):
        raise UnsureError("It is unclear what is counted.", "무엇을 세는지 분명하지 않습니다.")
    column = draft.column(target, lambda c: c.semantic == "identifier")
    draft.take(target, *counts, *draft.all("distinct"))
    query.kind, query.keys, query.counted = "group_count", [Key(column)], draft.mentions[target].text
    query.measures = [Measure("count_distinct", column)]


def _same_column(draft: Draft, name: str) -> int | None:
    return next((n for n, m in enumerate(draft.mentions) if name in {c.name for c, _ in m.columns}), None)


def _refuse_products_sold(draft: Draft) -> None:
    if draft.has("sell") and draft.first_named("quantity"):
        raise UnsureError(
            '"How many products were sold" can mean units or different products.',
            "판매된 제품의 '수량'인지 제품 '종류의 수'인지 분명하지 않습니다.",
        )


def _count_missing(draft: Draft, index: int) -> None:
    """Counting something no column identifies: one row each, when the table has no time and so one row per thing."""
    concept, text = draft.mentions[index].payload, draft.mentions[index].text
    identified = any(c.semantic == "identifier" for c in draft.catalog.columns)
    if (
        concept not in ENTITIES
        or identified
        or (draft.catalog.time_column is not None and concept != "order")
    ):
        raise UnsureError(f'No column holds "{text}".', f"'{text}'에 해당하는 열이 없습니다.")
    draft.query.measures.append(Measure("count"))
    draft.query.assume(
        f'Each row was counted as one "{text}".', f"한 행을 '{text}' 하나로 보고 세었습니다.", 0.75
    )
