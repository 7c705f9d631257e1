"""What a cleaning says in words, in Korean or English."""

from typing import Any

from mesh.language import Language, finding, say
from mesh.results import Finding, Kpi, Table

from .figures import Figure
from .narrative import kind_name

REFUSALS: dict[str, dict[Language, str]] = {
    "unsure": {"en": "the repair is not sure enough", "ko": "수정이 충분히 확실하지 않음"},
    "no_repair": {"en": "no repair is known", "ko": "고칠 값을 알 수 없음"},
    "not_requested": {"en": "not asked for", "ko": "요청되지 않음"},
    "outliers_left": {
        "en": "outliers may be right and are left unless asked for",
        "ko": "이상치는 옳은 값일 수 있어 요청 없이는 그대로 둠",
    },
    "missing_left": {"en": "missing values are left unless asked for", "ko": "결측은 요청 없이는 그대로 둠"},
    "mostly_missing": {
        "en": "more than half is missing, so filling would make values up",
        "ko": "절반 넘게 비어 있어 채우면 지어낸 값이 됨",
    },
    "identifier": {"en": "an identifier cannot be made up", "ko": "식별자는 지어낼 수 없음"},
    "no_middle": {
        "en": "dates and free text have no typical value",
        "ko": "날짜와 자유 서술에는 대푯값이 없음",
    },
    "not_a_quantity": {"en": "only quantities can be interpolated", "ko": "수량만 보간할 수 있음"},
    "no_timeline": {
        "en": "no date tells the rows apart, so there are no neighbours in time",
        "ko": "날짜로 행이 구분되지 않아 시간상 이웃이 없음",
    },
    "no_neighbours": {"en": "no known value before and after", "ko": "앞뒤에 알려진 값이 없음"},
}
_ACTIONS = {
    "replace": (
        "{count:,} {cells} of {column} corrected, such as '{before}' to '{after}'.",
        "{column} 열의 값 {count:,}개를 고쳤습니다(예: '{before}' → '{after}').",
    ),
    "empty": (
        "{count:,} {cells} of {column} emptied: '{before}' stands for a missing value.",
        "{column} 열의 값 {count:,}개를 비웠습니다. '{before}'(은/는) 결측을 뜻합니다.",
    ),
    "fill": (
        "{count:,} missing {cells} of {column} filled with the {how} {after}.",
        "{column} 열의 결측 {count:,}개를 {how} {after}(으로/로) 채웠습니다.",
    ),
    "interpolate": (
        "{count:,} missing {cells} of {column} filled on the line between neighbours in time.",
        "{column} 열의 결측 {count:,}개를 시간상 앞뒤 값 사이로 보간했습니다.",
    ),
    "clip": (
        "{count:,} {cells} of {column} far from the rest brought to the edge of the rest, {low} to {high}.",
        "{column} 열에서 크게 벗어난 값 {count:,}개를 나머지 값의 범위 {low}~{high}에 맞췄습니다.",
    ),
    "convert": (
        "{column} turned from text into dates.",
        "{column} 열을 텍스트에서 날짜로 바꿨습니다.",
    ),
    "flag": (
        "{count:,} {cells} of {column} far from the rest flagged in a column of their own.",
        "{column} 열에서 크게 벗어난 값 {count:,}개를 별도 열에 표시했습니다.",
    ),
    "duplicate_rows": (
        "{count:,} {rows} removed that repeat an earlier row exactly.",
        "앞의 행과 똑같은 {count:,}행을 제거했습니다.",
    ),
    "near_duplicates": (
        "{count:,} {rows} removed that nearly repeat an earlier row.",
        "앞의 행과 거의 같은 {count:,}행을 제거했습니다.",
    ),
    "missing": (
        "{count:,} {rows} removed that lack a value in {why}.",
        "{why} 값이 없는 {count:,}행을 제거했습니다.",
    ),
    "outliers": (
        "{count:,} {rows} removed whose {why} lies far from the rest.",
        "{why} 값이 나머지에서 크게 벗어난 {count:,}행을 제거했습니다.",
    ),
}
_HOW: dict[str, dict[Language, str]] = {
    "median": {"en": "median", "ko": "중앙값"},
    "mean": {"en": "mean", "ko": "평균"},
    "mode": {"en": "most frequent value", "ko": "최빈값"},
}
_MAX_FINDINGS = 12


def summary_of(data: dict[str, Any], language: Language) -> str:
    """What was done and what it did to the score; for a preview, what would be done."""
    if not data["changes"]:
        return say(
            language,
            en="Nothing was changed. {why}",
            ko="변경한 내용이 없습니다. {why}",
            why=_left_text(data, language)
            or say(language, en="No error was found.", ko="오류가 발견되지 않았습니다."),
        )
    done = say(
        language,
        en="{cells:,} cells changed and {rows:,} rows removed; the quality score goes from {before:.2f} to {after:.2f}. ",
        ko="값 {cells:,}개를 고치고 {rows:,}행을 제거했습니다. 품질 점수가 {before:.2f}점에서 {after:.2f}점이 되었습니다. ",
        cells=data["cells_changed"],
        rows=data["rows_removed"],
        before=data["score_before"],
        after=data["score_after"],
    )
    if not data["preview"]:
        kept = say(language, en="The original stays as it is.", ko="원본은 그대로 남아 있습니다.")
        return done + kept
    preview = say(
        language,
        en="This is a preview; the dataset is not changed. Applied, it would read: ",
        ko="미리보기이며 데이터는 바뀌지 않았습니다. 적용하면 다음과 같습니다. ",
    )
    return preview + done.strip()


def findings_of(data: dict[str, Any], language: Language) -> list[Finding]:
    """One finding for each change, the largest first, then what was left alone."""
    order = sorted(data["changes"], key=lambda change: -change["count"])
    found = [_done(change, data["rows_before"], language) for change in order[:_MAX_FINDINGS]]
    left = _left_text(data, language)
    if left:
        counts = {f"{item['column']}_{item['kind']}": item["count"] for item in data["left_alone"]}
        found.append(Finding(text=left, evidence=counts, importance=0.45, kind="left_alone"))
    return found


def _done(change: dict[str, Any], rows: int, language: Language) -> Finding:
    count = change["count"]
    word = change["kind"] if change["action"] == "drop_rows" else change["action"]
    en, ko = _ACTIONS[word]
    example = change["examples"][0] if change["examples"] else {}
    bounds = change["value"] if change["action"] == "clip" else [0.0, 0.0]
    return finding(
        language,
        en=en,
        ko=ko,
        importance=round(0.55 + 0.4 * min(1.0, count / max(1, rows)), 4),
        kind=f"cleaned_{change['kind']}",
        column=change["column"],
        count=count,
        cells="value" if count == 1 else "values",
        rows="row" if count == 1 else "rows",
        before=example.get("before"),
        after=_shown(example.get("after")),
        how=_HOW.get(change["why"], {}).get(language, ""),
        why=change["why"],
        low=Figure(bounds[0]),
        high=Figure(bounds[1]),
    )


def _shown(value: Any) -> Any:
    return Figure(value) if isinstance(value, float) else value


def _left_text(data: dict[str, Any], language: Language) -> str:
    """What was found and left alone, by reason."""
    parts = []
    for why in dict.fromkeys(item["why"] for item in data["left_alone"]):
        items = [item for item in data["left_alone"] if item["why"] == why]
        named = ", ".join(
            say(
                language,
                en="{column} ({count:,})",
                ko="{column}({count:,})",
                **{k: i[k] for k in ("column", "count")},
            )
            for i in items[:6]
        )
        parts.append(f"{named}{', …' if len(items) > 6 else ''}: {REFUSALS[why][language]}")
    if not parts:
        return ""
    return say(
        language,
        en="Found and left alone: {parts}.",
        ko="찾았지만 그대로 둔 것: {parts}.",
        parts="; ".join(parts),
    )


def warnings_of(data: dict[str, Any], language: Language) -> list[str]:
    """What a person must know before using the cleaned data."""
    found = []
    if not data["complete"]:
        found.append(
            say(
                language,
                en="Cleaning stopped before it came to rest; clean the result once more.",
                ko="정제가 끝나기 전에 멈췄습니다. 결과를 한 번 더 정제해 주십시오.",
            )
        )
    made_up = sum(c["count"] for c in data["changes"] if c["action"] in ("fill", "interpolate"))
    if made_up:
        found.append(
            say(
                language,
                en="{n:,} values were filled in: they are estimates, not observations.",
                ko="채워 넣은 값 {n:,}개는 관측값이 아니라 추정값입니다.",
                n=made_up,
            )
        )
    return found


def kpis_of(data: dict[str, Any], language: Language) -> list[Kpi]:
    """The score before and after, cells changed and rows removed."""
    figures = (
        ("score_before", "Score before", "정제 전 점수", "{:.2f}"),
        ("score_after", "Score after", "정제 후 점수", "{:.2f}"),
        ("cells_changed", "Cells changed", "고친 값", "{:,}"),
        ("rows_removed", "Rows removed", "제거한 행", "{:,}"),
    )
    return [
        Kpi(label=say(language, en=en, ko=ko), value=data[name], text=form.format(data[name]))
        for name, en, ko, form in figures
    ]


def tables_of(data: dict[str, Any], language: Language) -> list[Table]:
    """Changes with examples, what was left alone with the reason, and issues before and after."""
    korean = language == "ko"
    heads = (
        (
            ["What", "Column", "Count", "Example", "Least confidence"],
            ["유형", "열", "건수", "예", "최소 확신도"],
        ),
        (["What", "Column", "Count", "Why it stays"], ["유형", "열", "건수", "그대로 둔 이유"]),
        (["Issue", "Before", "After"], ["문제", "정제 전", "정제 후"]),
    )
    changes = [
        [kind_name(c["kind"], language), c["column"] or "", c["count"], _example(c), c["confidence"]]
        for c in data["changes"][:200]
    ]
    left = [
        [kind_name(i["kind"], language), i["column"], i["count"], REFUSALS[i["why"]][language]]
        for i in data["left_alone"][:200]
    ]
    kinds = sorted({*data["issues_before"], *data["issues_after"]})
    issues = [
        [kind_name(k, language), data["issues_before"].get(k, 0), data["issues_after"].get(k, 0)]
        for k in kinds
    ]
    titles = (
        say(language, en="Changes", ko="변경 내용"),
        say(language, en="Found and left alone", ko="찾았지만 그대로 둔 것"),
        say(language, en="Issues before and after", ko="정제 전후의 문제"),
    )
    return [
        Table(title=title, columns=head[korean], rows=rows)
        for title, head, rows in zip(titles, heads, (changes, left, issues), strict=True)
        if rows
    ]


def _example(change: dict[str, Any]) -> str:
    example = change["examples"][0] if change["examples"] else None
    if example is None:
        return ""
    if "before" not in example:
        return f"#{example['row']}"
    return f"{_blank(example['before'])} → {_blank(example['after'])}"


def _blank(value: Any) -> str:
    return "∅" if value is None else str(value)
