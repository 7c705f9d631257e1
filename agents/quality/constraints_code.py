"""Constraints as a Python program: a pandera schema that can be kept with the data and run on every new file."""

import json
from collections.abc import Sequence
from typing import Any

from mesh.language import Language

from .constraints import Constraint
from .constraints_check import TOLERANCE

_DTYPES = {
    "integer": '"Int64", coerce=True',
    "number": '"float64", coerce=True',
    "boolean": '"boolean", coerce=True',
    "date": '"datetime64[us]", coerce=True',
    "datetime": '"datetime64[us]", coerce=True',
    "string": "str",
}
_HEAD = '''"""What {name} must look like: {count:,} constraints learnt from {rows:,} rows.

    python {file} data.csv      (or data.parquet)

prints every violation and ends with 1, or says that there is none. Import `schema` to validate a pandas table.
"""

import sys
import warnings

import pandas as pd
import pandera.pandas as pa

schema = pa.DataFrameSchema(
    columns={{
'''
_TAIL = """

def read(path: str) -> pd.DataFrame:
    if path.endswith(".parquet"):
        return pd.read_parquet(path)
    texts = dict.fromkeys([name for name, column in schema.columns.items() if str(column.dtype) == "str"], str)
    yes, no = ["yes", "Yes", "YES", "y", "Y", "t"], ["no", "No", "NO", "n", "N", "f"]
    return pd.read_csv(path, dtype=texts, true_values=yes, false_values=no, na_values=[" ", "-"])


def main(path: str) -> int:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            schema.validate(read(path), lazy=True)
        except pa.errors.SchemaErrors as error:
            print(error.failure_cases.to_string())
            return 1
    for warning in caught:
        print("warning:", str(warning.message)[:200])
    print("Valid: nothing that must hold is violated.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
"""


def schema_source(
    dataset: str, rows: int, constraints: Sequence[Constraint], language: Language, file: str
) -> str:
    """The program's text. Violated warnings warn; everything else is a schema error."""
    names = list(dict.fromkeys(c.columns[0] for c in constraints if len(c.columns) == 1))
    title = dataset.replace("\\", " ").replace('"', "'")
    lines = [_HEAD.format(name=title, count=len(constraints), rows=rows, file=file)]
    lines += [_column(name, [c for c in constraints if c.columns == (name,)], language) for name in names]
    lines.append("    },\n    checks=[\n")
    lines += [_table_check(c, language) for c in constraints if len(c.columns) > 1]
    lines.append("    ],\n)\n")
    return "".join(lines) + _TAIL


def _column(name: str, constraints: list[Constraint], language: Language) -> str:
    kinds = {c.kind: c for c in constraints}
    dtype = _DTYPES[kinds["type"].limits["type"]] if "type" in kinds else "None"
    required = kinds.get("not_null")
    nullable = required is None or required.severity == "warning"
    checks = [_column_check(c, language) for c in constraints if c.kind not in ("type", "not_null")]
    if required is not None and nullable:
        checks.append(_check("lambda values: values.notna()", required, language, "ignore_na=False"))
    body = "".join(f"                {check},\n" for check in checks)
    listed = f"[\n{body}            ]" if checks else "[]"
    return (
        f"        {_literal(name)}: pa.Column(\n            {dtype},\n            checks={listed},\n"
        f"            nullable={nullable},\n        ),\n"
    )


def _column_check(constraint: Constraint, language: Language) -> str:
    limits = constraint.limits
    match constraint.kind:
        case "range":
            return _check(f"lambda values: {_within(limits)}", constraint, language)
        case "allowed":
            return _check(f"lambda values: values.isin({_literal(limits['values'])})", constraint, language)
        case "pattern":
            return _check(
                f"lambda values: values.str.contains({_literal(limits['regex'])}, regex=True)",
                constraint,
                language,
            )
        case _:
            return _check("lambda values: ~values.duplicated()", constraint, language)


def _within(limits: dict[str, Any]) -> str:
    def bound(value: Any) -> str:
        return f"pd.Timestamp({_literal(value)})" if isinstance(value, str) else repr(value)

    parts = []
    if "min" in limits:
        parts.append(f"(values >= {bound(limits['min'])})")
    if "max" in limits and isinstance(limits["max"], str) and len(limits["max"]) == len("2024-01-31"):
        parts.append(f"(values < {bound(limits['max'])} + pd.Timedelta(days=1))")
    elif "max" in limits:
        parts.append(f"(values <= {bound(limits['max'])})")
    return " & ".join(parts)


def _table_check(constraint: Constraint, language: Language) -> str:
    complete = f"rows[{_literal(list(constraint.columns))}].isna().any(axis=1)"
    rule = f"lambda rows: ({_table_rule(constraint)}) | {complete}"
    return f"        {_check(rule, constraint, language, 'ignore_na=False')},\n"


def _table_rule(constraint: Constraint) -> str:
    names = [_literal(name) for name in constraint.columns]
    match constraint.kind:
        case "order":
            return f"rows[{names[0]}] <= rows[{names[1]}]"
        case "determines":
            usual = "lambda group: group.mode().iloc[0] if group.notna().any() else None"
            return f"rows[{names[1]}] == rows.groupby({names[0]})[{names[1]}].transform({usual})"
        case "arithmetic":
            total, left, right = (f"rows[{name}]" for name in names)
            operator = "*" if constraint.limits["operator"] == "×" else "+"
            share = constraint.limits.get("tolerance", TOLERANCE)
            least = f"(0.5 if pd.api.types.is_integer_dtype({total}) else 0.005)"
            return f"({left} {operator} {right} - {total}).abs() <= ({share!r} * {total}.abs()).clip(lower={least})"
        case _:
            return f"~rows.duplicated([{', '.join(names)}])"


def _check(rule: str, constraint: Constraint, language: Language, *options: str) -> str:
    named = [f"error={_literal(constraint.text(language))}", *options]
    if constraint.severity == "warning":
        named.append("raise_warning=True")
    return f"pa.Check({rule}, {', '.join(named)})"


def _literal(value: Any) -> str:
    """A text, number or list of them as Python source."""
    if isinstance(value, list):
        return f"[{', '.join(_literal(item) for item in value)}]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
