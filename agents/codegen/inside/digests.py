"""Digests of variables, to tell whether two programs leave the same behind."""

import hashlib
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any


def digests(namespace: dict[str, Any]) -> dict[str, str]:
    """A digest of the value of every public variable that is data.

    Floats count to ten significant digits, and integers of any width are alike. Of other objects only the kind counts.
    """
    return {
        name: _digest(value)
        for name, value in sorted(namespace.items())
        if not name.startswith("_") and not callable(value) and type(value).__name__ != "module"
    }


def _digest(value: Any) -> str:
    return hashlib.sha256(_canonical(value).encode()).hexdigest()


def _canonical(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, dict):
        return "{" + ",".join(f"{_canonical(key)}:{_canonical(item)}" for key, item in value.items()) + "}"
    if isinstance(value, set | frozenset):
        return "{" + ",".join(sorted(_canonical(item) for item in value)) + "}"
    if isinstance(value, list | tuple):
        return f"{type(value).__name__}({','.join(_canonical(item) for item in value)})"
    kind = f"{type(value).__module__}.{type(value).__name__}"
    if kind.startswith("pandas.") and hasattr(value, "to_csv"):
        types = value.dtypes if kind.endswith(".DataFrame") else [value.dtype]
        kinds = "".join(item.kind for item in types)  # 1 and 1.0 are written alike
        return f"{kind}{value.shape}{kinds}{value.to_csv(float_format='%.10g')}"
    if kind.startswith("numpy.") and hasattr(value, "tolist"):
        return _canonical(value.tolist())
    if isinstance(value, str | int | bool | bytes | date | time | timedelta | Decimal | None):
        return f"{kind}:{value!r}"
    return kind
