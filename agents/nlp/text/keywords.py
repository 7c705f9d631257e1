"""Words that texts are about, and words that set some texts apart from the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from mesh.tabular.plain import plain

TOP = 20
MIN_TEXTS = 2
MIN_Z = 1.96
PRIOR, PRIOR_SHARE = 500.0, 0.1
"""Words of prior weight, as if so many words of the whole had been seen in each part beforehand: a tenth of all, 500 at most."""


@dataclass(frozen=True)
class Counts:
    """How often each term occurs in each text: `matrix` of shape (texts, terms), `words` its columns in alphabetical order."""

    matrix: csr_matrix
    words: tuple[str, ...]


def count_terms(terms: Sequence[Sequence[str]]) -> Counts:
    """The counts of terms by text; terms of fewer than `MIN_TEXTS` texts are left out where there are twenty texts or more."""
    words = sorted({word for text in terms for word in text})
    place = {word: index for index, word in enumerate(words)}
    columns = [place[word] for text in terms for word in text]
    ends = np.cumsum([0, *(len(text) for text in terms)])
    shape = (len(terms), len(words))
    matrix = csr_matrix((np.ones(len(columns)), np.array(columns, dtype=np.int64), ends), shape=shape)
    matrix.sum_duplicates()
    if len(terms) >= 20:
        kept = np.flatnonzero(document_counts(matrix) >= MIN_TEXTS)
        return Counts(matrix[:, kept], tuple(words[index] for index in kept))
    return Counts(matrix, tuple(words))


def document_counts(matrix: csr_matrix) -> npt.NDArray[np.int64]:
    """In how many texts each term occurs, shape (terms,)."""
    return np.bincount(matrix.indices, minlength=matrix.shape[1]).astype(np.int64)


def weigh(matrix: csr_matrix) -> csr_matrix:
    """TF-IDF with logarithmic frequencies and texts of length 1, as scikit-learn defines it; same shape."""
    from sklearn.feature_extraction.text import TfidfTransformer

    return csr_matrix(TfidfTransformer(sublinear_tf=True).fit_transform(matrix))


def find_keywords(counts: Counts, top: int = TOP) -> list[dict[str, Any]]:
    """The terms with the highest mean TF-IDF over all texts: word, number and share of texts, score; ties by alphabet."""
    if not counts.words:
        return []
    scores = np.asarray(weigh(counts.matrix).mean(axis=0)).ravel()
    texts = document_counts(counts.matrix)
    order = sorted(range(len(scores)), key=lambda index: (-scores[index], counts.words[index]))
    return [
        {
            "word": counts.words[index],
            "texts": int(texts[index]),
            "share": plain(texts[index] / counts.matrix.shape[0]),
            "score": plain(scores[index]),
        }
        for index in order[:top]
    ]


def distinctive(counts: Counts, part: npt.NDArray[np.bool_], top: int = 8) -> list[dict[str, Any]]:
    """The terms that the texts of `part` use more than the rest: word, texts in the part and in the rest, z.

    Args: `part` of shape (texts,). Terms with z from `MIN_Z` on that three texts of the part use, the strongest first.
    Source: log odds ratio with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008).
    """
    if not part.any() or part.all() or not counts.words:
        return []
    inside = np.asarray(counts.matrix[part].sum(axis=0)).ravel()
    outside = np.asarray(counts.matrix[~part].sum(axis=0)).ravel()
    total = inside + outside
    prior = min(PRIOR, PRIOR_SHARE * total.sum()) * total / total.sum()
    ratio = _log_odds(inside, prior) - _log_odds(outside, prior)
    z = ratio / np.sqrt(1 / (inside + prior) + 1 / (outside + prior))
    texts_in, texts_out = document_counts(counts.matrix[part]), document_counts(counts.matrix[~part])
    order = sorted(range(len(z)), key=lambda index: (-z[index], counts.words[index]))
    return [
        {
            "word": counts.words[index],
            "texts": int(texts_in[index]),
            "elsewhere": int(texts_out[index]),
            "z": plain(z[index]),
        }
        for index in order
        if z[index] >= MIN_Z and texts_in[index] >= 3
    ][:top]


def _log_odds(counts: npt.NDArray[np.float64], prior: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    weighed = counts + prior
    odds: npt.NDArray[np.float64] = np.log(weighed / (weighed.sum() - weighed + 1e-12))
    return odds
