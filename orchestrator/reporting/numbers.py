"""Traces the numbers of the prose: each with the stored value behind it, the step it came from and what that step ran."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from mesh.analysis import Analysis
from mesh.pages.blocks import Block, Bullets, Choice, Document, Fact, Fold, Picture, Statements, Text, Tiles
from orchestrator.synthesis.numbers import DATE, NUMBER, is_small_count, number_of

from .advice.advice import recommend
from .advice.recommendation import Recommendation
from .calls import made_by
from .stored import Pool, Stored, pools_of

_UNITS: tuple[tuple[str, float], ...] = (
    (r"\s*(?:%|퍼센트|percent)", 0.01),
    (r"\s*(?:[Kk](?![A-Za-z])|thousand|천(?!연))", 1e3),
    (r"\s*(?:만(?!큼))", 1e4),
    (r"\s*(?:M(?![A-Za-z])|million)", 1e6),
    (r"\s*(?:억)", 1e8),
    (r"\s*(?:B(?![A-Za-z])|billion)", 1e9),
    (r"\s*(?:T(?![A-Za-z])|trillion|조)", 1e12),
)
_PERCENT = 0.01


@dataclass(frozen=True)
class StatedNumber:
    """A number in the prose. `pointer` leads to `value` in the analysis' JSON; both are None when nothing stored gives it.

    `place` is the section of the report it stands in, `made_by` how the step came to it: its skill and parameters, and the
    query when there was one.
    """

    text: str
    value: float | None
    place: str
    sentence: str
    step: str = ""
    output: str = ""
    pointer: str | None = None
    made_by: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """All fields by name."""
        return asdict(self)


def stated_numbers(analysis: Analysis, report: Document) -> list[StatedNumber]:
    """Every number in the report's sentences and headline figures, in reading order.

    Dates are left out, and so are counting words up to twelve that nothing stored gives.
    """
    advice = recommend(analysis)
    pools, said = pools_of(analysis, advice), _sayings(analysis, advice)
    steps = {step.id: step for step in analysis.steps}
    made = {step.id: made_by(step, analysis) for step in analysis.steps}
    found = []
    for place, sentence in prose_of(report):
        names = dict.fromkeys(pool for text, pool in said if text in sentence or sentence in text)
        near = [pools[name] for name in names]
        for match, scale in number_tokens(sentence):
            stored = _origin(_trace(match.group(), scale, [*near, pools[""]]), pools)
            if stored is None and is_small_count(match.group()):
                continue
            step = stored.step if stored and stored.step in steps else ""
            found.append(
                StatedNumber(
                    match.group(),
                    stored.value if stored else None,
                    place,
                    sentence,
                    step,
                    stored.output if stored else "",
                    stored.pointer if stored else None,
                    made.get(step, {}),
                )
            )
    return found


def prose_of(report: Document) -> Iterator[tuple[str, str]]:
    """The sentences and headline figures of a report, each with the id of its section; tables and code are not prose."""
    for section in report.sections:
        for text in _texts(section.blocks):
            yield section.id, text


def number_tokens(text: str) -> Iterator[tuple[re.Match[str], float]]:
    """The numbers in a text with the scale that the word or sign behind them gives, dates left out."""
    bare = DATE.sub(lambda match: " " * len(match.group()), text)
    for match in NUMBER.finditer(bare):
        scale = next((size for unit, size in _UNITS if re.match(unit, bare[match.end() :])), 1.0)
        yield match, scale


def _texts(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Text(text=text):
                yield text
            case Bullets(items=items):
                yield from items
            case Tiles(items=tiles):
                yield from (_tile(tile) for tile in tiles)
            case Statements(items=statements):
                yield from (text for item in statements for text in (item.title, item.text) if text)
            case Picture(title=title, subtitle=subtitle, note=note):
                yield from (text for text in (title, subtitle, note) if text)
            case Fold(blocks=inner):
                yield from _texts(inner)
            case Choice(options=options):
                for _, inner in options:
                    yield from _texts(inner)
            case _:
                pass


def _tile(tile: Fact) -> str:
    return " · ".join(part for part in (f"{tile.label}: {tile.value}", tile.note) if part)


def _sayings(analysis: Analysis, advice: Sequence[Recommendation]) -> list[tuple[str, str]]:
    """What is said in the analysis, and the pool its numbers come from, the closest pools first."""
    said = [(item.text, f"finding/{index}") for index, item in enumerate(analysis.findings)]
    for index, item in enumerate(advice):
        said += [(item.action, f"recommendation/{index}"), (item.reason, f"recommendation/{index}")]
    for step in analysis.steps:
        texts = [step.summary, step.error or "", *step.warnings, *(kpi.label for kpi in step.kpis)]
        texts += [str((output.data or {}).get("title") or output.title) for output in step.outputs]
        said += [(text, f"step/{step.id}") for text in texts]
    return [(text, pool) for text, pool in said if text]


def _trace(token: str, scale: float, pools: Sequence[Pool]) -> Stored | None:
    """The stored number that rounds to the token at the precision it is written with."""
    size = abs(number_of(token))
    mantissa, _, exponent = token.lower().partition("e")
    half = 0.5 * 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
    slack = half * 1e-9 + size * 1e-12
    scales = (scale, 1.0) if scale in (_PERCENT, 1.0) else (scale,)
    for pool in pools:
        hits = [
            pool.find((size - half - slack) * factor, (size + half + slack) * factor) for factor in scales
        ]
        found = min((hit for hit in hits if hit is not None), key=lambda hit: hit.rank, default=None)
        if found is not None:
            return found
    return None


def _origin(stored: Stored | None, pools: dict[str, Pool]) -> Stored | None:
    """Where a finding or recommendation has its value from: the same value in an output of its step, where there is one."""
    if stored is None or "/outputs/" in stored.pointer:
        return stored
    pool = pools.get(f"step/{stored.step}")
    same = pool.find(abs(stored.value), abs(stored.value)) if pool else None
    return same if same and "/outputs/" in same.pointer else stored
