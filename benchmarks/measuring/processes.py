"""The processes of a mesh and the memory they hold, from /proc (Linux)."""

from pathlib import Path

_PROC = Path("/proc")


def family(root: int) -> list[int]:
    """The ids of `root` and of everything it started, directly or not."""
    parents: dict[int, int] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            parent = _parent(int(entry.name))
            if parent is not None:
                parents[int(entry.name)] = parent
    members = [root]
    for pid in members:
        members.extend(child for child, parent in parents.items() if parent == pid)
    return members


def name_of(pid: int) -> str:
    """The short name of a process, as `ps` shows it; empty when it is gone."""
    try:
        return (_PROC / str(pid) / "comm").read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def pss_mb(pid: int) -> float:
    """Proportional set size in MiB: private pages, and a fair share of those shared with others; 0 when it is gone."""
    try:
        rollup = (_PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0.0
    for line in rollup.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _parent(pid: int) -> int | None:
    try:
        stat = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return int(stat.rpartition(")")[2].split()[1])
