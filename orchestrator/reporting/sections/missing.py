"""What is not there: steps of a section that gave no result, said where the result would have been."""

from mesh.pages.blocks import Block, Text
from orchestrator.reporting.material import Material


def absences(material: Material, section: str) -> list[Block]:
    """One remark for each step of the section that ended without a result."""
    labels = material.labels
    return [
        Text(
            ": ".join(
                part
                for part in (f"{labels('no_result')} — {step.skill_name or step.skill}", step.error or "")
                if part
            ),
            "alert",
        )
        for step in material.failed(section)
    ]
