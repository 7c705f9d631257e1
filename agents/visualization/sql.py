"""Names and values as SQL text."""

from collections.abc import Iterable


def quoted(name: str) -> str:
    """A column name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: object) -> str:
    """A string or a number as an SQL literal."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"


def listed(values: Iterable[object]) -> str:
    """Values as an SQL list in parentheses; one that nothing is in when there are none."""
    return "(" + (", ".join(literal(value) for value in values) or "NULL") + ")"
