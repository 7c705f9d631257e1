"""The analysis as JSON with what the report adds: recommendations, and where every number in the prose comes from."""

import json
from typing import Any

from mesh.analysis import Analysis

from .advice.advice import recommend
from .document import report_of
from .numbers import stated_numbers


def record_of(analysis: Analysis) -> dict[str, Any]:
    """The analysis' own members, `recommendations` and `numbers`; their pointers (RFC 6901) lead into this very object."""
    return analysis.model_dump(mode="json") | {
        "recommendations": [item.as_json() for item in recommend(analysis)],
        "numbers": [number.as_json() for number in stated_numbers(analysis, report_of(analysis))],
    }


def render_json(analysis: Analysis) -> str:
    """The record as text."""
    return json.dumps(record_of(analysis), ensure_ascii=False, indent=2)
