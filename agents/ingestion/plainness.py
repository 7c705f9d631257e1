"""Which columns a reader may parse by itself: their beginning is written so plainly that nothing has to be interpreted."""

import pyarrow as pa

from .conversion import ARROW_TYPES
from .evidence import Evidence
from .reading import Reading
from .vocabulary import meaning_of

_CODE_WIDTH = 3
_TRUTH_WORDS = frozenset({"true", "false"})


def plain_types(
    names: list[str], evidence: list[Evidence | None], readings: list[Reading]
) -> dict[int, pa.DataType]:
    """The Arrow types of the plain columns by position.

    A column that may be a code is left out, since its leading zeros would be lost, and so is one with markers of missing
    values other than the empty field, or whose fractions may be thousands.
    """
    return {
        position: ARROW_TYPES[reading.type]
        for position, (name, seen, reading) in enumerate(zip(names, evidence, readings, strict=True))
        if seen is not None and _is_plain(name, seen, reading)
    }


def _is_plain(name: str, seen: Evidence, reading: Reading) -> bool:
    if seen.markers.keys() - {""} or seen.units or seen.values == 0:
        return False
    found = frozenset(shape for shape, count in seen.shapes.items() if count)
    if reading.type == "integer":
        return found == {"integer"} and not _may_be_code(name, seen)
    if reading.type == "number":
        return found <= {"decimal", "dot_three", "integer", "whole"} and seen.shapes["decimal"] > 0
    if reading.type == "boolean":
        return {label.lower() for label in seen.booleans} <= _TRUTH_WORDS
    if reading.type == "date":
        return found == {"ymd"} and seen.iso == seen.values
    return reading.type == "datetime" and found == {"ymd_time"} and seen.iso == seen.values


def _may_be_code(name: str, seen: Evidence) -> bool:
    widths = seen.integer_widths
    return (len(widths) == 1 and max(widths) >= _CODE_WIDTH) or meaning_of(name) in (
        "identifier",
        "geo",
        "category",
    )
