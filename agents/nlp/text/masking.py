"""Personal data made unreadable: parts of it starred, its kind in its place, or a number that stands for it."""

import re
from collections.abc import Callable, Sequence
from typing import Literal

from mesh.language import Language

from .personal_kinds import label_of
from .personal_scan import Span

Style = Literal["partial", "label", "pseudonym"]
STAR = "*"
_KEEP_END = {"phone": 4, "card": 4, "bank_account": 3, "iban": 4}


def mask_value(value: str, kind: str) -> str:
    """The value with its telling parts starred, in its own form.

    A phone number and a card keep their last four digits, an account its last three, an e-mail address and each word of a
    name their first letter, a date of birth its year, an address its first word. Everything else is starred altogether.
    """
    if kind in _KEEP_END:
        return _star_digits(value, _KEEP_END[kind])
    if kind == "email":
        user, _, host = value.partition("@")
        return f"{user[:1]}***@{host[:1]}***" if host else STAR * 3
    if kind == "name":
        return " ".join(word[:1] + STAR * max(1, len(word) - 1) for word in value.split())
    if kind == "birth_date":
        year = re.match(r"(?:19|20)\d\d(?!\d{6})", value)
        kept = year.end() if year else 0
        return value[:kept] + re.sub(r"\w", STAR, value[kept:])
    if kind == "address":
        first, _, rest = value.partition(" ")
        kept_word = "" if any(letter.isdigit() for letter in first) else first
        return f"{kept_word} {STAR * 3}".strip() if rest else STAR * 3
    return re.sub(r"\w", STAR, value)


def masker(style: Style, language: Language) -> Callable[[str, str], str]:
    """A function of a value and its kind that gives what stands in its place.

    `partial` stars as `mask_value` does, `label` puts the kind's name in brackets, and `pseudonym` a name with a number that is
    the same wherever the same value occurs, whatever its capitals and separators; numbers are given in order of appearance.
    """
    if style == "partial":
        return mask_value
    if style == "label":
        return lambda _value, kind: f"[{label_of(kind, language)}]"
    given: dict[tuple[str, str], int] = {}
    counts: dict[str, int] = {}

    def pseudonym(value: str, kind: str) -> str:
        key = (kind, re.sub(r"[\W_]", "", value).casefold())
        if key not in given:
            counts[kind] = counts.get(kind, 0) + 1
            given[key] = counts[kind]
        return f"{kind}_{given[key]}"

    return pseudonym


def mask_spans(text: str, spans: Sequence[Span], replace: Callable[[str, str], str]) -> str:
    """The text with what stands at each span replaced."""
    parts, at = [], 0
    for span in spans:
        parts += [text[at : span.start], replace(text[span.start : span.end], span.kind)]
        at = span.end
    return "".join([*parts, text[at:]])


def _star_digits(value: str, kept: int) -> str:
    """Letters and digits starred but for the last `kept`, when twice as many and more are starred; separators stay."""
    places = [place for place, letter in enumerate(value) if letter.isalnum()]
    hidden = set(places[: len(places) - kept] if len(places) >= 2 * kept else places)
    return "".join(STAR if place in hidden else letter for place, letter in enumerate(value))
