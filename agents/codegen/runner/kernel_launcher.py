"""Started as a script: limits this process, ties its life to its parent's, then becomes an IPython kernel.

Arguments: memory limit in bytes, CPU seconds, then those of `ipykernel`.
"""

import ctypes
import os
import resource
import signal
import sys

_PR_SET_PDEATHSIG = 1
_FILE_BYTES = 256 * 2**20
_OPEN_FILES = 512


def limit(memory_bytes: int, cpu_s: int) -> None:
    """Bounds memory, processor time, file sizes and open files; the kernel dies with its parent (Linux)."""
    limits = [
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_FSIZE, _FILE_BYTES),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ]
    for kind, wanted in limits:
        _, hard = resource.getrlimit(kind)
        allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (allowed, allowed))
    if sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent or parent == 1:
            sys.exit("The process that started this kernel is gone.")


if __name__ == "__main__":
    limit(int(sys.argv[1]), int(sys.argv[2]))
    sys.argv[1:3] = []
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()
