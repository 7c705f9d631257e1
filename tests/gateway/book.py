"""What the orchestrator double remembers and is told to do."""

import hashlib
from pathlib import Path
from typing import Any

from mesh.analysis import Analysis, AnalyzeOrder, ProgressEvent

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))
PNG_SHA256 = hashlib.sha256(PNG).hexdigest()


class Book:
    """What the orchestrator double remembers, also across restarts of its server.

    `scripts` maps a question to what happens: `store_after_s` how long after accepting it is stored, `events` how many,
    `hold` wait for a release before the last, `fail` an
    error, `cut_after` how many events one connection gives before it breaks.
    """

    def __init__(self) -> None:
        self.orders: dict[str, AnalyzeOrder] = {}
        self.starts: list[str] = []
        self.events: dict[str, list[ProgressEvent]] = {}
        self.analyses: dict[str, Analysis] = {}
        self.scripts: dict[str, dict[str, Any]] = {}
        self.asked_after: list[int] = []
        self.released: set[str] = set()
        self.agents: dict[str, dict[str, Any]] = {}
        self.failures = 0

    def clear(self) -> None:
        """Forgets everything; what still runs ends by itself."""
        for kept in vars(self).values():
            if isinstance(kept, dict | list | set):
                kept.clear()
        self.failures = 0


BOOKS: dict[Path, Book] = {}
