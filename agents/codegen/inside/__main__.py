"""Keeps one Python namespace and runs the sources it is sent in it, one after the other.

Arguments: memory limit in bytes, largest file in bytes, most processes, user id to become (or -1), `audit` or `walled`.
Each line on standard input is a JSON object with `source`, `output_chars`, `datasets` (files by name) and, when wanted, `profile`
and `digest`; each line on standard output is `{"ready": true}` or the result of one.
"""

import contextlib
import io
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

from .digests import digests
from .guard import guard, limit
from .running import described, profile, run


def main() -> None:
    """Answers until standard input ends."""
    channel_in = os.fdopen(os.dup(0), "r", encoding="utf-8")
    channel_out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(nothing, fd)
    sys.stdout = io.TextIOWrapper(
        os.fdopen(1, "wb", closefd=False), encoding="utf-8", errors="replace", write_through=True
    )
    sys.stderr = io.TextIOWrapper(
        os.fdopen(2, "wb", closefd=False), encoding="utf-8", errors="replace", write_through=True
    )
    os.environ.setdefault("MPLBACKEND", "agg")
    namespace: dict[str, Any] = {"__name__": "__main__", "__builtins__": __builtins__}
    with contextlib.suppress(ImportError):
        import numpy as np
        import pandas as pd

        namespace |= {"pd": pd, "np": np}
    given = {*namespace, "pd", "np"}
    limit(*(int(argument) for argument in sys.argv[1:5]))
    if sys.argv[5] == "audit":
        guard(str(Path.cwd().resolve()))

    def answer(record: dict[str, Any]) -> None:
        channel_out.write(json.dumps(record, default=str) + "\n")
        channel_out.flush()

    answer({"ready": True})
    for line in channel_in:
        request = json.loads(line)
        opened = open_datasets(request["datasets"], namespace)
        work = profile if request.get("profile") else run
        result = opened or work(request["source"], namespace, request["output_chars"])
        if request.get("digest"):
            result["digests"] = digests(
                {name: value for name, value in namespace.items() if name not in given}
            )
            result["peak_bytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        answer(result)


def open_datasets(datasets: dict[str, str], namespace: dict[str, Any]) -> dict[str, Any] | None:
    """Reads tables into the namespace, by name; what to answer instead when one cannot be read."""
    try:
        for name, path in datasets.items():
            namespace[name] = namespace["pd"].read_parquet(path)
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
