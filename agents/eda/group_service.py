"""The use case of a comparison: do groups differ, by how much, and how sure is it. Runs in the compute process."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mesh.language import Language, say
from mesh.results import Column, Output, SkillResult

if TYPE_CHECKING:
    from mesh.tabular.focus import Focus
    from mesh.tabular.sheet import Codes, Sheet

    from .group_question import GroupQuestion
    from .survey import Survey


def compare(
    path: Path,
    columns: Sequence[Column],
    goal: str,
    measure: str | None,
    group: str | None,
    language: Language,
    progress: Callable[[float, str], None] | None = None,
) -> SkillResult:
    """Compare the groups that `goal` speaks of, or those of `group`, in what it speaks of, or in `measure`.

    Returns: one `eda_report` whose `group_tests` hold every test with its assumptions, effect size, interval and pairs;
    findings with the verdict first.
    Raises: BadInputError when the data hold nothing to compare.
    """
    from mesh.tabular.focus import asked_columns, choose_focus

    from .group_story import tell_comparison
    from .group_tables import group_kpis, group_tables
    from .group_tests import run_tests
    from .number_groups import group_numbers
    from .report import outline
    from .service import warnings_of
    from .survey import survey_cases

    tell = progress or (lambda _fraction, _message: None)
    tell(0.1, say(language, en="Reading the dataset", ko="데이터를 읽는 중"))
    seen = survey_cases(path, columns)
    asked = asked_columns(seen.sheet, goal)
    seen = replace(seen, sheet=group_numbers(seen.sheet, goal, asked, group))
    focus = choose_focus(seen.sheet, goal)
    compared, question = _comparison(seen, focus, goal, measure, group, language)
    tell(0.5, say(language, en="Comparing groups", ko="집단 사이의 차이를 검정하는 중"))
    tests = run_tests(compared, question, goal, _subjects(seen, compared, columns))
    report = outline(seen, focus) | {"group_tests": tests}
    findings = tell_comparison(tests, question, language)
    title = say(language, en="Group comparison", ko="집단 비교")
    return SkillResult(
        summary=" ".join(found.text for found in findings[:3]),
        outputs=[Output(name="eda_report", type="eda_report", title=title, data=report)],
        findings=findings,
        kpis=group_kpis(tests, language),
        tables=group_tables(tests, language),
        warnings=warnings_of(report, language),
    )


def _comparison(
    seen: "Survey", focus: "Focus", goal: str, measure: str | None, group: str | None, language: Language
) -> "tuple[Sheet, GroupQuestion]":
    """What is compared, with all rows of the columns that it needs: days in groups, or rows in groups."""
    from .calendar_groups import calendar_groups
    from .group_question import read_group_question
    from .number_groups import with_roles_of

    if measure is None and group is None:
        by_calendar = calendar_groups(seen.sheet, focus, goal, language)
        if by_calendar is not None and seen.bounds is not None:
            by_calendar = calendar_groups(seen.whole([focus.date, *focus.measures]), focus, goal, language)
        if by_calendar is not None:
            return by_calendar
    question = read_group_question(seen.sheet, focus, goal, measure, group, language)
    whole = seen.whole([*question.outcomes, *question.groupings, *(question.pair or ())])
    return with_roles_of(whole, seen.sheet), question


def _subjects(seen: "Survey", compared: "Sheet", columns: Sequence[Column]) -> "dict[str, Codes]":
    """Which subject each row is of, where the rows compared are those of a file that is read as a whole."""
    from .matched_rows import subject_columns

    whole = seen.bounds is None and seen.cases is None and compared is seen.sheet
    return subject_columns(seen.path, columns) if whole else {}
