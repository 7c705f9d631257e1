"""The use case of a time series: trend, seasons, shifts of level, outlying periods. Runs in the compute process."""

from collections.abc import Callable, Sequence
from pathlib import Path

from mesh.language import Language, say
from mesh.results import Column, Output, SkillResult

MAX_FINDINGS = 14


def analyze_series(
    path: Path,
    columns: Sequence[Column],
    goal: str,
    language: Language,
    progress: Callable[[float, str], None] | None = None,
) -> SkillResult:
    """Take the series that `goal` speaks of apart.

    Returns: one `eda_report` with `time` as in an exploration and the deeper look under `series`; findings, strongest first.
    Raises: BadInputError when there are no dates or no numbers.
    """
    from mesh.tabular.focus import choose_focus

    from .report import outline
    from .result_tables import result_tables
    from .series_report import describe_series
    from .series_story import asked_kinds, first_of_each, series_tables, tell_series
    from .service import warnings_of
    from .survey import dated, survey
    from .time_findings import time_findings
    from .timeline import analyse_time

    tell = progress or (lambda _fraction, _message: None)
    tell(0.1, say(language, en="Reading the dataset", ko="데이터를 읽는 중"))
    seen = dated(survey(path, columns))
    focus = choose_focus(seen.sheet, goal)
    sheet = seen.whole([focus.date, *focus.measures])
    tell(0.3, say(language, en="Taking the series apart", ko="시계열을 분해하는 중"))
    records = describe_series(sheet, focus, language)
    tell(0.8, say(language, en="Studying the development over time", ko="시간에 따른 변화를 분석하는 중"))
    report = outline(seen, focus)
    report |= {"time": analyse_time(sheet, focus, language), "series": records}
    shown = {record["name"] for record in records}
    usual = [
        found
        for found in time_findings(report["time"], language)
        if shown & set(map(str, found.evidence.values()))
    ]
    deep = [found for record in records for found in tell_series(record, language)]
    asked = asked_kinds(goal)
    deep = [
        f.model_copy(update={"importance": min(1.0, f.importance + 0.3 * (f.kind in asked))}) for f in deep
    ]
    findings = sorted([*deep, *usual], key=lambda found: -found.importance)[:MAX_FINDINGS]
    title = say(language, en="Time series analysis", ko="시계열 분석")
    return SkillResult(
        summary=" ".join(found.text for found in first_of_each(findings, asked)),
        outputs=[Output(name="eda_report", type="eda_report", title=title, data=report)],
        findings=findings,
        tables=[
            *(table for record in records for table in series_tables(record, language)),
            *result_tables(report, language),
        ],
        warnings=warnings_of(report, language),
    )
