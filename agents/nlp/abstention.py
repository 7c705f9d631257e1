"""What is given back when a question is not answered: the reason, and questions that this data can answer."""

from typing import Any

from mesh.errors import NeedsInputError
from mesh.language import Language, say

from .basis import calendar_of
from .catalog import Catalog
from .draft import UnsureError
from .mentions import Mention
from .query import Query
from .suggestions import suggested_questions

BEYOND_SQL = frozenset({"why", "future", "advice"})
"""What no query answers, whoever writes it."""
_ABOUT_DATA = frozenset({"column", "value", "grain", "rows", "sell", "missing"})


def abstention(
    question: str, unsure: UnsureError, mentions: list[Mention], catalog: Catalog, language: Language
) -> dict[str, Any]:
    """The data of an `answer` that was withheld. Raises: NeedsInputError when nothing in the question concerns the data."""
    reason = say(language, en="{t}", ko="{t}", t=unsure.ko if language == "ko" else unsure.en)
    suggestions = suggested_questions(catalog, language)
    if not any(m.kind in _ABOUT_DATA for m in mentions):
        raise NeedsInputError(
            say(
                language,
                en="{r} What should be looked up? For example: {s}",
                ko="{r} 무엇을 조회할지 알려 주십시오. 예: {s}",
                r=reason,
                s=" / ".join(suggestions),
            ),
            suggestions=suggestions,
        )
    return {
        "question": question,
        "turns": [],
        "sql": "",
        "pandas": "",
        "columns": [],
        "rows": [],
        "answer": reason,
        "confidence": 0.0,
        "abstained": True,
        "beyond_sql": any(m.kind == "refuse" and m.payload in BEYOND_SQL for m in mentions),
        "kind": "abstained",
        "notes": [],
        "suggestions": suggestions,
        "filters": [],
        "settings": {},
        "stated": [],
        "calendar": calendar_of(catalog, Query()),
        "row_count": 0,
        "label": "",
    }
