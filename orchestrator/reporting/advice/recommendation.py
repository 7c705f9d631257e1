"""A recommendation, and the values it stands on: nothing is recommended without a rule and stored numbers that meet it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mesh.language import Language, say
from mesh.pages.cells import print_number
from mesh.pages.shapes import mapping

_WHOLE_FROM = 1000


@dataclass(frozen=True)
class Basis:
    """A value a recommendation rests on, and the JSON pointer to it in the analysis."""

    name: str
    value: Any
    pointer: str


@dataclass(frozen=True)
class Recommendation:
    """What to do, why, and the declared rule whose condition the `basis` meets. `section` is where the report shows it."""

    action: str
    reason: str
    rule: str
    basis: tuple[Basis, ...]
    section: str
    step: str

    def as_json(self) -> dict[str, Any]:
        """All fields by name."""
        return {
            "action": self.action,
            "reason": self.reason,
            "rule": self.rule,
            "basis": [
                {"name": item.name, "value": item.value, "pointer": item.pointer} for item in self.basis
            ],
            "section": self.section,
            "step": self.step,
        }


class Located:
    """The data of one output, or a part of it, that knows its pointer; values that are read become the basis of a rule."""

    def __init__(self, data: Mapping[str, Any], pointer: str, step: str, language: Language) -> None:
        self.data = data
        self.pointer = pointer
        self.step = step
        self.language = language

    def inner(self, *path: str | int) -> "Located":
        """The object at `path`; an empty one when there is none."""
        value: Any = self.data
        for key in path:
            value = _member(value, key)
        pointer = "/".join([self.pointer, *map(str, path)])
        return Located(mapping(value), pointer, self.step, self.language)

    def number(self, name: str) -> float | None:
        """The number called `name`, None when it is absent or of another kind."""
        value = self.data.get(name)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def text(self, name: str) -> str:
        """The text called `name`, or nothing."""
        value = self.data.get(name)
        return value if isinstance(value, str) else ""

    def basis(self, *names: str) -> tuple[Basis, ...]:
        """The named values with their pointers."""
        return tuple(
            Basis(name, self.data[name], f"{self.pointer}/{name}") for name in names if name in self.data
        )

    def say(self, en: str, ko: str, **values: Any) -> str:
        """A sentence in the language of the question."""
        return say(self.language, en=en, ko=ko, **values)


def amount(value: float) -> str:
    """An amount as it is printed, from a thousand on without decimals that nobody plans with."""
    return print_number(float(round(value)) if abs(value) >= _WHOLE_FROM else value)


def _member(value: Any, key: str | int) -> Any:
    if isinstance(key, int):
        return value[key] if isinstance(value, list) and -len(value) <= key < len(value) else None
    return value.get(key) if isinstance(value, dict) else None
