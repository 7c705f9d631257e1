"""What is said of columns whose numbers are too large for statistics."""

from collections.abc import Sequence

from mesh.language import Language, say


def oversize_note(language: Language, columns: Sequence[str]) -> str:
    """The sentence that names the columns left out for their size; `columns` must not be empty."""
    return say(
        language,
        en="Statistics of {columns} cannot be computed: the numbers are too large to be squared and added up. "
        "The other columns are not affected.",
        ko="{columns} 열은 숫자가 너무 커서 제곱하거나 더할 수 없어 통계를 계산하지 못했습니다. 다른 열에는 영향이 없습니다.",
        columns=", ".join(columns),
    )
