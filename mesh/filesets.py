"""Names of data files: which are allowed, and those that mean several files, a folder or a pattern of names.

Several files travel as the address of one `FileRef`, `files://sales/*.csv`, relative to the data folders (MESH_DATA_DIRS).
"""

import glob
import unicodedata
from collections.abc import Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath
from urllib.parse import quote, unquote

from .errors import ForbiddenError, NotFoundError, TooLargeError

FILE_SET_SCHEME = "files://"
FILE_SET_MEDIA_TYPE = "application/vnd.a2a-mesh.files"
MAX_FILES = 1_000
_TABLES = frozenset(
    {".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".xls", ".ods", ".parquet", ".feather", ".arrow"}
)
_DOCUMENTS = frozenset({".json", ".jsonl", ".ndjson"})
_PACKED = frozenset({".gz", ".zip", ".zst"})
FILE_ENDINGS = _TABLES | _DOCUMENTS | _PACKED
_WILD = frozenset("*?[")


def means_several(name: str) -> bool:
    """Is the name that of a folder, by a slash at its end, or a pattern?"""
    return name.endswith("/") or bool(_WILD & set(name))


def file_set_uri(name: str) -> str:
    """The address under which the files that `name` means travel."""
    return FILE_SET_SCHEME + quote(name)


def file_set_name(uri: str) -> str:
    """The name in an address that `file_set_uri` made."""
    return unquote(uri.removeprefix(FILE_SET_SCHEME))


def find_files(folders: Sequence[Path], name: str) -> dict[str, Path]:
    """The data files that a folder or pattern means, by their names relative to the data folder, sorted.

    The first of `folders` that has any is taken; hidden files and those that are no data by their ending are left aside. A
    folder means its sub-folders too, a pattern does so with `**`.

    Raises: ForbiddenError for a name, or a link among the files, that leads outside; NotFoundError when there is none;
    TooLargeError for more than `MAX_FILES`.
    """
    plain = "/".join(checked_parts(name))
    for folder in folders:
        found = _matching(folder.resolve(), plain)
        if len(found) > MAX_FILES:
            raise TooLargeError(
                f"{quoted(name)} means more than {MAX_FILES:,} files. Send a narrower pattern."
            )
        if found:
            return dict(sorted(found.items()))
    raise NotFoundError(
        f"{quoted(name)} means no data file in the data folders (MESH_DATA_DIRS). "
        "Send a folder's name with '/' at its end, or a pattern such as sales/*.csv.",
        name=name,
    )


def checked_parts(name: str) -> tuple[str, ...]:
    """The components of a name that stays inside a data folder.

    Raises: ForbiddenError for an absolute path, a `..`, a hidden name or a control character.
    """
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in name):
        raise ForbiddenError(
            "The file name holds a control character. Send the plain name of a file.", name=repr(name)
        )
    windows, posix = PureWindowsPath(name), PurePosixPath(name)
    parts = posix.parts
    if posix.is_absolute() or windows.drive or windows.root or "\\" in name or ".." in parts:
        raise ForbiddenError(
            f"The file name {quoted(name)} leads outside the data folders. Names are relative to one of them, without '..'.",
            name=name,
        )
    if not parts or any(part.startswith(".") for part in parts):
        raise ForbiddenError(
            f"The file name {quoted(name)} is hidden or empty. Send the plain name of a file.", name=name
        )
    return parts


def quoted(name: str) -> str:
    """A name in quotes, shortened for a message."""
    return f"'{name if len(name) <= 120 else name[:120] + '…'}'"


def _matching(root: Path, name: str) -> dict[str, Path]:
    """The data files in a folder called `name`, or those that it means as a pattern, in either form of its letters."""
    found: dict[str, Path] = {}
    for form in dict.fromkeys(unicodedata.normalize(kind, name) for kind in ("NFC", "NFD")):
        pattern = f"{glob.escape(form)}/**/*" if (root / form).is_dir() else form
        for path in root.glob(pattern):
            relative = path.relative_to(root)
            hidden = any(part.startswith(".") for part in relative.parts)
            if hidden or path.suffix.lower() not in FILE_ENDINGS or not path.is_file():
                continue
            resolved = path.resolve()
            if not resolved.is_relative_to(root):
                raise ForbiddenError(
                    f"{quoted(relative.as_posix())} is a link that leads outside the data folders. "
                    "Copy the file into one of them."
                )
            found[unicodedata.normalize("NFC", relative.as_posix())] = resolved
            if len(found) > MAX_FILES:
                return found
    return found
