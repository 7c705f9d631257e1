"""The use case of a comparison: do groups differ, by how much, and how sure is it. Runs in the compute process."""

from collections.abc import Callable, Sequence
from pathlib import Path

from mesh.language import Language, say
from mesh.results import Column, Output, SkillResult


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
    from mesh.tabular.focus import choose_focus
    from mesh.tabular.sheet import read_sheet

    from .calendar_groups import calendar_groups
    from .distribution import describe_columns
    from .group_question import read_group_question
    from .group_story import tell_comparison
    from .group_tables import group_kpis, group_tables
    from .group_tests import run_tests
    from .report import outline
    from .service import warnings_of

    tell = progress or (lambda _fraction, _message: None)
    tell(0.1, say(language, en="Reading the dataset", ko="데이터를 읽는 중"))
    sheet = read_sheet(path, columns)
    focus = choose_focus(sheet, goal)
    by_calendar = calendar_groups(sheet, focus, goal, language) if measure is None and group is None else None
    compared, question = by_calendar or (
        sheet,
        read_group_question(sheet, focus, goal, measure, group, language),
    )
    tell(0.5, say(language, en="Comparing groups", ko="집단 사이의 차이를 검정하는 중"))
    tests = run_tests(compared, question, goal)
    report = outline(sheet, focus, describe_columns(sheet)) | {"group_tests": tests}
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
