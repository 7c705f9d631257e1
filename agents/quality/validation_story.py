"""What a validation says in words, in Korean or English."""

from typing import Any

from mesh.language import Language, finding, say
from mesh.results import Finding, Kpi, Table

from .narrative import share_text

_STATUS = {
    "passed": {"en": "passed", "ko": "통과"},
    "failed": {"en": "failed", "ko": "위반"},
    "warned": {"en": "warning", "ko": "주의"},
    "not_checked": {"en": "not checked", "ko": "확인 불가"},
}
_MAX_FINDINGS = 10


def summary_of(data: dict[str, Any], language: Language) -> str:
    """Passed or failed, by how much, and the worst violation."""
    counts = data["counts"]
    if data["passed"]:
        passed = say(
            language,
            en="The data is valid: none of {rules:,} rules that must hold is violated in {rows:,} rows.",
            ko="데이터가 유효합니다. {rows:,}행에서 반드시 지켜야 할 규칙 {rules:,}개 중 위반이 없습니다.",
            rules=data["rules"] - counts["warned"] - counts["not_checked"],
            rows=data["rows"],
        )
        warned = say(
            language,
            en=" Rules that usually hold and were violated: {n:,}.",
            ko=" 대체로 지켜지는 규칙 중 어긋난 것은 {n:,}개입니다.",
            n=counts["warned"],
        )
        return passed + (warned if counts["warned"] else "")
    first = say(
        language,
        en="The data is not valid: {failed:,} of {rules:,} rules are violated, in {bad:,} of {rows:,} rows. ",
        ko="데이터가 유효하지 않습니다. 규칙 {rules:,}개 중 {failed:,}개를 {rows:,}행 중 {bad:,}행이 위반합니다. ",
        failed=counts["failed"],
        rules=data["rules"],
        bad=data["rows_with_violations"],
        rows=data["rows"],
    )
    return first + findings_of(data, language)[0].text


def findings_of(data: dict[str, Any], language: Language) -> list[Finding]:
    """The violated rules, the worst first; else that none is."""
    found = [_violated(r, language) for r in data["results"] if r["status"] in ("failed", "warned")][
        :_MAX_FINDINGS
    ]
    absent = [r for r in data["results"] if r["obstacle"] == "absent" and r["kind"] == "type"]
    if absent:
        names = ", ".join(result["columns"][0] for result in absent)
        en, ko = "Columns that must be there are missing: {columns}.", "있어야 할 열이 없습니다: {columns}"
        found = [r for r in found if r.evidence.get("obstacle") != "absent"]
        found.insert(
            0, finding(language, en=en, ko=ko, importance=0.95, kind="absent_columns", columns=names)
        )
    if not found:
        found.append(
            finding(
                language,
                en="All {rules:,} rules hold in all {rows:,} rows.",
                ko="규칙 {rules:,}개가 {rows:,}행 모두에서 지켜집니다.",
                importance=0.6,
                kind="valid",
                rules=data["rules"],
                rows=data["rows"],
            )
        )
    if data["further_columns"]:
        en, ko = "Columns that no rule speaks of: {columns}.", "규칙에 없는 열: {columns}"
        columns = ", ".join(data["further_columns"][:20])
        found.append(
            finding(language, en=en, ko=ko, importance=0.25, kind="further_columns", columns=columns)
        )
    return found


def _violated(result: dict[str, Any], language: Language) -> Finding:
    failed = result["status"] == "failed"
    shown = next(iter(result["examples"]), None)
    told = ", ".join(f"{name} = {value}" for name, value in shown["values"].items()) if shown else ""
    example_en, example_ko = (" Row {row}: {values}.", " {row}행: {values}") if shown else ("", "")
    return finding(
        language,
        en="{violations:,} of {checked:,} values break the rule: {text}" + example_en,
        ko="값 {checked:,}개 중 {violations:,}개가 규칙을 어깁니다: {text}" + example_ko,
        importance=round((0.7 if failed else 0.4) + 0.25 * float(result["share"]), 4),
        kind="violation" if failed else "usual_rule_violated",
        violations=result["violations"],
        checked=result["checked"],
        text=result["text"],
        row=shown["row"] if shown else None,
        values=told,
        obstacle=result["obstacle"],
        limits={name: result[name] for name in ("min", "max", "values", "regex") if name in result},
    )


def kpis_of(data: dict[str, Any], language: Language) -> list[Kpi]:
    """Rules kept, and rows without a violation."""
    kept = data["counts"]["passed"]
    valid = data["rows"] - data["rows_with_violations"]
    share = valid / data["rows"] if data["rows"] else 1.0
    return [
        Kpi(
            label=say(language, en="Rules kept", ko="지켜진 규칙"),
            value=kept,
            text=f"{kept:,} / {data['rules']:,}",
        ),
        Kpi(label=say(language, en="Valid rows", ko="유효한 행"), value=share, text=share_text(share)),
    ]


def tables_of(data: dict[str, Any], language: Language) -> list[Table]:
    """Every rule with its status."""
    heads = {
        "en": ["Status", "Rule", "Violations", "Checked"],
        "ko": ["상태", "규칙", "위반", "확인한 값"],
    }
    rows = [
        [_STATUS[r["status"]][language], r["text"], r["violations"], r["checked"]]
        for r in data["results"][:300]
    ]
    return [Table(title=say(language, en="Rules", ko="규칙별 결과"), columns=heads[language], rows=rows)]
