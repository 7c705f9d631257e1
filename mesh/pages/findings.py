"""Findings as a page lists them."""

from collections.abc import Sequence

from mesh.results import Finding

from .blocks import Fact, Statement, Statements
from .cells import print_value
from .labels import Labels


def statements_of(findings: Sequence[Finding], labels: Labels) -> Statements:
    """The findings in the order given, each with the values it states."""
    return Statements(
        tuple(
            Statement(
                rank,
                found.text,
                tuple(Fact(key, print_value(value, labels)) for key, value in found.evidence.items()),
            )
            for rank, found in enumerate(findings, start=1)
        )
    )
