"""What a quality report says in words, in Korean or English: summary, findings, tables, headline numbers."""

from typing import Any

from mesh.language import Language, finding, say
from mesh.results import Finding, Kpi, Table

from .figures import MILLION, Figure

_SEVERITY = {
    "high": {"en": "high", "ko": "높음"},
    "medium": {"en": "medium", "ko": "보통"},
    "low": {"en": "low", "ko": "낮음"},
}
_KIND = {
    "missing": {"en": "missing values", "ko": "결측"},
    "disguised_missing": {"en": "disguised missing values", "ko": "위장 결측"},
    "duplicate_rows": {"en": "repeated rows", "ko": "중복 행"},
    "near_duplicates": {"en": "nearly repeated rows", "ko": "유사 중복 행"},
    "duplicate_key": {"en": "repeated key", "ko": "중복 키"},
    "unreadable": {"en": "unreadable values", "ko": "읽을 수 없는 값"},
    "shifted_rows": {"en": "shifted rows", "ko": "열이 밀린 행"},
    "negative": {"en": "negative values", "ko": "음수"},
    "out_of_range": {"en": "out of range", "ko": "범위 초과"},
    "infinite": {"en": "infinite values", "ko": "무한대"},
    "future_date": {"en": "future dates", "ko": "미래 날짜"},
    "placeholder_date": {"en": "placeholder dates", "ko": "임시 날짜"},
    "reversed_period": {"en": "reversed periods", "ko": "기간 역전"},
    "invalid_format": {"en": "invalid format", "ko": "형식 오류"},
    "mixed_types": {"en": "mixed types", "ko": "자료형 혼재"},
    "mixed_dates": {"en": "mixed dates", "ko": "날짜 표기 혼재"},
    "damaged_text": {"en": "damaged text", "ko": "깨진 글자"},
    "string_variants": {"en": "several spellings", "ko": "표기 불일치"},
    "possible_typo": {"en": "possible typing errors", "ko": "오타 의심"},
    "format_deviation": {"en": "other format", "ko": "형식 이탈"},
    "dependency_violation": {"en": "contradicts another column", "ko": "다른 열과 모순"},
    "determined_missing": {"en": "missing but determined", "ko": "채울 수 있는 결측"},
    "outliers": {"en": "outliers", "ko": "이상치"},
    "contextual_outliers": {"en": "unexpected for their time", "ko": "시점상 이례값"},
    "unusual_rows": {"en": "unusual combination", "ko": "이례적인 조합"},
    "unit_mixup": {"en": "mixed units", "ko": "단위 혼재"},
    "leakage": {"en": "gives the target away", "ko": "정답 유출"},
    "broken_rule": {"en": "broken rule", "ko": "계산 불일치"},
    "constant": {"en": "constant column", "ko": "상수 열"},
    "equal_columns": {"en": "equal columns", "ko": "동일 열"},
    "date_gaps": {"en": "gaps in time", "ko": "기간 공백"},
}


def kind_name(kind: str, language: Language) -> str:
    """What a kind of issue is called."""
    return _KIND[kind][language] if kind in _KIND else kind.replace("_", " ")


def severity_name(severity: str, language: Language) -> str:
    """What a severity is called."""
    return _SEVERITY[severity][language]


def summary_of(data: dict[str, Any], language: Language) -> str:
    """Score, how much is wrong, and the worst of it."""
    first = say(
        language,
        en="Quality score {score:.2f} of 100 for {rows:,} rows and {columns:,} columns.",
        ko="{rows:,}행 {columns:,}열의 데이터 품질 점수는 100점 만점에 {score:.2f}점입니다.",
        score=data["score"],
        rows=data["rows"],
        columns=data["columns"],
    )
    return f"{first} {_verdict(data, language)}"


def _verdict(data: dict[str, Any], language: Language) -> str:
    counts, issues = data["issue_counts"], data["issues"]
    if not issues:
        return say(
            language,
            en="No missing values, repeated rows, impossible values or outliers were found.",
            ko="결측, 중복, 잘못된 값, 이상치가 발견되지 않았습니다.",
        )
    worst = issues[0]["message"]
    if not counts["high"] and not counts["medium"]:
        return say(
            language,
            en="Nothing serious was found; minor remarks: {low:,}. {worst}",
            ko="심각한 문제는 없고 가벼운 사항이 {low:,}건 있습니다. {worst}",
            low=counts["low"],
            worst=worst,
        )
    return say(
        language,
        en="Issues by severity: {high:,} high, {medium:,} medium, {low:,} low. The most important: {worst}",
        ko="심각도가 높은 문제 {high:,}건, 보통 {medium:,}건, 낮은 문제 {low:,}건을 찾았습니다. 가장 중요한 문제: {worst}",
        worst=worst,
        **counts,
    )


MAX_MISSING_FINDINGS = 3


def findings_of(data: dict[str, Any], language: Language, limit: int = 12) -> list[Finding]:
    """The most important issues, then what was checked and found in order."""
    plain = [
        issue
        for issue in data["issues"]
        if issue["kind"] == "missing" and issue["evidence"].get("by") is None
    ]
    merged = plain if len(plain) > MAX_MISSING_FINDINGS else []
    found = [
        Finding(
            text=issue["message"],
            evidence={"column": issue["column"], **issue["evidence"]},
            importance=_importance(issue),
            kind=issue["kind"],
        )
        for issue in data["issues"]
        if issue not in merged
    ]
    if merged:
        found.append(_missing_finding(merged, language))
    found.sort(key=lambda item: -item.importance)
    return [*found[:limit], *_good_news(data, language)]


def _missing_finding(issues: list[dict[str, Any]], language: Language) -> Finding:
    """One finding for many columns with missing values."""
    worst = issues[0]
    return finding(
        language,
        en="{columns:,} columns have missing values, {cells:,} in all; {column} misses most, {share:.2%} of its rows.",
        ko="{columns:,}개 열에 결측이 모두 {cells:,}개 있고, 가장 많은 {column} 열은 행의 {share:.2%}가 비어 있습니다.",
        importance=_importance(worst),
        kind="missing",
        columns=len(issues),
        cells=sum(issue["count"] for issue in issues),
        column=worst["column"],
        share=worst["share"],
    )


def _importance(issue: dict[str, Any]) -> float:
    base = {"high": 0.8, "medium": 0.55, "low": 0.3}[issue["severity"]]
    share = 0.0 if issue["dimension"] == "plausibility" else min(1.0, float(issue["share"]))
    return round(base + 0.19 * share, 4)


def _good_news(data: dict[str, Any], language: Language) -> list[Finding]:
    good: list[Finding] = []
    kinds = {issue["kind"] for issue in data["issues"]}
    if not kinds & {"duplicate_rows", "duplicate_key"}:
        good.append(
            finding(
                language,
                en="None of the {rows:,} rows repeats another.",
                ko="{rows:,}행 가운데 중복된 행이 없습니다.",
                importance=0.15,
                kind="duplicates",
                rows=data["rows"],
            )
        )
    calendar = data["calendar"]
    if calendar and not calendar["absent_periods"]:
        good.append(
            finding(
                language,
                en="{column} has no gap: all {expected:,} periods are present.",
                ko="{column} 열에는 빠진 기간 없이 {expected:,}개 기간이 모두 있습니다.",
                importance=0.2,
                kind="calendar",
                column=calendar["column"],
                expected=calendar["expected_periods"],
            )
        )
    good += [
        finding(
            language,
            en="{rule} holds in all {checked:,} complete rows.",
            ko="{rule} 관계가 값이 있는 {checked:,}행 모두에서 성립합니다.",
            importance=0.25,
            kind="rule",
            rule=rule["rule"],
            checked=rule["checked"],
        )
        for rule in data["rules"]
        if rule["broken"] == 0
    ]
    return good + _heavy_tails(data, language)


def _heavy_tails(data: dict[str, Any], language: Language) -> list[Finding]:
    return [
        Finding(
            text=say(
                language,
                en="{column} has a heavy tail: {share:.1%} of its values lie far from the median of {median}. So many are the "
                "shape of the column, not errors.",
                ko="{column} 열은 꼬리가 긴 분포입니다. 값의 {share:.1%}가 중앙값 {median}에서 크게 떨어져 있어 오류가 아니라 "
                "분포의 특성으로 봅니다.",
                column=entry["column"],
                share=entry["share"],
                median=Figure(entry["median"]),
            ),
            evidence={name: entry[name] for name in ("column", "share", "median")},
            importance=0.2,
            kind="heavy_tail",
        )
        for entry in data["outliers"]
        if entry["treated_as"] == "heavy_tail"
    ]


def kpis_of(data: dict[str, Any], language: Language) -> list[Kpi]:
    """The score and its four parts."""
    labels = (
        ("completeness", "Completeness", "완전성"),
        ("uniqueness", "Uniqueness", "유일성"),
        ("validity", "Validity", "유효성"),
        ("consistency", "Consistency", "일관성"),
    )
    score = Kpi(
        label=say(language, en="Quality score", ko="품질 점수"),
        value=data["score"],
        text=f"{data['score']:.2f}",
        note=data["score_formula"],
    )
    return [
        score,
        *(
            Kpi(label=(en, ko)[language == "ko"], value=data[k], text=share_text(data[k]))
            for k, en, ko in labels
        ),
    ]


def share_text(share: float) -> str:
    """A share as a percentage with as many decimals as keep it from reading 100 % when it is less, at most six."""
    if share == 1:
        return "100%"
    return next((text for d in range(1, 7) if (text := f"{share:.{d}%}") != f"{1:.{d}%}"), f"{share:.6%}")


def tables_of(data: dict[str, Any], language: Language) -> list[Table]:
    """The issues ranked, and the columns with what is missing in them."""
    issues = [
        [
            severity_name(i["severity"], language),
            i["column"] or "",
            kind_name(i["kind"], language),
            i["count"],
            i["message"],
        ]
        for i in data["issues"][:100]
    ]
    columns = [
        [
            p["name"],
            p["count"],
            p["missing"],
            p["distinct"],
            *(_rounded(p.get(k)) for k in ("min", "mean", "max")),
        ]
        for p in data["column_profiles"][:200]
    ]
    heads = (
        ["Severity", "Column", "Issue", "Count", "What"],
        ["심각도", "열", "유형", "건수", "내용"],
        ["Column", "Values", "Missing", "Distinct", "Min", "Mean", "Max"],
        ["열", "값 수", "결측", "고유값", "최소", "평균", "최대"],
    )
    korean = language == "ko"
    found = [
        Table(
            title=say(language, en="Column profile", ko="열 프로파일"),
            columns=heads[2 + korean],
            rows=columns,
        ),
    ]
    if issues:
        title = say(language, en="Issues by importance", ko="중요도순 문제 목록")
        found.insert(0, Table(title=title, columns=heads[korean], rows=issues))
    return found


def _rounded(value: Any) -> Any:
    """Six digits, or all of those before the point."""
    if not isinstance(value, float):
        return value
    return float(round(value)) if abs(value) >= MILLION else float(f"{value:.6g}")
