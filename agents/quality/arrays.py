"""A column as Arrow holds it: read from Parquet, in one of the few plain types that the checks know."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

CODED_BYTES_PER_ROW = 4
"""A text column that takes less in the file is stored as codes of few values, and is read as such."""


def read_column(path: Path, name: str) -> pa.Array:
    """One column of a Parquet file; texts of few values come dictionary-coded.

    The file is not mapped: mapped pages would count as memory in use until the whole file is in it.
    """
    coded = [name] if _is_stored_as_codes(pq.read_metadata(path), name) else None
    with pq.ParquetFile(path, read_dictionary=coded) as file:
        values = file.read(columns=[name], use_threads=False).column(0)
    if pa.types.is_dictionary(values.type):
        values = values.unify_dictionaries()
    return pa.concat_arrays(values.chunks) if len(values) else pa.array([], values.type)


def _is_stored_as_codes(metadata: pq.FileMetaData, name: str) -> bool:
    schema = metadata.schema.to_arrow_schema()
    if metadata.num_columns != len(schema) or not pa.types.is_string(schema.field(name).type):
        return False
    index = schema.get_field_index(name)
    sizes = [
        metadata.row_group(i).column(index).total_uncompressed_size for i in range(metadata.num_row_groups)
    ]
    return bool(sum(sizes) < CODED_BYTES_PER_ROW * metadata.num_rows)


def is_coded_text(array: pa.Array) -> bool:
    """Is it dictionary-coded text, with each value once in the dictionary?"""
    if not pa.types.is_dictionary(array.type) or not pa.types.is_string(array.type.value_type):
        return False
    values = array.dictionary
    return not values.null_count and len(values.unique()) == len(values)


def plain(array: pa.Array) -> tuple[pa.Array, str]:
    """The array in the plain type of its kind, and the kind: `integer`, `number`, `boolean`, `date`, `datetime`, `string`."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        return plain(array.dictionary_decode())
    if pa.types.is_boolean(kind):
        return array, "boolean"
    if pa.types.is_integer(kind) and not pa.types.is_uint64(kind):
        return array.cast(pa.int64()), "integer"
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind) or pa.types.is_uint64(kind):
        return array.cast(pa.float64(), safe=False), "number"
    if pa.types.is_date(kind):
        return array.cast(pa.date32()), "date"
    if pa.types.is_timestamp(kind):
        local = pc.local_timestamp(array) if kind.tz else array
        return local.cast(pa.timestamp("us"), safe=False), "datetime"
    if pa.types.is_string(kind):
        return array, "string"
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return array.cast(pa.string()), "string"
    return pa.array([None if v is None else str(v) for v in array.to_pylist()], pa.string()), "string"
