"""The account of a load: what became of every row that was read."""

from dataclasses import dataclass, field
from typing import Any, Literal

MAX_EXAMPLES = 5
MAX_EXAMPLE_CHARS = 160

Drop = Literal[
    "blank_line", "empty_row", "repeated_header", "footnote", "total_row", "too_many_fields", "not_an_object"
]
Repair = Literal[
    "trailing_separators_removed",
    "split_number_joined",
    "unclosed_quote_read_as_text",
    "undecodable_bytes_replaced",
]


@dataclass
class Note:
    """How many rows met one fate, and the first few of them."""

    count: int = 0
    examples: list[dict[str, Any]] = field(default_factory=list)

    def add(self, row: int, text: str) -> None:
        """Count one row; `row` is its number in the source, counted from 1 after the header."""
        self.count += 1
        if len(self.examples) < MAX_EXAMPLES:
            self.examples.append({"row": row, "text": text[:MAX_EXAMPLE_CHARS]})


@dataclass
class Account:
    """Rows read = rows loaded + rows dropped. Repaired and padded rows are among the loaded ones."""

    read: int = 0
    repaired: int = 0
    padded: Note = field(default_factory=Note)
    drops: dict[str, Note] = field(default_factory=dict)
    repairs: dict[str, Note] = field(default_factory=dict)

    @property
    def dropped(self) -> int:
        """Rows that were read and are not in the dataset."""
        return sum(note.count for note in self.drops.values())

    @property
    def loaded(self) -> int:
        """Rows in the dataset."""
        return self.read - self.dropped

    def drop(self, why: Drop, row: int, text: str) -> None:
        """A row that will not be in the dataset."""
        self.drops.setdefault(why, Note()).add(row, text)

    def repair(self, hows: list[Repair], row: int, text: str) -> None:
        """A row that is in the dataset in a mended form; `hows` are all its repairs."""
        self.repaired += 1
        for how in hows:
            self.repairs.setdefault(how, Note()).add(row, text)

    def pad(self, row: int, text: str) -> None:
        """A row with too few fields, filled up with missing values."""
        self.padded.add(row, text)

    def as_data(self) -> dict[str, Any]:
        """The account as JSON: counts, and for each fate its reason, count and examples, most frequent first."""
        return {
            "read": self.read,
            "loaded": self.loaded,
            "dropped": self.dropped,
            "repaired": self.repaired,
            "padded": self.padded.count,
            "drops": _listed("why", self.drops),
            "repairs": _listed("how", self.repairs),
            "padded_examples": self.padded.examples,
        }


def _listed(label: str, notes: dict[str, Note]) -> list[dict[str, Any]]:
    ordered = sorted(notes.items(), key=lambda item: (-item[1].count, item[0]))
    return [{label: name, "count": note.count, "examples": note.examples} for name, note in ordered]
