"""From the evidence on a column to one reading of it: type, number format, order of day and month, unit."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from . import shapes
from .dating import as_date, decided_day_first
from .evidence import Evidence
from .habits import Habits, fits
from .reading import ColumnType, Reading

BOOLEAN_PAIRS: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (frozenset({"true", "t"}), frozenset({"false", "f"})),
    (frozenset({"yes", "y"}), frozenset({"no", "n"})),
    (frozenset({"예", "네"}), frozenset({"아니오", "아니요"})),
    (frozenset({"참"}), frozenset({"거짓"})),
    (frozenset({"o"}), frozenset({"x"})),
)


def interpret(evidence: Evidence, name: str, habits: Habits) -> Reading:
    """The one reading that fits (nearly) all values of the column, else text.

    Args: `habits` of the file settle what the column leaves open: `1,234`, `3/5/2024`.
    Returns: a typed reading when at least 95 % of the values fit it (all of them below 20 values), a string otherwise
    and where the others show that whole numbers are codes: `136A` beside `136`.
    """
    total = evidence.values
    if total == 0:
        return Reading("string", keep_na=False)
    reading = (
        _as_boolean(evidence, total)
        or as_date(evidence, total, name, habits)
        or _as_number(evidence, total, habits)
        or Reading("string", keep_na=evidence.code_words >= 0.9 * total)
    )
    plain = _PLAIN[reading.type]
    uniform = (
        not evidence.markers and not evidence.units and (plain is None or evidence.shapes.keys() <= plain)
    )
    return replace(reading, uniform=uniform and reading.offset is None)


_PLAIN: dict[ColumnType, frozenset[str] | None] = {
    "integer": frozenset({"integer"}),
    "number": frozenset({"integer", "whole", "dot_three", "decimal"}),
    "date": frozenset({"ymd"}),
    "datetime": frozenset({"ymd_time"}),
    "boolean": frozenset(),
    "string": None,
}
"""The notations that Arrow's own casts read; None where there is nothing to read."""


def habits_of(columns: Iterable[Evidence]) -> Habits:
    """What the columns of a file have in common, each judged by its own certain values."""
    seen = list(columns)
    orders = {order for evidence in seen if (order := decided_day_first(evidence)) is not None}
    return Habits(
        decimal_comma=any(_uses_decimal_comma(evidence) for evidence in seen),
        day_first=orders.pop() if len(orders) == 1 else None,
    )


def _uses_decimal_comma(evidence: Evidence) -> bool:
    """Certain evidence for a decimal comma, and none against it."""
    return evidence.shapes["decimal_comma"] > 0 and not _dot_decimals(evidence)


def _dot_decimals(evidence: Evidence) -> int:
    certain = ("decimal", "whole", "comma_groups", "comma_fraction", "space_fraction", "mark_fraction")
    return sum(evidence.shapes[shape] for shape in certain)


def _as_boolean(evidence: Evidence, total: int) -> Reading | None:
    if evidence.shapes["boolean"] != total:
        return None
    labels = {
        text.lower(): text for text in sorted(evidence.booleans, key=lambda t: -evidence.booleans[t])[::-1]
    }
    seen = set(labels)
    for yes, no in BOOLEAN_PAIRS:
        if seen <= yes | no and seen & yes and seen & no:
            true_label, false_label = (labels[min(seen & side)] for side in (yes, no))
            return Reading(
                "boolean", f"{true_label}/{false_label}", true_label=true_label, false_label=false_label
            )
    return None


def _as_number(evidence: Evidence, total: int, habits: Habits) -> Reading | None:
    counts = evidence.shapes
    fitting = sum(counts[shape] for shape in shapes.NUMBERS)
    if counts["code"] >= 0.01 * total or evidence.hangul_teams == total or not fits(fitting, total):
        return None
    if evidence.digit_codes == total - fitting > 0 and counts["integer"] == fitting:
        return None
    currencies = {unit for unit in evidence.units if unit != "()"}
    if len(currencies) > 1:
        return None
    dots = _dot_decimals(evidence)
    comma = counts["decimal_comma"] + counts["dot_groups"] > 0
    if comma and dots:
        return None
    comma = comma or (habits.decimal_comma and not dots and counts["comma_three"] + counts["dot_three"] > 0)
    fractions = {"decimal_comma", "comma_three"} if comma else shapes.FRACTIONS
    integral = not any(counts[shape] for shape in fractions) and not evidence.hangul_fractions
    return Reading(
        "integer" if integral else "number",
        format="decimal comma" if comma else "thousands separators" if _grouped(counts) else "",
        unit=next(iter(currencies), None),
        decimal="," if comma else ".",
        unreadable=total - fitting,
    )


def _grouped(counts: Counter[str]) -> bool:
    return any(
        counts[s] for s in ("comma_three", "comma_groups", "comma_fraction", "space_groups", "space_fraction")
    )
