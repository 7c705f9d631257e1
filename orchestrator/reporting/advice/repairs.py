"""What to mend in the data first, from the issues that were found."""

from collections.abc import Iterator

from mesh.pages.shapes import records

from .recommendation import Located, Recommendation

_MOST = 2
_GRAVE = ("high", "medium")
_ACTIONS = {
    "negative": (
        "Check the negative values of {column}: returns stay, errors are to be corrected.",
        "{column}의 음수를 확인해 반품이면 두고 오류이면 고치세요.",
    ),
    "string_variants": ("Unify the spellings in {column}.", "{column}의 표기를 하나로 통일하세요."),
    "duplicate_rows": (
        "Remove the repeated rows, or find out why they repeat.",
        "중복된 행을 지우거나 중복된 까닭을 확인하세요.",
    ),
    "missing": (
        "Fill the gaps in {column}, or say how they are to be counted.",
        "{column}의 빈 값을 채우거나 집계 방법을 정하세요.",
    ),
    "date_gaps": (
        "Add the absent periods of {column}, or say that nothing happened in them.",
        "{column}의 빠진 기간을 채우거나 실적이 없었는지 확인하세요.",
    ),
    "outliers": (
        "Check the extreme values of {column} at their source.",
        "{column}의 극단값을 원천에서 확인하세요.",
    ),
}
_OF_A_COLUMN = ("Mend {column} at the source of the data.", "{column} 열을 데이터 원천에서 바로잡으세요.")
_OF_ROWS = ("Mend these rows at the source of the data.", "이 행들을 데이터 원천에서 바로잡으세요.")


def mend_data(report: Located) -> Iterator[Recommendation]:
    """The first two issues of high or medium severity."""
    told = 0
    for index, issue in enumerate(records(report.data.get("issues"))):
        if issue.get("severity") not in _GRAVE or told >= _MOST:
            continue
        told += 1
        at = report.inner("issues", index)
        values = at.inner("evidence")
        en, ko = _ACTIONS.get(str(issue.get("kind")), _OF_A_COLUMN)
        if "{column}" in en and not issue.get("column"):
            en, ko = _OF_ROWS
        yield Recommendation(
            report.say(en=en, ko=ko, column=issue.get("column")),
            at.text("message"),
            report.say(en="issue of high or medium severity", ko="심각도가 높거나 보통인 문제"),
            at.basis("kind", "column", "severity", "count", "share")
            + values.basis(*(name for name in values.data if name not in issue)),
            "quality",
            report.step,
        )
