"""Spellings of one value: texts that differ only in capitals or white space are taken as the same everywhere."""

from collections.abc import Mapping

from mesh.language import Language, say


def fold_spelling(text: str) -> str:
    """What is left of a text when capitals and the amount of white space do not count."""
    return " ".join(text.split()).casefold()


def merge_spellings(counts: Mapping[str, int]) -> dict[str, str]:
    """Every spelling that shares its value with another one, and the spelling to show it in.

    Args: `counts` is how often each spelling occurs in the whole column.
    Returns: the most frequent spelling by each spelling of it, itself included; among equally frequent ones the last in
    code point order. Values with one spelling are left out.
    """
    groups: dict[str, list[str]] = {}
    for spelling in counts:
        groups.setdefault(fold_spelling(spelling), []).append(spelling)
    merged: dict[str, str] = {}
    for _, spellings in sorted(groups.items()):
        if len(spellings) > 1:
            shown = max(spellings, key=lambda spelling: (counts[spelling], spelling))
            merged |= dict.fromkeys(sorted(spellings), shown)
    return merged


def spelling_note(language: Language, rows: Mapping[str, int]) -> str:
    """The sentence that says which columns had spellings merged, and in how many rows; `rows` must not be empty."""
    columns = [
        say(
            language,
            en="{column} ({n:,} {word})",
            ko="{column} 열 {n:,}행",
            column=column,
            n=n,
            word="row" if n == 1 else "rows",
        )
        for column, n in rows.items()
    ]
    return say(
        language,
        en="Values that differ only in capitals or spaces are counted as one, under the most frequent spelling: "
        "{columns}. The data itself is unchanged.",
        ko="대소문자나 공백만 다른 값은 가장 많이 쓰인 표기로 묶어 집계했습니다({columns}). 원본 데이터는 바꾸지 "
        "않았습니다.",
        columns=", ".join(columns),
    )
