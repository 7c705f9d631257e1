from hypothesis import given
from hypothesis import strategies as st

from mesh.tabular.spelling import fold_spelling, merge_spellings, spelling_note

COUNTS = st.dictionaries(st.text(" \tabAB", max_size=4), st.integers(1, 9), max_size=12)


def test_the_most_frequent_spelling_stands_for_all() -> None:
    counts = {"Seoul": 9, "SEOUL": 2, "Seoul ": 1, "New York": 1, "new  york": 3, "Busan": 4}
    assert merge_spellings(counts) == {
        "Seoul": "Seoul",
        "SEOUL": "Seoul",
        "Seoul ": "Seoul",
        "New York": "new  york",
        "new  york": "new  york",
    }


def test_other_differences_stay() -> None:
    assert merge_spellings({"A-1": 1, "A1": 1, "Ａ1": 1, "NewYork": 1, "New York": 1}) == {}


@given(COUNTS)
def test_merging_once_is_enough_and_keeps_the_value(counts: dict[str, int]) -> None:
    merged = merge_spellings(counts)
    assert all(fold_spelling(spelling) == fold_spelling(shown) for spelling, shown in merged.items())
    after: dict[str, int] = {}
    for spelling, count in counts.items():
        shown = merged.get(spelling, spelling)
        after[shown] = after.get(shown, 0) + count
    assert merge_spellings(after) == {}
    assert sum(after.values()) == sum(counts.values())


def test_the_note_names_columns_and_rows_in_both_languages() -> None:
    rows = {"region": 1024, "city": 1}
    assert "region (1,024 rows), city (1 row)" in spelling_note("en", rows)
    assert "region 열 1,024행, city 열 1행" in spelling_note("ko", rows)
