"""The unit of a column: written with its values, in its header, or as the last word of its name."""

import re

from .reading import Reading

_IN_NAME = re.compile(
    r"[(\[]\s*(?:단위\s*:\s*)?(%|[^\W\d_]{1,6}(?:/[^\W\d_]{1,4})?|[₩$€£¥℃°][CF]?)\s*[)\]]\s*$"
)
_CURRENCIES = {
    "원": "KRW",
    "₩": "KRW",
    "won": "KRW",
    "달러": "USD",
    "$": "USD",
    "유로": "EUR",
    "€": "EUR",
    "£": "GBP",
    "엔": "JPY",
    "¥": "JPY",
    "위안": "CNY",
}
_CODES = frozenset(["usd", "krw", "eur", "jpy", "gbp", "cny"])
_WORDS = {"kg": "kg", "km": "km", "pct": "%", "percent": "%", "℃": "℃"}


def unit_of(name: str, reading: Reading) -> str | None:
    """The unit of a number column, a currency as its ISO 4217 code; None when nothing tells it."""
    if reading.unit or reading.type not in ("integer", "number"):
        return reading.unit
    bracketed = _IN_NAME.search(name)
    if bracketed:
        return _named(bracketed.group(1))
    last = name.lower().rsplit("_", 1)[-1] if "_" in name else ""
    return last.upper() if last in _CODES else _WORDS.get(last)


def _named(unit: str) -> str:
    lowered = unit.lower()
    return _CURRENCIES.get(lowered) or (unit.upper() if lowered in _CODES else unit)
