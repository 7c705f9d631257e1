"""What separates generated code from the machine: bubblewrap where it works, else limits of the process alone."""

import contextlib
import functools
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["bubblewrap", "process"]

_PROBE_S = 10.0
_SHARED_BYTES = 64 * 2**20
_USERS = range(61_184, 65_520)
_INSIDE = Path("/sandbox")
_AS_PERSON = ("--unshare-all", "--cap-drop", "ALL")
_AS_ROOT = (
    *("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"),
    *("--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"),
)
_TEMPORARY = "/tmp"  # noqa: S108 - inside
_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin")
_SETTINGS = (
    *("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/fonts"),
    *("/etc/localtime", "/etc/timezone", "/etc/mime.types", "/var/cache/fontconfig"),
)
_LOCALE = ("LANG", "LC_ALL", "TZ")
_FOLDERS = {
    "HOME": "home",
    "IPYTHONDIR": "ipython",
    "JUPYTER_CONFIG_DIR": "jupyter/config",
    "JUPYTER_DATA_DIR": "jupyter/data",
    "JUPYTER_RUNTIME_DIR": "jupyter/runtime",
    "MPLCONFIGDIR": "matplotlib",
    "XDG_CACHE_HOME": "cache",
    "XDG_CONFIG_HOME": "config",
    "TMPDIR": "tmp",
}
MARK = "MESH_SANDBOX"
"""Environment variable whose value is the sandbox's folder: what carries it belongs to that sandbox."""


@dataclass(frozen=True)
class Walls:
    """How a command is run inside. `kind` `process` has no network or file-system isolation of the kernel's own."""

    kind: Kind

    def command(self, command: Sequence[str], folder: Path, readable: Sequence[Path] = ()) -> list[str]:
        """The command that runs `command` in `folder`, the only place it can write to.

        With bubblewrap there is no network, the processes are in a namespace of their own that ends with the caller, and of the
        file system only the interpreter with its packages, the system's libraries and `readable` are there, read-only.
        """
        if self.kind == "process":
            return list(command)
        walls = [
            "bwrap",
            *(_AS_ROOT if os.geteuid() == 0 else _AS_PERSON),
            "--die-with-parent",
            "--new-session",
        ]
        for place in _SYSTEM:
            if Path(place).is_symlink():
                walls += ["--symlink", str(Path(place).readlink()), place]
            elif Path(place).exists():
                walls += ["--ro-bind", place, place]
        walls += ["--bind", str(prepared(folder) / ".kernel" / "tmp"), _TEMPORARY]
        seen = (*_SETTINGS, *_interpreter(), *(str(path) for path in readable))
        for parent in dict.fromkeys(
            str(parent) for place in seen for parent in reversed(Path(place).parents)
        ):
            walls += [] if parent in ("/", *_SYSTEM) else ["--perms", "0755", "--dir", parent]
        for place in seen:
            walls += ["--ro-bind-try", place, place]
        walls += [
            "--proc",
            "/proc",
            "--dev",
            "/dev",
            "--remount-ro",
            "/dev",
            *("--perms", "1777", "--size", str(_SHARED_BYTES), "--tmpfs", "/dev/shm"),  # noqa: S108 - inside
            "--bind",
            str(folder),
            str(_INSIDE),
        ]
        return [*walls, "--chdir", str(_INSIDE), "--remount-ro", "/", "--", *command]

    def inside(self, folder: Path) -> Path:
        """Where code in there finds its folder."""
        return _INSIDE if self.kind == "bubblewrap" else folder

    def environment(self, folder: Path) -> dict[str, str]:
        """The whole environment of code in `folder`: the locale, every home and cache inside the folder, one thread a library."""
        environment = {name: os.environ[name] for name in _LOCALE if name in os.environ}
        places = self.inside(prepared(folder)) / ".kernel"
        environment |= {name: str(places / place) for name, place in _FOLDERS.items()}
        environment |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        return {**environment, "PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1", MARK: str(folder)}

    def new_user(self) -> int | None:
        """A user id for one sandbox, which no process has; None where code runs as whoever starts it.

        Root gives its rights away, for the limit on processes does not hold for root; and it counts all processes of a user, so
        no two sandboxes share one. The ids are those that systemd sets aside for users without a name (`DynamicUser`).
        """
        if self.kind == "process" or os.geteuid() != 0:
            return None
        taken = set()
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                taken.add(entry.stat().st_uid)
        return random.choice([user for user in _USERS if user not in taken])  # noqa: S311 - not a secret


def hand_over(folder: Path, user: int | None) -> None:
    """Gives a folder to the user that the code runs as; its group, which is the mesh's, may still read it."""
    if user is not None:
        folder.chmod(folder.stat().st_mode | 0o050)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user, -1, follow_symlinks=False)


@functools.cache
def best_walls() -> Walls:
    """Bubblewrap when it is installed and can make its namespaces here, else the process's own limits."""
    if shutil.which("bwrap") is None:
        return Walls("process")
    inside = Walls("bubblewrap")
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(OSError, subprocess.TimeoutExpired):
        hand_over(Path(folder), inside.new_user())
        tried = subprocess.run(
            inside.command([sys.executable, "-I", "-c", ""], prepared(Path(folder))),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PROBE_S,
            check=False,
        )
        return inside if tried.returncode == 0 else Walls("process")
    return Walls("process")


def prepared(folder: Path) -> Path:
    """The folder with the homes and caches that the environment names."""
    for place in _FOLDERS.values():
        (folder / ".kernel" / place).mkdir(parents=True, exist_ok=True)
    return folder


def _interpreter() -> list[str]:
    """The folders of this Python and of its packages."""
    return list(dict.fromkeys([sys.base_prefix, sys.prefix, str(Path(sys.executable).resolve().parents[1])]))
