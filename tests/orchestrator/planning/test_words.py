import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.planning.clauses import clauses
from orchestrator.planning.lexicon import read
from orchestrator.planning.words import content_stems, stem


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("매출을", "매출"),
        ("지역별로", "지역"),
        ("데이터에서", "데이터"),
        ("요약해주세요", "요약"),
        ("정리합니다", "정리"),
        ("regions", "region"),
        ("categories", "category"),
    ],
)
def test_particles_and_endings_come_off(word: str, expected: str) -> None:
    assert stem(word) == expected


def test_polite_words_say_nothing() -> None:
    assert content_stems("이것 좀 해 주세요") == ()
    assert content_stems("could you please give me the") == ()


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("그래프로 보여줘", "draw"),
        ("Plot it", "draw"),
        ("결측치", "missing"),
        ("NaN cells", "missing"),
        ("다음 3개월", "predict"),
        ("build a small model", "train"),
        ("모델을 학습해줘", "train"),
        ("which one", "ask"),
    ],
)
def test_one_meaning_is_read_in_both_languages(text: str, concept: str) -> None:
    assert concept in read(text).concepts


def test_the_conjunction_is_not_the_verb_to_draw() -> None:
    assert "draw" not in read("매출 그리고 비용").concepts
    assert "draw" in read("차트를 그리고").concepts


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("데이터를 분석하고 모델을 만들어주세요", ["데이터를 분석하고", "모델을 만들어주세요"]),
        ("analyse the data and build a model", ["analyse the data", "build a model"]),
        ("analyse price and quantity", ["analyse price and quantity"]),
        ("지역하고 상품 매출을 보여줘", ["지역하고 상품 매출을 보여줘"]),
        ("차트를 그리고 예측해줘", ["차트를 그리고", "예측해줘"]),
        ("check quality, then plot sales", ["check quality", "plot sales"]),
        ("데이터를 정리한 다음 모델을 학습해줘", ["데이터를 정리한", "모델을 학습해줘"]),
        ("which region sold most?", ["which region sold most?"]),
    ],
)
def test_a_question_splits_where_another_request_begins(question: str, parts: list[str]) -> None:
    assert clauses(question) == parts


def test_verbs_of_the_cards_split_too() -> None:
    assert clauses("load it and geocode the addresses") == ["load it and geocode the addresses"]
    assert clauses("load it and geocode the addresses", {"geocode"}) == ["load it", "geocode the addresses"]


@given(st.text(max_size=200))
def test_any_text_has_at_least_one_clause_and_is_read(text: str) -> None:
    assert clauses(text)
    read(text)
    content_stems(text)
