"""Finds the column that the words of a comparison name: an age in `older than 40` and `women over 65`, a weight in `15 kg`."""

from .catalog import ColumnInfo
from .concepts import PEOPLE
from .draft import Draft, UnsureError
from .magnitudes import Comparison

OLDEST = 120
_PEOPLE = frozenset(
    {
        "people",
        "person",
        "passenger",
        "student",
        "employee",
        "staff",
        "worker",
        "patient",
        "customer",
        "member",
        "user",
    }
    | {"guest", "player", "professor", "직원", "승객", "환자", "회원", "고객", "학생"}
)
_UNITS_IN_NAMES = {"weight": {"kg", "lb", "lbs"}, "height": {"cm"}}
_DECISIVE = frozenset({"age", "weight", "height", "price", "rating"})


def said_by_words(draft: Draft, index: int, beside: int | None) -> ColumnInfo | None:
    """The column that adjective or unit name (`older than 40`, `15 kg`), unless the column beside it is meant just as well."""
    comparison = draft.mentions[index].detail
    assert isinstance(comparison, Comparison)
    if not comparison.subject:
        return _age_of_people(draft, index, comparison) if beside is None else None
    if beside is not None and comparison.subject not in _DECISIVE:
        return None
    columns = [c for c in draft.catalog.columns if c.numeric and _is_about(c, comparison.subject)]
    if beside is not None and any(c in columns for c, _ in draft.mentions[beside].columns):
        return None
    if len(columns) > 1:
        names = ", ".join(c.name for c in columns)
        raise UnsureError(
            f'"{comparison.text}" may mean several columns: {names}.',
            f"'{comparison.text}'에 해당하는 열이 여러 개입니다: {names}.",
        )
    return columns[0] if columns else None


def _is_about(column: ColumnInfo, subject: str) -> bool:
    words = set(column.name.lower().replace("-", "_").split("_"))
    return subject in column.concepts or bool(words & _UNITS_IN_NAMES.get(subject, set()))


def _age_of_people(draft: Draft, index: int, comparison: Comparison) -> ColumnInfo | None:
    """`women over 65`: a bare number right behind people is their age."""
    before, after = draft.at(index - 1), draft.at(index + 1)
    ages = [c for c in draft.catalog.columns if c.numeric and "age" in c.concepts]
    people = before is not None and (
        any("gender" in draft.catalog.column(name).concepts for name, _ in before.values)
        or any(set(c.concepts) & PEOPLE for c, _ in before.columns)
        or before.payload in _PEOPLE
    )
    bare = not comparison.percent and max(comparison.low, comparison.high or 0) <= OLDEST
    ends = (
        after is None
        or draft.is_flag(index + 1)
        or after.kind in {"or", "period", "group", "grain", "limit", "within"}
    )
    if not (people and bare and ends and len(ages) == 1):
        return None
    draft.query.assume(
        f'"{comparison.text}" was read as {ages[0].name}.',
        f"'{comparison.text}'(을/를) {ages[0].name}(으로/로) 보았습니다.",
        0.95,
    )
    return ages[0]
