"""The account of a load: what became of every row that was read."""

from dataclasses import dataclass, field
from typing import Any, Literal

MAX_EXAMPLES = 5
MAX_EXAMPLE_CHARS = 160

Drop = Literal[
    "blank_line",
    "empty_row",
    "repeated_header",
    "ruled_line",
    "footnote",
    "subtotal_row",
    "total_row",
    "too_many_fields",
    "not_an_object",
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

    def add(self, row: int, before: str, after: str | None = None) -> None:
        """Count one row; `row` is its number in the table, counted from 1 after the header."""
        self.count += 1
        if len(self.examples) < MAX_EXAMPLES:
            shown = {"row": row, "before": before[:MAX_EXAMPLE_CHARS]}
            self.examples.append(shown if after is None else {**shown, "after": after[:MAX_EXAMPLE_CHARS]})

    def absorb(self, other: "Note") -> None:
        """Add the rows of another note."""
        self.count += other.count
        self.examples += other.examples[: MAX_EXAMPLES - len(self.examples)]


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

    def repair(self, hows: list[Repair], row: int, before: str, after: str) -> None:
        """A row that is in the dataset in a mended form; `hows` are all its repairs."""
        self.repaired += 1
        for how in hows:
            self.repairs.setdefault(how, Note()).add(row, before, after)

    def pad(self, row: int, before: str, after: str) -> None:
        """A row with too few fields, filled up with missing values."""
        self.padded.add(row, before, after)

    def absorb(self, other: "Account") -> None:
        """Add the account of another file; the row numbers in its examples stay its own."""
        self.read += other.read
        self.repaired += other.repaired
        self.padded.absorb(other.padded)
        for mine, theirs in ((self.drops, other.drops), (self.repairs, other.repairs)):
            for name, note in theirs.items():
                mine.setdefault(name, Note()).absorb(note)

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
