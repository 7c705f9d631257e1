"""An assessment as a job for the compute process: the heavy imports happen there."""

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from mesh.language import Language
from mesh.results import Column


def run_assessment(
    path: Path,
    columns: Sequence[Column],
    language: Language,
    max_examples: int,
    today: dt.date,
    progress: Callable[[float, str], None] | None = None,
) -> dict[str, Any]:
    """See `assessment.assess_file`."""
    from .assessment import assess_file

    return assess_file(path, columns, language, max_examples, today, progress)
