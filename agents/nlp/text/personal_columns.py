"""Personal data in the columns of a table: what is found in which column, how often, and what it rests on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mesh.results import Column

from .checksums import digits_of
from .masking import STAR
from .personal_kinds import COLUMN_NAMES, SPECIAL, looks_like_a_name
from .personal_scan import Span, find_personal

Progress = Callable[[float, str], None]

ENOUGH = 0.5
"""A column whose name or numbers promise a kind holds it when this share of its values has the kind's form."""
MAX_SHOWN = 3


@dataclass
class Found:
    """One kind in one column: how many rows and values hold it, how many of these each proof has, and examples as they stand.

    `certain` is False where the column's name could also mean something that is not personal.
    """

    column: str
    kind: str
    rows: int = 0
    values: int = 0
    certain: bool = True
    proofs: dict[str, int] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)

    def add(self, held: str, proof: str, rows: int) -> None:
        """Counts one value that stands in `rows` rows."""
        self.values += 1
        self.proofs[proof] = self.proofs.get(proof, 0) + rows
        if len(self.examples) < MAX_SHOWN and held not in self.examples:
            self.examples.append(held)


@dataclass(frozen=True)
class Distinct:
    """The different values of a column as text, how many rows hold each, and the place of each row's value (-1 for none)."""

    values: list[str]
    counts: list[int]
    array: pa.DictionaryArray


@dataclass(frozen=True)
class Reading:
    """What is personal in one column: the kind of the whole value when every value is, else spans by distinct value."""

    distinct: Distinct
    whole: str | None
    spans: dict[int, list[Span]]
    found: list[Found]


def readings(
    path: Path, columns: Sequence[Column], progress: Progress | None = None
) -> Iterator[tuple[str, Reading]]:
    """Every column that can hold personal data with what it holds, one at a time; columns without any are read and left out."""
    with pq.ParquetFile(path) as file:
        held = set(file.schema_arrow.names)
    names = [column.name for column in columns if column.name in held]
    company = any(kind_of_name(name) not in (None, "bare_name", "address") for name in names)
    for place, column in enumerate(column for column in columns if column.name in held):
        if progress:
            progress(place / len(names), column.name)
        values = pq.read_table(path, columns=[column.name]).column(0)
        reading = read_column(column.name, values, company=company)
        if reading and reading.found:
            yield column.name, reading


def read_column(name: str, values: pa.ChunkedArray, *, company: bool) -> Reading | None:
    """What one column holds; None for numbers and dates whose name promises nothing.

    Args: `company` says that other columns hold personal data, which makes a column called only `name` one of people.
    """
    texts = _is_text(values.type)
    promised = kind_of_name(name)
    numbers = pa.types.is_integer(values.type)
    dates = promised == "birth_date" and pa.types.is_temporal(values.type)
    if not texts and not numbers and not dates:
        return None
    distinct = distinct_of(values)
    if not distinct.values:
        return None
    if promised in ("bare_name", "name"):
        found = _names(name, distinct, certain=promised == "name" or company)
        return Reading(distinct, "name", {}, [found]) if found else _scan(name, distinct) if texts else None
    if promised and _fits(promised, distinct):
        found = Found(name, promised, rows=sum(distinct.counts))
        for value, count in zip(distinct.values, distinct.counts, strict=True):
            found.add(value, "column_name", count)
        return Reading(distinct, promised, {}, [found])
    return _scan(name, distinct, numbers=numbers) if not dates else None


def kind_of_name(name: str) -> str | None:
    """The kind of personal data that a column's name promises; `bare_name` when it may be the name of anything."""
    spaced = name.strip()
    return next((kind for kind, pattern in COLUMN_NAMES if pattern.search(spaced)), None)


def distinct_of(values: pa.ChunkedArray) -> Distinct:
    """The different values of a column, in order of appearance, empty ones left out."""
    if pa.types.is_temporal(values.type):
        values = pc.cast(values, pa.date32(), safe=False)
    text = values if _is_text(values.type) else pc.cast(values, pa.string())
    if pa.types.is_dictionary(text.type):
        text = pc.cast(text, text.type.value_type)
    encoded = pc.dictionary_encode(text).combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.chunk(0) if encoded.num_chunks else pa.array([], text.type).dictionary_encode()
    counted = {item["values"]: item["counts"] for item in pc.value_counts(encoded.indices).to_pylist()}
    names = encoded.dictionary.to_pylist()
    return Distinct(names, [counted.get(place, 0) for place in range(len(names))], encoded)


def _scan(name: str, distinct: Distinct, *, numbers: bool = False) -> Reading:
    """Personal data inside the values; of whole numbers only what most of the column is."""
    spans: dict[int, list[Span]] = {}
    found: dict[str, Found] = {}
    for place, (value, count) in enumerate(zip(distinct.values, distinct.counts, strict=True)):
        held = find_personal(value)
        if numbers:
            held = [
                span for span in held if span.kind in SPECIAL and (span.start, span.end) == (0, len(value))
            ]
        if held:
            spans[place] = held
        for kind in dict.fromkeys(span.kind for span in held):
            found.setdefault(kind, Found(name, kind)).rows += count
        for span in held:
            found[span.kind].add(value[span.start : span.end], span.proof, count)
    if numbers and len(spans) < ENOUGH * len(distinct.values):
        return Reading(distinct, None, {}, [])
    return Reading(distinct, None, spans, list(found.values()))


def _names(name: str, distinct: Distinct, *, certain: bool) -> Found | None:
    """The column as one of names, when most values have the form of one."""
    fitting = sum(looks_like_a_name(value.strip()) for value in distinct.values)
    if fitting < ENOUGH * len(distinct.values):
        return None
    found = Found(name, "name", rows=sum(distinct.counts), certain=certain)
    for value, count in zip(distinct.values, distinct.counts, strict=True):
        found.add(value, "column_name", count)
    return found


def _fits(kind: str, distinct: Distinct) -> bool:
    """Whether the values can be what the column's name promises."""
    fitting = sum(_has_form(kind, value.strip()) for value in distinct.values)
    return fitting >= ENOUGH * len(distinct.values)


def _has_form(kind: str, value: str) -> bool:
    digits = len(digits_of(value))
    if STAR * 3 in value:
        return False
    if kind == "email":
        return "@" in value
    if kind == "birth_date":
        return digits in (6, 8) or digits >= 8
    if kind == "address":
        return len(value.split()) > 1
    if kind == "resident_number":
        return digits == 13
    if kind == "passport":
        return 7 <= len(value) <= 10 and digits >= 4
    return digits >= 9 or (kind == "phone" and digits >= 7)


def _is_text(kind: pa.DataType) -> bool:
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(
        pa.types.is_string(inner) or pa.types.is_large_string(inner) or pa.types.is_string_view(inner)
    )
