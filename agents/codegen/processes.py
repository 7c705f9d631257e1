"""The processes of a sandbox, seen from outside: which there are, what they hold, and how they are brought to rest (Linux)."""

import contextlib
import os
import signal
import stat
import time
from collections.abc import Iterable
from pathlib import Path

_PROC = Path("/proc")
_LOOK_S = 0.002
_REST_S = 2.0


def descendants(process_id: int) -> list[int]:
    """A process and those that it started, directly or not, parents before children; dead ones are left out."""
    children: dict[int, list[int]] = {}
    for entry in _PROC.glob("[0-9]*"):
        if (fields := _stat(entry)) and fields[0] != "Z":
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [process_id]
    for one in found:
        found += children.get(one, [])
    return found


def memory_of(process_ids: Iterable[int]) -> int:
    """Bytes of memory that processes use together; what several share counts once (the kernel's proportional set size)."""
    return sum(_lines(one, "smaps_rollup").get("Pss", 0) * 1024 for one in process_ids)


def resident(process_ids: Iterable[int]) -> int:
    """The same where shared memory counts for each, which is quick to tell and never less."""
    return sum(_lines(one, "status").get("VmRSS", 0) * 1024 for one in process_ids)


def unlinked_bytes(process_ids: Iterable[int]) -> int:
    """Bytes of open files that no folder holds (any more): removed ones, and those in memory alone."""
    held: dict[tuple[int, int], int] = {}
    for one in process_ids:
        with contextlib.suppress(OSError):
            for descriptor in os.scandir(_PROC / str(one) / "fd"):
                with contextlib.suppress(OSError):
                    found = Path(descriptor.path).stat()
                    if stat.S_ISREG(found.st_mode) and found.st_nlink == 0:
                        held[(found.st_dev, found.st_ino)] = found.st_blocks * 512
    return sum(held.values())


def stop(process_id: int) -> None:
    """Has a process stand still, with all its threads, until it is sent SIGCONT."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process_id, signal.SIGSTOP)
    ends = time.monotonic() + _REST_S
    while not _stands_still(process_id) and time.monotonic() < ends:
        time.sleep(_LOOK_S)


def _stands_still(process_id: int) -> bool:
    threads = (_PROC / str(process_id) / "task").glob("[0-9]*")
    return all(fields[0] in "TtZX" for thread in threads if (fields := _stat(thread)))


def _stat(entry: Path) -> list[str]:
    """State and parent of a process or thread, and what follows; nothing when it is gone."""
    try:
        return (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def _lines(process_id: int, name: str) -> dict[str, int]:
    """The numbers in a file of a process, by their names."""
    try:
        text = (_PROC / str(process_id) / name).read_text()
    except OSError:
        return {}
    pairs = (line.partition(":") for line in text.splitlines())
    return {
        key: int(value.split()[0])
        for key, _, value in pairs
        if value.split()[:1] and value.split()[0].isdigit()
    }
