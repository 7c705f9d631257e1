"""A load as a job for the compute process; the heavy imports happen there."""

from collections.abc import Callable, Sequence
from pathlib import Path

from mesh.language import Language

from .contract import Loaded, NamedFile, Options
from .refusal import SourceRefused


def run_load(
    files: Sequence[NamedFile],
    name: str,
    target: Path,
    workdir: Path,
    options: Options,
    language: Language,
    progress: Callable[[float, str], None] | None = None,
) -> Loaded:
    """See `loading.load_files`; what is wrong with the source is said in `language`."""
    from .loading import load_files

    try:
        return load_files(files, name, target, workdir, options, language, progress)
    except SourceRefused as error:
        raise error.spoken(language) from error
