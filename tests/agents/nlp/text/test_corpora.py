"""Languages, words, topics, repeated texts, quotes and patterns, on corpora made so that the answer is known."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_rand_score
from sklearn.metrics.pairwise import cosine_similarity

from agents.nlp.text.corpus import read_corpus
from agents.nlp.text.keywords import count_terms, distinctive, find_keywords, weigh
from agents.nlp.text.languages import language_of
from agents.nlp.text.patterns import find_patterns
from agents.nlp.text.similar import repeated_texts
from agents.nlp.text.summary import Sentence, choose_sentences
from agents.nlp.text.terms import read_texts
from agents.nlp.text.topics import find_topics
from mesh.errors import BadInputError
from mesh.results import Column

LANGUAGES = {
    "배송이 빨라요": "ko",
    "iPhone 15 Pro 케이스 색상이 예뻐요": "ko",
    "The food was great and we loved it": "en",
    "GOOD": "en",
    "Das Essen war sehr gut und die Bedienung freundlich": "de",
    "Le produit est très bon mais la livraison est lente": "fr",
    "El producto no es bueno y llegó tarde para mi cumpleaños": "es",
    "Il prodotto è molto bello ma non funziona con questo telefono": "it",
    "とても良い商品です": "ja",
    "质量很好": "zh",
    "Очень хороший товар": "ru",
    "12345 !!! 👍": "none",
}


def words_of(texts: list[str], languages: list[str]) -> list[list[str]]:
    """The terms of each text."""
    readings = read_texts(texts, languages)
    return [[term.word for term in readings[text].terms] for text in texts]


def planted(topics: int, seed: int) -> tuple[list[list[str]], list[int]]:
    """Six hundred texts, each of the words of one topic and of some that all share."""
    rng = np.random.default_rng(seed)
    texts, labels = [], []
    for _ in range(600):
        topic, size = int(rng.integers(topics)), int(rng.integers(4, 10))
        own = [f"t{topic}w{min(11, int(rng.geometric(0.2)) - 1)}" for _ in range(size)]
        texts.append(own + [f"shared{int(rng.integers(30))}" for _ in range(size // 2)])
        labels.append(topic)
    return texts, labels


@pytest.mark.parametrize(("text", "language"), LANGUAGES.items())
def test_a_language_is_known_by_script_and_small_words(text: str, language: str) -> None:
    assert language_of(text) == language


def test_korean_words_lose_particles_and_endings() -> None:
    assert words_of(["배송이 느리고 포장은 지저분했어요", "배송을 기다리는 고객센터에"], ["ko", "ko"]) == [
        ["배송", "느리다", "포장", "지저분"],
        ["배송", "고객", "센터"],
    ]


def test_plurals_are_folded_and_phrases_joined() -> None:
    texts = [f"battery life number{n} matters" for n in range(4)] + [
        *("two batteries broke", "my battery", "a charger", "the screen", "nice box", "fast courier"),
    ]
    held = words_of(texts, ["en"] * len(texts))
    assert all(words[0] == "battery life" for words in held[:4])
    assert "battery" in held[4]
    assert words_of(["many sizes", "one size"], ["en", "en"]) == [["size"], ["size"]]


def test_links_mentions_and_personal_data_are_no_words() -> None:
    text = "see https://shop.example.com/battery @seller kim@example.com 010-1234-5678 charger"
    assert words_of([text], ["en"]) == [["charger"]]


def test_tf_idf_is_that_of_scikit_learn() -> None:
    texts = [["a", "b", "a"], ["b", "c"], ["c", "c", "c", "a"]]
    expected = TfidfVectorizer(analyzer=lambda words: words, sublinear_tf=True).fit_transform(texts)
    counts = count_terms(texts)
    assert counts.words == ("a", "b", "c")
    assert weigh(counts.matrix).toarray() == pytest.approx(expected.toarray())
    means = np.asarray(expected.mean(axis=0)).ravel()
    assert [item["score"] for item in find_keywords(counts)] == pytest.approx(sorted(means, reverse=True))


def test_words_that_set_a_part_apart_are_found_with_their_counts() -> None:
    texts = [["slow", "parcel"]] * 15 + [["bright", "screen"]] * 15 + [["fine", "shop"]] * 10
    part = np.array([True] * 15 + [False] * 25)
    found = distinctive(count_terms(texts), part)
    assert {item["word"] for item in found} == {"slow", "parcel"}
    assert {(item["texts"], item["elsewhere"]) for item in found} == {(15, 0)}
    assert distinctive(count_terms(texts), np.ones(40, dtype=bool)) == []


@pytest.mark.parametrize("topics", [2, 3, 5, 8])
def test_planted_topics_are_found_in_their_number(topics: int) -> None:
    texts, labels = planted(topics, seed=topics)
    found = find_topics(count_terms(texts))
    assert found is not None
    assert len(found.words) == topics
    assert adjusted_rand_score(labels, found.assigned) > 0.95
    for number, words in enumerate(found.words):
        owner = int(np.bincount(np.array(labels)[found.assigned == number]).argmax())
        assert all(word.startswith(f"t{owner}w") for word in words[:5])


def test_topics_do_not_hang_on_chance_and_too_few_texts_have_none() -> None:
    texts, _ = planted(3, seed=1)
    first, second = find_topics(count_terms(texts)), find_topics(count_terms(texts))
    assert first is not None
    assert second is not None
    assert first.words == second.words
    assert (first.assigned == second.assigned).all()
    assert find_topics(count_terms(texts[:15])) is None
    assert find_topics(count_terms([[] for _ in range(30)])) is None


def test_repeated_texts_are_grouped_and_others_left() -> None:
    story = "The parcel arrived three weeks late and the box was open when the courier left it at my door."
    texts = [
        story,
        story.upper(),
        story.replace("three", "four"),
        "Completely different words about a bright screen.",
        "완전히 다른 이야기를 담은 짧은 글입니다",
        "완전히 다른 이야기를 담은 짧은 글입니다",
        "ok",
        "OK ",
        "no",
    ]
    found = repeated_texts(texts, list(range(1, 10)))
    assert [(group["size"], group["exact"], group["rows"]) for group in found["groups"]] == [
        (3, False, [1, 2, 3]),
        (2, True, [5, 6]),
        (2, True, [7, 8]),
    ]
    assert (found["exact_repeats"], found["near_repeats"]) == (3, 1)


def test_nearly_all_texts_with_one_changed_word_are_found() -> None:
    rng = np.random.default_rng(3)
    words = [f"word{n}" for n in range(500)]
    originals = [" ".join(rng.choice(words, 40)) for _ in range(200)]
    changed = [text.replace(text.split()[20], "altered", 1) for text in originals]
    found = repeated_texts(originals + changed, list(range(400)))
    assert found["near_repeats"] >= 195
    assert found["groups_total"] == found["near_repeats"]


def test_chosen_sentences_are_verbatim_and_central() -> None:
    near = [
        "delivery parcel courier late",
        "delivery parcel courier fast",
        "delivery parcel box late",
        "delivery courier box slow",
        "parcel courier late slow",
        "screen bright colour nice",
    ]
    sentences = [Sentence(text, row, tuple(text.split())) for row, text in enumerate(near, start=1)]
    likeness = cosine_similarity(TfidfVectorizer(sublinear_tf=True).fit_transform(near))
    np.fill_diagonal(likeness, 0)
    links = np.where(likeness >= 0.1, likeness, 0)
    sums = links.sum(axis=1, keepdims=True)
    moves = np.divide(links, sums, out=np.full_like(links, 1 / len(near)), where=sums > 0)
    values, vectors = np.linalg.eig((0.15 / len(near) + 0.85 * moves).T)
    stationary = np.abs(np.real(vectors[:, np.argmax(np.real(values))]))
    chosen = choose_sentences(sentences, 2)
    assert chosen[0] == sentences[int(np.argmax(stationary))]
    assert len(chosen) == 2
    assert choose_sentences([], 3) == []


@given(st.lists(st.sampled_from(["red apple pie", "blue sky today", "long road home", "no"]), max_size=30))
def test_no_two_chosen_sentences_are_the_same(texts: list[str]) -> None:
    chosen = choose_sentences([Sentence(text, 1, tuple(text.split())) for text in texts], 3)
    assert len({item.text for item in chosen}) == len(chosen)
    assert all(item.text in texts for item in chosen)


def test_things_in_texts_are_recognised_by_how_they_are_written() -> None:
    texts = [
        "주문 AB-1234 건 35,000원 2024년 3월 5일 결제, 50% 할인 #세일",
        "Paid $1,299.00 on 2024-03-05, see https://shop.example.com/a?b=1.",
        "@helper mail kim@example.com",
    ]
    held = {item["kind"]: [value["value"] for value in item["values"]] for item in find_patterns(texts)}
    assert held == {
        "code": ["AB-1234"],
        "money": ["$1,299.00", "35,000원"],
        "date": ["2024-03-05", "2024년 3월 5일"],
        "percentage": ["50%"],
        "hashtag": ["#세일"],
        "link": ["https://shop.example.com/a?b=1"],
        "mention": ["@helper"],
        "email": ["k***@e***"],
    }


def test_the_column_of_texts_is_the_one_named_or_the_longest(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    frame = pd.DataFrame(
        {
            "city": ["Seoul", "Busan"],
            "title": ["too slow again", "very nice indeed"],
            "body": ["it took three weeks to arrive here", None],
        }
    )
    frame.to_parquet(path)
    columns = [Column(name=name, type="string", semantic="text") for name in frame.columns]
    columns[0] = Column(name="city", type="string", semantic="geo")
    found = read_corpus(path, columns, "analyze the texts", "en")
    assert (found.column, found.rows, found.empty, found.other_columns) == ("body", [1], 1, ("title",))
    assert read_corpus(path, columns, "analyze the title", "en").column == "title"
    assert read_corpus(path, columns, "analyze", "en", "city").column == "city"
    with pytest.raises(BadInputError, match=r"no column of text called price.*title"):
        read_corpus(path, columns, "analyze", "en", "price")
    with pytest.raises(BadInputError, match="No column holds free text"):
        read_corpus(path, columns[:1], "analyze", "en")


def test_beyond_the_bounds_texts_are_taken_at_equal_distances(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agents.nlp.text.corpus.MAX_TEXTS", 10)
    path = tmp_path / "t.parquet"
    pd.DataFrame({"body": [f"text number {n} about something" for n in range(100)]}).to_parquet(path)
    found = read_corpus(path, [Column(name="body", type="string", semantic="text")], "", "en")
    assert found.rows == list(range(1, 101, 10))
    assert found.with_text == 100
    assert math.isclose(len(found.texts), 10)
