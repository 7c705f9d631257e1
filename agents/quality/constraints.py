"""Constraints on a table: what must hold, in a form that travels as JSON or YAML."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import pyarrow as pa
import pyarrow.compute as pc

from mesh.errors import BadInputError
from mesh.language import Language, say

from .figures import Figure

Kind = Literal[
    "type", "not_null", "unique", "range", "allowed", "pattern", "order", "arithmetic", "determines"
]
Severity = Literal["error", "warning"]
TYPES = ("integer", "number", "boolean", "date", "datetime", "string")
OPERATORS = ("×", "+")
_COLUMNS = {"order": 2, "arithmetic": 3, "determines": 2}
"""How many columns a constraint of the kind names; `unique` names one or more, the others one."""
VERSION = 1


@dataclass(frozen=True)
class Constraint:
    """One thing that must hold. What `limits` holds depends on the kind:

    `type`: type. `range`: min, max (numbers or ISO dates, either may be absent). `allowed`: values. `pattern`: regex.
    `order`: the first of `columns` is at most the second. `arithmetic`: operator and tolerance; the first column is the second
    `×` or `+` the third. `determines`: rows with one value of the first column have one value of the second. Missing values
    satisfy everything but `not_null`. A violated `warning` is told but does not fail the table.
    """

    kind: Kind
    columns: tuple[str, ...]
    limits: dict[str, Any] = field(default_factory=dict)
    severity: Severity = "error"
    reason: str = ""
    checked: int = 0
    held: int = 0

    @property
    def id(self) -> str:
        """A readable name, unique within a table's constraints."""
        return f"{'+'.join(self.columns)}.{self.kind}"

    def as_data(self) -> dict[str, Any]:
        """The constraint as JSON."""
        evidence = {"reason": self.reason, "checked": self.checked, "held": self.held} if self.reason else {}
        return {
            "id": self.id,
            "kind": self.kind,
            "columns": list(self.columns),
            "severity": self.severity,
            **self.limits,
            **evidence,
        }

    def text(self, language: Language) -> str:
        """What must hold, as a sentence."""
        first, *others = self.columns
        values = {
            "column": first,
            "columns": " + ".join(self.columns),
            "other": others[0] if others else "",
            "third": others[-1] if others else "",
            **{name: _printed(value) for name, value in self.limits.items()},
        }
        en, ko = _TEXTS[self._form()]
        return say(language, en=en, ko=ko, **values)

    def _form(self) -> str:
        if self.kind != "range":
            return self.kind
        return "between" if len(self.limits) == 2 else next(iter(self.limits), "between")


_TEXTS = {
    "type": ("{column} is there and holds {type} values.", "{column} 열이 있고 값의 자료형은 {type}입니다."),
    "not_null": ("{column} always has a value.", "{column} 열에는 빈 값이 없습니다."),
    "unique": ("No two rows have the same {columns}.", "{columns} 값은 행마다 다릅니다."),
    "between": ("{column} lies between {min} and {max}.", "{column} 값은 {min} 이상 {max} 이하입니다."),
    "min": ("{column} is at least {min}.", "{column} 값은 {min} 이상입니다."),
    "max": ("{column} is at most {max}.", "{column} 값은 {max} 이하입니다."),
    "allowed": ("{column} is one of {values}.", "{column} 값은 {values} 중 하나입니다."),
    "pattern": ("{column} is written like {regex}.", "{column} 값은 {regex} 형식입니다."),
    "order": ("{column} is not after {other}.", "{column} 값은 {other} 값보다 뒤일 수 없습니다."),
    "arithmetic": (
        "{column} = {other} {operator} {third}.",
        "{column} = {other} {operator} {third} 관계가 성립합니다.",
    ),
    "determines": ("{column} settles {other}.", "{column} 값이 같으면 {other} 값도 같습니다."),
}


def _printed(value: Any) -> str:
    if isinstance(value, list):
        shown = ", ".join(str(item) for item in value[:8])
        return shown + (", …" if len(value) > 8 else "")
    return str(Figure(value)) if isinstance(value, float) else str(value)


def document_of(name: str, rows: int, constraints: Sequence[Constraint]) -> dict[str, Any]:
    """The constraints learnt from a dataset, as the JSON object that `constraints_from` reads."""
    return {
        "version": VERSION,
        "dataset": name,
        "rows": rows,
        "constraints": [constraint.as_data() for constraint in constraints],
    }


def constraints_from(document: Any, language: Language) -> list[Constraint]:
    """The constraints of a document (an object with a list `constraints`, or the list itself).

    Raises: BadInputError naming the entry that cannot be read and what is wrong with it.
    """
    entries = document.get("constraints") if isinstance(document, Mapping) else document
    if not isinstance(entries, list) or not entries:
        raise BadInputError(
            say(
                language,
                en="The rules hold no list called constraints. Send what suggest_constraints gave, as JSON or YAML.",
                ko="규칙에 constraints 목록이 없습니다. suggest_constraints가 만든 JSON이나 YAML을 보내 주십시오.",
            )
        )
    return [_constraint(number, entry, language) for number, entry in enumerate(entries, start=1)]


def _constraint(number: int, entry: Any, language: Language) -> Constraint:
    problem = _problem(entry)
    if problem:
        raise BadInputError(
            say(
                language,
                en="Rule {number} of the constraints cannot be used: {problem}. Mend or remove it.",
                ko="제약 조건 {number}번을 쓸 수 없습니다({problem}). 고치거나 빼 주십시오.",
                number=number,
                problem=problem,
            )
        )
    limits = {name: entry[name] for name in _LIMITS[entry["kind"]] if entry.get(name) is not None}
    if entry["kind"] == "range":
        limits = {name: _bound(value) for name, value in limits.items()}
    return Constraint(
        entry["kind"],
        tuple(entry["columns"]),
        limits,
        entry.get("severity", "error"),
        str(entry.get("reason", "")),
    )


_LIMITS: dict[str, tuple[str, ...]] = {
    "type": ("type",),
    "range": ("min", "max"),
    "allowed": ("values",),
    "pattern": ("regex",),
    "arithmetic": ("operator", "tolerance"),
    **dict.fromkeys(("not_null", "unique", "order", "determines"), ()),
}


def _problem(entry: Any) -> str:
    """What is wrong with an entry, or nothing."""
    if not isinstance(entry, Mapping) or entry.get("kind") not in get_args(Kind):
        return f"kind must be one of {', '.join(get_args(Kind))}"
    kind, columns = entry["kind"], entry.get("columns")
    if not isinstance(columns, list) or not columns or not all(isinstance(name, str) for name in columns):
        return "columns must be a list of names"
    wanted = _COLUMNS.get(kind, 0 if kind == "unique" else 1)
    if wanted and len(columns) != wanted:
        return f"{kind} takes {wanted} column(s), got {len(columns)}"
    if entry.get("severity", "error") not in get_args(Severity):
        return "severity must be error or warning"
    return _limits_problem(kind, entry)


def _limits_problem(kind: str, entry: Mapping[str, Any]) -> str:
    match kind:
        case "type":
            return "" if entry.get("type") in TYPES else f"type must be one of {', '.join(TYPES)}"
        case "allowed":
            return "" if isinstance(entry.get("values"), list) else "values must be a list"
        case "range":
            bounds = [entry[name] for name in ("min", "max") if entry.get(name) is not None]
            return (
                ""
                if bounds and all(_is_bound(item) for item in bounds)
                else "min or max must be a number or an ISO date"
            )
        case "pattern":
            return _regex_problem(entry.get("regex"))
        case "arithmetic":
            return "" if entry.get("operator") in OPERATORS else "operator must be × or +"
        case _:
            return ""


def _regex_problem(regex: Any) -> str:
    try:
        pc.match_substring_regex(pa.array([""]), regex)
    except (pa.ArrowInvalid, TypeError):
        return "regex must be a regular expression of the RE2 syntax"
    return ""


def _is_bound(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, int | float | dt.date):
        return True
    try:
        dt.datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True


def _bound(value: Any) -> Any:
    """A bound as JSON: YAML reads ISO dates as dates."""
    return value.isoformat() if isinstance(value, dt.date) else value
