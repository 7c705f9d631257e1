"""The skill's use case: an answer and what is said about it, as a skill result."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from mesh.language import Language, say
from mesh.results import Column, Finding, Kpi, Output, SkillResult, Table

from .answering import answer_question, answer_sql
from .labels import number_text


def answer(
    path: Path,
    columns: Sequence[Column],
    question: str,
    language: Language,
    *,
    name: str = "",
    sql: str | None = None,
    max_rows: int = 200,
    timeout_s: float = 30.0,
    earlier: Sequence[str] = (),
    progress: Callable[[float, str], None] = lambda _fraction, _message: None,
) -> SkillResult:
    """The result of `answer_question`: an `answer` output with one finding and a table, or an honest abstention.

    Args: `name` is the dataset's; `earlier` are the `turns` of the answer that the question may carry on; `sql` runs that
    SELECT over the view `data` instead of reading the question.
    Raises: NeedsInputError when the question does not concern the data; UnsafeSqlError; DeadlineError.
    """
    if sql is not None:
        data = answer_sql(sql, path, language, max_rows=max_rows, timeout_s=timeout_s)
    else:
        described = [
            {"name": c.name, "type": c.type, "semantic": c.semantic, "confidence": c.confidence}
            for c in columns
        ]
        data = answer_question(
            question,
            path,
            described,
            language,
            name=name,
            max_rows=max_rows,
            timeout_s=timeout_s,
            earlier=earlier,
            progress=progress,
        )
    return result_of(data, language)


def result_of(data: dict[str, Any], language: Language) -> SkillResult:
    """The data of an `answer` as a skill result."""
    return _abstained(data, language) if data["abstained"] else _answered(data, language)


def _answered(data: dict[str, Any], language: Language) -> SkillResult:
    title = say(language, en="Answer", ko="답변")
    shown = (
        dict(zip(data["columns"], data["rows"][0], strict=True))
        if len(data["rows"]) == 1
        else {"rows": data["rows"][:20]}
    )
    evidence = {
        **shown,
        "row_count": data["row_count"],
        "sql": data["sql"],
        "filters": data["filters"],
        "settings": data["settings"],
        "stated": data["stated"],
        "calendar": data["calendar"],
    }
    found = Finding(text=data["answer"], evidence=evidence, importance=0.9, kind="answer")
    return SkillResult(
        summary=data["answer"],
        outputs=[Output(name="answer", type="answer", title=title, description=data["answer"], data=data)],
        findings=[found],
        kpis=_kpis(data),
        tables=[
            Table(title=data["question"][:200], columns=data["columns"], rows=data["rows"], note=data["sql"])
        ]
        if data["rows"]
        else [],
        warnings=data["notes"],
    )


def _kpis(data: dict[str, Any]) -> list[Kpi]:
    """The one figure of an answer that is a single number."""
    if data["kind"] != "value" or len(data["rows"]) != 1 or len(data["rows"][0]) != 1:
        return []
    value = data["rows"][0][0]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return []
    return [Kpi(label=data["label"], value=float(value), text=number_text(value))]


def _abstained(data: dict[str, Any], language: Language) -> SkillResult:
    examples = " / ".join(data["suggestions"])
    text = say(
        language,
        en="The question was not answered: {r}",
        ko="질문에 답하지 않았습니다. {r}",
        r=data["answer"],
    )
    if examples:
        hint = say(
            language,
            en="This data can answer, for example: {e}",
            ko="이 데이터로 답할 수 있는 질문의 예: {e}",
            e=examples,
        )
        text = f"{text} {hint}"
    found = Finding(
        text=text,
        evidence={"reason": data["answer"], "suggestions": data["suggestions"], "calendar": data["calendar"]},
        importance=0.3,
        kind="abstained",
    )
    return SkillResult(
        summary=text,
        outputs=[
            Output(
                name="answer",
                type="answer",
                title=say(language, en="No answer", ko="답변 보류"),
                description=data["answer"],
                data=data,
            )
        ],
        findings=[found],
        warnings=[data["answer"], *data["notes"]],
    )
