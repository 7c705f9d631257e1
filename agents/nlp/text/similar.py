"""Texts that are the same or nearly the same as others."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from mesh.tabular.spelling import fold_spelling

SHINGLE = 5
ALIKE = 0.8
"""Two texts are nearly the same when they share four fifths of their runs of five characters (Jaccard index)."""
BANDS, ROWS = 10, 4
MIN_CHARS = 15
MAX_GROUPS = 20
_BASE = np.uint64(1_000_003)
_SEED = 7


def repeated_texts(texts: Sequence[str], rows: Sequence[int]) -> dict[str, Any]:
    """Groups of texts that are the same but for capitals and spaces, or nearly the same, the largest first.

    Returns: `groups` of `size`, `exact` (whether all are the same), `rows` (at most ten), `text` (the most frequent one), and how
    many texts repeat an earlier one, `exact_repeats` and `near_repeats`. Texts below `MIN_CHARS` are compared exactly only.
    Candidates come from MinHash signatures in bands (Broder 1997; Leskovec, Rajaraman & Ullman, ch. 3); each is checked by the
    Jaccard index itself, so every group is right, and of pairs at 0.8 about one in two hundred is missed.
    """
    members: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        members.setdefault(fold_spelling(text), []).append(place)
    keys = list(members)
    leaders = _near(keys)
    groups: dict[int, list[int]] = {}
    for index, leader in enumerate(leaders):
        groups.setdefault(leader, []).append(index)
    found: list[dict[str, Any]] = []
    for parts in groups.values():
        places = sorted(place for index in parts for place in members[keys[index]])
        if len(places) > 1:
            largest = max(parts, key=lambda index: (len(members[keys[index]]), -index))
            found.append(
                {
                    "size": len(places),
                    "exact": len(parts) == 1,
                    "rows": [rows[place] for place in places[:10]],
                    "text": texts[members[keys[largest]][0]],
                }
            )
    found.sort(key=lambda group: (-group["size"], group["rows"]))
    return {
        "groups": found[:MAX_GROUPS],
        "groups_total": len(found),
        "exact_repeats": len(texts) - len(keys),
        "near_repeats": len(keys) - len(groups),
    }


def jaccard(left: npt.NDArray[np.uint64], right: npt.NDArray[np.uint64]) -> float:
    """The share of common members of two sorted sets of different values."""
    common = np.intersect1d(left, right, assume_unique=True).size
    return float(common / (left.size + right.size - common)) if left.size or right.size else 0.0


def shingles(text: str) -> npt.NDArray[np.uint64]:
    """Hashes of the runs of `SHINGLE` characters of a text, different ones, sorted."""
    codes = np.frombuffer(text.encode("utf-32-le"), dtype="<u4").astype(np.uint64)
    if codes.size < SHINGLE:
        return np.unique(codes)
    hashes = np.zeros(codes.size - SHINGLE + 1, dtype=np.uint64)
    for place in range(SHINGLE):
        hashes = hashes * _BASE + codes[place : place + hashes.size]
    return np.unique(hashes)


def _near(keys: Sequence[str]) -> list[int]:
    """For each text the first one that it is nearly the same as, itself when there is none."""
    leaders = list(range(len(keys)))
    long = [index for index, key in enumerate(keys) if len(key) >= MIN_CHARS]
    sets = {index: shingles(keys[index]) for index in long}
    rng = np.random.default_rng(_SEED)
    factors = rng.integers(1, 2**63, BANDS * ROWS, dtype=np.uint64) | np.uint64(1)
    shifts = rng.integers(0, 2**63, BANDS * ROWS, dtype=np.uint64)
    buckets: dict[tuple[int, bytes], list[int]] = {}
    for index in long:
        mixed = sets[index] ^ (sets[index] >> np.uint64(31))
        signature = (mixed[None, :] * factors[:, None] + shifts[:, None]).min(axis=1).reshape(BANDS, ROWS)
        for band in range(BANDS):
            held = buckets.setdefault((band, signature[band].tobytes()), [])
            first = _first_alike(index, held, leaders, sets)
            if first is None:
                held.append(index)
            else:
                leaders[index] = first
                break
    return leaders


def _first_alike(
    index: int, held: Sequence[int], leaders: Sequence[int], sets: dict[int, npt.NDArray[np.uint64]]
) -> int | None:
    """The leader of the first of at most ten candidates that the text is alike."""
    for other in held[:10]:
        leader = leaders[other]
        if leader != index and jaccard(sets[index], sets[leader]) >= ALIKE:
            return leader
    return None
