"""All that a chart builder may look at: the data, the question, and what earlier skills found."""

from dataclasses import dataclass, field
from typing import Any

from mesh.language import Language
from mesh.tabular.focus import Focus
from mesh.tabular.periods import choose_grain
from mesh.tabular.sheet import Sheet

from .request import Request
from .spec import Chart


@dataclass(frozen=True)
class Scene:
    """`inputs` holds the optional reports by name: `eda_report`, `quality_report`, `model`, `forecast`."""

    sheet: Sheet
    focus: Focus
    request: Request
    language: Language
    name: str = ""
    inputs: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def measure(self) -> str | None:
        """The main measure: the first that the question names, else the first by meaning."""
        return next(iter(self.request.measures or self.focus.measures), None)

    @property
    def dimension(self) -> str | None:
        """The main dimension, likewise."""
        return next(iter(self.dimensions), None)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Dimensions, those the question names first; an outcome is one only where the question asks for
        that chart."""
        named = self.request.dimensions
        every = (*named, *(d for d in self._by_strength() if d not in named))
        others = tuple(d for d in every if d != self.focus.target)
        return every if self.request.exact or not others else others

    def _by_strength(self) -> tuple[str, ...]:
        """The dimensions in the order in which the exploration found them to matter for the main measure."""
        tables = self.inputs.get("eda_report", {}).get("breakdowns", [])
        found = [t["dimension"] for t in tables if t["measure"] == self.measure]
        known = [d for d in found if d in self.focus.dimensions]
        return (*known, *(d for d in self.focus.dimensions if d not in known))

    @property
    def grain(self) -> str | None:
        """The period of a time axis; None without a usable date column."""
        if self.focus.date is None:
            return None
        return choose_grain(self.sheet.dates[self.focus.date], self.request.grain)

    def aggregation(self, measure: str) -> tuple[str, str]:
        """How `measure` is combined over rows, as (`sum` or `mean`, the word for it)."""
        additive = self.sheet.additive(measure)
        words = {("en", True): "total", ("en", False): "mean", ("ko", True): "합계", ("ko", False): "평균"}
        return ("sum" if additive else "mean", words[(self.language, additive)])

    @property
    def other(self) -> str:
        """What the levels beyond the limit are called."""
        return "기타" if self.language == "ko" else "Other"


Built = Chart | None
