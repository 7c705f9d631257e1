"""Personal data in a text: where it stands and of which kind it is."""

import re
from dataclasses import dataclass

from .checksums import digits_of, resident_check_holds
from .personal_kinds import KINDS, Proof

_TELLING = re.compile(
    r"\d|@|[가-힣](?:님|씨|고객님)|이름|성명|성함|담당자|수령인|받는|예금주|보호자|M[rs]s?\b|Dr\b|Prof|name|ear "
)
"""Texts without any of these hold nothing that is looked for."""


@dataclass(frozen=True)
class Span:
    """Personal data at `start` to `end` of a text."""

    start: int
    end: int
    kind: str
    proof: Proof


def find_personal(text: str) -> list[Span]:
    """Every personal datum in a text, in order and without overlaps; where two kinds fit, the first of `KINDS` holds."""
    if not _TELLING.search(text):
        return []
    found: list[Span] = []
    for kind in KINDS:
        for match in kind.pattern.finditer(text):
            part = "it" if "it" in kind.pattern.groupindex else 0
            start, end = match.span(part)
            if any(start < span.end and span.start < end for span in found):
                continue
            held = match.group(part)
            if kind.holds(held):
                checked = kind.name == "resident_number" and resident_check_holds(digits_of(held))
                found.append(Span(start, end, kind.name, "checksum" if checked else kind.proof))
    return sorted(found, key=lambda span: span.start)
