"""What suggested constraints say in words, in Korean or English."""

from typing import Any

from mesh.language import Language, finding, say
from mesh.results import Finding, Kpi, Table

from .constraints import constraints_from

_ORDER = ("arithmetic", "order", "determines", "unique", "pattern", "allowed", "range", "not_null", "type")
"""The most telling kinds first."""
_MAX_FINDINGS = 10


def summary_of(document: dict[str, Any], language: Language) -> str:
    """How many rules there are, how many hold throughout, and the most telling one."""
    entries = document["constraints"]
    exact = sum(entry["severity"] == "error" for entry in entries)
    first = say(
        language,
        en="{n:,} rules suggested from {rows:,} rows: {exact:,} hold in every row, {nearly:,} in nearly every one. ",
        ko="{rows:,}행에서 규칙 {n:,}개를 제안합니다. {exact:,}개는 모든 행에서, {nearly:,}개는 거의 모든 행에서 성립합니다. ",
        n=len(entries),
        rows=document["rows"],
        exact=exact,
        nearly=len(entries) - exact,
    )
    return first + say(
        language,
        en="Run the pandera schema on new files, or ask to validate them against these rules.",
        ko="새 파일에 pandera 스키마를 실행하거나, 이 규칙으로 검증해 달라고 요청하십시오.",
    )


def findings_of(document: dict[str, Any], language: Language) -> list[Finding]:
    """The most telling rules, each with the rows it holds for; those that some rows break first."""
    entries = document["constraints"]
    rules = constraints_from(document, language)
    told = [
        (rule, entry)
        for rule, entry in zip(rules, entries, strict=True)
        if rule.kind not in ("type", "not_null")
    ]
    told.sort(key=lambda item: (item[1]["severity"] == "error", _ORDER.index(item[0].kind)))
    return [
        finding(
            language,
            en="{text} It holds in {held:,} of {checked:,} rows; {reason}.",
            ko="{text} {checked:,}행 중 {held:,}행에서 성립합니다. 근거: {reason}.",
            importance=0.7
            if entry["severity"] == "warning"
            else round(0.6 - 0.03 * _ORDER.index(rule.kind), 4),
            kind="constraint",
            text=rule.text(language),
            reason=entry["reason"],
            held=entry["held"],
            checked=entry["checked"],
            limits=dict(rule.limits),
        )
        for rule, entry in told[:_MAX_FINDINGS]
    ]


def kpis_of(document: dict[str, Any], language: Language) -> list[Kpi]:
    """How many rules there are, and how many of them hold in every row."""
    entries = document["constraints"]
    exact = sum(entry["severity"] == "error" for entry in entries)
    figures = (
        (len(entries), "Suggested rules", "제안한 규칙"),
        (exact, "Hold in every row", "모든 행에서 성립"),
        (len(entries) - exact, "Hold in nearly every row", "거의 모든 행에서 성립"),
    )
    return [Kpi(label=say(language, en=en, ko=ko), value=n, text=f"{n:,}") for n, en, ko in figures]


def tables_of(document: dict[str, Any], language: Language) -> list[Table]:
    """Every rule with its reason and its evidence."""
    heads = {
        "en": ["Rule", "Reason", "Holds in", "Checked"],
        "ko": ["규칙", "근거", "성립", "확인한 행"],
    }
    rules = constraints_from(document, language)
    rows = [
        [rule.text(language), entry["reason"], entry["held"], entry["checked"]]
        for rule, entry in zip(rules, document["constraints"], strict=True)
    ]
    title = say(language, en="Suggested rules", ko="제안한 규칙")
    return [Table(title=title, columns=heads[language], rows=rows[:300])]
