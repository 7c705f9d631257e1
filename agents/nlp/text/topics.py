"""What texts are about in groups: topics by non-negative factors, as many as hang together best."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from .keywords import Counts, document_counts, weigh

CANDIDATES = (2, 3, 4, 5, 6, 8, 10)
MIN_TEXTS = 20
FITTED = 10_000
MAX_TERMS = 2_000
TOP_WORDS = 8
JUDGED_WORDS = 6
MIN_TERMS = 10
NEAR = 0.15
"""A text whose cosine to every topic is below this is about none of them."""
MAX_SHARE = 0.5
"""Terms that more than half of the texts use tell no topics apart."""


@dataclass(frozen=True)
class Topics:
    """`words` of each topic, the strongest first, by topic; `assigned` the topic of each text, -1 for none, shape (texts,).

    `strengths` is the cosine of a text and its topic, in [0, 1]. `coherence` is the mean normalised pointwise mutual
    information of a topic's strongest words, in [-1, 1]; `tried` the quality of every number of topics that was tried.
    """

    words: list[list[str]]
    assigned: npt.NDArray[np.int64]
    strengths: npt.NDArray[np.float64]
    coherence: list[float]
    tried: dict[int, float]


@dataclass(frozen=True)
class _Fit:
    """Topics as rows of words' weights, their coherence, and their quality."""

    factors: npt.NDArray[np.float64]
    coherence: list[float]
    quality: float


def find_topics(counts: Counts) -> Topics | None:
    """The topics of the texts; None for fewer than `MIN_TEXTS` texts with words in common.

    Topics are non-negative matrix factors of TF-IDF (Lee & Seung 1999) from a start by singular values: nothing is random. Their
    number is that with the highest product of coherence (mean NPMI over the texts, Röder et al. 2015, brought to [0, 1]),
    diversity (share of different words, Dieng et al. 2020) and coverage (share of the texts that have a topic). With more than
    `FITTED` texts, as many at equal distances make the topics and all are assigned.
    """
    kept = _telling_terms(counts.matrix)
    matrix, words = counts.matrix[:, kept], [counts.words[index] for index in kept]
    filled = np.flatnonzero(np.diff(matrix.indptr) > 0)
    if filled.size < MIN_TEXTS or len(words) < MIN_TERMS:
        return None
    weighed = weigh(matrix)
    chosen = filled[np.linspace(0, filled.size - 1, min(FITTED, filled.size)).astype(np.int64)]
    sample, presence = weighed[chosen], matrix[chosen].sign()
    numbers = [number for number in CANDIDATES if number <= max(2, filled.size // 10) and number < len(words)]
    tried = {number: _fit(sample, presence, number) for number in numbers}
    best = max(tried.values(), key=lambda fit: fit.quality)
    assigned, strengths = _assign(best.factors, weighed)
    named = [[words[index] for index in _strongest(row, TOP_WORDS)] for row in best.factors]
    order = sorted(range(len(named)), key=lambda topic: (-int((assigned == topic).sum()), named[topic]))
    return Topics(
        [named[topic] for topic in order],
        np.array([*np.argsort(order), -1])[assigned],
        strengths,
        [round(best.coherence[topic], 6) for topic in order],
        {number: fit.quality for number, fit in tried.items()},
    )


def _fit(sample: csr_matrix, presence: csr_matrix, number: int) -> _Fit:
    factors = _factorise(sample, number)
    tops = [_strongest(row, JUDGED_WORDS) for row in factors]
    coherence = [_coherence(presence, top) for top in tops]
    diversity = len({index for top in tops for index in top}) / max(1, sum(len(top) for top in tops))
    coverage = float((_assign(factors, sample)[0] >= 0).mean())
    return _Fit(factors, coherence, round((1 + float(np.mean(coherence))) / 2 * diversity * coverage, 6))


def _telling_terms(matrix: csr_matrix) -> npt.NDArray[np.int64]:
    """The columns of terms that at least three texts and at most half of them use, the `MAX_TERMS` most used."""
    texts = document_counts(matrix)
    telling = np.flatnonzero((texts >= 3) & (texts <= MAX_SHARE * matrix.shape[0]))
    order = telling[np.argsort(-texts[telling], kind="stable")][:MAX_TERMS]
    return np.sort(order)


def _factorise(sample: csr_matrix, number: int) -> npt.NDArray[np.float64]:
    """Topics as rows of words' weights, each of length 1; shape (number, terms)."""
    import warnings

    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    model = NMF(number, init="nndsvda", solver="cd", max_iter=200, tol=1e-3, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(sample)
    factors = np.asarray(model.components_, dtype=np.float64)
    lengths = np.linalg.norm(factors, axis=1, keepdims=True)
    scaled: npt.NDArray[np.float64] = np.divide(
        factors, lengths, out=np.zeros_like(factors), where=lengths > 0
    )
    return scaled


def _assign(
    factors: npt.NDArray[np.float64], weighed: csr_matrix
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """The nearest topic of each text by cosine, -1 below `NEAR`, and that cosine."""
    cosines = np.asarray(weighed @ factors.T)
    strengths = cosines.max(axis=1)
    return np.where(strengths >= NEAR, cosines.argmax(axis=1), -1).astype(np.int64), strengths


def _strongest(row: npt.NDArray[np.float64], top: int) -> list[int]:
    order = np.argsort(-row, kind="stable")[:top]
    return [int(index) for index in order if row[index] > 0]


def _coherence(presence: csr_matrix, words: Sequence[int]) -> float:
    """The mean NPMI over pairs of words; -1 for a pair that never meets."""
    part = presence[:, list(words)].toarray()
    together = (part.T @ part) / part.shape[0]
    alone = np.diag(together)
    values = []
    for i in range(len(words)):
        for j in range(i):
            joint = together[i, j]
            if joint <= 0:
                values.append(-1.0)
            elif joint >= 1:
                values.append(1.0)
            else:
                values.append(float(np.log(joint / (alone[i] * alone[j])) / -np.log(joint)))
    return float(np.mean(values)) if values else 0.0
