"""One story is told once: findings that a stronger one has told already are left out."""

from typing import Any

from mesh.results import Finding

SAME = 0.7
"""From this Cramér's V on, two columns divide the rows in much the same way."""


def without_repeats(findings: list[Finding], associations: list[dict[str, Any]]) -> list[Finding]:
    """The findings, strongest first as given, less those of one kind about one thing whose dividing column goes with that of an
    earlier one."""
    alike = {
        frozenset((record["a"], record["b"]))
        for record in associations
        if record["method"] == "cramers_v" and record["value"] >= SAME
    }
    kept: list[Finding] = []
    told: list[tuple[str, str, str]] = []
    for finding in findings:
        dimension = _text(finding, "dimension", "group")
        subject = _text(finding, "measure", "name")
        repeats = dimension and any(
            kind == finding.kind and about == subject and frozenset((known, dimension)) in alike
            for kind, about, known in told
        )
        if not repeats:
            kept.append(finding)
            told.append((finding.kind, subject, dimension))
    return kept


def _text(finding: Finding, *keys: str) -> str:
    return next((str(finding.evidence[key]) for key in keys if key in finding.evidence), "")
