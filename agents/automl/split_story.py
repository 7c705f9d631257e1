"""How the hold-out was split off, and why so, in words."""

from mesh.language import Language, finding
from mesh.results import Finding

from .problem import Problem
from .splitting import Why

_LATEST = (
    "The model is judged on the latest {rows:,} rows by '{column}', ",
    "'{column}' 기준 가장 최근 {rows:,}개 행으로 평가했습니다. ",
)
_REASONS: dict[Why, tuple[str, str]] = {
    "event": (
        _LATEST[0] + "because the rows are dated: it must hold for times after those it learned from.",
        _LATEST[1] + "행에 날짜가 있어, 학습한 시점 이후에도 맞아야 하기 때문입니다.",
    ),
    "ordered": (
        _LATEST[0] + "because the rows stand in its order, as a process leaves them.",
        _LATEST[1] + "행이 시간 순서대로 쌓여 있기 때문입니다.",
    ),
    "future": (
        _LATEST[0] + "because the question is about the future.",
        _LATEST[1] + "질문이 미래에 관한 것이기 때문입니다.",
    ),
    "repeats": (
        "The model is judged on {rows:,} rows of '{column}' values that it has not met, because '{column}' repeats.",
        "'{column}' 값이 반복되므로, 학습에서 본 적 없는 '{column}'의 {rows:,}개 행으로 평가했습니다.",
    ),
    "none": (
        "The model is judged on {rows:,} rows drawn at random: no column dates the rows, and no entity repeats.",
        "무작위로 뽑은 {rows:,}개 행으로 평가했습니다. 시점이나 반복되는 개체를 나타내는 열이 없기 때문입니다.",
    ),
}


_FINAL = (
    " The model that predicts has since learned from all {all:,} rows.",
    " 예측에 쓰는 모델은 그 뒤 전체 {all:,}개 행으로 다시 학습했습니다.",
)


def split_finding(problem: Problem, language: Language, *, final: bool) -> Finding:
    """What the model was judged on, with the reason; `final`: it was then learned once more from all rows."""
    english, korean = _REASONS[problem.split.why]
    if final:
        english, korean = english + _FINAL[0], korean + _FINAL[1]
    return finding(
        language,
        en=english,
        ko=korean,
        importance=0.45,
        kind="validation",
        rows=len(problem.split.test),
        column=problem.split.column or "",
        all=len(problem.target),
    )
