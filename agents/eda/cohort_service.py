"""The use case of cohorts: who comes back, and how far people get. Runs in the compute process."""

from collections.abc import Callable, Sequence
from pathlib import Path

from mesh.language import Language, say
from mesh.results import Column, Output, SkillResult


def analyze_cohorts(
    path: Path,
    columns: Sequence[Column],
    goal: str,
    person: str | None,
    date: str | None,
    stage: str | None,
    order: Sequence[str],
    language: Language,
    page: Path | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> SkillResult:
    """Retention by cohort and the funnel that `goal` asks for, as far as the columns allow; `page` is where to write the page.

    Returns: one `eda_report` with `cohorts` (as `retention.retention`) and `funnel` (as `funnel.funnel`), None where not asked
    for or not possible; findings, tables.
    Raises: NeedsInputError when a column or the order of the steps is unclear; BadInputError when nobody is seen twice.
    """
    from mesh.tabular.focus import choose_focus

    from .cohort_events import read_events
    from .cohort_page import cohort_page
    from .cohort_question import read_cohort_question
    from .cohort_report import describe_cohorts
    from .cohort_story import cohort_kpis, cohort_tables, cohort_warnings, tell_cohorts
    from .report import outline
    from .service import warnings_of
    from .survey import survey

    tell = progress or (lambda _fraction, _message: None)
    tell(0.1, say(language, en="Reading the dataset", ko="데이터를 읽는 중"))
    seen = survey(path, columns)
    focus = choose_focus(seen.sheet, goal)
    question = read_cohort_question(seen, focus, goal, person, date, stage, language)
    tell(0.5, say(language, en="Following people through time", ko="고객의 흐름을 따라가는 중"))
    events = read_events(path, seen, question)
    found = describe_cohorts(events, question, goal, focus.grain, order, language)
    report = outline(seen, focus) | found
    findings = tell_cohorts(report, language)
    if page is not None:
        page.write_text(cohort_page(report, findings, goal, language), encoding="utf-8")
    title = say(language, en="Cohorts and funnel", ko="코호트·퍼널 분석")
    return SkillResult(
        summary=" ".join(item.text for item in findings[:3]),
        outputs=[Output(name="eda_report", type="eda_report", title=title, data=report)],
        findings=findings,
        kpis=cohort_kpis(report, language),
        tables=cohort_tables(report, language),
        warnings=[*cohort_warnings(report, language), *warnings_of(report, language)],
    )
