"""Runs sources in a namespace, as the cells of a notebook are run."""

import ast
import contextlib
import io
import os
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from .outlet import Outlet
from .values import figures, shown

_NAME = "<code>"
_HERE = str(Path(__file__).parent)


def run(source: str, namespace: dict[str, Any], output_chars: int, home: Path) -> dict[str, Any]:
    """Runs one source; the value of a last expression is what it gives, as in a notebook cell. Figures go below `home`."""
    begun = time.perf_counter()
    out, err = Outlet(1, output_chars), Outlet(2, output_chars)
    sys.stdout, sys.stderr = _writer(1), _writer(2)
    given = shown(None)
    error: dict[str, Any] | None = None
    try:
        tree = ast.parse(source, _NAME)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, _NAME, "exec"), namespace)  # noqa: S102 - what this process is for
        if isinstance(last, ast.Expr) and not source.rstrip().endswith(";"):
            given = shown(eval(compile(ast.Expression(last.value), _NAME, "eval"), namespace))  # noqa: S307
        elif isinstance(last, ast.Expr):
            exec(compile(ast.Module([last], []), _NAME, "exec"), namespace)  # noqa: S102
    except BaseException as caught:  # noqa: BLE001 - whatever the code raises is its result
        error = described(caught, source)
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        (stdout, out_left), (stderr, err_left) = out.close(), err.close()
    result = {"stdout": stdout, "stderr": stderr, "left_out": out_left + err_left, "error": error}
    return {**result, **given, "figures": figures(home), "seconds": time.perf_counter() - begun}


def _writer(fd: int) -> io.TextIOWrapper:
    """Standard output or error anew, for code may have closed or replaced it."""
    return io.TextIOWrapper(
        os.fdopen(fd, "wb", closefd=False), encoding="utf-8", errors="replace", write_through=True
    )


def described(caught: BaseException, source: str) -> dict[str, Any]:
    """An exception as type, message, line of the source (or None) and traceback without this file's frames."""
    frames = [
        frame for frame in traceback.extract_tb(caught.__traceback__) if not frame.filename.startswith(_HERE)
    ]
    line = next(
        (frame.lineno for frame in reversed(frames) if frame.filename == _NAME),
        getattr(caught, "lineno", None),
    )
    text = "".join(traceback.format_list(frames)) if frames else ""
    lines = source.splitlines()
    code = lines[line - 1].strip() if line and 0 < line <= len(lines) else ""
    return {
        "type": type(caught).__name__,
        "message": str(caught)[:2000],
        "line": line,
        "code": code,
        "traceback": text[-4000:],
    }


def profile(source: str, namespace: dict[str, Any], output_chars: int, home: Path) -> dict[str, Any]:
    """As `run`, and the ten functions that took longest: name, line, calls, seconds of their own and with what they called."""
    import cProfile
    import pstats

    profiler = cProfile.Profile()
    profiler.enable()
    try:
        result = run(source, namespace, output_chars, home)
    finally:
        profiler.disable()
    entries = [
        {
            "function": name,
            "line": line if file == _NAME else None,
            "calls": stat[1],
            "own_s": stat[2],
            "total_s": stat[3],
        }
        for (file, line, name), stat in pstats.Stats(profiler).stats.items()  # type: ignore[attr-defined]
        if not file.startswith(_HERE)
    ]
    return {**result, "profile": sorted(entries, key=lambda entry: -entry["own_s"])[:10]}
