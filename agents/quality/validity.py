"""Values that cannot be: negative amounts, ages over 120, percentages over 100, future dates, broken e-mail addresses."""

import datetime as dt
import re
from collections.abc import Callable
from itertools import permutations

import numpy as np
import pyarrow.compute as pc

from . import domains
from .issues import Issue, Report, Severity, by_share
from .tables import Mask, Numbers, Series, Table

NATURALLY_SIGNED_SHARE = 0.2
"""With a larger share of negative values the column is signed by nature, whatever it is called."""
MAX_AGE = 120
OLDEST, NEVER = np.datetime64("1900-01-02"), np.datetime64("2900-01-01")
"""Dates before and after these stand for "unknown" and "never"."""
RARE = 0.05
MAX_DATES, LEAST_DATED, MOST_REVERSED = 8, 50, 0.02
_EMAIL = r"^[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]{2,}$"


def validity_issues(series: Series, ignored: Mask, report: Report, today: dt.date) -> list[Issue]:
    """Impossible and implausible values of a column in rows that are not `ignored`.

    `today` is what future dates are measured by.
    """
    found: list[Issue | None] = []
    if series.kind in ("integer", "number"):
        numbers = np.where(ignored, np.nan, series.numbers)
        found += [check(series, numbers, report) for check in _NUMBER_CHECKS]
    elif series.kind in ("date", "datetime"):
        found += [_future(series, report, today), _ancient(series, report)]
    elif series.kind == "string" and domains.is_email(series):
        found.append(_email(series, report))
    return [issue for issue in found if issue is not None]


def _infinite(series: Series, numbers: Numbers, report: Report) -> Issue | None:
    affected = np.isinf(numbers)
    if not affected.any():
        return None
    return report.issue(
        "infinite",
        series,
        affected,
        severity="high",
        dimension="validity",
        certainty=0.95,
        en="{count:,} {values} of {column} {are} infinite.",
        ko="{column} 열의 값 {count:,}개가 무한대입니다.",
    )


def _negative(series: Series, numbers: Numbers, report: Report) -> Issue | None:
    if series.is_("identifier", "geo", "date", "category") or domains.is_signed(series):
        return None
    with np.errstate(invalid="ignore"):
        affected = numbers < 0
    present = int((~series.missing).sum())
    share = int(affected.sum()) / present if present else 0.0
    if not affected.any() or -1.0 == numbers[affected].max() == numbers[affected].min():
        return None
    certain = domains.is_never_negative(series)
    if share > NATURALLY_SIGNED_SHARE and (not certain or present >= 20):
        return None
    lowest = float(numbers[affected].min())
    if certain and series.is_("count"):
        return report.issue(
            "negative",
            series,
            affected,
            severity="high",
            dimension="validity",
            certainty=0.9,
            en="{count:,} {values} of {column} {are} negative, the lowest {lowest}: errors, unless they are returns.",
            ko="{column} 열의 값 {count:,}개가 음수이고 최솟값은 {lowest}입니다. 반품이나 취소가 아니라면 오류입니다.",
            lowest=lowest,
        )
    if certain:
        return report.issue(
            "negative",
            series,
            affected,
            severity="high",
            dimension="validity",
            certainty=0.9,
            en="{count:,} {values} of {column} {are} negative, the lowest {lowest}, although it cannot be below zero.",
            ko="{column}(은/는) 음수가 될 수 없는데 값 {count:,}개가 음수이며, 최솟값은 {lowest}입니다.",
            lowest=lowest,
        )
    if not series.is_("measure") or share > RARE or _passes_zero(numbers):
        return None
    return report.issue(
        "negative",
        series,
        affected,
        severity="medium",
        dimension="plausibility",
        certainty=0.5,
        en="{count:,} {values} of {column} {are} negative, the lowest {lowest}; check whether they are returns or errors.",
        ko="{column} 열의 값 {count:,}개가 음수이고 최솟값은 {lowest}입니다. 반품·취소인지 오류인지 확인이 필요합니다.",
        lowest=lowest,
    )


def _passes_zero(numbers: Numbers) -> bool:
    """Are the negative values the tail of values that pass through zero, as logarithms do: small beside the positive ones?"""
    negative, positive = numbers[numbers < 0], numbers[numbers > 0]
    return bool(len(positive) and -np.median(negative) < np.quantile(positive, 0.25))


def _age(series: Series, numbers: Numbers, report: Report) -> Issue | None:
    with np.errstate(invalid="ignore"):
        affected = numbers > MAX_AGE
    if (
        not domains.is_age(series)
        or not affected.any()
        or affected.sum() > RARE * (~series.missing).sum() + 1
    ):
        return None
    return report.issue(
        "out_of_range",
        series,
        affected,
        severity="high",
        dimension="validity",
        certainty=0.95,
        en="{count:,} {values} of {column} {are} above {limit:,}, up to {highest}.",
        ko="{column} 열의 값 {count:,}개가 {limit:,}세를 넘으며, 최댓값은 {highest}입니다.",
        limit=MAX_AGE,
        highest=float(np.nanmax(numbers)),
    )


def _percentage(series: Series, numbers: Numbers, report: Report) -> Issue | None:
    if not domains.is_percentage(series) or series.is_("identifier", "count"):
        return None
    present = numbers[np.isfinite(numbers)]
    if len(present) < 2:
        return None
    as_fraction = bool(((present >= 0) & (present <= 1)).mean() >= 1 - RARE) and present.max() <= 100
    limit = 1.0 if as_fraction and series.kind == "number" else 100.0
    with np.errstate(invalid="ignore"):
        affected = (numbers > limit) | (numbers < 0)
    share = int(affected.sum()) / len(present)
    if not affected.any() or share > max(RARE, 1.5 / len(present)):
        return None
    return report.issue(
        "out_of_range",
        series,
        affected,
        severity="high",
        dimension="validity",
        certainty=0.95,
        en="{count:,} {values} of {column} {are} outside {low:g} to {limit:g}, such as {extreme}, although it is a share.",
        ko="{column} 열은 비율인데 값 {count:,}개가 {low:g}~{limit:g} 범위를 벗어납니다(예: {extreme}).",
        low=0,
        limit=limit,
        extreme=float(numbers[np.flatnonzero(affected)[0]]),
    )


def _coordinate(series: Series, numbers: Numbers, report: Report) -> Issue | None:
    limit = domains.coordinate_limit(series)
    if limit is None:
        return None
    with np.errstate(invalid="ignore"):
        affected = np.abs(numbers) > limit
    if not affected.any() or affected.mean() > 0.5:
        return None
    return report.issue(
        "out_of_range",
        series,
        affected,
        severity="high",
        dimension="validity",
        certainty=0.95,
        en="{count:,} {values} of {column} {are} beyond {limit:g} degrees.",
        ko="{column} 열의 값 {count:,}개가 {limit:g}도를 벗어납니다.",
        limit=limit,
    )


_NUMBER_CHECKS = (_infinite, _negative, _age, _percentage, _coordinate)


def _future(series: Series, report: Report, today: dt.date) -> Issue | None:
    affected = (series.days >= np.datetime64(today + dt.timedelta(days=2))) & (series.days < NEVER)
    present = int((~series.missing).sum())
    if not affected.any() or domains.may_lie_ahead(series) or affected.sum() > max(0.2 * present, 1):
        return None
    return report.issue(
        "future_date",
        series,
        affected,
        severity="high",
        dimension="validity",
        certainty=0.8,
        en="{count:,} {dates} of {column} {lie} in the future, the latest is {latest}.",
        ko="{column} 열의 날짜 {count:,}개가 미래이며, 가장 늦은 날짜는 {latest}입니다.",
        latest=str(series.days[affected].max().astype("datetime64[D]")),
        today=today.isoformat(),
    )


def _ancient(series: Series, report: Report) -> Issue | None:
    days = series.days.astype("datetime64[D]")
    affected = (days < OLDEST) | (days >= NEVER)
    epoch = days == np.datetime64("1970-01-01")
    others = days[~series.missing & ~epoch]
    if epoch.any() and len(others) and others.min() > np.datetime64("1971-01-01"):
        affected = affected | epoch
    if not affected.any() or affected.sum() > 0.2 * len(affected):
        return None
    return report.issue(
        "placeholder_date",
        series,
        affected,
        severity="medium",
        dimension="validity",
        certainty=0.85,
        en="{count:,} {dates} of {column} {look} like a placeholder, such as {example}.",
        ko="{column} 열의 날짜 {count:,}개는 임시로 채운 값으로 보입니다(예: {example}).",
        example=str(days[np.flatnonzero(affected)[0]]),
    )


def _email(series: Series, report: Report) -> Issue | None:
    valid = pc.match_substring_regex(series.distinct.values, _EMAIL).to_numpy(zero_copy_only=False)
    affected = series.distinct.rows_of(np.flatnonzero(~valid))
    if not affected.any() or not valid.any():
        return None
    return report.issue(
        "invalid_format",
        series,
        affected,
        severity=by_share(float(affected.mean()), high=0.1, medium=0.0),
        dimension="validity",
        certainty=0.95,
        en="{count:,} {values} of {column} {are} no valid e-mail address.",
        ko="{column} 열의 값 {count:,}개는 올바른 이메일 주소가 아닙니다.",
    )


_FIRST = re.compile(
    r"\b(?:start|begin|from|order|ordered|hire|join|check ?in)\b|시작|주문|입사|가입|입고|착수"
)
_LAST = re.compile(
    r"\b(?:end|finish|until|ship|shipped|shipping|delivery|delivered|leave|termination|check ?out)\b"
    r"|종료|배송|퇴사|해지|출고|완료"
)


def order_issues(table: Table, wrong: Callable[[Series], Mask], report: Report) -> list[Issue]:
    """Rows in which one date is after another although it is before it in nearly all rows, `wrong` dates apart.

    Where the names say begin and end, half of the rows suffice.
    """
    dates = [s for s in table.series if s.kind in ("date", "datetime")][:MAX_DATES]
    found = []
    for begin, end in permutations(dates, 2):
        begins = _FIRST.search(domains.words(begin.name)) is not None
        ends = _LAST.search(domains.words(end.name)) is not None and not _FIRST.search(
            domains.words(end.name)
        )
        first, last = (one.days.astype("datetime64[D]") for one in (begin, end))
        both = ~np.isnat(first) & ~np.isnat(last) & ~wrong(begin) & ~wrong(end)
        affected: Mask = both & (last < first)
        most = 0.5 if begins and ends else MOST_REVERSED
        enough = (begins and ends) or (both.sum() >= LEAST_DATED and (first < last)[both].mean() > 0.5)
        if affected.any() and enough and affected.sum() <= most * both.sum():
            found.append(
                _reversed_period(begin, end, affected, "high" if begins and ends else "medium", report)
            )
        table.left(begin)
        table.left(end)
    return found


def _reversed_period(begin: Series, end: Series, affected: Mask, severity: Severity, report: Report) -> Issue:
    return report.issue(
        "reversed_period",
        end,
        affected,
        severity=severity,
        dimension="validity",
        certainty=0.7,
        en="In {count:,} {rows} {column} is before {begin}.",
        ko="{count:,}행에서 {column} 값이 {begin} 값보다 앞섭니다.",
        begin=begin.name,
    )
