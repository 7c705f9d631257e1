"""What is said of personal data, in Korean or English. No sentence holds a value that was not masked."""

from collections.abc import Sequence
from typing import Any

from mesh.language import Language, finding, say
from mesh.results import Finding, Kpi, Table

from .personal_kinds import SPECIAL, label_of

_PROOFS: dict[str, dict[Language, str]] = {
    "checksum": {"en": "check digit", "ko": "검증 숫자"},
    "form": {"en": "way of writing", "ko": "표기 형식"},
    "context": {"en": "words beside it", "ko": "앞뒤 표현"},
    "column_name": {"en": "name of the column", "ko": "열 이름"},
}
_STYLES: dict[str, dict[Language, str]] = {
    "partial": {"en": "partly starred", "ko": "일부를 별표로 가림"},
    "label": {"en": "replaced by their kind", "ko": "종류 표시로 바꿈"},
    "pseudonym": {"en": "replaced by numbered stand-ins", "ko": "번호가 붙은 가명으로 바꿈"},
}
_MAX_FINDINGS = 12


def detection_summary(data: dict[str, Any], language: Language) -> str:
    """Which kinds were found and where; or that none was."""
    if not data["kinds"]:
        nothing = say(
            language,
            en="No personal data was found in {columns:,} columns and {rows:,} rows.",
            ko="열 {columns:,}개, {rows:,}행에서 개인정보를 찾지 못했습니다.",
            columns=data["columns_total"],
            rows=data["rows"],
        )
        return " ".join([nothing, *_doubts(data, language)])
    return say(
        language,
        en="{n} of {total} columns hold personal data: {kinds}.",
        ko="열 {total}개 중 {n}개에 개인정보가 있습니다: {kinds}.",
        n=data["columns_with_personal_data"],
        total=data["columns_total"],
        kinds=_kinds_text(data["kinds"], language),
    )


def masking_summary(data: dict[str, Any], language: Language) -> str:
    """How much was masked and how; or that there was nothing to mask."""
    if not data["cells_masked"]:
        return say(
            language,
            en="Nothing was masked: no personal data of the kinds asked for was found. The dataset is passed "
            "on unchanged.",
            ko="요청하신 개인정보를 찾지 못해 가린 값이 없습니다. 데이터는 그대로입니다.",
        )
    return say(
        language,
        en="{cells:,} cells in {columns} columns were masked ({style}): {kinds}. The original stays as it is.",
        ko="열 {columns}개의 값 {cells:,}개를 가렸습니다({style}): {kinds}. 원본은 그대로 남아 있습니다.",
        cells=data["cells_masked"],
        columns=len(data["columns_masked"]),
        style=_STYLES[data["style"]][language],
        kinds=_kinds_text(data["kinds"], language),
    )


def findings_of(data: dict[str, Any], language: Language) -> list[Finding]:
    """One finding for each kind in each column, those that the law protects most first."""
    return [_found(item, data["rows"], language) for item in data["found"] if item["certain"]][:_MAX_FINDINGS]


def _found(item: dict[str, Any], rows: int, language: Language) -> Finding:
    special = item["kind"] in SPECIAL
    proof = max(item["proofs"], key=lambda name: item["proofs"][name])
    return finding(
        language,
        en="{column} holds a {label} in {count:,} of {rows:,} rows (known by its {proof}), such as {example}.",
        ko="{column} 열 {rows:,}행 중 {count:,}행에 {label}(이/가) 있습니다(판단 근거: {proof}). 예: {example}",
        importance=round(min(0.95, (0.7 if special else 0.5) + 0.25 * item["share"]), 4),
        kind=f"pii_{item['kind']}",
        column=item["column"],
        label=label_of(item["kind"], language),
        count=item["rows"],
        rows=rows,
        proof=_PROOFS[proof][language],
        example=item["examples"][0],
    )


def warnings_of(data: dict[str, Any], language: Language) -> list[str]:
    """What was left unmasked, and which columns may hold names of people but also of something else."""
    said = _doubts(data, language)
    left = [item for item in data.get("left", []) if item["certain"]]
    if left:
        said.append(
            say(
                language,
                en="Left unmasked, as it was not asked for: {left}.",
                ko="요청에 없어 가리지 않은 개인정보: {left}.",
                left=", ".join(f"{item['column']} ({label_of(item['kind'], language)})" for item in left),
            )
        )
    return said


def kpis_of(data: dict[str, Any], language: Language) -> list[Kpi]:
    """Columns with personal data, or cells masked."""
    if "cells_masked" in data:
        cells = data["cells_masked"]
        return [Kpi(label=say(language, en="Cells masked", ko="가린 값"), value=cells, text=f"{cells:,}")]
    columns = data["columns_with_personal_data"]
    label = say(language, en="Columns with personal data", ko="개인정보가 있는 열")
    return [Kpi(label=label, value=columns, text=f"{columns:,}")]


def tables_of(data: dict[str, Any], language: Language) -> list[Table]:
    """Every kind in every column; none when nothing was found."""
    if not data["found"]:
        return []
    heads: Sequence[str] = (
        ["column", "kind", "rows", "share", "known by", "example, masked"]
        if language == "en"
        else ["열", "종류", "행", "비율", "판단 근거", "가린 예"]
    )
    rows = [
        [
            item["column"],
            label_of(item["kind"], language),
            item["rows"],
            item["share"],
            ", ".join(_PROOFS[name][language] for name in item["proofs"]),
            item["examples"][0],
        ]
        for item in data["found"]
    ]
    return [Table(title=say(language, en="Personal data", ko="개인정보"), columns=list(heads), rows=rows)]


def _kinds_text(kinds: Sequence[dict[str, Any]], language: Language) -> str:
    return "; ".join(
        say(
            language,
            en="{label} ({columns}, {cells:,} {word})",
            ko="{label}({columns}, {cells:,}건)",
            label=label_of(item["kind"], language),
            columns=", ".join(item["columns"][:4]),
            cells=item["cells"],
            word="cell" if item["cells"] == 1 else "cells",
        )
        for item in kinds
    )


def _doubts(data: dict[str, Any], language: Language) -> list[str]:
    if not data["doubtful"]:
        return []
    return [
        say(
            language,
            en="{columns} may hold names of people or of something else and was not counted as personal; mask "
            "it by naming "
            "the column.",
            ko="{columns} 열은 사람 이름인지 다른 이름인지 확실하지 않아 개인정보로 세지 않았습니다. 가리려면 "
            "열 이름을 지정해 주십시오.",
            columns=", ".join(data["doubtful"]),
        )
    ]
