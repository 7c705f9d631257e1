"""Which field of live events is watched, and which one is the key: decided by the first events, as there is no schema."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

TIMES = ("time", "timestamp", "ts", "datetime", "date")
_NO_READINGS = {"id", "at", "seq", "sequence", "offset", *TIMES}
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
    "고객": "customer",
    "방문자": "visitor",
    "국가": "country",
    "도시": "city",
    "페이지": "page",
    "오류": "error",
}
_KOREAN = {
    "매출": ("revenue", "sales", "amount"),
    "수량": ("quantity", "units"),
    "판매량": ("quantity", "units"),
    "가격": ("price",),
    "온도": ("temperature", "temp"),
    "습도": ("humidity",),
    "전력": ("power", "energy"),
    "압력": ("pressure",),
    "속도": ("speed", "velocity"),
    "지연": ("latency", "delay"),
    "응답": ("response", "latency"),
    "요청": ("request",),
    "방문": ("visit",),
    "진동": ("vibration",),
    "전류": ("current",),
    "전압": ("voltage",),
    "주가": ("close", "price"),
    "거래량": ("volume",),
}


Fields = tuple[str | None, str | None, str | None]
"""The fields of the values, of the key and of the items."""


def choose_fields(
    question: str, column: str | None, by: str | None, items: str | None, first: Mapping[str, Any]
) -> Fields:
    """The fields that are meant, by the first event where the caller left them open."""
    key = None if by is None else key_field(by, first)
    return column or reading_field(question, first, key), key, item_field(items, first, key)


def reading_of(fields: Fields, event: Mapping[str, Any]) -> tuple[float | None, str, str | None]:
    """Value, key and item of an event; without a field of values each counts 1."""
    column, by, items = fields
    value = 1.0 if column is None else number_of(event.get(column))
    key = "" if by is None else str(event.get(by, ""))
    return value, key, None if items is None else item_of(event.get(items))


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


def item_field(word: str | None, fields: Mapping[str, Any], by: str | None) -> str | None:
    """The field whose distinct and most frequent items are kept: the one that `word` means, else the first text that is no key,
    id or time."""
    if word is not None:
        return key_field(word, fields)
    texts = (
        name
        for name, value in fields.items()
        if isinstance(value, str)
        and name != by
        and name.lower() not in _NO_READINGS
        and number_of(value) is None
    )
    return next(texts, None)


def item_of(value: Any) -> str | None:
    """A value as an item: its text; None for what is missing."""
    return None if value is None or value == "" else str(value)


def key_field(word: str, names: Iterable[str]) -> str | None:
    """The field that a word for the key means: itself, or one that begins or ends with it (`sensor` → `sensor_id`)."""
    known = list(names)
    # `distinct users` names a field in the plural, `고유 사용자가` with a particle.
    forms = [
        word,
        re.sub(r"(?<=[가-힣])(?:의|은|는|이|가|을|를|도|별)$", "", word),
        re.sub(r"(?<=\w\w)s$", "", word),
    ]
    for form in forms:
        wanted = _KOREAN_KEYS.get(form, form).lower()
        for fits in (str.__eq__, str.startswith, str.endswith):
            found = next((name for name in known if fits(name.lower(), wanted)), None)
            if found is not None:
                return found
    return None


def is_named(name: str, question: str) -> bool:
    """Whether a question names a column, in its own words or in a Korean one for them."""
    asked = question.lower()
    words = [
        w.lower() for w in re.split(r"[\W_]+|(?<=[a-z])(?=[A-Z])", name) if len(w) > 2 or not w.isascii()
    ]
    if any(w in asked for w in words):
        return True
    return any(korean in asked and set(words) & set(english) for korean, english in _KOREAN.items())
