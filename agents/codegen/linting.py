"""What ruff says about code, and what it makes of it."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

RULES = (
    "E4",
    "E7",
    "E9",
    "F",
    "W6",
    "I",
    "UP",
    "B",
    "C4",
    "SIM",
    "RET",
    "PIE",
    "PERF",
    "FURB",
    "RUF005",
    "RUF015",
    "PD002",
)
ERRORS = ("E9", "F63", "F7", "F82")
_TIMEOUT_S = 30.0
_NAME = "code.py"
_ALWAYS_KNOWN = ("pd", "np")


@dataclass(frozen=True)
class Complaint:
    """One remark: the rule's code, the line (from 1), what it says."""

    rule: str
    line: int
    message: str


def complaints_of(
    source: str, rules: tuple[str, ...] = RULES, *, known: Iterable[str] = ()
) -> list[Complaint]:
    """Everything ruff has to say about the source, in the order of its lines; syntax errors have the rule `syntax`.

    Args: `known` are names that are there without being defined.
    """
    said = json.loads(
        _ruff(["check", "--output-format=json", "--exit-zero", *_selected(rules, known)], source) or "[]"
    )
    return [
        Complaint(
            "syntax" if item["code"] in (None, "invalid-syntax") else item["code"],
            item["location"]["row"],
            item["message"],
        )
        for item in said
    ]


def tidied(source: str, *, unsafe: bool = False) -> str:
    """The source with what ruff can mend mended, and formatted; `unsafe` fixes may change what it does."""
    fixes = ["--fix-only", "--exit-zero", "--quiet", *(["--unsafe-fixes"] if unsafe else [])]
    mended = _ruff(["check", *fixes, *_selected(RULES)], source)
    return _ruff(["format", "--quiet", "--line-length=100"], mended)


def counted(complaints: list[Complaint]) -> dict[str, int]:
    """How many complaints there are of each rule, the most frequent first."""
    return dict(Counter(item.rule for item in complaints).most_common())


def _selected(rules: tuple[str, ...], known: Iterable[str] = ()) -> list[str]:
    names = json.dumps([*_ALWAYS_KNOWN, *known])
    return [
        f"--select={','.join(rules)}",
        "--target-version=py311",
        "--no-cache",
        "--config",
        f"builtins={names}",
    ]


def _ruff(arguments: list[str], source: str) -> str:
    """What ruff makes of a source, or the source itself when it cannot read it; no configuration file is read."""
    done = subprocess.run(
        [_program(), arguments[0], "--isolated", f"--stdin-filename={_NAME}", *arguments[1:], "-"],
        input=source,
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_S,
        check=False,
    )
    return done.stdout if done.returncode == 0 else source


def _program() -> str:
    beside = Path(sys.executable).with_name("ruff")
    if beside.exists():
        return str(beside)
    from ruff import find_ruff_bin

    return str(find_ruff_bin())
