"""Cells that loading emptied: words for a missing value, and texts that are no value of their column's type."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .cells import Marks
from .issues import Issue, Report, by_share
from .missing import DISGUISES
from .tables import Integers, Mask, Series, Table, shortened

_WORDS = DISGUISES | {"none", "no data", "<na>", "#ref!", "#div/0!"}
_SHOWN = 3


def emptied_issues(table: Table, path: Path, report: Report) -> list[Issue]:
    """What the cells in the Parquet file at `path` (row from 1, column, text) held before the dataset was loaded."""
    cells = pq.read_table(path)
    found = []
    for series in table.series:
        mine = cells.filter(pc.equal(cells["column"], series.name)).sort_by("row")
        rows = mine["row"].to_numpy().astype(np.int64) - 1
        still = (rows >= 0) & (rows < table.rows)
        still[still] = series.missing[rows[still]]
        table.left(series)
        rows, texts = rows[still], mine["text"].combine_chunks().filter(pa.array(still))
        words = _stand_for_missing(texts)
        for kind, chosen in (("disguised_missing", words), ("unreadable", ~words)):
            if chosen.any():
                found.append(_issue(series, kind, rows[chosen], texts.filter(pa.array(chosen)), report))
    return found


def _stand_for_missing(texts: pa.Array) -> Mask:
    """Which texts are words or signs for a missing value: no text without a letter or digit is anything else."""
    plain = pc.utf8_lower(pc.utf8_trim_whitespace(texts))
    known = pc.is_in(plain, value_set=pa.array(sorted(_WORDS), pa.string()))
    signs = pc.invert(pc.match_substring_regex(plain, r"[\pL\pN]"))
    return np.asarray(pc.or_(known, signs).to_numpy(zero_copy_only=False), np.bool_)


def _issue(series: Series, kind: str, rows: Integers, texts: pa.Array, report: Report) -> Issue:
    affected = np.zeros(report.rows, np.bool_)
    affected[rows] = True
    seen = pc.value_counts(texts).to_pylist()
    usual = sorted(seen, key=lambda item: -item["counts"])[:_SHOWN]
    shown = ", ".join(f"'{shortened(item['values'])}'" for item in usual)
    issue = report.issue(
        kind,
        series,
        affected,
        severity=by_share(len(rows) / report.rows, high=0.2, medium=0.005),
        dimension="completeness",
        en=_SAID[kind]["en"],
        ko=_SAID[kind]["ko"],
        examples=[
            {"row": row + 1, "value": text}
            for row, text in zip(
                rows[: report.max_examples].tolist(), texts[: report.max_examples].to_pylist(), strict=True
            )
        ],
        spellings=shown,
        type=series.kind,
        type_ko=_TYPES_KO.get(series.kind, series.kind),
        emptied=True,
    )
    ones = np.ones(len(rows), np.float32)
    reasons, reason_of = (issue.message,), np.zeros(len(rows), np.int64)
    issue.cells = (
        Marks(
            series.name,
            kind,
            rows,
            texts,
            reasons,
            reason_of,
            ones * 0.95,
            pa.nulls(len(rows), texts.type),
            ones * 0.9,
        ),
    )
    return issue


_TYPES_KO = {
    "integer": "정수",
    "number": "숫자",
    "boolean": "참/거짓",
    "date": "날짜",
    "datetime": "날짜와 시각",
    "string": "글자",
}
_SAID = {
    "disguised_missing": {
        "en": "{count:,} {values} of {column} ({share:.2%}) {stand} for a missing one: {spellings}. They were loaded as missing.",
        "ko": "{column} 열의 값 {count:,}개({share:.2%})는 결측을 뜻하는 표기입니다: {spellings}. 결측으로 불러왔습니다.",
    },
    "unreadable": {
        "en": "{count:,} {values} of {column} ({share:.2%}) could not be read as {type}, such as {spellings}; they were "
        "loaded as missing.",
        "ko": "{column} 열의 값 {count:,}개({share:.2%})를 {type_ko}(으로/로) 읽을 수 없어 결측으로 "
        "불러왔습니다(예: {spellings}).",
    },
}
