"""What is said about a run of given code."""

from collections.abc import Sequence
from typing import Any

from mesh.language import Language, say
from mesh.results import FileRef, Output, SkillResult, Table

from .sandbox import CodeRun, Limits
from .walls import Walls

_SUMMARY_CHARS = 300


def run_result(
    run: CodeRun,
    code: str,
    files: Sequence[FileRef],
    language: Language,
    *,
    fresh: bool,
    walls: Walls,
    limits: Limits,
) -> SkillResult:
    """The skill result: what the code printed and gave, its table and files, or where and why it stopped.

    Args: `fresh` says that variables of earlier runs were not there.
    """
    data: dict[str, Any] = {
        "code": code,
        "ok": run.ok,
        "stdout": run.stdout,
        "stderr": run.stderr,
        "value": run.value,
        "error": run.error,
        "stopped": run.stopped,
        "left_out_bytes": run.left_out,
        "seconds": round(run.seconds, 4),
        "walls": walls.kind,
        "new_session": fresh,
        "limits": {
            "time_s": limits.time_s,
            "memory_bytes": limits.memory_bytes,
            "processes": limits.processes,
        },
    }
    output = Output(
        name="code_result",
        type="code_result",
        title=say(language, en="Result of the code", ko="코드 실행 결과"),
        files=list(files),
        data=data,
    )
    tables = [_table(run.table, language)] if run.table else []
    return SkillResult(
        summary=_summary(run, limits, language),
        outputs=[output],
        tables=tables,
        warnings=_warnings(run, walls, language),
    )


def _summary(run: CodeRun, limits: Limits, language: Language) -> str:
    if run.stopped is not None:
        return _stopped(run.stopped, limits, language)
    if run.error is not None:
        return _failed(run.error, language)
    if run.table is not None:
        return say(
            language,
            en="The code ran; its result is a table of {rows:,} {word}.",
            ko="코드를 실행했습니다. 결과는 {rows:,}행의 표입니다.",
            rows=run.table["of_rows"],
            word="row" if run.table["of_rows"] == 1 else "rows",
        )
    shown = run.value if run.value is not None else (run.stdout.strip().splitlines() or [""])[-1]
    if not shown:
        return say(language, en="The code ran and printed nothing.", ko="코드를 실행했고 출력은 없습니다.")
    return say(
        language,
        en="The code ran; its result is {shown}",
        ko="코드를 실행했습니다. 결과: {shown}",
        shown=shown if len(shown) <= _SUMMARY_CHARS else shown[:_SUMMARY_CHARS] + "…",
    )


def _failed(error: dict[str, Any], language: Language) -> str:
    what = f"{error['type']}: {error['message']}".strip().rstrip(":")
    if error["line"] is None:
        return say(language, en="The code stopped: {what}", ko="코드가 멈췄습니다: {what}", what=what)
    return say(
        language,
        en="The code stopped in line {line}: {what}",
        ko="코드가 {line}행에서 멈췄습니다: {what}",
        line=error["line"],
        what=what,
    )


def _stopped(limit: str, limits: Limits, language: Language) -> str:
    en, ko = {
        "time": (
            "The code did not finish within {time:g} s and was stopped; its variables are gone. Do less, or set timeout_s.",
            "코드가 {time:g}초 안에 끝나지 않아 중단했고 변수는 사라졌습니다. 작업을 나누거나 timeout_s를 늘려 주십시오.",
        ),
        "processes": (
            "The code started more than {processes} processes and was stopped; its variables are gone.",
            "코드가 프로세스를 {processes}개 넘게 만들어 중단했고 변수는 사라졌습니다.",
        ),
        "disk": (
            "The code wrote more than {disk:,} bytes or {entries:,} files and was stopped; its variables and files are gone.",
            "코드가 {disk:,}바이트나 파일 {entries:,}개를 넘게 써서 중단했고 변수와 파일은 사라졌습니다.",
        ),
        "memory": (
            "The code with its processes used more than {memory:,} bytes of memory and was stopped; its variables are gone.",
            "코드와 코드가 만든 프로세스가 메모리를 {memory:,}바이트 넘게 써서 중단했고 변수는 사라졌습니다.",
        ),
        "died": (
            "The code ended its own process; its variables are gone. It may have run out of memory ({memory:,} bytes).",
            "코드의 프로세스가 끝나 변수가 사라졌습니다. 메모리 한도({memory:,}바이트)를 넘었을 수 있습니다.",
        ),
    }[limit]
    return say(
        language,
        en=en,
        ko=ko,
        time=limits.time_s,
        processes=limits.processes,
        disk=limits.folder_bytes,
        entries=limits.folder_entries,
        memory=limits.memory_bytes,
    )


def _table(table: dict[str, Any], language: Language) -> Table:
    note = ""
    if table["of_rows"] > len(table["rows"]) or table["of_columns"] > len(table["columns"]):
        note = say(
            language,
            en="The first {rows:,} of {of_rows:,} rows and {columns:,} of {of_columns:,} columns.",
            ko="전체 {of_rows:,}행 {of_columns:,}열 중 처음 {rows:,}행 {columns:,}열입니다.",
            rows=len(table["rows"]),
            of_rows=table["of_rows"],
            columns=len(table["columns"]),
            of_columns=table["of_columns"],
        )
    return Table(
        title=say(language, en="Result", ko="결과"), columns=table["columns"], rows=table["rows"], note=note
    )


def _warnings(run: CodeRun, walls: Walls, language: Language) -> list[str]:
    warnings = []
    if run.left_out:
        warnings.append(
            say(
                language,
                en="The code printed so much that {bytes:,} bytes of it were left out.",
                ko="출력이 너무 많아 {bytes:,}바이트를 생략했습니다.",
                bytes=run.left_out,
            )
        )
    if walls.kind == "process":
        warnings.append(low_walls(language))
    return warnings


def low_walls(language: Language) -> str:
    """What is said when the kernel does not separate the code from the machine."""
    return say(
        language,
        en="Bubblewrap is not usable here, so the code ran with limits but not walled off from this machine by the operating "
        "system: run only code that you trust.",
        ko="이 환경에서는 bubblewrap을 쓸 수 없어 코드가 운영체제 수준에서 격리되지 않고 제한만 적용된 채 실행되었습니다. "
        "신뢰하는 코드만 실행하십시오.",
    )
