"""From the shapes of all values of a column to one reading of it: type, number format, order of day and month, unit."""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import markers, shapes

ColumnType = Literal["integer", "number", "boolean", "datetime", "date", "string"]

LOSS_TOLERATED = 0.05
"""Share of values that may be unreadable before a column stays text; with fewer than `LOSS_MIN_VALUES` values none may."""
LOSS_MIN_VALUES = 20

_SETTLED_VALUES = 50_000
_SETTLED_SHARE = 0.5
"""After this many values of plain text, and when they are more than this share, the column is text whatever follows."""

_MARKERS = pa.array(sorted(markers.EVERY), pa.string())
_SPELLED = pa.array(
    sorted({f(m) for m in markers.EVERY for f in (str, str.upper, str.title, str.capitalize)} | {" ", "  "}),
    pa.string(),
)

_LONGEST_MARKER_BYTES = max(len(marker.encode()) for marker in markers.EVERY)

BOOLEAN_PAIRS: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (frozenset({"true", "t"}), frozenset({"false", "f"})),
    (frozenset({"yes", "y"}), frozenset({"no", "n"})),
    (frozenset({"예", "네"}), frozenset({"아니오", "아니요"})),
    (frozenset({"참"}), frozenset({"거짓"})),
    (frozenset({"o"}), frozenset({"x"})),
)


@dataclass
class Evidence:
    """What was seen in one text column, in constant memory: counts of shapes, units, markers, orders of day and month."""

    shapes: Counter[str] = field(default_factory=Counter)
    units: Counter[str] = field(default_factory=Counter)
    markers: Counter[str] = field(default_factory=Counter)
    booleans: Counter[str] = field(default_factory=Counter)
    offsets: Counter[str] = field(default_factory=Counter)
    first_over_12: int = 0
    second_over_12: int = 0
    dotted_dmy: int = 0
    compact_days: int = 0
    compact_months: int = 0
    code_words: int = 0
    iso: int = 0
    integer_widths: set[int] = field(default_factory=set)
    examples: dict[str, list[str]] = field(default_factory=dict)

    @property
    def values(self) -> int:
        """Number of values that are not one of the missing markers."""
        return sum(self.shapes.values())

    def add(self, column: pa.Array) -> bool:
        """Count one batch of raw text, shape (n,), nulls allowed; is there any marker of a missing value in it?"""
        if self._settled_as_text():
            return self._add_text(column)
        counted = pc.value_counts(pc.utf8_trim_whitespace(column.fill_null("")))
        values, counts = counted.field(0), counted.field(1).to_numpy()
        marked = pc.is_in(pc.utf8_lower(values), value_set=_MARKERS)
        found = bool(pc.any(marked).as_py())
        if found:
            flags = marked.to_numpy(zero_copy_only=False)
            self._note_markers(values.filter(marked), counts[flags])
            values, counts = values.filter(pc.invert(marked)), counts[~flags]
        if len(values):
            self._add_values(values, counts)
        return found

    def add_plain(self, column: pa.Array, reading: "Reading") -> None:
        """Count one batch that a reader has parsed in the plain notation of `reading`; nulls are empty fields."""
        if column.null_count:
            self.markers[""] += column.null_count
        self.shapes[_PLAIN_SHAPE[reading.type]] += len(column) - column.null_count
        if reading.type == "boolean":
            trues = pc.sum(column).as_py() or 0
            self.booleans[reading.true_label or "true"] += trues
            self.booleans[reading.false_label or "false"] += len(column) - column.null_count - trues

    def _settled_as_text(self) -> bool:
        return self.shapes[shapes.TEXT] > max(_SETTLED_VALUES, _SETTLED_SHARE * self.values)

    def add_integers(self, column: pa.Array) -> pa.Array | None:
        """Count one batch of a column that has held whole numbers only; the numbers, or None when it may hold others.

        Nothing has been counted in the latter case: a value is missing, has a leading zero or is no whole number.
        """
        if not self._settled_as_integers() or column.null_count:
            return None
        zero = pc.and_(pc.starts_with(column, "0"), pc.greater(pc.binary_length(column), 1))
        if pc.any(zero).as_py():
            return None
        try:
            numbers = column.cast(pa.int64())
        except pa.ArrowInvalid:
            return None
        self.shapes["integer"] += len(column)
        return numbers

    def _settled_as_integers(self) -> bool:
        counts = self.shapes["integer"]
        return (
            counts == self.values > max(_SETTLED_VALUES, self.compact_days, self.compact_months)
            and not self.units
        )

    def _add_text(self, column: pa.Array) -> bool:
        lengths = pc.min_max(pc.binary_length(column))
        if not column.null_count and lengths["min"].as_py() > _LONGEST_MARKER_BYTES:
            self.shapes[shapes.TEXT] += len(column)
            return False
        marked = pc.is_in(column, value_set=_SPELLED)
        found = column.null_count > 0 or bool(pc.any(marked).as_py())
        if found:
            self.markers[""] += column.null_count
            counted = pc.value_counts(pc.utf8_trim_whitespace(column.filter(marked)))
            self._note_markers(counted.field(0), counted.field(1).to_numpy())
        hits = (pc.sum(marked).as_py() or 0) + column.null_count
        self.shapes[shapes.TEXT] += len(column) - hits
        return found

    def _note_markers(self, values: pa.Array, counts: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> None:
        for text, count in zip(values.to_pylist(), counts.tolist(), strict=True):
            self.markers[text] += count

    def _add_values(self, values: pa.Array, counts: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> None:
        shaped = shapes.shape_of(values)
        for position, unit in shaped.units.items():
            self.units[unit] += int(counts[position])
        for shape in shapes.NAMES:
            at = shaped.positions(shape)
            if not len(at):
                continue
            self.shapes[shape] += int(counts[at].sum())
            subset, weights = values.take(pa.array(at)), counts[at]
            kept = self.examples.setdefault(shape, [])
            kept.extend(subset[: 5 - len(kept)].to_pylist())
            if shape == "boolean":
                for text, count in zip(subset.to_pylist(), weights.tolist(), strict=True):
                    self.booleans[text] += count
            elif shape == "integer":
                self.integer_widths.update(pc.unique(pc.utf8_length(subset)).to_pylist())
                self.compact_days += int(weights[shapes.matching(subset, shapes.COMPACT_DAY)].sum())
                self.compact_months += int(weights[shapes.matching(subset, shapes.COMPACT_MONTH)].sum())
            elif shape in shapes.ORDERED:
                self._note_order(subset, weights)
            elif shape in ("ymd", "ymd_time"):
                self.iso += int(weights[shapes.matching(subset, shapes.ISO)].sum())
                if shape == "ymd_time":
                    self._note_offsets(subset, weights)
            elif shape == shapes.TEXT:
                self.code_words += int(weights[shapes.matching(subset, "^[A-Z]{2,5}$")].sum())

    def _note_order(self, values: pa.Array, weights: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> None:
        parts = pc.extract_regex(values, pattern=r"^(?P<first>\d{1,2})(?P<mark>[/.-])(?P<second>\d{1,2})")
        first, second = (parts.field(i).cast(pa.int8()).to_numpy(zero_copy_only=False) for i in (0, 2))
        self.first_over_12 += int(weights[first > 12].sum())
        self.second_over_12 += int(weights[second > 12].sum())
        dotted = pc.equal(parts.field(1), ".").to_numpy(zero_copy_only=False)
        self.dotted_dmy += int(weights[dotted].sum())

    def _note_offsets(self, values: pa.Array, weights: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> None:
        zones = pc.extract_regex(
            values, pattern=r":\d{2}(?:[.,]\d+)? ?(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})$"
        ).field(0)
        zones = zones.fill_null("").dictionary_encode()
        for code, zone in enumerate(zones.dictionary.to_pylist()):
            at = zones.indices.to_numpy() == code
            self.offsets[zone_name(zone)] += int(weights[at].sum())


@dataclass(frozen=True)
class Reading:
    """How to read a text column. `format` names the notation for people; `unreadable` values become missing.

    A `uniform` column has no missing markers and one plain notation.
    """

    type: ColumnType
    format: str = ""
    unit: str | None = None
    decimal: Literal[".", ","] = "."
    day_first: bool = False
    ambiguous_order: bool = False
    offset: str | None = None
    true_label: str | None = None
    false_label: str | None = None
    keep_na: bool = False
    unreadable: int = 0
    uniform: bool = False

    def gives_same_values(self, other: "Reading") -> bool:
        """Do both readings turn any text into the same value?"""
        return _deciding(self) == _deciding(other)


def _deciding(reading: Reading) -> tuple[object, ...]:
    compact = reading.format if reading.format in COMPACT_FORMATS else ""
    return (
        *(reading.type, reading.unit, reading.decimal, reading.day_first, reading.offset, reading.keep_na),
        compact,
    )


def zone_name(zone: str) -> str:
    """A UTC offset as `+09:00`; `Z` is `+00:00`, no offset stays empty."""
    if zone in ("Z", "UTC"):
        return "+00:00"
    return f"{zone[:3]}:{zone[-2:]}" if zone else ""


def interpret(evidence: Evidence, name: str, *, decimal_comma_file: bool = False) -> Reading:
    """The one reading that fits (nearly) all values of the column, else text.

    Args: `decimal_comma_file` says that other columns of the file write a decimal comma, which settles `1,234`.
    Returns: a typed reading when at least 95 % of the values fit it (all of them below 20 values), a string otherwise.
    """
    total = evidence.values
    if total == 0:
        return Reading("string", keep_na=False)
    reading = (
        _as_boolean(evidence, total)
        or _as_date(evidence, total, name)
        or _as_number(evidence, total, decimal_comma_file=decimal_comma_file)
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

_PLAIN_SHAPE: dict[ColumnType, str] = {
    "integer": "integer",
    "number": "decimal",
    "boolean": "boolean",
    "date": "ymd",
    "datetime": "ymd_time",
    "string": shapes.TEXT,
}
COMPACT_FORMATS = ("YYYYMMDD", "YYYYMM")


def uses_decimal_comma(evidence: Evidence) -> bool:
    """Certain evidence for a decimal comma, and none against it."""
    return evidence.shapes["decimal_comma"] > 0 and not _dot_decimals(evidence)


def _dot_decimals(evidence: Evidence) -> int:
    certain = ("decimal", "whole", "comma_groups", "comma_fraction", "space_fraction")
    return sum(evidence.shapes[shape] for shape in certain)


def _enough(fitting: int, total: int) -> bool:
    allowed = total * LOSS_TOLERATED if total >= LOSS_MIN_VALUES else 0
    return fitting > 0 and total - fitting <= allowed


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


_DATE_WORDS = ("date", "day", "dt", "ymd", "time", "일자", "날짜", "일시", "기준일", "년월일", "일")
_MONTH_WORDS = ("month", "ym", "yyyymm", "년월", "월")


def _as_date(evidence: Evidence, total: int, name: str) -> Reading | None:
    lowered = name.lower()
    if evidence.compact_days == total and not lowered.endswith(("id", "번호", "코드")):
        varied = evidence.values > 1 or any(word in lowered for word in _DATE_WORDS)
        return Reading("date", format="YYYYMMDD") if varied else None
    if evidence.compact_months == total and any(word in lowered for word in _MONTH_WORDS):
        return Reading("date", format="YYYYMM")
    days = sum(evidence.shapes[shape] for shape in shapes.DAYS)
    months = sum(evidence.shapes[shape] for shape in shapes.MONTHS)
    moments = sum(evidence.shapes[shape] for shape in shapes.MOMENTS)
    if not _enough(days + months + moments, total):
        return None
    offsets = {offset for offset in evidence.offsets if offset}
    order_needed = evidence.shapes["dmy"] + evidence.shapes["dmy_time"] + evidence.shapes["dmy_short"]
    conflict = evidence.first_over_12 > 0 and evidence.second_over_12 > 0
    if conflict and min(evidence.first_over_12, evidence.second_over_12) > LOSS_TOLERATED * total:
        return None
    undecided = order_needed > 0 and evidence.first_over_12 == evidence.second_over_12
    day_first = evidence.first_over_12 > evidence.second_over_12 or (
        undecided and evidence.dotted_dmy > order_needed / 2
    )
    used = sorted(s for s in evidence.shapes if s in shapes.DAYS | shapes.MONTHS | shapes.MOMENTS)
    return Reading(
        "datetime" if moments else "date",
        format=" + ".join(used),
        day_first=day_first,
        ambiguous_order=undecided and evidence.dotted_dmy <= order_needed / 2,
        offset=(offsets.pop() if len(offsets) == 1 and not evidence.offsets[""] else "UTC")
        if offsets
        else None,
        unreadable=total - days - months - moments,
    )


def _as_number(evidence: Evidence, total: int, *, decimal_comma_file: bool) -> Reading | None:
    counts = evidence.shapes
    fitting = sum(counts[shape] for shape in shapes.NUMBERS)
    if counts["code"] >= 0.01 * total or not _enough(fitting, total):
        return None
    currencies = {unit for unit in evidence.units if unit != "()"}
    if len(currencies) > 1:
        return None
    dots = _dot_decimals(evidence)
    comma = counts["decimal_comma"] + counts["dot_groups"] > 0
    if comma and dots:
        return None
    comma = comma or (decimal_comma_file and not dots and counts["comma_three"] + counts["dot_three"] > 0)
    fractions = {"decimal_comma", "comma_three"} if comma else shapes.FRACTIONS
    integral = not any(counts[shape] for shape in fractions)
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
