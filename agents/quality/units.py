"""Numbers in another unit than the rest: a share of a column that lies apart at a known factor, as kilograms do from grams."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from . import domains
from .issues import Issue, Repair, Report
from .outliers import FACTOR as MAD_FACTOR
from .tables import Integers, Mask, Numbers, Series

FACTORS = {
    1000.0: (
        "thousands and single units (kg and g, km and m, thousand won and won)",
        "천 단위와 단위(kg·g, km·m, 천원·원)",
    ),
    100.0: (
        "hundreds and single units (m and cm, shares and per cent, dollars and cents)",
        "백 단위와 단위(m·cm, 비율·%, 달러·센트)",
    ),
    10.0: ("tenths (cm and mm)", "열 배 단위(cm·mm)"),
    10_000.0: ("ten thousands and single units (만원 and 원)", "만 단위와 단위(만원·원)"),
    1_000_000.0: ("millions and single units", "백만 단위와 단위"),
    1 / 0.45359237: ("pounds and kilograms", "파운드와 킬로그램"),
    2.54: ("inches and centimetres", "인치와 센티미터"),
    1 / 0.3048: ("feet and metres", "피트와 미터"),
    1.609344: ("miles and kilometres", "마일과 킬로미터"),
    3.785411784: ("gallons and litres", "갤런과 리터"),
}
"""Known factors by what they stand for; those between imperial and metric units are exact by definition."""
MIN_VALUES, MIN_APART = 30, 3
SMALL_FACTOR, MIN_APART_SMALL, MIN_VARIED = 100, 5, 10
MOST = 0.25
GAP, GAP_SMALL = 0.2, 0.5
"""The least gap between the two modes, as a share of the distance between them, both on the logarithmic scale. Factors below
`SMALL_FACTOR` occur by chance and need the wider gap and more values."""
MATCH_SIGMAS, MATCH_LEAST = 3.0, 0.03


@dataclass(frozen=True)
class UnitMix:
    """Rows whose value is `factor` times what it should be (or that part of it when below 1)."""

    rows: Mask
    factor: float
    english: str
    korean: str


def find_unit_mix(series: Series, ignored: Mask) -> UnitMix | None:
    """The minority of positive values that a known factor sets apart from the rest; None without such a minority.

    The two modes must be separated by an empty gap, and the minority, brought to the unit of the rest, must have the median of
    the rest within its sampling error and lie within its extremes.
    """
    if series.kind not in ("integer", "number") or series.is_(
        "identifier", "category", "geo", "boolean", "date"
    ):
        return None
    if domains.is_fixed_length(series):
        return None
    with np.errstate(invalid="ignore"):
        usable = (series.numbers > 0) & np.isfinite(series.numbers) & ~ignored
    present = np.log(np.sort(series.numbers[usable]) if ignored.any() else series.ordered[series.ordered > 0])
    if len(present) < MIN_VALUES or usable.sum() < 0.98 * (np.isfinite(series.numbers) & ~ignored).sum():
        return None
    gaps = np.diff(present)
    most = int(MOST * len(present))
    low, high = slice(MIN_APART - 1, most), slice(len(gaps) - most, len(gaps) - MIN_APART + 1)
    for side, offset in ((low, MIN_APART - 1), (high, len(gaps) - most)):
        if not len(gaps[side]):
            continue
        cut = offset + int(np.argmax(gaps[side])) + 1
        below, above = present[:cut], present[cut:]
        few, many = (below, above) if side is low else (above, below)
        found = _factor(few, many, float(gaps[cut - 1]))
        if found is not None:
            limit = (present[cut - 1] + present[cut]) / 2
            with np.errstate(divide="ignore", invalid="ignore"):
                logs = np.log(series.numbers)
            rows = usable & ((logs < limit) if side is low else (logs > limit))
            english, korean = FACTORS[found]
            return UnitMix(rows, 1 / found if side is low else found, english, korean)
    return None


def _factor(few: Numbers, many: Numbers, gap: float) -> float | None:
    """The known factor between the modes of two sets of logarithms; None when none fits."""
    centre = float(np.median(many))
    spread = float(np.median(np.abs(many - centre))) / MAD_FACTOR
    distance = abs(float(np.median(few)) - centre)
    allowed = MATCH_LEAST + MATCH_SIGMAS * 1.2533 * spread / np.sqrt(len(few))
    varied = len(np.unique(few)) >= max(2, min(MIN_VARIED, len(few) / 2))
    for factor in FACTORS:
        shift = np.log(factor)
        moved = few + shift * np.sign(centre - np.median(few))
        small = factor < SMALL_FACTOR
        fits = abs(distance - shift) <= min(allowed, 0.12 * shift)
        apart = gap >= (GAP_SMALL if small else GAP) * shift and len(few) >= (
            MIN_APART_SMALL if small else MIN_APART
        )
        if (
            fits
            and apart
            and varied
            and moved.min() >= many.min() - spread
            and moved.max() <= many.max() + spread
        ):
            return factor
    return None


def unit_issue(series: Series, found: UnitMix, report: Report) -> Issue:
    """The issue for values in another unit, which proposes them in the unit of the rest."""
    rows: Integers = np.flatnonzero(found.rows).astype(np.int64)
    times = found.factor if found.factor > 1 else 1 / found.factor
    mended = series.numbers[rows] / found.factor
    proposed = pa.array(np.rint(mended).astype(np.int64) if series.kind == "integer" else mended)
    return report.issue(
        "unit_mixup",
        series,
        found.rows,
        severity="high",
        dimension="consistency",
        certainty=0.9,
        repair=Repair(proposed, 0.85),
        en="{count:,} {values} of {column} ({share:.2%}) {lie} apart from the rest at a factor of {factor:g}, as if units were "
        "mixed: {units}.",
        ko="{column} 열의 값 {count:,}개({share:.2%})가 나머지와 {factor:g}배 차이로 따로 모여 있어 단위가 섞인 것으로 보입니다: "
        "{units_ko}.",
        factor=times,
        units=found.english,
        units_ko=found.korean,
        smaller=found.factor < 1,
    )
