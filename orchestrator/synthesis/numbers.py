"""Keeps prose honest: which numbers a text states, and whether each is one that a step computed."""

import math
import re
from collections.abc import Iterable, Iterator
from typing import Any

NUMBER = re.compile(r"(?<![\w.])[-+−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?")
DATE = re.compile(
    r"\d{4}[-./]\d{1,2}(?:[-./]\d{1,2})?(?:[T ]\d{2}:\d{2}(?::\d{2})?)?"
    r"|\d{4}년(?:\s*\d{1,2}월)?(?:\s*\d{1,2}일)?|\d{1,2}월(?:\s*\d{1,2}일)?|\d{1,2}시"
)
_SCALES = (1.0, 0.01, 1e3, 1e4, 1e6, 1e8, 1e9, 1e12)
_SMALL = 12
_ROUNDING = 0.5


def unsupported_numbers(text: str, facts: Any) -> list[str]:
    """The numbers in `text` that are nowhere in `facts` (any JSON), as written.

    A number is supported when some fact rounds to it at the precision it is written with, possibly as a percentage or in
    thousands, ten thousands (만), millions, hundred millions (억) or billions. Dates, and whole numbers up to 12 that count
    things, are left out.
    """
    known = sorted({abs(value) for value in numbers_in(facts)})
    bare = DATE.sub(" ", text)
    return [
        token
        for token in NUMBER.findall(bare)
        if not is_small_count(token) and not _is_supported(token, known)
    ]


def numbers_in(facts: Any) -> Iterator[float]:
    """Every finite number in a JSON value, also those inside its strings."""
    if isinstance(facts, bool) or facts is None:
        return
    if isinstance(facts, int | float):
        if math.isfinite(facts):
            yield float(facts)
    elif isinstance(facts, str):
        for token in NUMBER.findall(facts):
            yield number_of(token)
    elif isinstance(facts, dict):
        for key, value in facts.items():
            yield from numbers_in(key)
            yield from numbers_in(value)
    elif isinstance(facts, Iterable):
        for value in facts:
            yield from numbers_in(value)


def _is_supported(token: str, known: list[float]) -> bool:
    value = abs(number_of(token))
    mantissa, _, exponent = token.lower().partition("e")
    half_step = _ROUNDING * 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
    return any(
        abs(fact / scale - value) <= half_step * (1 + 1e-9) + 1e-12 * value
        for scale in _SCALES
        for fact in known
    )


def number_of(token: str) -> float:
    """The number that a match of `NUMBER` is."""
    return float(token.replace(",", "").replace("−", "-"))


def is_small_count(token: str) -> bool:
    """Whether a match of `NUMBER` is a whole number up to twelve, as words that count have them."""
    return token.isdigit() and int(token) <= _SMALL
