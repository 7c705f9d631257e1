"""Names, texts and Parquet files as DuckDB's SQL takes them."""

from pathlib import Path


def quoted(name: str) -> str:
    """A column's name."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text."""
    return "'" + text.replace("'", "''") + "'"


def scan(path: Path, **options: str) -> str:
    """A Parquet file as a table of a query."""
    extra = "".join(f", {name}={value}" for name, value in options.items())
    return f"read_parquet({literal(str(path))}{extra})"
