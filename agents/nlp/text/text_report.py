"""What is found in the texts of a column, as plain data: the `text_report`."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mesh.language import Language, say
from mesh.results import Column
from mesh.tabular.plain import plain

from .breakdown import beside_rating, by_group, over_time, read_companions
from .corpus import Corpus, read_corpus
from .keywords import Counts, count_terms, distinctive, find_keywords
from .languages import language_of
from .masking import mask_spans, masker
from .patterns import find_patterns
from .personal_scan import find_personal
from .sentiment import NEUTRAL, SCORED, Scores, is_opinion, score_texts, shares
from .similar import repeated_texts
from .summary import Sentence, choose_sentences, sentences_of
from .terms import Reading, read_texts
from .text_request import Aspect
from .topics import Topics, find_topics

Progress = Callable[[float, str], None]

QUOTES = 5
SIDE_QUOTES = 3
SIDE_WORDS = 8
TOPIC_QUOTES = 2
MAX_QUOTE_CHARS = 300
LABEL_WORDS = 4


def read_report(
    path: Path,
    columns: Sequence[Column],
    goal: str,
    language: Language,
    aspects: Sequence[Aspect],
    column: str | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """The `text_report` of one column of texts, with the parts that `aspects` name; the others are absent.

    Quotes are verbatim, but personal data in them is replaced by its kind, and carry the number of their row, from 1.
    Raises: BadInputError when the table has no column of free text.
    """
    tell = progress or (lambda _fraction, _message: None)
    tell(0.05, say(language, en="Reading the texts", ko="글을 읽는 중"))
    corpus = read_corpus(path, columns, goal, language, column)
    readings = read_texts(
        corpus.texts,
        corpus.languages,
        lambda done: tell(0.05 + 0.4 * done, say(language, en="Splitting into words", ko="단어로 나누는 중")),
    )
    counts = count_terms([[term.word for term in readings[text].terms] for text in corpus.texts])
    report: dict[str, Any] = {**_about(corpus), "aspects": list(aspects)}
    quote = Quoting(language)
    judged = {"sentiment", "topics"} & {*aspects}
    scores = score_texts(corpus.texts, corpus.languages, readings) if judged else np.array([])
    if "sentiment" in aspects:
        tell(0.55, say(language, en="Judging sentiment", ko="감성을 판단하는 중"))
        sheet = read_companions(path, columns, corpus.column)
        report["sentiment"] = _sentiment(corpus, scores, counts, readings, quote)
        report["by_group"] = by_group(sheet, goal, corpus, scores, counts)
        report["over_time"] = over_time(sheet, goal, corpus, scores)
        report["rating"] = beside_rating(sheet, corpus, scores)
    if "keywords" in aspects:
        report["keywords"] = find_keywords(counts)
    if "topics" in aspects:
        tell(0.65, say(language, en="Finding topics", ko="주제를 찾는 중"))
        topics = find_topics(counts)
        report["topics"] = _topics(topics, corpus, scores, quote) if topics else None
    if "similar" in aspects:
        tell(0.85, say(language, en="Comparing texts", ko="글을 서로 비교하는 중"))
        report["similar"] = _similar(corpus, quote)
    if "patterns" in aspects:
        report["patterns"] = find_patterns(corpus.texts)
    if "summary" in aspects:
        tell(0.9, say(language, en="Choosing sentences", ko="대표 문장을 고르는 중"))
        report["summary"] = _quotes(_sentences(corpus, readings), QUOTES, quote)
    return report


class Quoting:
    """Texts as they may be told: personal data replaced by its kind, and at most `MAX_QUOTE_CHARS`."""

    def __init__(self, language: Language) -> None:
        self._replace = masker("label", language)

    def __call__(self, text: str) -> str:
        """The text for telling."""
        told = " ".join(mask_spans(text, find_personal(text), self._replace).split())
        return told if len(told) <= MAX_QUOTE_CHARS else f"{told[: MAX_QUOTE_CHARS - 1]}…"


def _about(corpus: Corpus) -> dict[str, Any]:
    spoken = Counter(corpus.languages)
    lengths = [len(text) for text in corpus.texts]
    return {
        "column": corpus.column,
        "rows": corpus.rows_total,
        "empty": corpus.empty,
        "with_text": corpus.with_text,
        "texts": len(corpus.texts),
        "cut": corpus.cut,
        "other_columns": list(corpus.other_columns),
        "median_chars": plain(np.median(lengths)),
        "languages": [
            {"language": name, "texts": count, "share": plain(count / len(corpus.texts))}
            for name, count in sorted(spoken.items(), key=lambda item: (-item[1], item[0]))
        ],
    }


def _sentiment(
    corpus: Corpus, scores: Scores, counts: Counts, readings: dict[str, Reading], quote: Quoting
) -> dict[str, Any]:
    positive, negative = scores >= NEUTRAL, scores <= -NEUTRAL
    by_language = {
        name: shares(scores[np.array([item == name for item in corpus.languages])])
        for name in SCORED
        if name in corpus.languages
    }
    sides = {
        side: {
            "words": [item for item in distinctive(counts, part, 40) if not is_opinion(item["word"])][
                :SIDE_WORDS
            ],
            "quotes": _side_quotes(_sentences(corpus, readings, part), sign, quote),
        }
        for side, part, sign in (("positive", positive, 1), ("negative", negative, -1))
    }
    return {
        **shares(scores),
        "unscored": int((~np.isfinite(scores)).sum()),
        "by_language": by_language,
        "sides": sides,
    }


def _side_quotes(sentences: Sequence[Sentence], sign: int, quote: Quoting) -> list[dict[str, Any]]:
    """Central sentences that are by themselves of the side: a text of it may hold others too."""
    central = choose_sentences(sentences, 10 * SIDE_QUOTES)
    languages = [language_of(item.text) for item in central]
    scores = score_texts(
        [item.text for item in central], languages, read_texts([i.text for i in central], languages)
    )
    fitting = [item for item, score in zip(central, scores, strict=True) if sign * score >= NEUTRAL]
    return [{"text": quote(item.text), "row": item.row} for item in fitting[:SIDE_QUOTES]]


def _topics(topics: Topics, corpus: Corpus, scores: Scores, quote: Quoting) -> dict[str, Any]:
    found = []
    for number, words in enumerate(topics.words):
        part = np.flatnonzero(topics.assigned == number)
        if not part.size:
            continue
        order = sorted(
            part,
            key=lambda place: (
                -round(float(topics.strengths[place]), 4),
                abs(len(corpus.texts[place]) - 60),
                place,
            ),
        )
        quotes: dict[str, dict[str, Any]] = {}
        for place in order:
            quotes.setdefault(quote(corpus.texts[place]), {"row": corpus.rows[place]})
            if len(quotes) == TOPIC_QUOTES:
                break
        measured = shares(scores[part])
        found.append(
            {
                "label": _label(words),
                "words": words,
                "texts": int(part.size),
                "share": plain(part.size / len(corpus.texts)),
                "coherence": topics.coherence[number],
                "scored": measured["texts"],
                "positive_share": measured["positive_share"],
                "negative_share": measured["negative_share"],
                "quotes": [{"text": text, **where} for text, where in quotes.items()],
            }
        )
    return {
        "topics": found,
        "unassigned": int((topics.assigned < 0).sum()),
        "tried": {str(number): quality for number, quality in topics.tried.items()},
    }


def _label(words: Sequence[str]) -> str:
    """The strongest words of a topic, those first that say what and not how, without words that are part of another."""
    chosen: list[str] = []
    for word in sorted(words, key=is_opinion):
        if not any(word in other.split() or other in word.split() for other in chosen):
            chosen.append(word)
    return ", ".join(chosen[:LABEL_WORDS])


def _similar(corpus: Corpus, quote: Quoting) -> dict[str, Any]:
    found = repeated_texts(corpus.texts, corpus.rows)
    found["groups"] = [{**group, "text": quote(group["text"])} for group in found["groups"]]
    return found


def _sentences(corpus: Corpus, readings: dict[str, Reading], part: Any = None) -> list[Sentence]:
    """The sentences of the texts, or of those in `part` (booleans, shape (texts,))."""
    seen: dict[str, int] = {}
    for place, text in enumerate(corpus.texts):
        if part is None or part[place]:
            seen.setdefault(text, corpus.rows[place])
    return [sentence for text, row in seen.items() for sentence in sentences_of(text, row, readings[text])]


def _quotes(sentences: Sequence[Sentence], top: int, quote: Quoting) -> list[dict[str, Any]]:
    return [{"text": quote(item.text), "row": item.row} for item in choose_sentences(sentences, top)]
