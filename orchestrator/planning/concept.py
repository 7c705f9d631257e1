"""A meaning in the vocabulary of work with data."""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["task", "supply", "topic", "broad", "ask", "measure", "object", "noun"]


@dataclass(frozen=True, slots=True)
class Concept:
    """One meaning and the ways to say it.

    `kind`: a `task` is work to do, a `supply` the work before it (load the file), a `topic` what the work is about, `broad` an
    open-ended look, `ask` and `measure` are the parts of a question with one answer, `object` a thing worked on, `noun` a word
    of tables and business.
    """

    name: str
    kind: Kind
    pattern: re.Pattern[str]


def concept(name: str, kind: Kind, english: str, korean: str) -> Concept:
    """A concept by its patterns in both languages; English ones match whole words."""
    return Concept(name, kind, re.compile(rf"\b(?:{english})\b|(?:{korean})", re.IGNORECASE))
