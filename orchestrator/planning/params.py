"""Parameters that a question states, for the fields of a skill's JSON Schema that they evidently mean."""

import re
from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator

_UNITS = {
    "hour": r"hours?|시간",
    "day": r"days?|일(?!별|자)",
    "week": r"weeks?|주(?:일)?(?:간)?",
    "month": r"months?|개월|달",
    "quarter": r"quarters?|(?:개 ?)?분기",
    "year": r"years?|년|개년|해",
}
_ENGLISH_NUMBERS = "one two three four five six seven eight nine ten eleven twelve"
_KOREAN_NUMBERS = "한 두 세 네 다섯 여섯 일곱 여덟 아홉 열"
_NUMBER_WORDS = {
    word: number
    for said in (_ENGLISH_NUMBERS, _KOREAN_NUMBERS)
    for number, word in enumerate(said.split(), start=1)
}
_SPAN = (
    rf"(?P<count>\d{{1,4}}|{'|'.join(_NUMBER_WORDS)})[\s-]*"
    rf"(?:{'|'.join(f'(?P<{name}>{pattern})' for name, pattern in _UNITS.items())}|(?P<period>periods?|"
    rf"steps?|기간))"
)
_AHEAD = (
    re.compile(rf"(?:next|coming|following|upcoming|다음|향후|앞으로의?|이후)\s+{_SPAN}", re.IGNORECASE),
    re.compile(rf"{_SPAN}\s*(?:ahead|into the future|forecast|뒤|후|앞|치|(?:을|를)?\s*예측)", re.IGNORECASE),
)
_ENUM_WORDS = {
    "classification": r"classif\w+|분류",
    "regression": r"regress\w+|회귀",
    "forecast": r"forecast\w*|시계열|time[- ]series",
    "line": r"line|꺾은선|선 ?그래프|라인",
    "bar": r"bars?|막대|바 ?차트",
    "pie": r"pie|원형|파이 ?차트|원 ?그래프",
    "scatter": r"scatter|산점도",
    "histogram": r"histograms?|히스토그램",
    "heatmap": r"heat ?maps?|히트맵",
    "box": r"box(?:[- ]?plots?)?|박스 ?플롯|상자 ?그림",
    "champion": r"champion|챔피언",
    "challenger": r"challenger|챌린저|도전자",
}
_TOP = re.compile(r"\btop\s+(\d{1,3})\b|상위\s*(\d{1,3})\s*(?:개|명|위|곳)?", re.IGNORECASE)
_PARTS = {"sheet": r"(?:work)?sheet|tab|시트", "table": r"table|표|테이블"}
_ORDINALS = "first second third fourth fifth 첫 두 세 네 다섯"
_NAMED = r"[\"'“‘「『](?P<{0}>[^\"'”’」』]{{1,80}})[\"'”’」』]"
_HORIZON_FIELD = re.compile(r"horizon|periods? ahead|steps? ahead|예측 ?기간", re.IGNORECASE)
_TOP_FIELD = re.compile(r"^top(?:_[nk])?$|\btop[- ]n\b", re.IGNORECASE)


def params_from(goal: str, schema: Mapping[str, Any], ordered: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters for a call, only those that are certain; the skill's own defaults hold for the others.

    Args: `goal` the text of the step; `schema` the skill's JSON Schema; `ordered` what the order sets by
    name, which wins. An enumeration is set when exactly one of its words is said; a horizon counts in the
    data's own periods, so it is set only where the field's text names the unit that was said, or a field next
    to it takes the unit. A value the schema refuses is left out.
    """
    properties: Mapping[str, Any] = schema.get("properties") or {}
    found: dict[str, Any] = {}
    for name, field in properties.items():
        if name in ordered:
            found[name] = ordered[name]
            continue
        value: str | int | None = _enumerated(goal, field)
        if value is None and _takes(field, "integer"):
            value = _top(goal, name, field)
        if value is None and name in _PARTS and _takes(field, "string"):
            value = _part(goal, _PARTS[name], numbered=_takes(field, "integer"))
        if value is not None:
            found[name] = value
    found |= {name: value for name, value in _horizon(goal, properties).items() if name not in ordered}
    return {name: value for name, value in found.items() if _accepts(schema, properties[name], value)}


def _accepts(schema: Mapping[str, Any], field: Mapping[str, Any], value: Any) -> bool:
    definitions = {"$defs": schema["$defs"]} if "$defs" in schema else {}
    return bool(Draft202012Validator({**definitions, **field}).is_valid(value))


def _variants(field: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [field, *field.get("anyOf", []), *field.get("oneOf", [])]


def _takes(field: Mapping[str, Any], type_: str) -> bool:
    return any(variant.get("type") == type_ for variant in _variants(field))


def _choices(field: Mapping[str, Any]) -> list[str]:
    return [
        choice
        for variant in _variants(field)
        for choice in variant.get("enum", [])
        if isinstance(choice, str)
    ]


def _enumerated(goal: str, field: Mapping[str, Any]) -> str | None:
    said = [choice for choice in _choices(field) if _says(goal, choice)]
    return said[0] if len(said) == 1 else None


def _says(goal: str, choice: str) -> bool:
    pattern = _ENUM_WORDS.get(choice.lower(), re.escape(choice).replace("_", "[ _-]"))
    if len(choice) < 3:
        return False
    return bool(re.search(rf"(?<![a-z])(?:{pattern})(?![a-z])", goal, re.IGNORECASE))


def _text_of(name: str, field: Mapping[str, Any]) -> str:
    return f"{name.replace('_', ' ')} {field.get('title', '')} {field.get('description', '')}"


def _top(goal: str, name: str, field: Mapping[str, Any]) -> int | None:
    match = _TOP.search(goal)
    if match is None or not (_TOP_FIELD.search(name) or _TOP_FIELD.search(str(field.get("description", "")))):
        return None
    return int(match.group(1) or match.group(2))


def _part(goal: str, words: str, *, numbered: bool) -> str | int | None:
    """The sheet or table that is named in quotes beside the word for it, or counted."""
    named = re.search(
        rf"\b(?:{words})(?: (?:named|called))? ?{_NAMED.format('after')}|{_NAMED.format('before')} ?(?:이?라는 )?(?:{words})",
        goal,
        re.IGNORECASE,
    )
    if named:
        return named["after"] or named["before"]
    ordinals = _ORDINALS.split()
    counted = re.search(
        rf"\b(?:{words}) (?P<after>\d{{1,2}})\b|(?P<digit>\d{{1,2}}) ?번째? (?:{words})"
        rf"|(?P<word>{'|'.join(ordinals)}) ?(?:번째)? (?:{words})",
        goal,
        re.IGNORECASE,
    )
    if not numbered or counted is None:
        return None
    if counted["word"]:
        return ordinals.index(counted["word"].lower()) % 5 + 1
    return int(counted["after"] or counted["digit"])


def _horizon(goal: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    match = next((match for pattern in _AHEAD if (match := pattern.search(goal))), None)
    if match is None:
        return {}
    said = match["count"]
    count = int(said) if said.isdigit() else _NUMBER_WORDS[said.lower()]
    unit = next((name for name in _UNITS if match[name]), None)
    for name, field in properties.items():
        text = _text_of(name, field)
        if not (_takes(field, "integer") and _HORIZON_FIELD.search(text)):
            continue
        for other, sibling in properties.items():
            if other != name and unit in _choices(sibling):
                return {name: count, other: unit}
        if unit is None or _units_in(text) == {unit}:
            return {name: count}
    return {}


def _units_in(text: str) -> set[str]:
    return {name for name in _UNITS if re.search(rf"\b{name}s?\b", text, re.IGNORECASE)}
