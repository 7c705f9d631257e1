"""An assessment as a job for the compute process: the heavy imports happen there."""

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mesh.language import Language
from mesh.results import Column

if TYPE_CHECKING:
    from .assessment import Exported


def run_assessment(
    folder: Path,
    path: Path,
    columns: Sequence[Column],
    language: Language,
    max_examples: int,
    today: dt.date,
    target: str | None = None,
    emptied: Path | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> "Exported":
    """See `assessment.assess_into`."""
    from .assessment import assess_into

    return assess_into(folder, path, columns, language, max_examples, today, progress, target, emptied)


def run_page(data: dict[str, Any], name: str, language: Language, target: Path) -> None:
    """See `page.write_page`."""
    from .page import write_page

    write_page(data, name, language, target)
