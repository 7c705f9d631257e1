"""Whether a column holds dates or times, in which notation, and which of its numbers is the day."""

import re

from . import shapes
from .evidence import Evidence
from .habits import Habits, fits
from .reading import Reading, ShortOrder

_DATE_WORDS = re.compile(
    r"(?:^|[^a-z])(?:date|day|dt|ymd|time|timestamp|ts|at|epoch|created|updated)(?:[^a-z]|$)|date$|time$|At$"
    r"|일자|날짜|일시|기준일|년월일|시각|시간|일$",
    re.IGNORECASE,
)
_MONTH_WORDS = re.compile(
    r"month|(?:^|[^a-z])y?ym(?:[^a-z]|$)|yyyymm|년월|연월|월$|기간|period", re.IGNORECASE
)
_CODE_NAME = re.compile(r"(?:id|번호|코드)$", re.IGNORECASE)


def as_date(evidence: Evidence, total: int, name: str, habits: Habits) -> Reading | None:
    """The reading of a column of dates or times; None when it is none."""
    counted = _in_digits(evidence, total, name)
    if counted is not None:
        return counted
    days, months, moments = (
        sum(evidence.shapes[shape] for shape in kind) for kind in (shapes.DAYS, shapes.MONTHS, shapes.MOMENTS)
    )
    if not _MONTH_WORDS.search(name):
        months -= evidence.shapes["short_month"] + _in_seasons(evidence)
    if not fits(days + months + moments, total):
        return None
    conflict = min(evidence.first_over_12, evidence.second_over_12)
    if conflict and not fits(total - conflict, total):
        return None
    day_first, sure = _day_first(evidence, habits)
    short_order, short_sure = _short_order(evidence, habits)
    if short_order is None:
        return None
    at_midnight = moments > 0 and evidence.midnights == moments and not any(evidence.offsets.keys() - {""})
    used = sorted(s for s in evidence.shapes if s in shapes.DAYS | shapes.MONTHS | shapes.MOMENTS)
    return Reading(
        "datetime" if moments and not at_midnight else "date",
        format=" + ".join(used),
        day_first=day_first,
        short_order=short_order,
        ambiguous_order=not (sure and short_sure),
        offset=_offset(evidence),
        unreadable=total - days - months - moments,
    )


def decided_day_first(evidence: Evidence) -> bool | None:
    """Whether the column's own values settle that the day (True) or the month (False) comes first; None when they do not."""
    if evidence.first_over_12 != evidence.second_over_12:
        return evidence.first_over_12 > evidence.second_over_12
    orders = _possible_orders(evidence)
    if evidence.shapes["short"] and len(orders) == 1 and orders[0] != "year first":
        return orders[0] == "day first"
    return None


def _in_digits(evidence: Evidence, total: int, name: str) -> Reading | None:
    dated = _DATE_WORDS.search(name) is not None
    if evidence.compact_days == total and not _CODE_NAME.search(name) and (total > 1 or dated):
        return Reading("date", format="YYYYMMDD")
    if evidence.compact_moments + evidence.shapes["compact_moment"] == total and not _CODE_NAME.search(name):
        return Reading("datetime", format="YYYYMMDDhhmmss")
    if _MONTH_WORDS.search(name):
        if evidence.compact_months == total:
            return Reading("date", format="YYYYMM")
        if evidence.dotted_months == total:
            return Reading("date", format="YYYY.MM")
    if dated and evidence.epoch_s == total:
        return Reading("datetime", format="epoch s", offset="+00:00")
    if dated and evidence.epoch_ms == total:
        return Reading("datetime", format="epoch ms", offset="+00:00")
    if dated and evidence.serials == total:
        return Reading("datetime" if evidence.shapes["decimal"] else "date", format="Excel serial")
    return None


def _in_seasons(evidence: Evidence) -> int:
    """How many of the months are rather spans of two years, since all are written alike: `2009-10`, `2010-11`."""
    spans = +evidence.year_spans
    total = spans.total()
    return total if len(spans) > 1 and total == evidence.shapes["year_month"] else 0


def _day_first(evidence: Evidence, habits: Habits) -> tuple[bool, bool]:
    """Is the day before the month in dates with a long year, and is that sure?"""
    needed = evidence.shapes["dmy"] + evidence.shapes["dmy_time"]
    own = decided_day_first(evidence)
    if not needed or own is not None:
        return bool(own), True
    if evidence.dotted_dmy > needed / 2 or habits.decimal_comma:
        return True, True
    return bool(habits.day_first), habits.day_first is not None


def _possible_orders(evidence: Evidence) -> list[ShortOrder]:
    """The orders of `3/5/24` that no value contradicts, the usual ones of its separator first."""
    first, second, third = evidence.short_parts
    limits: dict[ShortOrder, tuple[int, int, int]] = {
        "year first": (99, 12, 31),
        "day first": (31, 12, 99),
        "month first": (12, 31, 99),
    }
    usual: list[ShortOrder] = ["year first", "day first", "month first"]
    if evidence.short_slashed:
        usual = ["month first", "day first", "year first"]
    return [
        order
        for order in usual
        if all(
            0 < max(seen, default=1) <= most
            for seen, most in zip((first, second, third), limits[order], strict=True)
        )
    ]


def _short_order(evidence: Evidence, habits: Habits) -> tuple[ShortOrder | None, bool]:
    """The order in dates with a year of two digits, and whether it is sure; None when none fits all values."""
    if not evidence.shapes["short"] + evidence.shapes["short_time"]:
        return "month first", True
    orders = _possible_orders(evidence)
    if len(orders) <= 1:
        return next(iter(orders), None), True
    years_first, years_last = len(evidence.short_parts[0]), len(evidence.short_parts[2])
    one_year = years_first == 1 < years_last and min(evidence.short_parts[0]) > 12
    if "year first" in orders and (one_year or 2 * years_first < years_last):
        return "year first", True
    if 2 * years_last < years_first or evidence.short_slashed:
        orders = [order for order in orders if order != "year first"] or orders
    if len(orders) > 1 and orders[0] != "year first" and habits.day_first is not None:
        return ("day first" if habits.day_first else "month first"), True
    return orders[0], len(orders) == 1


def _offset(evidence: Evidence) -> str | None:
    offsets = {offset for offset in evidence.offsets if offset}
    if not offsets:
        return None
    return offsets.pop() if len(offsets) == 1 and not evidence.offsets[""] else "UTC"
