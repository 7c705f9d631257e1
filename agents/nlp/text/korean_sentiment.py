"""How a Korean text finds its subject: words of a lexicon, turned by negation, weighed by degree and contrast."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from .korean_lexicon import (
    BUT,
    DEGREES,
    EXISTING,
    PAIRS,
    SIGNS,
    TURNING_AFTER,
    TURNING_BEFORE,
    WORDS,
    WORKING,
)
from .morphemes import Morpheme

ALPHA = 15.0
"""Normalisation of a sum to (-1, 1): sum / sqrt(sum² + ALPHA). Source: VADER (Hutto & Gilbert 2014)."""
TURNED = -0.74
"""What a negated word is multiplied by. Source: VADER's N_SCALAR."""
BEFORE_BUT, AFTER_BUT = 0.5, 1.5
"""Weights of what stands before and after a but. Source: VADER."""
REACH = 6
"""How many morphemes back a negation finds the word that it turns."""
_NOT_WORKING = -1.5
_SIGNS = tuple((re.compile(pattern), value) for pattern, value in SIGNS)
_COMING = frozenset({"나", "나오", "생기", "들", "보이", "있"})
_OPENING = frozenset({"불", "비", "무", "몰"})


@dataclass
class _Hit:
    """A word of the lexicon at `place` and what it counts."""

    place: int
    value: float
    turned: bool = False


def korean_score(text: str, morphemes: Sequence[Morpheme]) -> float:
    """The sentiment of a text in (-1, 1), 0 when no word of the lexicon is in it.

    Args: `morphemes` of the whole text, in order.
    """
    hits = _hits(morphemes)
    _turn(hits, morphemes)
    _wish(hits, morphemes)
    buts = [place for place, item in enumerate(morphemes) if _is_but(item)]
    total = sum(hit.value * _weight(hit.place, buts, hits) for hit in hits)
    total += sum(value for pattern, value in _SIGNS if pattern.search(text))
    return round(total / math.sqrt(total * total + ALPHA), 4)


def _hits(morphemes: Sequence[Morpheme]) -> list[_Hit]:
    hits = []
    for place, item in enumerate(morphemes):
        value = _pair(morphemes, place) or (WORDS.get(item.form) if item.telling else None)
        if value is None:
            continue
        before = morphemes[place - 1] if place else None
        if before and before.tag == "XPN" and before.form in _OPENING:
            value = -abs(value)
        degree = next(
            (DEGREES[near.form] for near in morphemes[max(0, place - 3) : place] if near.form in DEGREES), 1.0
        )
        hits.append(_Hit(place, value * degree))
    return hits


def _pair(morphemes: Sequence[Morpheme], place: int) -> float | None:
    """The value of two stems that count together, the first of them at `place`."""
    first = morphemes[place].form
    for later in morphemes[place + 1 : place + 4]:
        if (first, later.form) in PAIRS:
            return PAIRS[first, later.form]
    return None


def _turn(hits: list[_Hit], morphemes: Sequence[Morpheme]) -> None:
    """Turns what is negated; adds a hit where something expected does not happen or is not there."""
    for place, item in enumerate(morphemes):
        if item.tag in ("VX", "VV") and item.form in TURNING_AFTER and _follows_ji(morphemes, place):
            _turn_back(hits, morphemes, place, otherwise=_NOT_WORKING)
        elif item.form in TURNING_BEFORE and item.tag == "MAG":
            _turn_ahead(hits, morphemes, place)
        elif item.form in ("없", "없이", "아니"):
            _turn_absent(hits, morphemes, place)
        elif (
            item.form == "있" and item.tag == "VA" and (thing := _thing_before(morphemes, place)) is not None
        ):
            hits.append(_Hit(thing, 1.5))


def _turn_back(
    hits: list[_Hit], morphemes: Sequence[Morpheme], place: int, *, otherwise: float | None
) -> bool:
    """Turns the nearest word within reach before `place`; without one, adds `otherwise`."""
    near = [hit for hit in hits if place - REACH <= hit.place < place and not hit.turned]
    near = [hit for hit in near if not any(_is_but(item) for item in morphemes[hit.place + 1 : place])]
    if near:
        hit = max(near, key=lambda item: item.place)
        hit.value, hit.turned = hit.value * TURNED, True
    elif otherwise is not None:
        hits.append(_Hit(place, otherwise, turned=True))
    return bool(near)


def _turn_ahead(hits: list[_Hit], morphemes: Sequence[Morpheme], place: int) -> None:
    """What 안 and 못 turn: the word right after them, a thing before that does not come (냄새가 안 나다), a verb of use."""
    at = next((at for at in range(place + 1, min(place + 3, len(morphemes))) if morphemes[at].telling), None)
    if at is None:
        return
    ahead = next((hit for hit in hits if hit.place == at and not hit.turned), None)
    if ahead:
        ahead.value, ahead.turned = ahead.value * TURNED, True
    elif morphemes[at].form in _COMING and _turn_back(hits, morphemes, place, otherwise=None):
        return
    elif morphemes[at].form == "하" and any(hit.place == place - 1 for hit in hits):
        _turn_back(hits, morphemes, place, otherwise=None)
    elif morphemes[at].form in WORKING or _again(morphemes, place):
        hits.append(_Hit(place, _NOT_WORKING, turned=True))


def _turn_absent(hits: list[_Hit], morphemes: Sequence[Morpheme], place: int) -> None:
    """What 없다 and 아니다 turn: the word before, a thing that should be there, or being able to (ㄹ 수 없다)."""
    if morphemes[place].form != "아니" and _thing_before(morphemes, place) is not None:
        hits.append(_Hit(place, -2.0, turned=True))
        return
    able = any(item.form == "수" and item.tag == "NNB" for item in morphemes[max(0, place - 2) : place])
    _turn_back(hits, morphemes, place, otherwise=_NOT_WORKING if able else None)


def _wish(hits: list[_Hit], morphemes: Sequence[Morpheme]) -> None:
    """A wish (빨랐으면 좋겠다) praises nothing, and says that what is wished for is not there."""
    for hit in hits:
        form = morphemes[hit.place].form
        near = [item.form for item in morphemes[max(0, hit.place - 1) : hit.place + 2]]
        if form == "좋" and near[0].endswith("면") and "겠" in near:
            hit.value = -0.5
            for wished in hits:
                if hit.place - REACH <= wished.place < hit.place:
                    wished.value *= TURNED


def _follows_ji(morphemes: Sequence[Morpheme], place: int) -> bool:
    return any(
        item.form.startswith("지") and item.tag == "EC" for item in morphemes[max(0, place - 3) : place]
    )


def _thing_before(morphemes: Sequence[Morpheme], place: int) -> int | None:
    """The place of a noun that should be there, directly before `place` but for particles."""
    for back in range(place - 1, max(-1, place - 4), -1):
        if morphemes[back].form in EXISTING and morphemes[back].tag == "NNG":
            return back
        if not morphemes[back].tag.startswith("J") and morphemes[back].tag != "MAG":
            return None
    return None


def _again(morphemes: Sequence[Morpheme], place: int) -> bool:
    """Whether something is never to be done again (다시는 안, 두 번 다시 안)."""
    near = [item.form for item in morphemes[max(0, place - 3) : place]]
    return ("다시" in near and ("는" in near or "번" in near)) or "절대" in near


def _is_but(item: Morpheme) -> bool:
    return item.form in BUT and item.tag in ("EC", "MAJ", "MAG", "EF")


def _weight(place: int, buts: Sequence[int], hits: Sequence[_Hit]) -> float:
    """Words before the last but weigh less and those after it more, when there are words on both sides."""
    for but in reversed(buts):
        if any(hit.place < but for hit in hits) and any(hit.place > but for hit in hits):
            return BEFORE_BUT if place < but else AFTER_BUT
    return 1.0
