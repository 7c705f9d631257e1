"""What is in a folder that untrusted code writes to: no link is followed, and no tree is too deep to be looked through."""

import errno
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

DATA = "data"
_DEEPEST = 100
_REMOVE_S = 60.0


def is_within(folder: Path, most_bytes: int, most_entries: int) -> bool:
    """Whether a folder holds at most so much; one that cannot be looked through holds too much."""
    size = entries = 0
    try:
        for entry in _entries(folder):
            entries += 1
            size += _blocks(entry)
            if size > most_bytes or entries > most_entries:
                return False
    except OSError:
        return False
    return True


def made_files(folder: Path) -> set[str]:
    """The visible files below a folder apart from the tables in `data`, by their paths in it."""
    return {
        name
        for entry in _entries(folder)
        if not (name := os.path.relpath(entry.path, folder)).startswith((".", f"{DATA}{os.sep}"))
        and entry.is_file(follow_symlinks=False)
    }


def data_folder(folder: Path) -> Path:
    """The folder of the tables, made anew where code has put something else in its place."""
    data = folder / DATA
    if data.is_symlink() or not data.is_dir():
        data.unlink(missing_ok=True)
        data.mkdir()
    return data


def remove(place: Path) -> None:
    """Removes a folder, a file or a link, if it is there; `rm` also gets through trees that are too deep for `shutil`."""
    if not os.path.lexists(place):
        return
    subprocess.run(
        ["rm", "-rf", "--", str(place)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_REMOVE_S,
        check=False,
    )


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Everything below a folder. Raises: OSError for what cannot be listed, or is too deep."""
    waiting = [(str(folder), 0)]
    while waiting:
        place, depth = waiting.pop()
        if depth > _DEEPEST:
            raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG), place)
        try:
            found = list(os.scandir(place))
        except FileNotFoundError:  # gone since it was seen
            continue
        for entry in found:
            yield entry
            if entry.is_dir(follow_symlinks=False):
                waiting.append((entry.path, depth + 1))


def _blocks(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_blocks * 512
    except FileNotFoundError:
        return 0
