"""Limits of the process, and what it may not do where nothing else keeps it from doing so."""

import os
import resource
import sys
from pathlib import Path
from typing import Any

_FORBIDDEN = (
    "socket.connect",
    "socket.bind",
    "socket.sendto",
    "os.fork",
    "os.forkpty",
    "subprocess.Popen",
    "os.exec",
    "os.posix_spawn",
    "os.system",
    "ctypes.dlopen",
    "os.kill",
    "os.killpg",
    "signal.pthread_kill",
)
_CHANGES = (
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.mkdir",
    "os.chmod",
    "os.chown",
    "os.link",
    "os.symlink",
    "os.truncate",
    "shutil.rmtree",
)


def limit(memory_bytes: int, file_bytes: int, processes: int, user: int) -> None:
    """Bounds memory, file size, open files and processes, leaves no core file, and becomes `user` unless that is -1."""
    wanted = {
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_FSIZE: file_bytes,
        resource.RLIMIT_NOFILE: 512,
        resource.RLIMIT_CORE: 0,
    }
    if processes >= 0:
        wanted[resource.RLIMIT_NPROC] = processes
    for kind, most in wanted.items():
        _, hard = resource.getrlimit(kind)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (allowed, allowed))
    if user >= 0:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)


def guard(folder: str) -> None:
    """Refuses network, other programs, and files outside `folder` and the interpreter's, where no wall of the kernel does.

    Python code that means to get around this can; the result of such a run says that the walls are low.
    """
    readable = (
        folder,
        "/usr",
        "/lib",
        "/dev/",
        "/etc/localtime",
        "/etc/fonts",
        "/var/cache/fontconfig",
        os.path.realpath(sys.prefix),
        os.path.realpath(sys.base_prefix),
        str(Path(sys.executable).resolve().parent),
    )

    def within(place: Any, roots: tuple[str, ...]) -> bool:
        return (
            isinstance(place, int) or place is None or os.path.realpath(os.fsdecode(place)).startswith(roots)
        )

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _FORBIDDEN:
            raise PermissionError(f"{event} is not allowed in the sandbox.")
        writes = event in _CHANGES
        if event == "open":
            flags = arguments[2] if isinstance(arguments[2], int) else 0
            writes = bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
        elif not writes and event not in ("os.listdir", "os.scandir"):
            return
        if not within(arguments[0], (folder, "/dev/null") if writes else readable):
            raise PermissionError(f"{arguments[0]} is outside the sandbox's folder.")

    sys.addaudithook(audit)
