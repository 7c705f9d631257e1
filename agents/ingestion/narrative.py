"""What a load report says in words, in Korean or English: summary, findings, warnings, tables."""

from collections.abc import Iterator
from typing import Any

from mesh.language import Language, finding, say
from mesh.results import Finding, Kpi, Table

from .wording import DROPS, FORMATS, ORDERS, PARTS, REPAIRS, SEMANTICS, TYPES

_MOST_NAMED = 8


def summary_of(report: dict[str, Any], language: Language) -> str:
    """One or two sentences: how much was loaded, what one row is, which time it covers."""
    rows, span, grain = report["rows"], report["date_span"], report["grain"]
    values = {
        "name": report["source"]["name"],
        "rows": rows["loaded"],
        "columns": len(report["columns"]),
        "read": rows["read"],
        "dropped": rows["dropped"],
    }
    if rows["dropped"]:
        first = say(
            language,
            en="Loaded {rows:,} of the {read:,} rows of {name} with {columns:,} columns; {dropped:,} were not data.",
            ko="{name}의 {read:,}행 가운데 데이터가 아닌 {dropped:,}행을 빼고 {rows:,}행, {columns:,}개 열을 불러왔습니다.",
            **values,
        )
    else:
        first = say(
            language,
            en="Loaded all {rows:,} rows of {name} with {columns:,} columns.",
            ko="{name}의 모든 행 {rows:,}개와 열 {columns:,}개를 불러왔습니다.",
            **values,
        )
    return " ".join([first, *_grain_and_span(grain, span, language)])


def _grain_and_span(
    grain: dict[str, Any] | None, span: dict[str, Any] | None, language: Language
) -> Iterator[str]:
    if grain and grain["exact"]:
        key = " × ".join(grain["columns"])
        yield say(language, en="Each row is one {key}.", ko="한 행은 {key} 하나를 나타냅니다.", key=key)
    if span:
        yield say(
            language,
            en="It covers {start} to {end}.",
            ko="기간은 {start}부터 {end}까지입니다.",
            start=span["start"],
            end=span["end"],
        )


def findings_of(report: dict[str, Any], language: Language) -> list[Finding]:
    """Facts about the load, most important first; every number in them is in the evidence."""
    return sorted(_findings(report, language), key=lambda item: -item.importance)


def _findings(report: dict[str, Any], language: Language) -> Iterator[Finding]:
    rows = report["rows"]
    values = {name: rows[name] for name in ("read", "loaded", "dropped", "repaired", "padded")}
    if any(values[name] for name in ("dropped", "repaired", "padded")):
        yield finding(
            language,
            en="Rows read: {read:,}; loaded: {loaded:,}; left out: {dropped:,}; repaired: {repaired:,}; filled up: {padded:,}.",
            ko="읽은 {read:,}행 중 {loaded:,}행을 담고 {dropped:,}행을 제외했습니다. 담은 행 가운데 {repaired:,}행은 고쳤고 "
            "{padded:,}행은 모자란 필드를 결측으로 채웠습니다.",
            importance=0.6,
            kind="load",
            **values,
        )
    else:
        yield finding(
            language,
            en="All {read:,} rows were read without a repair.",
            ko="{read:,}행 모두 고칠 것 없이 읽었습니다.",
            importance=0.2,
            kind="load",
            read=rows["read"],
        )
    yield from _table_findings(report, language)
    grain = report["grain"]
    if grain and not grain["exact"]:
        yield finding(
            language,
            en="Nearly every row is one {key}, but {violations:,} rows repeat the key of another row.",
            ko="거의 모든 행이 {key} 하나를 나타내지만 {violations:,}행은 다른 행과 키가 같습니다.",
            importance=0.7,
            kind="grain",
            key=" × ".join(grain["columns"]),
            violations=grain["violations"],
        )
    span = report["date_span"]
    if span:
        yield finding(
            language,
            en="The dates in {column} run from {start} to {end}, {days:,} days.",
            ko="{column} 열의 날짜는 {start}부터 {end}까지 {days:,}일입니다.",
            importance=0.4,
            kind="span",
            column=span["column"],
            start=span["start"],
            end=span["end"],
            days=span["days"],
        )
    missing = sum(column["missing"] for column in report["columns"])
    if missing:
        worst = max(report["columns"], key=lambda column: column["missing"])
        yield finding(
            language,
            en="Cells without a value: {missing:,}, most of them ({most:,}) in {column}.",
            ko="값이 없는 칸은 {missing:,}개이고, 가장 많은 열은 {column}({most:,}개)입니다.",
            importance=0.35,
            kind="missing",
            missing=missing,
            most=worst["missing"],
            column=worst["name"],
        )


def _table_findings(report: dict[str, Any], language: Language) -> Iterator[Finding]:
    further = [table for table in report["tables"] if not table["main"] and "left_out" not in table]
    if further:
        yield finding(
            language,
            en="The source holds {count:,} more tables: {names}. This one, {main}, is the largest.",
            ko="원본에는 표가 {count:,}개 더 있습니다: {names}. 가장 큰 {main} 표를 데이터셋으로 삼았습니다.",
            importance=0.65,
            kind="tables",
            count=len(further),
            names=", ".join(
                f"{table['name']} ({table['rows']['loaded']:,})" for table in further[:_MOST_NAMED]
            ),
            main=report["tables"][0]["name"],
        )
    files = report.get("files", [])
    if files:
        yield finding(
            language,
            en="The rows come from {count:,} {parts} of the same columns; {column} says from which each row comes.",
            ko="열이 같은 {parts} {count:,}개의 행을 모았습니다. {column} 열에 각 행이 나온 곳의 이름이 있습니다.",
            importance=0.5,
            kind="files",
            count=len(files),
            parts=PARTS[report["source"]["stacked_by"]][language],
            column=report["columns"][-1]["name"],
        )


def warnings_of(report: dict[str, Any], language: Language) -> list[str]:
    """What a careful reader has to know: rows left out or mended, values lost, guesses taken."""
    return [
        *_table_warnings(report, language),
        *_row_warnings(report["rows"], language),
        *_column_warnings(report, language),
    ]


def _table_warnings(report: dict[str, Any], language: Language) -> Iterator[str]:
    hidden = report["source"].get("hidden_sheets")
    if hidden:
        yield say(
            language,
            en="Hidden sheets of the workbook: {names}.",
            ko="통합 문서에 숨겨진 시트가 있습니다: {names}.",
            names=", ".join(hidden),
        )
    left = [table["name"] for table in report["tables"] if table.get("left_out") in ("no_rows", "limit")]
    if left:
        yield say(
            language,
            en="Parts of the source that were not loaded: {names}.",
            ko="원본에서 불러오지 않은 부분: {names}.",
            names=", ".join(left[:_MOST_NAMED]),
        )


def _row_warnings(rows: dict[str, Any], language: Language) -> Iterator[str]:
    for drop in rows["drops"]:
        if drop["why"] in ("blank_line", "empty_row"):
            continue
        yield say(
            language,
            en="Rows left out: {n:,} ({why}).",
            ko="{n:,}행을 제외했습니다({why}).",
            n=drop["count"],
            why=DROPS[drop["why"]][language],
        )
    for repair in rows["repairs"]:
        yield say(
            language,
            en="Rows repaired: {n:,} ({how}).",
            ko="{n:,}행을 고쳐서 담았습니다({how}).",
            n=repair["count"],
            how=REPAIRS[repair["how"]][language],
        )
    if rows["padded"]:
        yield say(
            language,
            en="Rows with too few fields, filled up with missing values: {n:,}.",
            ko="필드가 모자란 {n:,}행은 빈 값으로 채웠습니다.",
            n=rows["padded"],
        )


def _column_warnings(report: dict[str, Any], language: Language) -> Iterator[str]:
    unnamed = report["source"].get("unnamed_columns")
    if unnamed:
        yield say(
            language,
            en="Columns left out, which have neither a name nor a value: {n:,}.",
            ko="이름도 값도 없는 열 {n:,}개를 제외했습니다.",
            n=unnamed,
        )
    rows = report["rows"]["loaded"]
    blank = [
        column["name"]
        for column in report["columns"]
        if column["missing"] == rows and not column["unreadable"]
    ]
    if blank:
        yield say(
            language,
            en="Columns without any value: {names}.",
            ko="값이 하나도 없는 열: {names}.",
            names=", ".join(blank[:_MOST_NAMED]),
        )
        if report["source"]["format"] == "workbook":
            yield say(
                language,
                en="If these hold formulas, they were never calculated: open the workbook in a spreadsheet program, "
                "save it and send it again.",
                ko="수식이 든 열이라면 계산된 적이 없는 것이므로, 스프레드시트 프로그램에서 열어 저장한 뒤 다시 보내 주십시오.",
            )
    for column in report["columns"]:
        if column["unreadable"]:
            yield say(
                language,
                en="Values of {name} that could not be read as a {kind} and count as missing: {n:,}, such as {examples}.",
                ko="{name} 열의 값 {n:,}개는 {kind}(으로/로) 읽을 수 없어 결측으로 두었습니다. 예: {examples}",
                n=column["unreadable"],
                name=column["name"],
                kind=TYPES[column["type"]][language],
                examples=", ".join(repr(text) for text in column["unreadable_examples"][:3]) or "?",
            )
        if column.get("ambiguous_order"):
            first = ORDERS[column["ambiguous_order"]][language]
            yield say(
                language,
                en="The dates in {name} can be read in more than one order; they were read with the {first} first.",
                ko="{name} 열의 날짜는 연·월·일의 순서를 확정할 수 없어 {first}(이/가) 먼저인 것으로 읽었습니다.",
                name=column["name"],
                first=first,
            )
        if column.get("utc_offset") == "UTC":
            yield say(
                language,
                en="The times in {name} have different offsets and were converted to UTC.",
                ko="{name} 열의 시각은 시간대가 서로 달라 UTC로 바꾸었습니다.",
                name=column["name"],
            )


def kpis_of(report: dict[str, Any], language: Language) -> list[Kpi]:
    """Rows, columns and share of filled cells."""
    rows, columns = report["rows"]["loaded"], len(report["columns"])
    filled = 1 - sum(column["missing"] for column in report["columns"]) / (rows * columns)
    return [
        Kpi(label=say(language, en="Rows", ko="행"), value=rows, text=f"{rows:,}"),
        Kpi(label=say(language, en="Columns", ko="열"), value=columns, text=f"{columns:,}"),
        Kpi(label=say(language, en="Cells filled", ko="채워진 칸"), value=filled, text=_share_text(filled)),
    ]


def _share_text(share: float) -> str:
    """A share that is not whole is never printed as 100 %."""
    digits = next((d for d in (1, 2, 3, 4) if f"{share:.{d}%}" != f"{1:.{d}%}"), 4)
    return f"{share:.1%}" if share == 1 else f"{share:.{digits}%}"


def tables_of(report: dict[str, Any], language: Language) -> list[Table]:
    """The columns with their types and meanings, and the first rows."""
    head = (
        ("Column", "Type", "Meaning", "Unit", "Missing", "Distinct"),
        ("열", "자료형", "의미", "단위", "결측", "고유값"),
    )
    listed = [
        [
            c["name"],
            TYPES[c["type"]][language],
            SEMANTICS[c["semantic"]][language],
            c["unit"] or "",
            c["missing"],
            c["distinct"],
        ]
        for c in report["columns"][:200]
    ]
    preview = report["preview"]
    return [
        Table(
            title=say(language, en="Columns", ko="열 목록"), columns=list(head[language == "ko"]), rows=listed
        ),
        Table(
            title=say(language, en="First rows", ko="처음 몇 행"),
            columns=preview["columns"],
            rows=preview["rows"],
            note=say(
                language,
                en="Read as {kind}",
                ko="{kind} 형식으로 읽음",
                kind=FORMATS[report["source"]["format"]][language],
            ),
        ),
    ]
