"""What is kept of many values in little memory: quantiles, distinct values and the most frequent ones, each mergeable.

All are exact while they are few and become sketches of the Apache DataSketches library beyond: a number comes with the bound of
its error. The library brings numpy along and is loaded with the first sketch.
"""

from __future__ import annotations

import base64
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datasketches import frequent_strings_sketch, hll_sketch, hll_union, kll_doubles_sketch

EXACT_VALUES = 256
EXACT_ITEMS = 256
MAX_ITEM_CHARS = 100
KLL_K = 200
HLL_LG_K = 12
FREQUENT_LG_SIZE = 9
_TWO_SIGMA = 2


class Quantiles:
    """Quantiles of the values seen: exact for up to `exact` values, by a KLL sketch beyond.

    Source: Karnin, Lang & Liberty (2016), "Optimal quantile approximation in streams", FOCS.
    """

    __slots__ = ("_exact", "_sketch", "_values")

    def __init__(self, exact: float = EXACT_VALUES) -> None:
        self._exact = exact
        self._values: list[float] = []
        self._sketch: kll_doubles_sketch | None = None

    def add(self, value: float) -> None:
        """Takes one finite value in."""
        self._values.append(value)
        if len(self._values) > self._exact:
            self._sketched()

    def merge(self, other: Quantiles) -> None:
        """Takes in everything that `other` has seen."""
        self._values += other._values
        if other._sketch is not None:
            self._sketched().merge(other._sketch)
        elif len(self._values) > self._exact:
            self._sketched()

    def quantile(self, share: float) -> float | None:
        """The value below which `share` of the values lie; None when there are none.

        Exact ones are interpolated linearly between neighbours, as pandas does it.
        """
        if self._sketch is not None:
            return float(self._sketched().get_quantile(share, inclusive=True))
        if not self._values:
            return None
        ordered = sorted(self._values)
        place = share * (len(ordered) - 1)
        low = math.floor(place)
        high = min(low + 1, len(ordered) - 1)
        return ordered[low] + (ordered[high] - ordered[low]) * (place - low)

    @property
    def rank_error(self) -> float:
        """How far from its share a quantile may lie, in [0, 1], with 99 % confidence; 0 while exact."""
        return 0.0 if self._sketch is None else float(self._sketch.normalized_rank_error(as_pmf=False))

    def state(self) -> list[Any]:
        """Everything, as JSON holds it; `from_state` gives it back exactly."""
        return [self._values, None if self._sketch is None else _text(self._sketch.serialize())]

    @classmethod
    def from_state(cls, state: list[Any]) -> Quantiles:
        """The quantiles that `state` was taken of."""
        quantiles = cls()
        quantiles._values = [float(value) for value in state[0]]
        if state[1] is not None:
            from datasketches import kll_doubles_sketch

            quantiles._sketch = kll_doubles_sketch.deserialize(_bytes(state[1]))
        return quantiles

    def _sketched(self) -> kll_doubles_sketch:
        """The sketch with every value in it."""
        if self._sketch is None:
            from datasketches import kll_doubles_sketch

            self._sketch = kll_doubles_sketch(KLL_K)
        for value in self._values:
            self._sketch.update(value)
        self._values = []
        return self._sketch


class Items:
    """How many distinct items were seen, and which were most frequent: exact for up to `exact` different ones, beyond by a
    HyperLogLog and a frequent-items sketch. Items are texts, of which the first `MAX_ITEM_CHARS` characters count.

    Sources: Flajolet et al. (2007), "HyperLogLog", AofA; Anderson et al. (2017), "A high-performance algorithm for identifying
    frequent items in data streams", IMC.
    """

    __slots__ = ("_counts", "_distinct", "_exact", "_frequent")

    def __init__(self, exact: float = EXACT_ITEMS) -> None:
        self._exact = exact
        self._counts: dict[str, int] = {}
        self._distinct: hll_sketch | None = None
        self._frequent: frequent_strings_sketch | None = None

    def add(self, item: str) -> None:
        """Takes one item in."""
        if self._distinct is not None and self._frequent is not None:
            self._distinct.update(item[:MAX_ITEM_CHARS])
            self._frequent.update(item[:MAX_ITEM_CHARS])
            return
        item = item[:MAX_ITEM_CHARS]
        self._counts[item] = self._counts.get(item, 0) + 1
        if len(self._counts) > self._exact:
            self._sketch()

    def merge(self, other: Items) -> None:
        """Takes in everything that `other` has seen."""
        if other._distinct is not None or self._distinct is not None:
            from datasketches import hll_union, tgt_hll_type

            distinct, frequent = self._sketch()
            both = hll_union(HLL_LG_K)
            both.update(distinct)
            if other._distinct is not None and other._frequent is not None:
                both.update(other._distinct)
                frequent.merge(other._frequent)
            else:
                _count_into(other._counts, both, frequent)
            self._distinct = both.get_result(tgt_hll_type.HLL_8)
            return
        for item, count in other._counts.items():
            self._counts[item] = self._counts.get(item, 0) + count
        if len(self._counts) > self._exact:
            self._sketch()

    def distinct(self) -> float:
        """How many different items were seen, about."""
        return float(len(self._counts)) if self._distinct is None else float(self._distinct.get_estimate())

    def distinct_bounds(self) -> tuple[float, float]:
        """Between which the number of different items lies, with 95 % confidence."""
        if self._distinct is None:
            return float(len(self._counts)), float(len(self._counts))
        return (
            float(self._distinct.get_lower_bound(_TWO_SIGMA)),
            float(self._distinct.get_upper_bound(_TWO_SIGMA)),
        )

    def top(self, number: int) -> list[tuple[str, int, int]]:
        """The most frequent items, most frequent first: item, count at least, count at most.

        An item that the sketch cannot tell from one that it dropped is left out, so that there may be fewer.
        """
        if self._frequent is None:
            ranked = sorted(self._counts.items(), key=lambda pair: (-pair[1], pair[0]))
            return [(item, count, count) for item, count in ranked[:number]]
        from datasketches import frequent_items_error_type

        rows = self._frequent.get_frequent_items(frequent_items_error_type.NO_FALSE_POSITIVES)
        found = [(str(item), int(low), int(high)) for item, _, low, high in rows]
        return sorted(found, key=lambda row: (-row[2], row[0]))[:number]

    @property
    def is_exact(self) -> bool:
        """Whether no item was left to the sketches."""
        return self._distinct is None

    def state(self) -> list[Any]:
        """Everything, as JSON holds it; `from_state` gives back what answers the same."""
        if self._distinct is None or self._frequent is None:
            return [self._counts, None, None]
        return [{}, _text(self._distinct.serialize_compact()), _text(self._frequent.serialize())]

    @classmethod
    def from_state(cls, state: list[Any]) -> Items:
        """The items that `state` was taken of."""
        items = cls()
        items._counts = {str(item): int(count) for item, count in state[0].items()}
        if state[1] is not None:
            from datasketches import frequent_strings_sketch, hll_sketch

            items._distinct = hll_sketch.deserialize(_bytes(state[1]))
            items._frequent = frequent_strings_sketch.deserialize(_bytes(state[2]))
        return items

    def _sketch(self) -> tuple[hll_sketch, frequent_strings_sketch]:
        """The sketches with every item in them."""
        if self._distinct is None or self._frequent is None:
            from datasketches import frequent_strings_sketch, hll_sketch, tgt_hll_type

            self._distinct = hll_sketch(HLL_LG_K, tgt_hll_type.HLL_8)
            self._frequent = frequent_strings_sketch(FREQUENT_LG_SIZE)
        _count_into(self._counts, self._distinct, self._frequent)
        self._counts = {}
        return self._distinct, self._frequent


def _count_into(
    counts: dict[str, int], distinct: hll_sketch | hll_union, frequent: frequent_strings_sketch
) -> None:
    for item, count in counts.items():
        distinct.update(item)
        frequent.update(item, count)


def _text(sketch: bytes) -> str:
    return base64.b64encode(sketch).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)
