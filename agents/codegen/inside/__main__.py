"""Keeps one Python namespace and runs the sources it is sent in it, one after the other.

Arguments: memory limit in bytes, largest file in bytes, most processes, user id to become (or -1), `audit` or `walled`.
Each line on standard input is a JSON object with `source`, `output_chars`, `datasets` (files by name) and, when wanted, `profile`
and `digest`; each line on standard output is `{"ready": true}` or the result of one.
"""

import contextlib
import json
import os
import resource
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from .digests import digests
from .guard import guard, limit
from .running import described, profile, run


def main() -> None:
    """Answers until standard input ends."""
    channel_in = os.fdopen(os.dup(0), "r", encoding="utf-8")
    channel_out = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="replace")
    nothing = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(nothing, fd)
    home = Path.cwd().resolve()
    os.environ.setdefault("MPLBACKEND", "agg")
    module = sys.modules["__main__"] = ModuleType("__main__")  # where pickle looks for what the code defines
    namespace = vars(module)
    with contextlib.suppress(ImportError):
        import numpy as np
        import pandas as pd

        namespace |= {"pd": pd, "np": np}
    given = {*namespace, "pd", "np"}
    limit(*(int(argument) for argument in sys.argv[1:5]))
    if sys.argv[5] == "audit":
        guard(str(home))

    def answer(record: dict[str, Any]) -> None:
        channel_out.write(json.dumps(record, default=str, ensure_ascii=False) + "\n")
        channel_out.flush()

    own = os.getpid()
    answer({"ready": True})
    for line in channel_in:
        request = json.loads(line)
        forget_dead_children()
        opened = open_datasets(home, request["datasets"], namespace)
        work = profile if request.get("profile") else run
        result = opened or work(request["source"], namespace, request["output_chars"], home)
        if os.getpid() != own:  # a fork that the code made and left to itself
            os._exit(0)
        if request.get("digest"):
            result["digests"] = digests(
                {name: value for name, value in namespace.items() if name not in given}
            )
            result["peak_bytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        answer(result)


def forget_dead_children() -> None:
    """Lets go of processes that were killed after the last run, which otherwise count against the limit."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def open_datasets(home: Path, datasets: dict[str, str], namespace: dict[str, Any]) -> dict[str, Any] | None:
    """Reads tables below `home` into the namespace, by name; what to answer instead when one cannot be read."""
    try:
        import pandas as pd

        for name, path in datasets.items():
            namespace[name] = pd.read_parquet(home / path)
    except BaseException as caught:  # noqa: BLE001 - a table too large for the memory limit is the answer
        return {
            "stdout": "",
            "stderr": "",
            "left_out": 0,
            "error": described(caught, ""),
            "value": None,
            "table": None,
            "figures": [],
            "seconds": 0.0,
        }
    return None


if __name__ == "__main__":
    main()
