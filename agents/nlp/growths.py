"""Reads growth: over periods one after the other, against the same period a year before, and of groups between two periods."""

from dataclasses import replace

from .draft import Draft, UnsureError
from .grains import time_column
from .periods import Period, shift
from .query import Key
from .timing import period_filter

_YEAR = {"month": 12, "quarter": 4}


def place_growth(draft: Draft, periods: list[Period]) -> None:
    """Makes the figure a growth. Raises: UnsureError without one figure and the periods to compare."""
    query = draft.query
    growths = draft.all("growth")
    falls = draft.all("fall")
    draft.take(
        *growths,
        *falls,
        *draft.all("howmuch"),
        *draft.all("share"),
        *draft.all("rate"),
        *draft.all("compare"),
    )
    if not query.measures:
        raise UnsureError("It is unclear what the growth is of.", "무엇의 증감인지 분명하지 않습니다.")
    if len(query.measures) > 1 or query.kind not in {"value", "share"} or draft.over:
        raise UnsureError(
            "Growth is read for one figure over time.",
            "증감은 시간에 따른 한 가지 수치에 대해서만 해석합니다.",
        )
    if any(not k.grain for k in query.keys):
        _place_change(draft, periods)
        _place_direction(draft, fell=bool(falls))
        return
    ends = _ends(periods) if len(periods) == 1 else None
    if ends is not None and not query.keys and draft.has("howmuch"):
        first, second = (period_filter(draft, [period]) for period in ends)
        query.kind, query.compared = "change", (first, second)
        return
    said = [draft.mentions[n].payload for n in growths if draft.mentions[n].payload]
    grain = _grain(draft, periods, said)
    query.kind, query.keys = "growth", [Key(time_column(draft), grain)]
    if said and said[0] in {"year", "same"} and grain in _YEAR:
        query.lag = _YEAR[grain]
        _place_lagged_period(draft, periods)
    else:
        _place_period(draft, periods, grain)


def _grain(draft: Draft, periods: list[Period], said: list[str]) -> str:
    """The unit of time that is compared, as the groups, the word for the growth or the periods say it."""
    named = said[0] if said and said[0] != "same" else None
    grain = (
        next((k.grain for k in draft.query.keys if k.grain), None)
        or (named if named or not said else "month")
        or (periods[0].grain if periods else None)
    )
    if grain not in {"day", "week", "month", "quarter", "year"} or (
        said and said[0] == "same" and grain not in _YEAR
    ):
        raise UnsureError(
            "Say over which periods the growth is meant: yearly or monthly.",
            "연도별인지 월별인지 증감의 기준 기간을 말씀해 주십시오.",
        )
    return grain


def _place_period(draft: Draft, periods: list[Period], grain: str) -> None:
    """The periods a growth is shown for; one period alone is compared with the one before it."""
    if not periods:
        return
    period = periods[0]
    if (
        len(periods) == 1
        and period.grain == grain
        and period.start
        and period.end == shift(period.start, grain, 1)
    ):
        periods = [replace(period, start=shift(period.start, grain, -1))]
    draft.query.filters.append(period_filter(draft, periods))


def _place_lagged_period(draft: Draft, periods: list[Period]) -> None:
    """One period is shown; the year before it is read, too."""
    if not periods:
        return
    period = periods[0]
    if len(periods) > 1 or period.start is None:
        raise UnsureError("Growth is shown for one period.", "증감은 한 기간에 대해서만 보여 줍니다.")
    draft.query.since = period.start
    draft.query.filters.append(period_filter(draft, [replace(period, start=shift(period.start, "year", -1))]))


def _place_change(draft: Draft, periods: list[Period]) -> None:
    """`which region grew most from 2023 to 2024`: each group's figure in the first and in the last period."""
    query = draft.query
    ends = _ends(periods)
    if ends is None or len(query.keys) != 1:
        raise UnsureError(
            "Say between which two periods the growth of each group is meant, such as from 2023 to 2024.",
            "그룹별 증감은 '2023년에서 2024년까지'처럼 비교할 두 기간을 함께 말씀해 주십시오.",
        )
    first, second = (period_filter(draft, [period]) for period in ends)
    query.kind, query.compared = "change", (first, second)
    query.assume(
        "Growth was compared in percent of the first period.",
        "증감은 첫 기간에 대한 비율로 비교했습니다.",
        0.95,
    )


def _place_direction(draft: Draft, *, fell: bool) -> None:
    """`fell most` ranks the smallest growth first; `which … fell`, without a rank, asks for those that fell."""
    ends = [n for kind in ("desc", "asc") for n in draft.all(kind) if draft.mentions[n].payload != "soft"]
    if ends and fell:
        if any(draft.mentions[n].kind == "asc" for n in ends):
            raise UnsureError(
                "It is unclear whether the largest or the smallest fall is meant.",
                "가장 크게 줄어든 것인지 가장 적게 줄어든 것인지 분명하지 않습니다.",
            )
        for n in ends:
            draft.mentions[n] = replace(draft.mentions[n], kind="asc")
    which = any(m.kind == "group" and m.payload == "which" for m in draft.mentions)
    if not ends and not draft.has("limit") and (which or not draft.has("group")):
        draft.query.only = "down" if fell else "up"
        draft.ranked.clear()


def _ends(periods: list[Period]) -> tuple[Period, Period] | None:
    """The two periods compared: both that are named, or first and last of a range."""
    grain = periods[0].grain if periods else ""
    if grain not in {"day", "month", "quarter", "year"} or any(p.grain != grain for p in periods):
        return None
    if len(periods) == 2:
        first, second = sorted(periods, key=lambda p: (p.start is None, p.start))
        return first, second
    start, end = periods[0].start, periods[0].end
    if len(periods) != 1 or start is None or end is None or shift(start, grain, 1) >= end:
        return None
    period = periods[0]
    return replace(period, end=shift(start, grain, 1)), replace(period, start=shift(end, grain, -1))
