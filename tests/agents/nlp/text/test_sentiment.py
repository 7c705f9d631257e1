"""Sentiment: VADER's published examples, labelled Korean sentences, and intervals computed elsewhere."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from agents.nlp.text.korean_sentiment import korean_score
from agents.nlp.text.morphemes import split_korean
from agents.nlp.text.sentiment import NEUTRAL, english_score, is_opinion, score_texts, shares, wilson
from agents.nlp.text.terms import read_texts

SENTENCES = json.loads((Path(__file__).parent / "korean_sentences.json").read_text(encoding="utf-8"))
# The compound scores that VADER's own documentation prints for its examples.
PUBLISHED = {
    "VADER is smart, handsome, and funny.": 0.8316,
    "VADER is smart, handsome, and funny!": 0.8439,
    "VADER is very smart, handsome, and funny.": 0.8545,
    "VADER is VERY SMART, handsome, and FUNNY.": 0.9227,
    "VADER is VERY SMART, uber handsome, and FRIGGIN FUNNY!!!": 0.9469,
    "VADER is not smart, handsome, nor funny.": -0.7424,
    "The book was good.": 0.4404,
    "The book was only kind of good.": 0.3832,
    "The plot was good, but the characters are uncompelling and the dialog is not great.": -0.7042,
    "At least it isn't a horrible book.": 0.431,
    "Today SUX!": -0.5461,
    "Not bad at all": 0.431,
}


def label_of(score: float) -> str:
    """What a score means."""
    return "positive" if score >= NEUTRAL else "negative" if score <= -NEUTRAL else "neutral"


def korean_scores(texts: list[str]) -> list[float]:
    """The Korean score of each text."""
    return [korean_score(text, held) for text, held in zip(texts, split_korean(texts), strict=True)]


@pytest.mark.parametrize(("text", "compound"), PUBLISHED.items())
def test_english_scores_are_those_that_vader_publishes(text: str, compound: float) -> None:
    assert english_score(text) == compound


def test_a_text_of_several_sentences_has_the_mean_of_theirs() -> None:
    parts = ["The book was good.", "Today SUX!"]
    assert english_score(" ".join(parts)) == pytest.approx((0.4404 - 0.5461) / 2)


def test_labelled_korean_sentences_are_mostly_right_also_those_held_out() -> None:
    assert len(SENTENCES) == 150
    right: dict[bool, list[bool]] = {True: [], False: []}
    scores = korean_scores([row["text"] for row in SENTENCES])
    for row, score in zip(SENTENCES, scores, strict=True):
        right[row["held_out"]].append(label_of(score) == row["label"])
    assert np.mean(right[False]) >= 0.95
    assert np.mean(right[True]) >= 0.9


@pytest.mark.parametrize(
    ("plain", "turned"),
    [
        ("배송이 빨라요", "배송이 빠르지 않아요"),
        ("서비스가 친절해요", "서비스가 불친절해요"),
        ("맛있어요", "맛이 없어요"),
        ("추천합니다", "추천 안 합니다"),
        ("추천하고 싶어요", "추천하고 싶지 않아요"),
        ("효과가 있어요", "효과가 없어요"),
        ("배송이 빨랐어요", "배송이 빨랐으면 좋겠어요"),
        ("문제없이 작동합니다", "문제가 있고 오류가 납니다"),
        ("냄새가 안 나요", "냄새가 나요"),
        ("고장이 없어요", "고장이 났어요"),
        ("처음엔 느렸지만 지금은 좋아요", "처음엔 좋았지만 지금은 느려요"),
    ],
)
def test_negation_and_contrast_turn_a_korean_sentence(plain: str, turned: str) -> None:
    first, second = korean_scores([plain, turned])
    assert first >= NEUTRAL
    assert second <= -NEUTRAL


def test_degree_strengthens_and_weakens() -> None:
    little, plain, much = korean_scores(["조금 느려요", "느려요", "너무 느려요"])
    assert much < plain < little < 0


def test_other_languages_are_not_scored() -> None:
    texts, languages = ["좋아요", "very good", "sehr gut"], ["ko", "en", "de"]
    scores = score_texts(texts, languages, read_texts(texts, languages))
    assert np.isfinite(scores).tolist() == [True, True, False]


@pytest.mark.parametrize(("count", "total"), [(0, 10), (3, 10), (10, 10), (250, 1000)])
def test_intervals_are_those_of_statsmodels(count: int, total: int) -> None:
    low, high = proportion_confint(count, total, method="wilson")
    assert wilson(count, total) == pytest.approx([low, high], abs=1e-7)


def test_shares_are_counts_over_scored_texts() -> None:
    held: dict[str, Any] = shares(np.array([0.5, -0.5, 0.0, np.nan, 0.05]))
    assert (held["texts"], held["positive"], held["neutral"], held["negative"]) == (4, 2, 1, 1)
    assert held["mean"] == pytest.approx(0.0125)
    assert shares(np.array([np.nan]))["positive_share"] is None


def test_words_of_opinion_are_told_from_words_of_things() -> None:
    assert [
        is_opinion(word) for word in ("terrible", "빠르다", "만족", "delivery", "배송", "good delivery")
    ] == [
        *(True, True, True),
        *(False, False, False),
    ]


def test_emoji_alone_count_and_signs_that_say_nothing_do_not() -> None:
    scores = score_texts(["😍😍", "---"], ["none", "none"], {})
    assert scores[0] > NEUTRAL
    assert np.isnan(scores[1])


@pytest.mark.parametrize("text", ["기대 이하", "두 번 다시 안 사요", "여행을 망쳤어요"])
def test_disappointment_in_set_phrases_is_negative(text: str) -> None:
    assert korean_scores([text])[0] <= -NEUTRAL
