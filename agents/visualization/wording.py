"""Numbers and sentences for people, in Korean and English."""

import math
from collections.abc import Sequence
from typing import Any

from mesh.language import Language, say
from mesh.tabular.figures import EXACT, figure

UNITS: dict[Language, tuple[tuple[str, float], ...]] = {
    "ko": (("조", 1e12), ("억", 1e8), ("만", 1e4), ("", 1.0)),
    "en": (("T", 1e12), ("B", 1e9), ("M", 1e6), ("K", 1e3), ("", 1.0)),
}


class Figure(float):
    """A float that prints with as many digits as a person reads: `{x}` gives `1,234,568`, `12.3`,
    `0.0456`."""

    def __format__(self, spec: str) -> str:
        return super().__format__(spec) if spec else figure(float(self))


def sentence(language: Language, *, en: str, ko: str, **values: Any) -> str:
    """`mesh.language.say` with floats printed as `Figure` where the template gives no format."""
    shown = {key: Figure(value) if isinstance(value, float) else value for key, value in values.items()}
    return say(language, en=en, ko=ko, **shown)


def label(name: str) -> str:
    """A column name as people read it: spaces for underscores, a capital first letter."""
    spaced = name.replace("_", " ").strip()
    return spaced[:1].upper() + spaced[1:]


def inline(name: str, language: Language) -> str:
    """A column name inside an English sentence keeps its own first letter; elsewhere it is a label."""
    return name.replace("_", " ").strip() if language == "en" else label(name)


def level_name(dimension: str, level: str) -> str:
    """A level as people read it; answers such as `Yes` or `0` say of what."""
    plain_answer = level.lower() in {"yes", "no", "true", "false", "0", "1", "y", "n", "예", "아니오"}
    return f"{label(dimension)}={level}" if plain_answer else level


def compact(value: float, language: Language) -> str:
    """A number on a bar or a cell: `3.38억` or `338M`; three significant digits, below 100,000 as it is."""
    if abs(value) >= EXACT:
        return figure(value)
    for word, size in UNITS[language]:
        if word and abs(value) >= size * (100 if word == "K" else 10 if word == "만" else 1):
            scaled = value / size
            if language == "ko" and abs(scaled) >= 1000:
                return f"{scaled:,.0f}{word}"
            decimals = 0 if abs(scaled) >= 100 else 1 if abs(scaled) >= 10 else 2
            return f"{scaled:,.{decimals}f}{word}"
    return figure(value)


def tick_texts(
    ticks: Sequence[float], language: Language, *, percent: bool, apart: bool = False
) -> list[str]:
    """The texts of an axis, all in one unit (만, 억 or K, M) with the decimals that tell neighbours apart.

    On an axis of factors the ticks lie so far `apart` that each has its own unit.
    """
    if apart:
        return [f"{tick:.3g}" if percent else compact(tick, language) for tick in ticks]
    if percent:
        step = abs(ticks[1] - ticks[0]) if len(ticks) > 1 else 0.1
        return [f"{tick:.{0 if step >= 0.01 else 1}%}" for tick in ticks]
    largest = max(abs(tick) for tick in ticks)
    if largest >= EXACT:
        return [figure(tick) for tick in ticks]
    word, size = next(
        ((w, s) for w, s in UNITS[language] if largest >= s * (10 if w in {"K", "만"} else 1)),
        UNITS[language][-1],
    )
    step = abs(ticks[1] - ticks[0]) / size if len(ticks) > 1 else largest / size
    decimals = next((d for d in range(6) if abs(round(step, d) - step) < 1e-6 * step), 6)
    return ["0" if tick == 0 else f"{tick / size:,.{decimals}f}{word}" for tick in ticks]


def nice_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """About `count` round values (1, 2, 2.5, 5 times a power of ten) that span `low` to `high`."""
    if high <= low:
        high = low + (abs(low) or 1.0)
    raw = (high - low) / max(1, count)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw * 0.8)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [float(f"{k * step:.15g}") for k in range(first, last + 1)]
