"""Runs a command that dies with the process that asked for it: `launcher.py <parent pid> <command> …`.

On Linux the kernel is asked to kill it with its parent; elsewhere this process stays and watches.
"""

import ctypes
import os
import platform
import signal
import subprocess
import sys
import time

_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> int:
    """Become the command (Linux), or run it and end it when the parent is gone."""
    parent, command = int(arguments[0]), arguments[1:]
    if platform.system() == "Linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            return 1
        os.execv(command[0], command)  # noqa: S606
    process = subprocess.Popen(command)
    while process.poll() is None:
        if os.getppid() != parent:
            process.kill()
        time.sleep(0.5)
    return process.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
