"""Runs a command and turns whatever goes wrong into one line on standard error and an exit code."""

import os
import sys
from typing import NoReturn

import typer
from typer.exceptions import TyperException

from .app import app

INTERRUPTED = 130
FAILED = 1


def run() -> NoReturn:
    """Run the command that `sys.argv` names. Never shows a traceback unless MESH_LOG_LEVEL is `debug`."""
    try:
        code = app(standalone_mode=False)
    except typer.Exit as stop:
        code = stop.exit_code
    except TyperException as error:
        code = _complain(f"{error.format_message()} (mesh --help shows what there is)", error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except BrokenPipeError:
        _mute_output()
        code = FAILED
    except Exception as error:  # noqa: BLE001 - the boundary of the process
        code = _explain(error)
    if code == INTERRUPTED:
        _complain("interrupted")
    sys.exit(code if isinstance(code, int) else 0)


def _explain(error: Exception) -> int:
    from mesh.errors import MeshError

    if os.environ.get("MESH_LOG_LEVEL", "").lower() == "debug":
        import traceback

        traceback.print_exc()
    if isinstance(error, MeshError):
        return _complain(error.message)
    if isinstance(error, OSError) and error.strerror:
        where = f": {error.filename}" if error.filename else ""
        return _complain(f"{error.strerror}{where}")
    return _complain(f"{type(error).__name__}: {error} (MESH_LOG_LEVEL=debug shows where)")


def _complain(message: str, code: int = FAILED) -> int:
    print(f"mesh: {' '.join(message.split())}", file=sys.stderr)
    return code


def _mute_output() -> None:
    """The reader of our output is gone; keep the interpreter from complaining about it at exit."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
