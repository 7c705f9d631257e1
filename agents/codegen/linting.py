"""What ruff says about code, and what it makes of it."""

import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RULES = ("E4", "E7", "E9", "F", "W6", "I", "UP", "B", "C4", "SIM", "RET", "PIE", "PERF", "FURB", "RUF005", "RUF015", "PD002")
ERRORS = ("E9", "F63", "F7", "F82")
_TIMEOUT_S = 30.0
_NAME = "code.py"


@dataclass(frozen=True)
class Complaint:
    """One remark: the rule's code, the line (from 1), what it says."""

    rule: str
    line: int
    message: str


def complaints_of(source: str, rules: tuple[str, ...] = RULES) -> list[Complaint]:
    """Everything ruff has to say about the source, in the order of its lines; syntax errors have the rule `syntax`."""
    said = json.loads(_ruff(["check", "--output-format=json", "--exit-zero", *_selected(rules)], source) or "[]")
    return [
        Complaint(item["code"] if item["code"] not in (None, "invalid-syntax") else "syntax", item["location"]["row"], item["message"])
        for item in said
    ]


def tidied(source: str, *, unsafe: bool = False) -> str:
    """The source with what ruff can mend mended, and formatted; `unsafe` fixes may change what it does."""
    flags = ["--fix", "--fix-only", "--exit-zero", "--quiet", *_selected(RULES), *(["--unsafe-fixes"] if unsafe else [])]
    mended = _ruff(["check", *flags], source) or source
    return _ruff(["format", "--quiet", "--line-length=100"], mended) or mended


def counted(complaints: list[Complaint]) -> dict[str, int]:
    """How many complaints there are of each rule, the most frequent first."""
    return dict(Counter(item.rule for item in complaints).most_common())


def _selected(rules: tuple[str, ...]) -> list[str]:
    return [f"--select={','.join(rules)}", "--target-version=py311", "--no-cache"]


def _ruff(arguments: list[str], source: str) -> str:
    """What ruff prints for a source on its standard input. It reads no configuration."""
    done: Any = subprocess.run(
        [_program(), arguments[0], "--isolated", f"--stdin-filename={_NAME}", *arguments[1:], "-"],
        input=source,
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_S,
        check=False,
    )
    return str(done.stdout)


def _program() -> str:
    beside = Path(sys.executable).with_name("ruff")
    if beside.exists():
        return str(beside)
    from ruff import find_ruff_bin

    return str(find_ruff_bin())
