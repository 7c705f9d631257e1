"""Questions that a dataset can surely answer, offered when another question could not be answered."""

from mesh.language import Language

from .catalog import Catalog, ColumnInfo
from .draft import UnsureError
from .reading import read_question
from .scanning import find_mentions


def suggested_questions(catalog: Catalog, language: Language, limit: int = 3) -> list[str]:
    """Up to `limit` questions in `language`, each of which was read successfully against `catalog`."""
    ko = language == "ko"
    measures = [c for c in catalog.columns if c.numeric]
    groups = [
        c
        for c in catalog.columns
        if c.type == "string" and not c.boolean and c.semantic != "identifier" and 2 <= c.distinct <= 50
    ]
    flags = [c for c in catalog.columns if c.boolean]
    candidates = _flag_questions(flags, groups, ko) + _measure_questions(measures, groups, catalog, ko)
    candidates.append("데이터는 몇 행인가요?" if ko else "How many rows are there?")
    found: list[str] = []
    for question in candidates:
        if question not in found and _readable(question, catalog):
            found.append(question)
    return found[:limit]


def _measure_questions(
    measures: list[ColumnInfo], groups: list[ColumnInfo], catalog: Catalog, ko: bool
) -> list[str]:
    ordered = sorted(measures, key=lambda c: (not c.additive, c.semantic != "measure"))
    questions: list[str] = []
    for measure in ordered[:2]:
        name = measure.name
        word = ("합계" if ko else "total") if measure.additive else ("평균" if ko else "average")
        if groups:
            group = groups[0].name
            questions.append(f"{group}별 {name} {word}" if ko else f"What is the {word} {name} by {group}?")
            questions.append(
                f"{name} {word}가 가장 높은 {group}은?"
                if ko
                else f"Which {group} has the highest {word} {name}?"
            )
        if catalog.time_column is not None:
            questions.append(f"월별 {name} {word}" if ko else f"What is the {word} {name} by month?")
        questions.append(f"{name} {word}는 얼마인가요?" if ko else f"What is the {word} {name}?")
    return questions


def _flag_questions(flags: list[ColumnInfo], groups: list[ColumnInfo], ko: bool) -> list[str]:
    if not flags:
        return []
    flag = flags[-1].name
    group = groups[0].name if groups else None
    questions = [f"{group}별 {flag} 비율" if ko else f"What is the {flag} rate by {group}?"] if group else []
    return [*questions, f"{flag} 비율은 얼마인가요?" if ko else f"What is the {flag} rate?"]


def _readable(question: str, catalog: Catalog) -> bool:
    try:
        read_question(find_mentions(question, catalog), catalog)
    except UnsureError:
        return False
    return True
