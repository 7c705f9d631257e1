"""The form that codes are written in, as a regular expression: two letters, a hyphen, four digits."""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

MAX_RUNS = 12
MAX_FORMS = 200
_CLASSES = (("A", "[A-Z]"), ("a", "[a-z]"), ("가", "[가-힣]"), ("9", "[0-9]"))
_RUN = re.compile(r"A+|a+|가+|9+|[^Aa가9]")


def form_of(values: pa.Array) -> str | None:
    """One regular expression (RE2) for all the distinct texts, or None when they have no form in common.

    A form is a sequence of runs of capitals, small letters, Hangul and digits with the same characters between them. A run keeps
    its length when all texts agree on it. Words alone are no form: there must be a digit or a character between runs.
    """
    shapes = values
    for letter, pattern in _CLASSES:
        shapes = pc.replace_substring_regex(shapes, pattern=pattern, replacement=letter)
    forms = pc.unique(shapes)
    if not 1 <= len(forms) <= MAX_FORMS or len(values) < 2:
        return None
    runs = [_RUN.findall(form) for form in forms.to_pylist()]
    if len({tuple(run[0] for run in form) for form in runs}) != 1 or not 1 <= len(runs[0]) <= MAX_RUNS:
        return None
    if not any(run[0] not in "Aa가" for run in runs[0]):
        return None
    lengths = np.array([[len(run) for run in form] for form in runs])
    return "^" + "".join(_part(run[0], lengths[:, i]) for i, run in enumerate(runs[0])) + "$"


def _part(letter: str, lengths: "np.typing.NDArray[np.int64]") -> str:
    """The expression of one run: a character as it is, or a class with its length."""
    known = dict(_CLASSES)
    if letter not in known:
        return re.escape(letter)
    low, high = int(lengths.min()), int(lengths.max())
    return known[letter] + ("" if low == high == 1 else f"{{{low}}}" if low == high else "+")
