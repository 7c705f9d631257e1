"""Names of types, meanings, formats and row fates for people, in both languages."""

from mesh.language import Language

Words = dict[str, dict[Language, str]]

TYPES: Words = {
    "integer": {"en": "whole number", "ko": "정수"},
    "number": {"en": "number", "ko": "숫자"},
    "boolean": {"en": "yes/no", "ko": "참/거짓"},
    "date": {"en": "date", "ko": "날짜"},
    "datetime": {"en": "date and time", "ko": "일시"},
    "string": {"en": "text", "ko": "문자"},
}

SEMANTICS: Words = {
    "identifier": {"en": "identifier", "ko": "식별자"},
    "category": {"en": "category", "ko": "범주"},
    "boolean": {"en": "yes/no", "ko": "참/거짓"},
    "measure": {"en": "amount (adds up)", "ko": "합산할 수 있는 양"},
    "intensive": {"en": "level (does not add up)", "ko": "합산하지 않는 값"},
    "count": {"en": "count (adds up)", "ko": "개수(합산 가능)"},
    "date": {"en": "date", "ko": "날짜"},
    "geo": {"en": "place", "ko": "지역"},
    "text": {"en": "free text", "ko": "자유 글"},
    "unknown": {"en": "unknown", "ko": "알 수 없음"},
}

FORMATS: Words = {
    "delimited text": {"en": "delimited text", "ko": "구분자 텍스트"},
    "workbook": {"en": "a workbook", "ko": "스프레드시트"},
    "JSON": {"en": "JSON", "ko": "JSON"},
    "JSON Lines": {"en": "JSON Lines", "ko": "JSON Lines"},
    "Parquet": {"en": "Parquet", "ko": "Parquet"},
    "Arrow": {"en": "Arrow", "ko": "Arrow"},
}

PARTS: Words = {
    "source_file": {"en": "files", "ko": "파일"},
    "sheet": {"en": "sheets", "ko": "시트"},
    "table": {"en": "tables", "ko": "표"},
}

ORDERS: Words = {
    "day first": {"en": "day", "ko": "일"},
    "month first": {"en": "month", "ko": "월"},
    "year first": {"en": "year", "ko": "연도"},
}

DROPS: Words = {
    "blank_line": {"en": "blank lines", "ko": "빈 줄"},
    "empty_row": {"en": "rows without any value", "ko": "값이 하나도 없는 행"},
    "repeated_header": {"en": "the header again", "ko": "반복된 머리글"},
    "ruled_line": {"en": "lines of dashes", "ko": "줄표로 된 구분선"},
    "footnote": {"en": "footnotes below the table", "ko": "표 아래의 주석"},
    "subtotal_row": {"en": "subtotals, which repeat the rows of a group", "ko": "그룹의 행들을 더한 소계 행"},
    "total_row": {"en": "totals, which repeat the rows above them", "ko": "위 행들을 더한 합계 행"},
    "too_many_fields": {
        "en": "more fields than the header, with no safe repair",
        "ko": "머리글보다 필드가 많아 안전하게 고칠 수 없음",
    },
    "not_an_object": {"en": "lines that are not JSON objects", "ko": "JSON 객체가 아닌 줄"},
}

REPAIRS: Words = {
    "trailing_separators_removed": {
        "en": "empty fields at the end removed",
        "ko": "줄 끝의 빈 필드를 제거함",
    },
    "split_number_joined": {
        "en": "a number that its thousands separator had split was joined",
        "ko": "천 단위 쉼표 때문에 나뉜 숫자를 이어 붙임",
    },
    "unclosed_quote_read_as_text": {
        "en": "a quote that never closes was read as an ordinary character",
        "ko": "닫히지 않은 따옴표를 일반 문자로 읽음",
    },
    "undecodable_bytes_replaced": {
        "en": "damaged characters were replaced by �",
        "ko": "깨진 글자를 �로 바꿈",
    },
}


def size_text(size_bytes: int) -> str:
    """A number of bytes in the unit that suits it: `1.2 GB`, in powers of 1,000."""
    value = float(size_bytes)
    for unit in ("B", "kB", "MB"):
        if value < 999.5:
            return f"{value:,.0f} {unit}" if unit != "MB" or value >= 99.5 else f"{value:,.1f} {unit}"
        value /= 1000
    return f"{value:,.1f} GB"
