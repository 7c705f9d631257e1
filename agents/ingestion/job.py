"""A load as a job for the compute process: what it takes, what it gives; the heavy imports happen there."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mesh.language import Language
from mesh.results import Column

from .refusal import SourceRefused


@dataclass(frozen=True)
class Options:
    """The caller's word about the file; None means: find out."""

    sheet: str | int | None = None
    delimiter: str | None = None
    encoding: str | None = None
    header: bool | None = None
    member: str | None = None


@dataclass(frozen=True)
class Loaded:
    """A dataset on disk: its columns, number of rows, and the load report as JSON."""

    columns: list[Column]
    rows: int
    report: dict[str, Any]


def run_load(
    path: Path,
    name: str,
    target: Path,
    workdir: Path,
    options: Options,
    language: Language,
    progress: Callable[[float, str], None] | None = None,
) -> Loaded:
    """See `loading.load_file`; what is wrong with the source is said in `language`."""
    from .loading import load_file

    try:
        return load_file(path, name, target, workdir, options, language, progress)
    except SourceRefused as error:
        raise error.spoken(language) from error
