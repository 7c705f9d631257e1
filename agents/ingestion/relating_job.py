"""Relating tables as jobs for the compute process: what they take, what they give; the heavy imports happen there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mesh.language import Language, say
from mesh.results import Column

from .relating import Sheet, Wish


@dataclass(frozen=True)
class CombinedTable:
    """The one table on disk: its name, columns, number of rows, and the report of how it came about as JSON."""

    name: str
    columns: list[Column]
    rows: int
    report: dict[str, Any]


def run_propose(
    sheets: Sequence[Sheet], workdir: Path, on: tuple[str, ...], language: Language
) -> dict[str, Any]:
    """The report of all joins that names and values of the tables speak for."""
    from .relating_decision import wanted_keys
    from .relating_keys import KeyIndex, engine
    from .relating_proposals import propose
    from .relating_report import proposals_report

    named = wanted_keys(sheets, on, language)
    with engine(workdir) as connection:
        joins = propose(KeyIndex(connection, sheets), sheets, named)
    return proposals_report(sheets, joins)


def run_combine(
    sheets: Sequence[Sheet],
    target: Path,
    workdir: Path,
    wish: Wish,
    language: Language,
    progress: Callable[[float, str], None] | None = None,
) -> CombinedTable:
    """The tables as one in the Parquet file `target`: stacked where they have one schema, joined along safe keys else.

    Raises: NeedsInputError, naming the candidates, when there is no one safe way; BadInputError when the wish cannot be met.
    """
    from .relating_choice import stacks_of
    from .relating_combining import Combined, join, stack
    from .relating_decision import decide, other_schema, wanted_keys
    from .relating_keys import KeyIndex, engine
    from .relating_proposals import propose
    from .relating_report import combination_report

    tell = progress or _silent
    named = wanted_keys(sheets, wish.on, language)
    groups = [[place] for place in range(len(sheets))] if wish.how == "join" or named else stacks_of(sheets)
    if wish.how == "stack" and len(groups) > 1:
        raise other_schema(sheets, groups, language)
    with engine(workdir) as connection:
        parts = [
            sheets[group[0]]
            if len(group) == 1
            else stack(connection, [sheets[place] for place in group], workdir / f"stack-{group[0]}.parquet")
            for group in groups
        ]
        tell(0.3, say(language, en="Looking for keys", ko="조인 키를 찾고 있습니다"))
        joins = propose(KeyIndex(connection, parts), parts, named) if len(parts) > 1 else []
        plan = decide(parts, joins, wish, named, language)
        tell(0.7, say(language, en="Combining the tables", ko="표를 합치고 있습니다"))
        made = join(connection, parts, plan, target) if len(parts) > 1 else Combined(parts[0], [])
    if made.sheet.path != target:
        made.sheet.path.replace(target)
    report = combination_report([[sheets[place] for place in group] for group in groups], parts, plan, made)
    return CombinedTable(made.sheet.name, made.sheet.columns, made.sheet.rows, report)


def _silent(fraction: float, message: str) -> None:
    del fraction, message
