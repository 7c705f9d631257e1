"""What a drift report says in words, in Korean or English."""

from typing import Any

from mesh.language import Language, finding, say
from mesh.results import Finding, Kpi, Table

from .figures import Figure

NOT_COMPARED = {
    "identifier": {"en": "identifiers differ by nature", "ko": "식별자는 원래 서로 다름"},
    "date": {"en": "dates move on by nature", "ko": "날짜는 원래 달라짐"},
    "free_text": {"en": "free text", "ko": "자유 서술"},
    "few_values": {"en": "fewer than five values on a side", "ko": "한쪽의 값이 5개 미만"},
    "retyped": {"en": "another type on each side", "ko": "양쪽의 자료형이 다름"},
}
_LEVEL = {
    "major": {"en": "major", "ko": "큼"},
    "moderate": {"en": "moderate", "ko": "중간"},
    "undecided": {"en": "undecided", "ko": "판단 불가"},
    "none": {"en": "none", "ko": "없음"},
}
_SHIFTED = 0.25
"""A median that moves by this share of the interquartile range is what is said of a changed column."""
_MAX_FINDINGS = 8


def summary_of(data: dict[str, Any], language: Language) -> str:
    """How many columns drifted between what, and the one that drifted most."""
    sides = say(
        language,
        en="{current} ({current_rows:,} rows) against {reference} ({reference_rows:,} rows): ",
        ko="{reference}({reference_rows:,}행) 대비 {current}({current_rows:,}행): ",
        **{name: data[name] for name in ("current", "reference", "current_rows", "reference_rows")},
    )
    found = findings_of(data, language)
    levels = data["levels"]
    drifted = levels["major"] + levels["moderate"]
    if not drifted and not data["missing_changed"] and not _schema_changes(data):
        return sides + found[0].text
    counted = say(
        language,
        en="{drifted:,} of {compared:,} compared columns drifted ({major:,} of them strongly). ",
        ko="비교한 {compared:,}개 열 중 {drifted:,}개가 달라졌고 그중 {major:,}개는 크게 달라졌습니다. ",
        drifted=drifted,
        compared=data["compared"],
        major=levels["major"],
    )
    return sides + counted + found[0].text


def findings_of(data: dict[str, Any], language: Language) -> list[Finding]:
    """The changes by importance; one finding that says so when there is none."""
    found = _schema_findings(data, language)
    changed = [entry for entry in data["columns"] if entry["level"] in ("major", "moderate")]
    found += [_column_finding(entry, language) for entry in changed[:_MAX_FINDINGS]]
    found += [_missing_finding(entry, language) for entry in data["missing"] if entry["changed"]][
        :_MAX_FINDINGS
    ]
    if not found:
        found.append(_no_drift(data, language))
    found.sort(key=lambda item: -item.importance)
    if data["levels"]["undecided"]:
        found.append(_undecided(data, language))
    return found


def _no_drift(data: dict[str, Any], language: Language) -> Finding:
    return finding(
        language,
        en="No drift found: in none of the {compared:,} compared columns did the values change by {moderate:g} or more on the "
        "scale from which a change counts, beyond chance.",
        ko="변화가 발견되지 않았습니다. 비교한 {compared:,}개 열 모두 값의 변화가 기준치 {moderate:g} 미만이거나 "
        "우연으로 설명됩니다.",
        importance=0.6,
        kind="no_drift",
        compared=data["compared"],
        moderate=data["thresholds"]["moderate"],
    )


def _undecided(data: dict[str, Any], language: Language) -> Finding:
    names = [entry["column"] for entry in data["columns"] if entry["level"] == "undecided"]
    return finding(
        language,
        en="{columns} look different, but with so few rows chance explains it as well.",
        ko="{columns} 열은 달라 보이지만 행이 적어 우연일 수도 있습니다.",
        importance=0.3,
        kind="undecided",
        columns=", ".join(names[:_MAX_FINDINGS]),
    )


def _column_finding(entry: dict[str, Any], language: Language) -> Finding:
    return (
        _category_finding(entry, language)
        if entry["kind"] == "category"
        else _number_finding(entry, language)
    )


def _importance(entry: dict[str, Any]) -> float:
    size = float(entry["psi"] if entry["kind"] == "number" else entry["total_variation"])
    return round((0.75 if entry["level"] == "major" else 0.55) + 0.2 * min(1.0, size), 4)


def _number_finding(entry: dict[str, Any], language: Language) -> Finding:
    before, after, moved = entry["reference"], entry["current"], entry["moved"]
    spread = before["q3"] - before["q1"]
    facts: dict[str, Any] = {"column": entry["column"], "psi": entry["psi"], "importance": _importance(entry)}
    if abs(after["median"] - before["median"]) >= _SHIFTED * spread and after["median"] != before["median"]:
        return finding(
            language,
            en="{column} drifted: its median went from {before} to {after} (PSI {psi:.2f}).",
            ko="{column} 열이 달라졌습니다. 중앙값이 {before}에서 {after}(으로/로) 바뀌었습니다(PSI {psi:.2f}).",
            kind="drift",
            before=Figure(before["median"]),
            after=Figure(after["median"]),
            **facts,
        )
    return finding(
        language,
        en="{column} drifted: values from {low} to {high} went from {before:.1%} to {after:.1%} of the rows (PSI {psi:.2f}).",
        ko="{column} 열이 달라졌습니다. {low}~{high} 값의 비율이 {before:.1%}에서 {after:.1%}(으로/로) "
        "바뀌었습니다(PSI {psi:.2f}).",
        kind="drift",
        low=Figure(moved["from"]),
        high=Figure(moved["to"]),
        before=moved["before"],
        after=moved["after"],
        **facts,
    )


def _category_finding(entry: dict[str, Any], language: Language) -> Finding:
    most = entry["categories"][0]
    new = (
        say(language, en=" New: {values}.", ko=" 새로 나타난 값: {values}.", values=_values(entry["new"]))
        if entry["new"]
        else ""
    )
    gone = (
        say(language, en=" Gone: {values}.", ko=" 사라진 값: {values}.", values=_values(entry["lost"]))
        if entry["lost"]
        else ""
    )
    found = finding(
        language,
        en="{column} drifted: {value} went from {before:.1%} to {after:.1%} of the rows; {size:.1%} of the rows would have to "
        "change for the two to agree.",
        ko="{column} 열의 구성이 달라졌습니다. {value} 비율이 {before:.1%}에서 {after:.1%}(으로/로) 바뀌었고, 전체로는 행의 "
        "{size:.1%}가 달라진 셈입니다.",
        importance=_importance(entry),
        kind="drift",
        column=entry["column"],
        value=most["value"],
        before=most["before"],
        after=most["after"],
        size=entry["total_variation"],
    )
    return found.model_copy(update={"text": found.text + new + gone})


def _values(entries: list[dict[str, Any]]) -> str:
    shown = [str(entry["value"]) for entry in entries[:3]]
    return ", ".join(shown) + (", …" if len(entries) > len(shown) else "")


def _missing_finding(entry: dict[str, Any], language: Language) -> Finding:
    return finding(
        language,
        en="{column} is missing in {after:.2%} of the rows, before it was {before:.2%}.",
        ko="{column} 열의 결측률이 {before:.2%}에서 {after:.2%}(으로/로) 바뀌었습니다.",
        importance=round(0.6 + 0.3 * min(1.0, abs(entry["after"] - entry["before"])), 4),
        kind="missing_drift",
        column=entry["column"],
        before=entry["before"],
        after=entry["after"],
    )


def _schema_changes(data: dict[str, Any]) -> int:
    return sum(len(changes) for changes in data["schema"].values())


def _schema_findings(data: dict[str, Any], language: Language) -> list[Finding]:
    schema = data["schema"]
    retyped = [item["column"] for item in schema["retyped"]]
    changes = (
        (schema["removed"], "Columns that are gone: {columns}.", "사라진 열: {columns}."),
        (schema["added"], "Columns that are new: {columns}.", "새로 생긴 열: {columns}."),
        (retyped, "Columns of another type than before: {columns}.", "자료형이 바뀐 열: {columns}."),
    )
    return [
        finding(language, en=en, ko=ko, importance=0.9, kind="schema_drift", columns=", ".join(names))
        for names, en, ko in changes
        if names
    ]


def kpis_of(data: dict[str, Any], language: Language) -> list[Kpi]:
    """How many columns were compared and how many drifted."""
    levels = data["levels"]
    drifted = levels["major"] + levels["moderate"]
    return [
        Kpi(
            label=say(language, en="Columns that drifted", ko="달라진 열"),
            value=drifted,
            text=f"{drifted:,} / {data['compared']:,}",
        ),
        Kpi(
            label=say(language, en="Strongly", ko="크게 달라진 열"),
            value=levels["major"],
            text=f"{levels['major']:,}",
        ),
    ]


def tables_of(data: dict[str, Any], language: Language) -> list[Table]:
    """Every compared column with its effect and corrected p-value, and what was not compared."""
    korean = language == "ko"
    heads = (
        ["Column", "Drift", "Measure", "Size", "Test", "p (Holm)"],
        ["열", "변화", "척도", "크기", "검정", "p(Holm 보정)"],
        ["Column", "Why"],
        ["열", "이유"],
    )
    rows = [
        [
            entry["column"],
            _LEVEL[entry["level"]][language],
            *_measured(entry, language),
            entry["test"],
            float(f"{entry['p_adjusted']:.3g}"),
        ]
        for entry in data["columns"][:200]
    ]
    skipped = [[item["column"], NOT_COMPARED[item["why"]][language]] for item in data["not_compared"][:200]]
    note = say(
        language,
        en="A change counts from {moderate:g} on and is major from {major:g} on, if p stays below {alpha:g} after correction.",
        ko="{moderate:g} 이상이고 보정된 p가 {alpha:g} 미만이면 변화로 보며, {major:g} 이상이면 큰 변화입니다.",
        **data["thresholds"],
    )
    title = say(language, en="Drift by column", ko="열별 변화")
    found = [Table(title=title, columns=heads[korean], rows=rows, note=note)] if rows else []
    if skipped:
        title = say(language, en="Columns that were not compared", ko="비교하지 않은 열")
        found.append(Table(title=title, columns=heads[2 + korean], rows=skipped))
    return found


def _measured(entry: dict[str, Any], language: Language) -> tuple[str, float]:
    if entry["kind"] == "number":
        return "PSI", round(entry["psi"], 4)
    name = say(language, en="rows that changed category", ko="범주가 달라진 행의 비율")
    return name, round(entry["total_variation"], 4)
