"""What was seen in the values of a text column: the facts from which its reading is chosen."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import markers, shapes
from .reading import ColumnType, Reading

Weights = np.ndarray[tuple[int], np.dtype[np.int64]]

_SETTLED_VALUES = 50_000
_SETTLED_SHARE = 0.5
"""After this many values of plain text, and when they are more than this share, the column is text whatever follows."""

_MARKERS = pa.array(sorted(markers.EVERY), pa.string())
_SPELLED = pa.array(
    sorted({f(m) for m in markers.EVERY for f in (str, str.upper, str.title, str.capitalize)} | {" ", "  "}),
    pa.string(),
)

_DIGIT_CODE = r"^(?:[A-Za-z]{1,3}-?\d+|\d+-?[A-Za-z]|\d{2,}-\d+)$"
"""`c168`, `136A` or `98115-4820`, which among whole numbers tell that these are codes."""

_LONGEST_MARKER_BYTES = max(len(marker.encode()) for marker in markers.EVERY)

_PLAIN_SHAPE: dict[ColumnType, str] = {
    "integer": "integer",
    "number": "decimal",
    "boolean": "boolean",
    "date": "ymd",
    "datetime": "ymd_time",
    "string": shapes.TEXT,
}


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
    short_parts: tuple[set[int], set[int], set[int]] = field(default_factory=lambda: (set(), set(), set()))
    short_slashed: int = 0
    year_spans: Counter[str] = field(default_factory=Counter)
    compact_days: int = 0
    compact_months: int = 0
    compact_moments: int = 0
    dotted_months: int = 0
    epoch_s: int = 0
    epoch_ms: int = 0
    serials: int = 0
    midnights: int = 0
    hangul_fractions: int = 0
    hangul_teams: int = 0
    code_words: int = 0
    digit_codes: int = 0
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

    def add_plain(self, column: pa.Array, reading: Reading) -> None:
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

    def _note_markers(self, values: pa.Array, counts: Weights) -> None:
        for text, count in zip(values.to_pylist(), counts.tolist(), strict=True):
            self.markers[text] += count

    def _add_values(self, values: pa.Array, counts: Weights) -> None:
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
            self._note_shape(shape, subset, weights)
            if shape in ("integer", "decimal"):
                self._note_counts(subset, weights)
            if shape in shapes.MOMENTS:
                self.iso += _weight(subset, weights, shapes.ISO)
                self.midnights += _weight(subset, weights, shapes.MIDNIGHT)
                self._note_offsets(subset, weights)

    def _note_shape(self, shape: str, values: pa.Array, weights: Weights) -> None:
        if shape == "boolean":
            for text, count in zip(values.to_pylist(), weights.tolist(), strict=True):
                self.booleans[text] += count
        elif shape == "hangul_units":
            self.hangul_fractions += _weight(values, weights, r"\.")
            self.hangul_teams += _weight(values, weights, shapes.HANGUL_TEAM)
            won = _weight(values, weights, "원$|^[+-]?[₩￦]")
            if won:
                self.units["KRW"] += won
        elif shape in shapes.ORDERED:
            self._note_order(values, weights)
        elif shape in shapes.SHORT:
            self._note_short(values, weights)
        elif shape == "year_month":
            for text, count in zip(values.to_pylist(), weights.tolist(), strict=True):
                self.year_spans[text] += count * _is_year_span(text)
        elif shape == "ymd":
            self.iso += _weight(values, weights, shapes.ISO)
        elif shape == shapes.TEXT:
            self.code_words += _weight(values, weights, "^[A-Z]{2,5}$")
            self.digit_codes += _weight(values, weights, _DIGIT_CODE)

    def _note_counts(self, values: pa.Array, weights: Weights) -> None:
        """Numbers that may be points in time: days, months, seconds, milliseconds; and how wide they are."""
        self.integer_widths.update(pc.unique(pc.utf8_length(values)).to_pylist())
        self.compact_days += _weight(values, weights, shapes.COMPACT_DAY)
        self.compact_months += _weight(values, weights, shapes.COMPACT_MONTH)
        self.compact_moments += _weight(values, weights, shapes.COMPACT_MOMENT)
        self.epoch_s += _weight(values, weights, shapes.EPOCH_SECONDS)
        self.epoch_ms += _weight(values, weights, shapes.EPOCH_MILLIS)
        self.serials += _weight(values, weights, shapes.EXCEL_SERIAL)
        self.dotted_months += _weight(values, weights, shapes.DOTTED_MONTH)

    def _note_short(self, values: pa.Array, weights: Weights) -> None:
        parts = pc.extract_regex(values, pattern=r"^(?P<a>\d+)(?P<mark>[/.-])(?P<b>\d+)[/.-](?P<c>\d+)")
        for seen, name in zip(self.short_parts, ("a", "b", "c"), strict=True):
            seen.update(pc.unique(parts.field(name).cast(pa.int64())).to_pylist())
        slashed = pc.equal(parts.field("mark"), "/").to_numpy(zero_copy_only=False)
        self.short_slashed += int(weights[slashed].sum())

    def _note_order(self, values: pa.Array, weights: Weights) -> None:
        parts = pc.extract_regex(values, pattern=r"^(?P<first>\d{1,2})(?P<mark>[/.-])(?P<second>\d{1,2})")
        first, second = (parts.field(i).cast(pa.int8()).to_numpy(zero_copy_only=False) for i in (0, 2))
        self.first_over_12 += int(weights[first > 12].sum())
        self.second_over_12 += int(weights[second > 12].sum())
        dotted = pc.equal(parts.field(1), ".").to_numpy(zero_copy_only=False)
        self.dotted_dmy += int(weights[dotted].sum())

    def _note_offsets(self, values: pa.Array, weights: Weights) -> None:
        zones = pc.extract_regex(
            values, pattern=r"[\d초분Mm.] ?(?P<zone>Z|UTC|GMT|KST|[+-]\d{2}:?\d{2})$"
        ).field(0)
        zones = zones.fill_null("").dictionary_encode()
        for code, zone in enumerate(zones.dictionary.to_pylist()):
            at = zones.indices.to_numpy() == code
            self.offsets[zone_name(zone)] += int(weights[at].sum())


def zone_name(zone: str) -> str:
    """A UTC offset as `+09:00`; `Z` is `+00:00`, no offset stays empty."""
    if zone in ("Z", "UTC", "GMT"):
        return "+00:00"
    if zone == "KST":
        return "+09:00"
    return f"{zone[:3]}:{zone[-2:]}" if zone else ""


def _is_year_span(text: str) -> bool:
    """Is it a year and the one after it, as seasons are written: `2009-10`?"""
    return int(text[-2:]) == (int(text[2:4]) + 1) % 100


def _weight(values: pa.Array, weights: Weights, pattern: str) -> int:
    """How often values that match the pattern were seen."""
    return int(weights[shapes.matching(values, pattern)].sum())
