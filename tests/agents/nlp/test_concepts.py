"""Words of both languages that mean one thing, whichever table of words they stand in."""

import pytest

from agents.nlp.concepts import concept_of


@pytest.mark.parametrize(
    ("column", "word"),
    [
        ("hp", "마력"),
        ("volume", "거래량"),
        ("title", "제목"),
        ("runtime", "상영시간"),
        ("position", "직급"),
        ("mpg", "연비"),
    ],
)
def test_a_column_and_its_everyday_word_are_one_concept(column: str, word: str) -> None:
    assert concept_of(column) == concept_of(word) != word
