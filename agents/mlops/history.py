"""Who was the champion when, and why: the changes of one registered name, oldest first."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

Kind = Literal["first", "promotion", "forced", "rollback", "outside"]
MAX_REASON = 1000


@dataclass(frozen=True)
class Change:
    """One change of the champion. `at` is UTC in ISO 8601, empty for a change that was made `outside`, in MLflow itself."""

    at: str
    version: str
    previous: str | None
    kind: Kind
    reason: str = ""

    def encode(self) -> str:
        """As a tag's value."""
        return json.dumps(
            {**asdict(self), "reason": self.reason[:MAX_REASON]}, ensure_ascii=False, sort_keys=True
        )


def decode_change(text: str) -> Change:
    """What `Change.encode` wrote."""
    return Change(**json.loads(text))


def settle(recorded: Sequence[Change], champion: str | None) -> list[Change]:
    """What really happened, given which version is the champion now.

    A change is recorded before the alias moves, so the last one may have been interrupted: it is left out. A champion that no
    change explains was chosen outside of the mesh.
    """
    changes = list(recorded)
    if changes and changes[-1].version != champion and changes[-1].previous == champion:
        changes.pop()
    last = changes[-1].version if changes else None
    if champion is not None and champion != last:
        changes.append(Change("", champion, last, "outside"))
    return changes


def line_of(changes: Sequence[Change]) -> list[str]:
    """The champions that stand behind one another, the present one last.

    A roll-back takes away those after its target, so that the next one goes further back and never to and fro.
    """
    line: list[str] = []
    for change in changes:
        if change.kind == "rollback" and change.version in line:
            while line[-1] != change.version:
                line.pop()
        elif not line or line[-1] != change.version:
            line.append(change.version)
    return line
