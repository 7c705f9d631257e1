"""Nearness of a question to the examples of the cards: TF-IDF over meanings, stems and letter n-grams."""

import functools
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from .lexicon import read
from .vocabulary import KIND_OF
from .words import content_stems, is_korean

Vector = dict[str, float]

_KIND_WEIGHT = {
    "task": 1.6,
    "supply": 1.0,
    "topic": 1.4,
    "broad": 1.2,
    "ask": 0.7,
    "measure": 0.7,
    "object": 0.6,
    "noun": 0.35,
}
_STEM_WEIGHT = 0.8
_SURFACE_WEIGHT = 0.2
_GRAM_WEIGHT = 0.25


@functools.lru_cache(maxsize=4096)
def features(text: str) -> Mapping[str, float]:
    """Weighted counts of what a text is made of: `c:` concepts, `w:` other stems and `g:` their n-grams, `s:` all stems."""
    reading = read(text)
    found: Vector = {f"c:{concept}": _KIND_WEIGHT[KIND_OF[concept]] for concept in sorted(reading.concepts)}
    for stem in content_stems(text):
        found[f"s:{stem}"] = found.get(f"s:{stem}", 0.0) + _SURFACE_WEIGHT
    for stem in content_stems(reading.rest):
        found[f"w:{stem}"] = found.get(f"w:{stem}", 0.0) + _STEM_WEIGHT
        for gram in _grams(stem):
            found[f"g:{gram}"] = found.get(f"g:{gram}", 0.0) + _GRAM_WEIGHT
    return found


def inverse_frequency(documents: Iterable[Sequence[str]]) -> dict[str, float]:
    """ln(1 + n/df) of each feature over the skills' examples; one document per skill."""
    sets = [{feature for example in examples for feature in features(example)} for examples in documents]
    seen = Counter(feature for found in sets for feature in found)
    return {feature: math.log(1 + len(sets) / count) for feature, count in seen.items()}


def vector(text: str, weights: Mapping[str, float], unknown: float) -> Vector:
    """The text as a vector of length 1 (empty for a text that says nothing); `unknown` weighs features no card has."""
    raw = {feature: count * weights.get(feature, unknown) for feature, count in features(text).items()}
    norm = math.sqrt(sum(value * value for value in raw.values()))
    return {feature: value / norm for feature, value in raw.items()} if norm else {}


def cosine(left: Vector, right: Vector) -> float:
    """Cosine of two vectors of length 1, in [0, 1]."""
    if len(right) < len(left):
        left, right = right, left
    return min(1.0, sum(value * right.get(feature, 0.0) for feature, value in left.items()))


def _grams(stem: str) -> list[str]:
    size = 2 if is_korean(stem) else 3
    padded = stem if is_korean(stem) else f"_{stem}_"
    return [padded[start : start + size] for start in range(len(padded) - size + 1)]
