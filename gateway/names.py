"""From a file name in a request to a file in one of the data folders, and to nothing else."""

import difflib
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from mesh.errors import ForbiddenError, NotFoundError
from mesh.filesets import FILE_ENDINGS, checked_parts, quoted

_DATABASES = frozenset({".sqlite", ".sqlite3", ".db"})
_DATA_ENDINGS = FILE_ENDINGS | _DATABASES
MAX_LISTED = 10
MAX_SCANNED = 2_000


def resolve_name(folders: Sequence[Path], name: str) -> Path:
    """The regular file that `name` means, as a resolved path inside one of `folders` (the first that has it).

    Both Unicode compositions of the name are tried: Korean names from macOS arrive decomposed.

    Raises: ForbiddenError for an absolute path, a `..`, a hidden name, a control character or a link that leads
    outside; NotFoundError, listing a few names that exist, otherwise.
    """
    parts = checked_parts(name)
    for folder in folders:
        root = folder.resolve()
        for form in dict.fromkeys(
            [*(unicodedata.normalize(f, "/".join(parts)) for f in ("NFC", "NFD")), name]
        ):
            found = _inside(root, form, name)
            if found is not None:
                return found
    raise NotFoundError(_unknown(folders, name), name=name)


def available_names(folders: Sequence[Path]) -> list[str]:
    """Names that `resolve_name` accepts, sorted: at most `MAX_SCANNED` entries of each folder are looked at."""
    names = {name for folder in folders for name in islice(_walk(folder), MAX_SCANNED)}
    return sorted(names)


def _inside(root: Path, form: str, name: str) -> Path | None:
    try:
        candidate = (root / form).resolve()
        if not candidate.is_relative_to(root):
            raise ForbiddenError(
                f"{quoted(name)} is a link that leads outside the data folders. Copy the file into one of them.",
                name=name,
            )
        return candidate if candidate.is_file() else None
    except (OSError, RuntimeError):
        return None


def _walk(folder: Path) -> Iterator[str]:
    if not folder.is_dir():
        return
    root = folder.resolve()
    for path in root.rglob("*"):
        relative = path.relative_to(root)
        hidden = any(part.startswith(".") for part in relative.parts)
        data = path.suffix.lower() in _DATA_ENDINGS and len(relative.parts) <= 3
        if data and not hidden and path.is_file() and path.resolve().is_relative_to(root):
            yield unicodedata.normalize("NFC", relative.as_posix())


def _unknown(folders: Sequence[Path], name: str) -> str:
    if "://" in name:
        return f'{quoted(name)} is the name of no file. To have an address read, send "data": {{"url": "…"}}.'
    names = available_names(folders)
    if not names:
        return (
            f"There is no file {quoted(name)}: the data folders are empty. Put it into a folder of MESH_DATA_DIRS, "
            "or send the file itself as multipart/form-data."
        )
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    listed = [*near, *(other for other in names if other not in near)][:MAX_LISTED]
    more = f" and {len(names) - len(listed)} more" if len(names) > len(listed) else ""
    return (
        f"There is no file {quoted(name)} in the data folders. Available: {', '.join(listed)}{more}. "
        "Or send the file itself as multipart/form-data."
    )
