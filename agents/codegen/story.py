"""What is said about a built notebook."""

from typing import Any

from mesh.language import Language, finding, say
from mesh.results import DatasetRef, FileRef, Output, SkillResult

from .opening_cells import DATA_FILE
from .run_story import low_walls


def notebook_result(
    data: dict[str, Any], notebook: FileRef, script: FileRef, dataset: DatasetRef, language: Language
) -> SkillResult:
    """The skill result: the notebook with its script and data as files, and whether it ran clean.

    Args: `data` is what `build_notebook` returned, and `written_by`, `rounds` and `problems` of a drafted part.
    """
    beside = FileRef(
        name=DATA_FILE,
        media_type="application/vnd.apache.parquet",
        uri=dataset.uri,
        bytes=dataset.bytes,
        sha256=dataset.sha256,
    )
    output = Output(
        name="notebook",
        type="notebook",
        title=say(language, en="Analysis notebook", ko="분석 노트북"),
        description=_summary(data, language),
        file=notebook,
        files=[notebook, script, beside],
        data=data,
    )
    found = finding(
        language,
        en="The notebook recomputed {checks} reported numbers and all are the same.",
        ko="노트북에서 보고된 수치 {checks}개를 다시 계산했으며 모두 일치합니다.",
        importance=0.3,
        kind="reproduction",
        checks=data["checks"],
    )
    warnings = [] if data["executed"] else [_failure(data, language)]
    if data.get("problems") and data.get("written_by") == "built-in":
        warnings.append(_undrafted(data, language))
    if data.get("walls") == "process":
        warnings.append(low_walls(language))
    return SkillResult(
        summary=_summary(data, language),
        outputs=[output],
        findings=[found] if data["executed"] and data["checks"] else [],
        warnings=warnings,
    )


def _undrafted(data: dict[str, Any], language: Language) -> str:
    return say(
        language,
        en="The language model's code did not run after {rounds} {word} (last: {why}); the notebook holds none of it.",
        ko="언어 모델이 쓴 코드가 {rounds}번 시도해도 실행되지 않아(마지막 오류: {why}) 노트북에는 메시의 코드만 담았습니다.",
        rounds=data["rounds"],
        word="try" if data["rounds"] == 1 else "tries",
        why=data["problems"][-1],
    )


def _summary(data: dict[str, Any], language: Language) -> str:
    if not data["executed"]:
        return _failure(data, language)
    return say(
        language,
        en="The notebook has {cells} cells, ran from top to bottom without an error, and confirmed {checks} reported numbers;"
        " the same code is also a Python script.",
        ko="셀 {cells}개로 된 노트북을 처음부터 끝까지 오류 없이 실행했고 보고된 수치 {checks}개를 확인했습니다."
        " 같은 코드를 Python 스크립트로도 제공합니다.",
        cells=data["cells"],
        checks=data["checks"],
    )


def _failure(data: dict[str, Any], language: Language) -> str:
    return say(
        language,
        en="The notebook was written, but running it stopped after {done} of {total} code cells; the error is in the notebook.",
        ko="노트북을 작성했지만 코드 셀 {total}개 중 {done}개를 실행한 뒤 멈췄습니다. 오류 내용은 노트북에 있습니다.",
        done=data["executed_cells"],
        total=data["code_cells"],
    )
