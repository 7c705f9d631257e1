"""Which field of live events is watched, and which one is the key: decided by the first events, as there is no schema."""

from collections.abc import Iterable, Mapping
from typing import Any

from .watch_setup import is_named

_NO_READINGS = {"id", "time", "timestamp", "ts", "at", "seq", "sequence", "offset"}
_KOREAN_KEYS = {
    "센서": "sensor",
    "기기": "device",
    "장비": "device",
    "지역": "region",
    "사용자": "user",
    "서버": "server",
    "서비스": "service",
    "상품": "product",
    "제품": "product",
    "매장": "store",
    "종목": "symbol",
}


def number_of(value: Any) -> float | None:
    """A finite number, also one written as text; else None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) < float("inf") else None


def reading_field(question: str, fields: Mapping[str, Any], by: str | None) -> str | None:
    """The field to watch: one that the question names, then `value`, then the first number that is no id or time."""
    numeric = [
        name
        for name, value in fields.items()
        if name != by
        and number_of(value) is not None
        and name.lower() not in _NO_READINGS
        and not name.lower().endswith("_id")
    ]
    named = [name for name in numeric if is_named(name, question)]
    return next(iter([*named, *(name for name in numeric if name.lower() == "value"), *numeric]), None)


def key_field(word: str, names: Iterable[str]) -> str | None:
    """The field that a word for the key means: itself, or one that begins or ends with it (`sensor` → `sensor_id`)."""
    wanted = _KOREAN_KEYS.get(word, word).lower()
    known = list(names)
    for fits in (str.__eq__, str.startswith, str.endswith):
        found = next((name for name in known if fits(name.lower(), wanted)), None)
        if found is not None:
            return found
    return None
