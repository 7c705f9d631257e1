"""The words that every page says by itself, in English and Korean."""

from collections.abc import Mapping

from mesh.language import Language

Words = Mapping[str, tuple[str, str]]

_PAGE_WORDS: Words = {
    "contents": ("Contents", "목차"),
    "skip": ("Skip to the content", "본문으로 건너뛰기"),
    "yes": ("yes", "예"),
    "no": ("no", "아니요"),
    "all_rows": ("Show all rows", "모든 행 보기"),
    "few_rows": ("Show fewer rows", "행 접기"),
    "omitted": ("Rows not shown here", "여기에 표시하지 않은 행"),
    "baseline": ("baseline", "기준선"),
    "evidence": ("Evidence", "근거"),
    "details": ("Details", "자세히"),
    "table_behind": ("Table behind the chart", "그래프의 데이터 표"),
    "too_large": (
        "The chart is too large to draw in this page; its table follows.",
        "그래프가 커서 이 페이지에 그리지 않고 표로 보여 드립니다.",
    ),
    "undrawn": (
        "The chart could not be drawn; its table follows.",
        "그래프를 그리지 못해 표로 보여 드립니다.",
    ),
}


class Labels:
    """The labels of one language: those of every page, and the `words` a document adds, as (English, Korean)."""

    def __init__(self, language: Language, words: Words | None = None) -> None:
        self.language = language
        self._words = {**_PAGE_WORDS, **(words or {})}
        self._index = 0 if language == "en" else 1

    def __call__(self, key: str) -> str:
        """The label for `key`. Raises: KeyError for a key there is none for."""
        return self._words[key][self._index]

    def word(self, group: str, value: object) -> str:
        """What the value of an enumeration is called, or the value itself when it is a new one."""
        entry = self._words.get(f"{group}.{value}")
        return entry[self._index] if entry else str(value)
