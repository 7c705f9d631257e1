"""Running totals and moving averages: one figure over time, added up or averaged over the periods before."""

from .draft import Draft, UnsureError
from .grains import time_column
from .numerals import Moving
from .query import Key


def place_running(draft: Draft) -> None:
    """Makes the figure a running one. Raises: UnsureError without exactly one figure and one unit of time."""
    query = draft.query
    moving = [m for n in draft.all("moving") if isinstance(m := draft.mentions[n].detail, Moving)]
    draft.take(*draft.all("moving"), *draft.all("running"))
    if len(query.measures) != 1 or query.kind != "value" or draft.has("desc") or draft.has("asc"):
        raise UnsureError(
            "Running figures are read for one plain figure over time.",
            "누적값과 이동평균은 시간에 따른 한 가지 수치에 대해서만 해석합니다.",
        )
    if moving:
        _average(draft, moving)
    elif query.measures[0].function not in {"sum", "count"}:
        raise UnsureError(
            "Only sums and numbers of rows can be added up over time.",
            "합계와 행 수만 시간에 따라 누적할 수 있습니다.",
        )
    times = [k for k in query.keys if k.grain not in {None, "weekday", "weekend"}]
    query.keys = [*(k for k in query.keys if k not in times), *times]
    if len(times) != 1 or len(query.keys) > 2 or query.keys[0].grain in {"weekday", "weekend"}:
        raise UnsureError(
            "Say over which periods to add up, such as by month.",
            "'월별'처럼 누적할 기간 단위를 말씀해 주십시오.",
        )
    query.kind = "running"


def _average(draft: Draft, moving: list[Moving]) -> None:
    query, wanted = draft.query, moving[0]
    if len(moving) > 1 or draft.has("running") or not 2 <= wanted.count <= 400:
        raise UnsureError("The moving average is not clear.", "이동평균의 기간이 분명하지 않습니다.")
    if not any(k.grain for k in query.keys):
        query.keys.append(Key(time_column(draft), wanted.unit))
    if [k.grain for k in query.keys if k.grain] != [wanted.unit]:
        raise UnsureError(
            "The moving average and the groups have different units of time.",
            "이동평균과 묶음의 기간 단위가 서로 다릅니다.",
        )
    query.window = wanted.count
    query.assume(
        f"The first {wanted.count - 1} averages are over fewer periods, and periods without rows are left out.",
        f"처음 {wanted.count - 1}개의 평균은 더 적은 기간으로 구했으며, 행이 없는 기간은 빠져 있습니다.",
        0.97,
    )
