"""The text of a message as the fields of an event."""

import json
from typing import Any


def fields_of(text: str) -> dict[str, Any]:
    """The fields of a JSON object; anything else becomes the one field `value`."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {"value": text}
    return value if isinstance(value, dict) else {"value": value}
