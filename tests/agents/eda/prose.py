"""Whether the numbers that prose states are in the result it belongs to."""

import re
from collections.abc import Iterator
from typing import Any

from mesh.results import SkillResult

NUMBER = re.compile(r"(?<![\w.,-])[-+]?\d[\d,]*(?:\.\d+)?%?")


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def unresolved(result: SkillResult) -> list[str]:
    """Number tokens of the prose that no number (or date, or name) of the result's data or evidence prints
    as."""
    facts = list(_leaves([output.data for output in result.outputs]))
    facts += [leaf for finding in result.findings for leaf in _leaves(finding.evidence)]
    numbers = [
        abs(float(fact)) for fact in facts if isinstance(fact, int | float) and not isinstance(fact, bool)
    ]
    words = " ".join(fact for fact in facts if isinstance(fact, str))
    missing = []
    for text in [result.summary, *result.warnings, *(finding.text for finding in result.findings)]:
        for token in NUMBER.findall(text):
            digits = token.strip("+-%").replace(",", "")
            decimals = len(digits.partition(".")[2])
            wanted = float(digits) / (100 if token.endswith("%") else 1)
            unit = 10.0 ** -(decimals + (2 if token.endswith("%") else 0))
            near = any(abs(number - wanted) <= 0.5000001 * unit for number in numbers)
            shares = token.endswith("%") and any(
                abs(abs(n - 1) - wanted) <= 0.5000001 * unit for n in numbers
            )
            if not near and not shares and digits not in words:
                missing.append(f"{token} in {text}")
    return missing
