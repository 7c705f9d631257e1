"""Korean particles, languages and findings."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh.errors import NotFoundError
from mesh.language import detect_language, finding, refused, say

SYLLABLES = st.integers(0, 0xD7A3 - 0xAC00).map(lambda index: chr(0xAC00 + index))
# Read aloud: 영 일 이 삼 사 오 육 칠 팔 구.
DIGITS = {
    "0": "영",
    "1": "일",
    "2": "이",
    "3": "삼",
    "4": "사",
    "5": "오",
    "6": "육",
    "7": "칠",
    "8": "팔",
    "9": "구",
}


def korean(word: str, particle: str) -> str:
    """The particle that follows `word`."""
    return say("ko", en="", ko="{word}" + particle, word=word).removeprefix(word)


@pytest.mark.parametrize(
    ("word", "topic", "subject", "object_", "together", "toward"),
    [
        ("매출", "은", "이", "을", "과", "로"),
        ("지역", "은", "이", "을", "과", "으로"),
        ("날짜", "는", "가", "를", "와", "로"),
        ("서울", "은", "이", "을", "과", "로"),
        ("column", "은", "이", "을", "과", "으로"),
        ("total", "은", "이", "을", "과", "로"),
        ("revenue", "는", "가", "를", "와", "로"),
        ("2023", "은", "이", "을", "과", "으로"),
        ("12%", "는", "가", "를", "와", "로"),
        ("‘매출’", "은", "이", "을", "과", "로"),
    ],
)
def test_particles_fit_the_word_before(
    word: str, topic: str, subject: str, object_: str, together: str, toward: str
) -> None:
    said = [korean(word, mark) for mark in ("(은/는)", "(이/가)", "(을/를)", "(과/와)", "(으로/로)")]
    assert said == [topic, subject, object_, together, toward]


@given(SYLLABLES)
def test_the_final_consonant_decides(syllable: str) -> None:
    # Unicode composes a syllable from lead, vowel and one of 28 finals, the first being none and the ninth rieul.
    final = (ord(syllable) - 0xAC00) % 28
    assert korean(syllable, "(은/는)") == ("은" if final else "는")
    assert korean(syllable, "(으로/로)") == ("로" if final in (0, 8) else "으로")


@pytest.mark.parametrize("digit", DIGITS)
def test_a_digit_takes_the_particle_of_its_name(digit: str) -> None:
    for mark in ("(은/는)", "(이/가)", "(을/를)", "(과/와)", "(으로/로)"):
        assert korean(digit, mark) == korean(DIGITS[digit], mark)


@given(SYLLABLES, st.text(alphabet="'\"”’)] ", max_size=3))
def test_quotes_and_brackets_do_not_matter(syllable: str, closing: str) -> None:
    assert korean(syllable + closing, "(이/가)") == korean(syllable, "(이/가)")


def test_one_particle_a_word_and_none_in_english() -> None:
    said = say("ko", en="", ko="{a}(과/와) {b}(은/는) 다릅니다", a="사과", b="귤")
    assert said == "사과와 귤은 다릅니다"
    assert say("en", en="{a} (이/가)", ko="", a="x") == "x (이/가)"
    assert korean("", "(은/는)") == "는"


@given(st.text())
def test_any_hangul_makes_it_korean(text: str) -> None:
    has_hangul = any("가" <= char <= "힣" or "ᄀ" <= char <= "ᇿ" or "㄰" <= char <= "㆏" for char in text)
    assert detect_language(text) == ("ko" if has_hangul else "en")


def test_a_refusal_is_said_in_either_language_even_from_another_process() -> None:
    error = refused(NotFoundError, en="No table {name}", ko="{name} 표(이/가) 없습니다", name="{t}")
    sent = pickle.loads(pickle.dumps(error))
    assert sent.message == "No table {t}"
    sent.speak("en")
    assert str(sent) == "No table {t}"
    sent.speak("ko")
    assert str(sent) == sent.message == "{t} 표가 없습니다"


@given(st.integers(-(10**9), 10**9), st.floats(0, 1))
def test_the_evidence_of_a_finding_is_what_it_prints(total: int, share: float) -> None:
    made = finding(
        "en", en="{total:,} and {share:.1%}", ko="", total=total, share=share, importance=0.9, kind="k"
    )
    assert made.text == f"{total:,} and {share * 100:.1f}%"
    assert made.evidence == {"total": total, "share": share}
    assert (made.importance, made.kind) == (0.9, "k")
