"""Decides of a share which rows are the part and which the whole."""

from .counting import count_of
from .draft import Draft, UnsureError
from .query import Filter, Measure


def place_share(
    draft: Draft,
    values: list[tuple[int, Filter]],
    flags: list[tuple[int, Filter]],
    compared: list[tuple[int, Filter]],
) -> None:
    """Numerator and whole: what comes after `is/from` or `중` is the part, what comes before it the whole."""
    query = draft.query
    query.kind = "share"
    shares = draft.all("share") or draft.all("rate", free=False)
    draft.take(*draft.all("share"))
    rated = draft.has("rate") and not draft.has("share")
    query.filters += [f for _, f in compared] if rated or query.having else []
    placed = sorted(
        [*values, *flags, *([] if rated or query.having else compared)], key=lambda entry: entry[0]
    )
    border = _border(draft, shares[0])
    inner = [f for position, f in placed if border is not None and position > border]
    if rated:
        inner = [f for _, f in flags]
    elif not inner and placed and not _groups_are_part(draft, border):
        if len(placed) > 1 and not flags:
            raise UnsureError(
                "It is unclear which condition is the part and which the whole.",
                "어느 조건이 부분이고 어느 조건이 전체인지 분명하지 않습니다.",
            )
        inner = [] if query.keys and not flags and _about_whole(draft, placed[-1][0]) else [placed[-1][1]]
    query.part = inner
    query.filters += [f for _, f in placed if f not in inner]
    for index in [*draft.all("missing"), *draft.all("column")]:
        if not query.measures and (draft.mentions[index].kind == "missing" or draft.is_dimension(index)):
            count_of(draft, index)
        elif query.measures and draft.is_dimension(index) and draft.column(index).semantic == "identifier":
            draft.take(index)
    if not query.measures:
        query.measures.append(Measure("count"))
    _place_wholes(draft)
    query.measures = query.measures[:1]
    if not query.part and not query.keys:
        raise UnsureError(
            "It is unclear which part the share is of.", "어떤 부분의 비율인지 분명하지 않습니다."
        )


def _place_wholes(draft: Draft) -> None:
    """`within each region`: each of these groups is a whole of its own."""
    inside = [k for k in draft.query.keys if k.alias in draft.inside]
    others = [k for k in draft.query.keys if k.alias not in draft.inside]
    if inside and others and not draft.query.part:
        draft.query.keys, draft.query.per_group = [*inside, *others], len(inside)
    elif len(draft.query.keys) > 1 and not draft.query.part:
        draft.query.assume(
            "Each share is of the total over all groups.",
            "비중은 모든 묶음을 합친 전체에 대한 것입니다.",
            0.9,
        )


def _groups_are_part(draft: Draft, border: int | None) -> bool:
    """`what percent of Seoul's sales came from each product`: the groups are the parts, what was named before is the whole."""
    groups = [n for n, m in enumerate(draft.mentions) if m.kind == "group" and m.payload != "which"]
    return border is not None and bool(groups) and groups[0] > border


def _about_whole(draft: Draft, value: int) -> bool:
    """True when a value beside a grouped share limits the whole (`share by product in Seoul`, `서울의 상품별 비중`)."""
    mention = draft.mentions[value]
    by = next((n for n, m in enumerate(draft.mentions) if m.kind == "group" and m.payload == "by"), None)
    if by is None and _beside_share(draft, value):
        return False
    if by is None:
        raise UnsureError(
            "It is unclear which condition is the part and which the whole.",
            "어느 조건이 부분인지 분명하지 않습니다.",
        )
    if mention.latin and draft.mentions[by].latin:
        if mention.gap.split()[-1:] in (["in"], ["for"]):
            return True
        if value > by:
            raise UnsureError(
                "It is unclear which condition is the part and which the whole.",
                "어느 조건이 부분인지 분명하지 않습니다.",
            )
        return False
    return value < by


def _beside_share(draft: Draft, value: int) -> bool:
    """True when only things stand between a value and `share`: `반품된 주문의 비율`, `share of returned orders`."""
    shares = [n for n, m in enumerate(draft.mentions) if m.kind == "share"]
    between = range(min(value, shares[0]) + 1, max(value, shares[0])) if shares else ()
    return bool(shares) and all(draft.is_entity(n) or draft.mentions[n].kind == "rows" for n in between)


def _border(draft: Draft, share: int) -> int | None:
    """Where the whole ends and the part begins, or None."""
    for index, mention in enumerate(draft.mentions):
        before = draft.at(index - 1)
        relative = before is not None and before.kind == "who"
        if mention.kind == "from" and index > share and not relative:
            return index
        if mention.kind == "within":
            return index
        if mention.after.startswith(("에서", "중")) and mention.kind in {"column", "agg"}:
            return index
    return None
