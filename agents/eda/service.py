"""The use case: a Parquet file and a question in, a skill result out. Runs in the compute process."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from mesh.errors import BadInputError
from mesh.language import Language, say
from mesh.results import Column, Output, SkillResult
from mesh.tabular.oversize import oversize_note
from mesh.tabular.spelling import spelling_note

MAX_CHANGE_FINDINGS = 4
MAX_RELATIONS = 3


def explore(
    path: Path,
    columns: Sequence[Column],
    goal: str,
    language: Language,
    page: Path | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> SkillResult:
    """Explore the dataset at `path` with the question `goal` in mind; `page` is where to write the interactive page.

    Returns: one `eda_report` output, findings ranked by strength, three to five kpis, tables, warnings.
    Raises: BadInputError when the dataset has no rows, or no column that can be analysed.
    """
    from mesh.tabular.focus import choose_focus
    from mesh.tabular.sheet import without_guesses

    from .asked_relations import asked_relations, without_side_target
    from .change_question import direction
    from .change_report import explain_when_asked
    from .change_story import tell_change
    from .exploration_page import exploration_page
    from .headline import headline
    from .insight import find_insights, summarise, without_retold
    from .report import build_report
    from .result_tables import result_tables
    from .survey import columns_of_interest, dated, survey_cases

    tell = progress or (lambda _fraction, _message: None)
    tell(0.05, say(language, en="Reading the dataset", ko="데이터를 읽는 중"))
    seen = dated(survey_cases(path, without_guesses(columns)), evenly=True)
    sheet = seen.sheet
    if not sheet.numeric and not sheet.levels and not sheet.oversized:
        raise BadInputError(
            say(
                language,
                en="The dataset has no numeric and no categorical column, so there is nothing to explore.",
                ko="숫자 열도 범주 열도 없어 탐색할 수 있는 내용이 없습니다.",
            )
        )
    focus = without_side_target(choose_focus(sheet, goal))
    whole = seen.whole(columns_of_interest(sheet, focus, goal))
    report = build_report(seen, whole, focus, language, tell)
    tell(0.95, say(language, en="Putting the findings in order", ko="결과를 정리하는 중"))
    findings = find_insights(report, language)
    change = explain_when_asked(whole, focus, goal, language)
    if change is not None:
        report["change"] = change
        findings = [*tell_change(change, direction(goal), language)[:MAX_CHANGE_FINDINGS], *findings]
    relations = asked_relations(whole, focus, goal, language)
    findings = without_retold(relations, findings)
    told = " ".join(found.text for found in relations[:MAX_RELATIONS])
    summary = (
        told
        or summarise(findings, report["focus"]["topics"])
        or say(
            language,
            en="Nothing in the data stands out: the columns are constant or empty.",
            ko="눈에 띄는 내용이 없습니다. 열의 값이 일정하거나 비어 있습니다.",
        )
    )
    if page is not None:
        page.write_text(exploration_page(report, findings, goal, language), encoding="utf-8")
    title = say(language, en="Exploratory analysis", ko="탐색적 분석")
    return SkillResult(
        summary=summary,
        outputs=[Output(name="eda_report", type="eda_report", title=title, data=report)],
        findings=findings,
        kpis=headline(report, language),
        tables=result_tables(report, language),
        warnings=[
            *([oversize_note(language, sheet.oversized)] if sheet.oversized else []),
            *warnings_of(report, language),
        ],
    )


def warnings_of(report: dict[str, Any], language: Language) -> list[str]:
    """What a reader must know before trusting the report: sampled rows, merged spellings, cut periods, undated rows."""
    from .counted_rows import Cases, cases_note
    from .survey import bounds_note

    merged = {record["column"]: record["rows"] for record in report["spellings"]}
    found: list[str] = [bounds_note(report["bounds"], language)] if report["bounds"] else []
    found += [cases_note(Cases(**report["cases"]), language)] if report["cases"] else []
    found += [spelling_note(language, merged)] if merged else []
    time = report["time"]
    if isinstance(time, dict):
        partial = time["measures"][0]["partial"]
        if partial:
            found.append(
                say(
                    language,
                    en="The data cover {periods} only in part; trend, season and best or worst periods "
                    "leave it out.",
                    ko="{periods} 기간은 데이터가 일부만 있어 추세, 계절성, 최고·최저 기간 계산에서 "
                    "제외했습니다.",
                    periods=", ".join(partial),
                )
            )
        if time["undated_rows"]:
            found.append(
                say(
                    language,
                    en="{rows:,} row(s) have no date and take no part in the analysis over time.",
                    ko="날짜가 없는 {rows:,}개 행은 시간 분석에서 제외했습니다.",
                    rows=time["undated_rows"],
                )
            )
    return found
