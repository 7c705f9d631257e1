"""What is said about improved code."""

from collections.abc import Sequence

from mesh.language import Language, finding, say
from mesh.results import FileRef, Finding, Output, SkillResult, Table

from .advice import Advice
from .improving import Improvement
from .linting import counted
from .run_story import low_walls
from .walls import Walls


def improvement_result(
    found: Improvement, advice: Sequence[Advice], script: FileRef, language: Language, walls: Walls
) -> SkillResult:
    """The skill result: the better version, proof that it does the same, both times, and advice on what is left."""
    before, after = found.before, found.after
    changed = bool(found.diff)
    data = {
        "changed": changed,
        "before": before.code,
        "after": after.code,
        "diff": found.diff,
        "by": found.by,
        "explanation": found.explanation,
        "equal": found.compared,
        "seconds_before": [round(value, 5) for value in before.seconds],
        "seconds_after": [round(value, 5) for value in after.seconds],
        "median_s_before": round(before.median_s, 5),
        "median_s_after": round(after.median_s, 5),
        "peak_bytes_before": before.run.peak_bytes,
        "peak_bytes_after": after.run.peak_bytes,
        "complaints_before": counted(found.complaints_before),
        "complaints_after": counted(found.complaints_after),
        "error": before.run.error,
        "stopped": before.run.stopped,
        "refused": found.refused,
        "advice": [{"line": item.line, "kind": item.kind, "text": item.text(language)} for item in advice],
        "profile": before.run.profile,
        "walls": walls.kind,
    }
    output = Output(
        name="improved_code",
        type="improved_code",
        title=say(language, en="Improved code", ko="개선한 코드"),
        file=script,
        files=[script],
        data=data,
    )
    findings = _findings(found, language)
    return SkillResult(
        summary=_summary(found, findings, language),
        outputs=[output],
        findings=findings,
        tables=[table for table in (_profile(found, language), _advice(advice, language)) if table.rows],
        warnings=[low_walls(language)] if walls.kind == "process" else [],
    )


def _summary(found: Improvement, findings: list[Finding], language: Language) -> str:
    error = found.before.run.error
    if not found.before.run.ok:
        return say(
            language,
            en="The code does not run to its end ({why}), so nothing could be compared with it. Mend that first.",
            ko="코드가 끝까지 실행되지 않아({why}) 개선한 코드와 비교할 수 없습니다. 먼저 이 문제를 고쳐 주십시오.",
            why=f"{error['type']}: {error['message']}" if error else found.before.run.stopped,
        )
    if not found.diff:
        return say(
            language,
            en="No version was found that gives the same results and is faster or cleaner; the code stays as it is.",
            ko="같은 결과를 내면서 더 빠르거나 깔끔한 코드를 찾지 못해 그대로 두었습니다.",
        )
    return " ".join(item.text for item in findings)


def _findings(found: Improvement, language: Language) -> list[Finding]:
    if not found.diff:
        return []
    return [
        finding(
            language,
            en="The new version does the same: {checks} results are equal ({variables} variables, {files} files).",
            ko="새 코드는 같은 결과를 냅니다. 결과 {checks}개가 일치합니다(변수 {variables}개, 파일 {files}개).",
            importance=0.7,
            kind="equal_results",
            checks=sum(found.compared.values()),
            variables=found.compared["variables"],
            files=found.compared["files"],
        ),
        finding(
            language,
            en="It takes {after:.3g} s instead of {before:.3g} s (median of {runs} runs), and the linter has {left} remarks "
            "instead of {had}.",
            ko="실행 시간은 {before:.3g}초에서 {after:.3g}초가 되었고({runs}회 중앙값) 린터 지적은 {had}건에서 {left}건이 "
            "되었습니다.",
            importance=0.6,
            kind="time_and_remarks",
            before=found.before.median_s,
            after=found.after.median_s,
            runs=len(found.after.seconds),
            had=len(found.complaints_before),
            left=len(found.complaints_after),
        ),
    ]


def _profile(found: Improvement, language: Language) -> Table:
    heads = {"en": ["Function", "Line", "Calls", "Seconds"], "ko": ["함수", "행", "호출", "초"]}[language]
    rows = [
        [item["function"], item["line"], item["calls"], round(item["own_s"], 5)]
        for item in found.before.run.profile
    ]
    return Table(
        title=say(language, en="Where the time goes", ko="시간이 걸리는 곳"), columns=heads, rows=rows
    )


def _advice(advice: Sequence[Advice], language: Language) -> Table:
    heads = {"en": ["Line", "Advice"], "ko": ["행", "조언"]}[language]
    rows = [[item.line, item.text(language)] for item in advice]
    return Table(
        title=say(language, en="What to write instead", ko="이렇게 바꾸십시오"), columns=heads, rows=rows
    )
