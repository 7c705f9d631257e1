"""How texts find their subject: a score for each, and shares with intervals for many."""

import math
import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mesh.tabular.plain import plain

from .korean_lexicon import WORDS
from .korean_sentiment import korean_score
from .terms import Reading

if TYPE_CHECKING:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

Scores = npt.NDArray[np.float64]

NEUTRAL = 0.05
"""Scores within ±0.05 are neutral. Source: VADER (Hutto & Gilbert 2014)."""
SCORED = ("en", "ko")
_Z = 1.959964
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'])|\n+")


def score_texts(texts: Sequence[str], languages: Sequence[str], readings: dict[str, Reading]) -> Scores:
    """The score of each text in [-1, 1], NaN for languages other than `SCORED`; shape (texts,).

    English by VADER, a text of several sentences as the mean of theirs, as its authors advise; Korean by `korean_score`; of
    texts without letters those whose emoji VADER knows.
    """
    known: dict[str, float] = {}
    for text, language in zip(texts, languages, strict=True):
        if text not in known and language == "none" and (signs := english_score(text)):
            known[text] = signs
        elif text not in known and language in SCORED:
            known[text] = (
                english_score(text) if language == "en" else korean_score(text, readings[text].morphemes)
            )
    return np.array([known.get(text, np.nan) for text in texts], dtype=np.float64)


def english_score(text: str) -> float:
    """VADER's compound score; the mean over the sentences of a text of several."""
    parts = [part for part in _SENTENCE.split(text) if part.strip()]
    scores = [_vader().polarity_scores(part)["compound"] for part in parts]
    return float(np.mean(scores)) if scores else 0.0


def is_opinion(word: str) -> bool:
    """Whether a term only says how something was found: every part of it is a word of a lexicon."""
    return all(
        part in WORDS or (part.endswith("다") and part[:-1] in WORDS) or part in _vader().lexicon
        for part in word.split()
    )


def shares(scores: Scores) -> dict[str, Any]:
    """How many of the scored texts are positive, neutral and negative, with 95 % intervals, and their mean score.

    Intervals of shares are Wilson's (1927), that of the mean is normal; None for fewer than two texts.
    """
    known = scores[np.isfinite(scores)]
    total = int(known.size)
    positive, negative = int((known >= NEUTRAL).sum()), int((known <= -NEUTRAL).sum())
    spread = _Z * float(known.std(ddof=1)) / math.sqrt(total) if total > 1 else None
    mean = float(known.mean()) if total else None
    return {
        "texts": total,
        "positive": positive,
        "neutral": total - positive - negative,
        "negative": negative,
        "positive_share": plain(positive / total) if total else None,
        "negative_share": plain(negative / total) if total else None,
        "positive_interval": wilson(positive, total),
        "negative_interval": wilson(negative, total),
        "mean": plain(mean),
        "mean_interval": [plain(mean - spread), plain(mean + spread)] if mean is not None and spread is not None else None,
    }  # fmt: skip


def wilson(count: int, total: int) -> list[float | None] | None:
    """The 95 % interval of a share. Source: Wilson (1927), as in Newcombe (1998), method 3."""
    if not total:
        return None
    share, square = count / total, _Z * _Z
    centre = share + square / (2 * total)
    spread = _Z * math.sqrt(share * (1 - share) / total + square / (4 * total * total))
    low, high = (centre - spread) / (1 + square / total), (centre + spread) / (1 + square / total)
    return [plain(max(0.0, low)), plain(min(1.0, high))]


@cache
def _vader() -> "SentimentIntensityAnalyzer":
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()
