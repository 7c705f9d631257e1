"""One log file per service, MESH_HOME/logs/NAME.log, kept short."""

import os
import shutil
from pathlib import Path

LIMIT_BYTES = 20 * 1024 * 1024


class LogFolder:
    """The log files of a mesh. Services append to them through their standard output."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "logs"
        self.folder.mkdir(parents=True, exist_ok=True)

    def path(self, name: str) -> Path:
        """The file of one service."""
        return self.folder / f"{name}.log"

    def trim(self, limit_bytes: int = LIMIT_BYTES) -> None:
        """Move what a file over the limit holds to NAME.log.1; the service goes on writing to NAME.log.

        What is written between the copy and the truncation is lost: a few lines at worst.
        """
        for path in self.folder.glob("*.log"):
            if path.stat().st_size > limit_bytes:
                shutil.copyfile(path, path.with_suffix(".log.1"))
                os.truncate(path, 0)

    def last_line(self, name: str) -> str:
        """The last line that says something, at most 300 characters; empty when there is none."""
        try:
            with self.path(name).open("rb") as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - 4096))
                lines = file.read().decode("utf-8", "replace").splitlines()
        except OSError:
            return ""
        return next((line.strip()[:300] for line in reversed(lines) if line.strip()), "")
