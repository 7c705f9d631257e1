"""Spellings of "no value": which are always read as missing and which only inside typed columns."""

ALWAYS = frozenset(
    {"", "n/a", "#n/a", "n.a.", "nan", "null", "<na>", "#n/a n/a", "#value!", "#ref!", "#div/0!", "\\n"}
)
"""Missing in every column, compared after trimming and lower-casing."""

CODE_LIKE = frozenset({"na"})
"""Missing unless the column's other values are short upper-case codes (`NA` beside `EU`, `APAC` is a region)."""

IN_TYPED = frozenset(
    {
        "none",
        "-",
        "--",
        "---",
        "—",
        "–",
        "?",
        ".",
        "..",
        "na",
        "nil",
        "unknown",
        "not available",
        "missing",
        "no data",
    }
    | {"결측", "미상", "없음", "모름", "해당없음", "해당 없음", "알수없음", "알 수 없음", "미입력", "무응답"}
)
"""Missing only in a column whose other values are numbers, dates or booleans; text columns keep them as they are."""

EVERY = ALWAYS | CODE_LIKE | IN_TYPED
