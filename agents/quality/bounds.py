"""Where a large table is not looked at as closely as a small one: what the report must say of itself."""

from mesh.language import Language, say

from .shifted import MAX_COLUMNS, SUSPECTS
from .spelling import MAX_SPELLINGS
from .tables import MAX_LEVELS, Table
from .unusual import MAX_ROWS


def bounds_of(table: Table, language: Language, surprising_rows: int = 0) -> list[str]:
    """One sentence for each check that did not cover the whole table; empty when all did.

    `surprising_rows` is how many rows hold several values that are unlike their columns.
    """
    said = []
    if table.rows > MAX_ROWS:
        said.append(
            say(
                language,
                en="Unusual combinations of numbers were looked for in {rows:,} evenly spread rows; everything else in all rows.",
                ko="이례적인 값의 조합은 고르게 뽑은 {rows:,}행에서만 살펴보았고, 나머지 점검은 모든 행에서 했습니다.",
                rows=MAX_ROWS,
            )
        )
    if surprising_rows > SUSPECTS or len(table.series) > MAX_COLUMNS:
        said.append(
            say(
                language,
                en="Shifted values were looked for in the first {rows:,} suspicious rows and the first {columns:,} columns.",
                ko="열이 밀린 값은 의심되는 행 가운데 처음 {rows:,}행과 처음 {columns:,}개 열에서만 살펴보았습니다.",
                rows=SUSPECTS,
                columns=MAX_COLUMNS,
            )
        )
    many = [s for s in table.series if s.kind == "string"]
    unspelled = [s.name for s in many if s.distinct_count > MAX_SPELLINGS and not s.is_("text")]
    if unspelled:
        said.append(
            say(
                language,
                en="Spellings were not compared in {columns}, which have more than {most:,} different values.",
                ko="서로 다른 값이 {most:,}개를 넘는 {columns} 열은 표기를 비교하지 않았습니다.",
                columns=", ".join(unspelled),
                most=MAX_SPELLINGS,
            )
        )
    undetermined = [s.name for s in many if MAX_LEVELS < s.distinct_count < s.rows / 2]
    if undetermined:
        said.append(
            say(
                language,
                en="Dependencies on {columns} were not looked for, which have more than {most:,} different values.",
                ko="서로 다른 값이 {most:,}개를 넘는 {columns} 열은 다른 열과의 종속 관계를 살펴보지 않았습니다.",
                columns=", ".join(undetermined),
                most=MAX_LEVELS,
            )
        )
    return said
