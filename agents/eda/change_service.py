"""The use case of explaining a change: what moved, between when and when, and what it is made of. Runs in the compute process."""

from collections.abc import Callable, Sequence
from pathlib import Path

from mesh.language import Language, say
from mesh.results import Column, Output, SkillResult


def explain_change(
    path: Path,
    columns: Sequence[Column],
    goal: str,
    measure: str | None,
    language: Language,
    progress: Callable[[float, str], None] | None = None,
) -> SkillResult:
    """Explain the change that `goal` asks about, in `measure` or what it names.

    Returns: one `eda_report` with the exact splits under `change`; findings with the change itself first.
    Raises: BadInputError when there is nothing that could have changed, or no data in a named period.
    """
    from mesh.tabular.focus import choose_focus

    from .change_question import direction, read_change
    from .change_report import explain
    from .change_story import change_kpis, change_tables, tell_change
    from .report import outline
    from .service import warnings_of
    from .survey import columns_of_interest, dated, survey

    tell = progress or (lambda _fraction, _message: None)
    tell(0.1, say(language, en="Reading the dataset", ko="데이터를 읽는 중"))
    seen = dated(survey(path, columns))
    focus = choose_focus(seen.sheet, goal)
    sheet = seen.whole(columns_of_interest(seen.sheet, focus, goal, measure))
    asked = read_change(sheet, focus, goal, measure, language)
    tell(0.5, say(language, en="Splitting the change into its parts", ko="변화를 요인별로 나누는 중"))
    change = explain(sheet, focus, asked, language)
    report = outline(seen, focus) | {"change": change}
    findings = tell_change(change, direction(goal), language)
    ordered = sorted(findings, key=lambda found: -found.importance)
    title = say(language, en="Explanation of a change", ko="변화 요인 분석")
    warnings = warnings_of(report, language)
    if asked.cut:
        warnings.append(
            say(
                language,
                en="The data end inside {last}; both periods are cut to the same number of days.",
                ko="데이터가 {last} 도중에 끝나므로 두 기간을 같은 일수까지만 비교했습니다.",
                last=change["to"],
            )
        )
    return SkillResult(
        summary=" ".join(found.text for found in ordered[:4]),
        outputs=[Output(name="eda_report", type="eda_report", title=title, data=report)],
        findings=ordered,
        kpis=change_kpis(change, language),
        tables=change_tables(change, language),
        warnings=warnings,
    )
