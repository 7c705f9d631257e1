"""Sentences that stand for all the others, word for word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mesh.tabular.spelling import fold_spelling

from .keywords import count_terms, weigh
from .terms import Reading

MAX_SENTENCES = 1_500
DAMPING = 0.85
THRESHOLD = 0.1
TOO_ALIKE = 0.5
MIN_TERMS, MAX_CHARS = 3, 300
_END = re.compile(r"(?<=[.!?…。])[\s]+|(?<=[.!?…])(?=[가-힣A-Z])|\n+")


@dataclass(frozen=True)
class Sentence:
    """A sentence as it stands, the row of its text, and the words it is about."""

    text: str
    row: int
    words: tuple[str, ...]


def sentences_of(text: str, row: int, reading: Reading) -> Iterator[Sentence]:
    """The sentences of a text, in order."""
    starts = [0, *(match.end() for match in _END.finditer(text))]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        said = text[start:end].strip()
        if said:
            words = tuple(term.word for term in reading.terms if start <= term.start < end)
            yield Sentence(said, row, words)


def choose_sentences(sentences: Sequence[Sentence], top: int) -> list[Sentence]:
    """The `top` most central sentences, no two of them alike; the most central first.

    Centrality is LexRank (Erkan & Radev 2004): the stationary distribution over sentences joined where the cosine of their TF-IDF
    is 0.1 or more, damped by 0.85. Sentences of fewer than three words or more than 300 characters are left out, and of more
    than `MAX_SENTENCES` as many at equal distances are taken.
    """
    fitting = [s for s in sentences if len(set(s.words)) >= MIN_TERMS and len(s.text) <= MAX_CHARS]
    fitting = list({fold_spelling(s.text): s for s in reversed(fitting)}.values())[::-1]
    if len(fitting) > MAX_SENTENCES:
        places = np.linspace(0, len(fitting) - 1, MAX_SENTENCES).astype(int)
        fitting = [fitting[place] for place in places]
    if not fitting:
        return []
    counts = count_terms([s.words for s in fitting])
    weighed = weigh(counts.matrix) if counts.words else counts.matrix
    likeness = (weighed @ weighed.T).toarray()
    ranks = _rank(likeness)
    chosen: list[int] = []
    for place in sorted(range(len(fitting)), key=lambda place: (-round(float(ranks[place]), 12), place)):
        if all(likeness[place, other] < TOO_ALIKE for other in chosen):
            chosen.append(place)
        if len(chosen) == top:
            break
    return [fitting[place] for place in chosen]


def _rank(likeness: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """PageRank of the graph of likenesses, weighed by them."""
    links = np.where(likeness >= THRESHOLD, likeness, 0.0)
    np.fill_diagonal(links, 0.0)
    sums = links.sum(axis=1, keepdims=True)
    count = len(links)
    moves = np.divide(links, sums, out=np.full_like(links, 1 / count), where=sums > 0)
    ranks = np.full(count, 1 / count)
    for _ in range(100):
        after = (1 - DAMPING) / count + DAMPING * (moves.T @ ranks)
        if np.abs(after - ranks).sum() < 1e-10:
            break
        ranks = after
    return ranks
