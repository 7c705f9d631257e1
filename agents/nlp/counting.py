"""Counts what a question names: rows, different values, or things that are one row each."""

from .concepts import ENTITIES
from .draft import Draft, UnsureError
from .query import Measure


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
    whole = column.distinct == draft.catalog.rows
    draft.query.measures.append(
        Measure("count") if whole and not draft.has("distinct") else Measure("count_distinct", column)
    )


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
