"""Decides in which order and how many rows are wanted, and whether each group has a ranking of its own."""

from .draft import Draft, UnsureError
from .numerals import Limit


def place_order(draft: Draft) -> None:
    """Direction and number of rows."""
    query = draft.query
    for index in draft.all("limit"):
        limit = draft.mentions[index].detail
        assert isinstance(limit, Limit)
        query.limit, query.order = limit.count, limit.order or query.order
        draft.take(index)
    hard = [n for n in draft.all("desc") + draft.all("asc") if draft.mentions[n].payload != "soft"]
    soft = [n for n in draft.all("desc") + draft.all("asc") if draft.mentions[n].payload == "soft"]
    numbers = draft.all("number")
    ranked = draft.all("sorted")
    asked_which = any(m.kind == "group" and m.payload == "which" for m in draft.mentions)
    if hard or query.limit is not None or ranked or (asked_which and query.keys):
        hard += soft
    if draft.has("compare") and query.keys and not hard:
        draft.take(*soft)
    _skip_places(draft)
    if query.skipped:
        hard += [n for n in soft if n not in hard]
    directions = {draft.mentions[n].kind for n in hard} | ({query.order} if query.order else set())
    if len(directions) > 1:
        raise UnsureError(
            "The question asks for both ends of the ranking.",
            "가장 높은 것과 가장 낮은 것을 함께 묻고 있습니다.",
        )
    draft.take(*hard, *ranked)
    if hard:
        _require_one_ranking(draft)
    if directions or ranked:
        query.order = directions.pop() if directions else "desc"
    if query.order and len(numbers) == 1 and query.limit is None:
        query.limit = int(float(str(draft.mentions[numbers[0]].detail)))
        draft.take(numbers[0])
    if query.order and query.keys and query.kind in {"value", "share", "growth", "change"}:
        query.superlative = query.kind != "growth"
        _rank_per_group(draft)
        if query.limit is None and not ranked and not any("순" in draft.mentions[n].text for n in hard):
            query.limit = 1
    if query.end:
        return
    if query.limit is not None and (not query.keys or query.order is None):
        raise UnsureError("It is unclear what should be ranked.", "무엇의 순위를 매길지 분명하지 않습니다.")
    if query.limit is not None and not 1 <= query.limit <= 200:
        raise UnsureError("Between 1 and 200 rows can be asked for.", "1개부터 200개까지 요청할 수 있습니다.")


def _require_one_ranking(draft: Draft) -> None:
    """Raises: UnsureError for `the number of employees of the department with the highest salary`, two questions in one."""
    counted = [m for m in draft.query.measures if m.function in {"count", "count_distinct"}]
    if draft.query.keys and counted and len(counted) < len(draft.query.measures):
        raise UnsureError(
            "It is unclear by which of several figures to rank; ask for one after the other.",
            "여러 수치 가운데 무엇으로 순위를 매길지 분명하지 않습니다. 하나씩 나누어 물어봐 주십시오.",
        )


def _skip_places(draft: Draft) -> None:
    """`second highest`, `2위`: one row after the places before it."""
    for index in draft.all("nth"):
        if draft.query.limit is not None or len(draft.all("nth", free=False)) > 1:
            raise UnsureError("The question names several ranks.", "여러 순위를 함께 묻고 있습니다.")
        draft.take(index)
        draft.query.skipped, draft.query.limit = int(draft.mentions[index].payload) - 1, 1
        if "위" in draft.mentions[index].text:
            draft.query.order = "asc" if draft.has("asc") else "desc"


def _rank_per_group(draft: Draft) -> None:
    """`the best product in each region`: the groups go first, and each has its own ranking."""
    query = draft.query
    groups = [k for k in query.keys if k.alias not in draft.ranked]
    competing = [k for k in query.keys if k.alias in draft.ranked]
    if not groups or not competing:
        return
    if query.kind != "value" or query.skipped:
        raise UnsureError(
            "Rankings within groups are read for plain figures only.",
            "그룹별 순위는 단순 수치에 대해서만 해석합니다.",
        )
    query.keys, query.per_group = [*groups, *competing], len(groups)
