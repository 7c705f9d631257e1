"""What a result was measured on, and waiting until the machine is quiet enough to measure."""

import os
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

QUIET_LOAD = 1.5
_LOOK_EVERY_S = 5.0


def wait_until_quiet(most_s: float) -> bool:
    """Waits until the load average over a minute is below 1.5, for `most_s` seconds at most; whether it is."""
    deadline = time.monotonic() + most_s
    while os.getloadavg()[0] >= QUIET_LOAD:
        if time.monotonic() >= deadline:
            return False
        time.sleep(_LOOK_EVERY_S)
    return True


def facts() -> dict[str, object]:
    """Time, processor, memory, versions, and the load averages over 1, 5 and 15 minutes at this moment."""
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "load_average_before": [round(load, 2) for load in os.getloadavg()],
        "cores": len(os.sched_getaffinity(0)),
        "processor": _processor(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
    }


def _processor() -> str:
    if sys.platform == "linux":
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
