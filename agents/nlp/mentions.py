"""One thing that a question says: a column, a value, a cue, a period, a number, or a word that nobody knows."""

from dataclasses import dataclass
from typing import Any

from .average_words import SaidAverage
from .catalog import ColumnInfo
from .magnitudes import Comparison
from .numerals import Limit, Moving, Percentile
from .periods import Period


@dataclass(frozen=True)
class Mention:
    """One thing the question says.

    `kind` is `column`, `value`, `period`, `comparison`, `limit`, `number`, `unknown`, or a cue's kind. `after` is the Korean
    particle that follows, `gap` the text between it and the mention before, `partial` a value known by one of its words.
    """

    kind: str
    text: str
    span: tuple[int, int]
    payload: str = ""
    columns: tuple[tuple[ColumnInfo, float], ...] = ()
    values: tuple[tuple[str, Any], ...] = ()
    detail: Period | Comparison | SaidAverage | Limit | Percentile | Moving | float | None = None
    after: str = ""
    gap: str = ""
    partial: bool = False

    @property
    def latin(self) -> bool:
        """True when the mention is written in English letters."""
        return self.text[:1].isascii()
