"""Every number an analysis holds, with where it is: what the numbers of the prose are traced back to."""

import bisect
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mesh.analysis import Analysis
from orchestrator.synthesis.numbers import NUMBER, number_of

from .advice.recommendation import Recommendation

_LEVEL = re.compile(r"_(\d{2})$")
_LONGEST_NAME = 60
_DEEP = 50
_NAMED = -1
_FULL_MARKS = 100.0


@dataclass(frozen=True)
class Stored:
    """A number and the JSON pointer (RFC 6901) to it in the analysis. `rank` is lower for what is nearer to the surface."""

    value: float
    pointer: str
    step: str = ""
    output: str = ""
    rank: int = 0


class Pool:
    """Numbers that can be looked up by their size."""

    def __init__(self, numbers: Iterable[Stored]) -> None:
        self._sorted = sorted(numbers, key=lambda item: abs(item.value))
        self._sizes = [abs(item.value) for item in self._sorted]

    def find(self, low: float, high: float) -> Stored | None:
        """The number nearest to the surface whose size is in [low, high]; of several, the nearest to the middle."""
        first, last = bisect.bisect_left(self._sizes, low), bisect.bisect_right(self._sizes, high)
        middle = (low + high) / 2
        return min(
            self._sorted[first:last],
            key=lambda item: (item.rank, abs(abs(item.value) - middle), item.pointer),
            default=None,
        )


def pools_of(analysis: Analysis, advice: Sequence[Recommendation]) -> dict[str, Pool]:
    """The numbers by where prose would take them from, and `""` for all of them.

    Pools are called `step/<id>`, `finding/<n>` and `recommendation/<n>`.
    """
    found: dict[str, list[Stored]] = {}
    for index, finding in enumerate(analysis.findings):
        values = numbers_of(finding.evidence, f"/findings/{index}/evidence", step=finding.step or "")
        found[f"finding/{index}"] = list(values)
    for index, item in enumerate(advice):
        found[f"recommendation/{index}"] = [
            number
            for place, basis in enumerate(item.basis)
            for number in numbers_of(
                basis.value, f"/recommendations/{index}/basis/{place}/value", step=item.step
            )
        ]
    for index, step in enumerate(analysis.steps):
        found[f"step/{step.id}"] = list(_step_numbers(analysis, index))
    query = [
        Stored(number_of(match.group()), "/query", rank=_DEEP) for match in NUMBER.finditer(analysis.query)
    ]
    found[""] = [number for numbers in found.values() for number in numbers] + query
    return {name: Pool(numbers) for name, numbers in found.items()}


def numbers_of(
    value: Any, pointer: str, *, step: str = "", output: str = "", rank: int = 0
) -> Iterator[Stored]:
    """Every finite number of a JSON value, of short strings such as names, and the levels that keys like `upper_95` end with."""
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int | float):
        if math.isfinite(value):
            yield Stored(float(value), pointer, step, output, rank)
    elif isinstance(value, str):
        if len(value) <= _LONGEST_NAME:
            for match in NUMBER.finditer(value):
                yield Stored(number_of(match.group()), pointer, step, output, rank + _DEEP)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            path = f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"
            level = _LEVEL.search(str(key))
            if level:
                yield Stored(float(level.group(1)), path, step, output, _NAMED)
            yield from numbers_of(inner, path, step=step, output=output, rank=rank + 1)
    elif isinstance(value, list):
        yield Stored(float(len(value)), pointer, step, output, rank + 2 * _DEEP)
        for index, inner in enumerate(value):
            yield from numbers_of(inner, f"{pointer}/{index}", step=step, output=output, rank=rank + 1)


def _step_numbers(analysis: Analysis, index: int) -> Iterator[Stored]:
    """What a step computed: its outputs, then its tables and headline numbers; what it was called with; why it failed."""
    step, at = analysis.steps[index], f"/steps/{index}"
    for place, output in enumerate(step.outputs):
        path = f"{at}/outputs/{place}"
        data = {key: value for key, value in (output.data or {}).items() if key != "plotly"}
        yield from numbers_of(data, f"{path}/data", step=step.id, output=output.name)
        if "score" in data:
            yield Stored(_FULL_MARKS, f"{path}/data/score", step.id, output.name, 2 * _DEEP)
        if output.dataset is not None:
            yield Stored(float(output.dataset.rows), f"{path}/dataset/rows", step.id, output.name)
            columns = float(len(output.dataset.columns))
            yield Stored(columns, f"{path}/dataset/columns", step.id, output.name, rank=1)
    for place, table in enumerate(step.tables):
        yield from numbers_of(table.rows, f"{at}/tables/{place}/rows", step=step.id, rank=_DEEP)
    for place, kpi in enumerate(step.kpis):
        yield Stored(kpi.value, f"{at}/kpis/{place}/value", step.id, rank=_DEEP)
    for match in NUMBER.finditer(step.error or ""):
        yield Stored(number_of(match.group()), f"{at}/error", step.id, rank=2 * _DEEP)
    planned = analysis.plan.steps if analysis.plan else []
    for place, item in enumerate(planned):
        if item.id == step.id:
            yield from numbers_of(item.params, f"/plan/steps/{place}/params", step=step.id, rank=_DEEP)
