"""Numbers and sentences for people, in Korean and English."""

from itertools import count
from typing import Any, Self

from mesh.language import Language, say
from mesh.results import Finding
from mesh.tabular.figures import EXACT, figure

SMALL_P = 0.001
ALPHA = 0.05

EFFECT_STEPS: dict[str, tuple[float, float, float]] = {
    "hedges_g": (0.2, 0.5, 0.8),
    "rank_biserial": (0.1, 0.3, 0.5),
    "eta_squared": (0.01, 0.06, 0.14),
    "epsilon_squared": (0.01, 0.06, 0.14),
    "correlation": (0.1, 0.3, 0.5),
    "cohens_h": (0.2, 0.5, 0.8),
    "cramers_v": (0.1, 0.3, 0.5),
    "standardised_change": (0.2, 0.5, 0.8),
    "matched_rank_biserial": (0.1, 0.3, 0.5),
    "partial_eta_squared": (0.01, 0.06, 0.14),
    "kendalls_w": (0.1, 0.3, 0.5),
}
EFFECT_WORDS: dict[Language, tuple[str, str, str, str]] = {
    "en": ("negligible", "small", "medium", "large"),
    "ko": ("무시할 만한", "작은", "중간", "큰"),
}
EFFECT_NAMES: dict[str, str] = {
    "hedges_g": "Hedges g",
    "rank_biserial": "rank-biserial r",
    "eta_squared": "η²",
    "epsilon_squared": "ε²",
    "cohens_h": "Cohen h",
    "cramers_v": "Cramér V",
    "standardised_change": "Cohen dz",
    "matched_rank_biserial": "rank-biserial r",
    "partial_eta_squared": "partial η²",
    "kendalls_w": "Kendall W",
}
TEST_NAMES: dict[str, str] = {
    "welch_t": "Welch t",
    "mann_whitney": "Mann-Whitney",
    "welch_anova": "Welch ANOVA",
    "kruskal_wallis": "Kruskal-Wallis",
    "two_proportions_z": "z test of proportions",
    "fisher_exact": "Fisher's exact test",
    "chi_squared": "χ² test",
    "chi_squared_permuted": "χ² test by permutation",
    "paired_t": "paired t",
    "wilcoxon": "Wilcoxon signed-rank",
    "repeated_anova": "repeated-measures ANOVA",
    "friedman": "Friedman",
}


UNITS: dict[Language, tuple[tuple[str, float], ...]] = {
    "en": ((" trillion", 1e12), (" billion", 1e9), (" million", 1e6)),
    "ko": (("조", 1e12), ("억", 1e8)),
}
LARGE = 1e8


class Figure(float):
    """A float that prints with as many digits as a person reads: `{x}` gives `1,234,568`, `12.3`,
    `0.0456`, and from 1e8 on `132.1억` in Korean, `13.2 billion` in English; `{x:+}` has a sign in either direction."""

    language: Language

    def __new__(cls, value: float, language: Language = "en") -> Self:
        shown = super().__new__(cls, value)
        shown.language = language
        return shown

    def __format__(self, spec: str) -> str:
        if spec not in {"", "+"}:
            return super().__format__(spec)
        return ("+" if spec and self > 0 else "") + prose_figure(float(self), self.language)


def prose_figure(value: float, language: Language) -> str:
    """`figure` in the language's large units from `LARGE` on, with one decimal, two below ten units."""
    if not LARGE <= abs(value) < EXACT:
        return figure(value)
    word, size = next((word, size) for word, size in UNITS[language] if abs(value) >= size)
    scaled = value / size
    return f"{scaled:,.{1 if abs(scaled) >= 10 else 2}f}{word}"


def sentence(language: Language, *, en: str, ko: str, **values: Any) -> str:
    """`mesh.language.say` with floats as `Figure` where the template gives no format; a column that ends in 별 has it once."""
    shown = {
        key: Figure(value, language) if isinstance(value, float) else value for key, value in values.items()
    }
    return say(language, en=en, ko=ko, **shown).replace("별별", "별")


def tell(language: Language, *, en: str, ko: str, importance: float, kind: str, **values: Any) -> Finding:
    """A finding in `language` whose evidence is `values`, exactly what the sentence prints."""
    text = sentence(language, en=en, ko=ko, **values)
    return Finding(text=text, evidence=values, importance=min(1.0, max(0.0, importance)), kind=kind)


def p_part(p: float) -> tuple[str, dict[str, float]]:
    """The template of a p-value and the values it prints: exact from `SMALL_P` on, as a bound below; never rounded up to 5 %."""
    if p < SMALL_P:
        return "p < {p_limit:.3f}", {"p": p, "p_limit": SMALL_P}
    digits = next(digits for digits in count(3) if not round(p, digits) >= ALPHA > p)
    return f"p = {{p:.{digits}f}}", {"p": p}


def effect_step(name: str, effect: float) -> int:
    """0 negligible, 1 small, 2 medium, 3 large. Source: Cohen (1988); Tomczak & Tomczak (2014) for
    epsilon²."""
    return sum(abs(effect) >= step for step in EFFECT_STEPS[name])


def effect_word(language: Language, name: str, effect: float) -> str:
    """`effect_step` as a word."""
    return EFFECT_WORDS[language][effect_step(name, effect)]


def compact(value: float, language: Language) -> str:
    """A headline number: `3.38억`, `1,250만` in Korean, `338M`, `12.5M` in English; below a thousand as it
    is."""
    if abs(value) >= EXACT:
        return figure(value)
    units = (
        (("조", 1e12), ("억", 1e8), ("만", 1e4)) if language == "ko" else (("B", 1e9), ("M", 1e6), ("K", 1e3))
    )
    for word, size in units:
        if abs(value) >= size:
            scaled = value / size
            decimals = 0 if abs(scaled) >= 100 else 1 if abs(scaled) >= 10 else 2
            return f"{scaled:,.{decimals}f}{word}"
    return figure(value)
