"""What relating tables says in words, in Korean or English."""

from collections.abc import Iterator, Sequence
from typing import Any

from mesh.language import Language, finding, say
from mesh.results import Finding, Kpi, Table

from .relating import Join, Sheet

_COERCIONS = {
    "type": {"en": "number against text", "ko": "숫자와 글자"},
    "zero_padding": {"en": "leading zeros", "ko": "앞자리 0"},
    "case_space": {"en": "capitals or spaces", "ko": "대소문자나 공백"},
}


def told_join(join: Join, sheets: Sequence[Sheet], language: Language) -> str:
    """A join in a few words, for a question back: `orders.customer = customers.id (n:1, 98.0 %)`."""
    keys = " + ".join(
        f"{sheets[join.left].name}.{key.left} = {sheets[join.right].name}.{key.right}" for key in join.keys
    )
    return say(
        language,
        en="{keys} ({cardinality}, {rate:.1%} of the rows match)",
        ko="{keys} ({cardinality}, 행의 {rate:.1%} 일치)",
        keys=keys,
        cardinality=join.cardinality,
        rate=join.of_left.match_rate,
    )


def proposals_summary(report: dict[str, Any], language: Language) -> str:
    """One or two sentences: how many joins there are, and the best."""
    proposals = report["proposals"]
    if not proposals:
        return say(
            language,
            en="No columns of the {tables} tables look like a common key.",
            ko="표 {tables}개 사이에서 공통 키로 보이는 열을 찾지 못했습니다.",
            tables=len(report["tables"]),
        )
    found = say(
        language,
        en="Ways to join the {tables} tables: {count}.",
        ko="표 {tables}개를 결합하는 방법은 {count}가지입니다.",
        tables=len(report["tables"]),
        count=len(proposals),
    )
    return f"{found} {_best(proposals[0], language).text}"


def proposals_findings(report: dict[str, Any], language: Language) -> list[Finding]:
    """The surest join of every two tables, with its match rates."""
    seen: set[frozenset[str]] = set()
    found = []
    for facts in report["proposals"]:
        pair = frozenset({facts["left"], facts["right"]})
        if pair not in seen:
            seen.add(pair)
            found.append(_best(facts, language))
    return found


def _best(facts: dict[str, Any], language: Language) -> Finding:
    return finding(
        language,
        en=(
            "{left} joins {right} by {keys} ({cardinality}): {left_rate:.1%} of the rows of {left} and {right_rate:.1%} of "
            "those of {right} find a partner."
        ),
        ko=(
            "{left}(은/는) {keys}(으로/로) {right}(과/와) 결합됩니다({cardinality}). {left} 행의 {left_rate:.1%}, {right} 행의 "
            "{right_rate:.1%}가 짝을 찾습니다."
        ),
        importance=0.6 if facts["safe"] else 0.4,
        kind="join",
        left=facts["left"],
        right=facts["right"],
        keys=keys_text(facts),
        cardinality=facts["cardinality"],
        left_rate=facts["of_left"]["match_rate"],
        right_rate=facts["of_right"]["match_rate"],
    )


def keys_text(facts: dict[str, Any]) -> str:
    """The key columns of a join: one name where both tables call it the same."""
    return " + ".join(" = ".join(dict.fromkeys([key["left"], key["right"]])) for key in facts["keys"])


def joins_table(joins: Sequence[dict[str, Any]], language: Language) -> Table:
    """All joins with their numbers."""
    heads = {
        "en": ["Left", "Right", "Key", "Rows", "Left matched", "Right matched", "Differs in", "Confidence"],
        "ko": ["왼쪽", "오른쪽", "키", "관계", "왼쪽 일치율", "오른쪽 일치율", "표기 차이", "확신도"],
    }
    rows = [
        [
            facts["left"],
            facts["right"],
            keys_text(facts),
            facts["cardinality"],
            facts["of_left"]["match_rate"],
            facts["of_right"]["match_rate"],
            ", ".join(
                _COERCIONS[name][language]
                for name in dict.fromkeys(name for key in facts["keys"] for name in key["coercions"])
            ),
            facts["confidence"],
        ]
        for facts in joins
    ]
    return Table(title=say(language, en="Keys", ko="조인 키"), columns=heads[language], rows=rows)


def orphans_table(joins: Sequence[dict[str, Any]], language: Language) -> list[Table]:
    """Keys without a partner, with examples; [] when every key has one."""
    rows = [
        [
            facts[side],
            keys_text(facts),
            facts[f"of_{side}"]["orphans"],
            ", ".join(facts[f"of_{side}"]["orphan_examples"]),
        ]
        for facts in joins
        for side in ("left", "right")
        if facts[f"of_{side}"]["orphans"]
    ]
    heads = {"en": ["Table", "Key", "Keys alone", "Such as"], "ko": ["표", "키", "짝 없는 키", "예"]}
    title = say(language, en="Keys without a partner", ko="짝이 없는 키")
    return [Table(title=title, columns=heads[language], rows=rows)] if rows else []


def combination_summary(report: dict[str, Any], language: Language) -> str:
    """What became one table, and that its rows are as many as they were."""
    names = [table["name"] for table in report["tables"]]
    if report["joins"]:
        return say(
            language,
            en="Combined {tables} into one table. It has the {rows:,} rows of {root}, none more and none fewer.",
            ko="{tables}(을/를) 한 표로 합쳤습니다. {root}의 {rows:,}행이 늘거나 줄지 않고 그대로입니다.",
            tables=", ".join(names),
            root=report["root"],
            rows=report["rows"]["after"],
        )
    return say(
        language,
        en="Stacked {tables}: {rows:,} rows in all, with the table each is from in the column {column}.",
        ko="{tables}(을/를) 위아래로 이어 붙였습니다. 모두 {rows:,}행이고, 어느 표의 행인지는 {column} 열에 있습니다.",
        tables=", ".join(names),
        rows=report["rows"]["after"],
        column=report["stacks"][0]["column"],
    )


def combination_findings(report: dict[str, Any], language: Language) -> list[Finding]:
    """Each join with its key and match rates."""
    return [_best(facts, language).model_copy(update={"importance": 0.3}) for facts in report["joins"]]


def combination_warnings(report: dict[str, Any], language: Language) -> Iterator[str]:
    """What a careful reader has to know: rows without a partner, and columns that no longer add up."""
    for facts in report["joins"]:
        left, right = facts["of_left"], facts["of_right"]
        if left["unmatched"] + left["without_key"]:
            yield say(
                language,
                en="{rows:,} rows of {left} have no partner in {right}; what {right} adds is missing there (such as {examples}).",
                ko="{left}의 {rows:,}행은 {right}에 짝이 없어 {right}에서 온 열이 비어 있습니다(예: {examples}).",
                rows=left["unmatched"] + left["without_key"],
                left=facts["left"],
                right=facts["right"],
                examples=", ".join(left["orphan_examples"]) or say(language, en="no key", ko="키 없음"),
            )
        if right["unmatched"] + right["without_key"]:
            yield say(
                language,
                en="{rows:,} rows of {right} belong to no row of {left} and are not in the combined table (such as {examples}).",
                ko="{right}의 {rows:,}행은 {left}에 짝이 없어 합친 표에 없습니다(예: {examples}).",
                rows=right["unmatched"] + right["without_key"],
                left=facts["left"],
                right=facts["right"],
                examples=", ".join(right["orphan_examples"]) or say(language, en="no key", ko="키 없음"),
            )
    repeated = [column["called"] for column in report["columns_added"] if column["repeated"]]
    if repeated:
        yield say(
            language,
            en="One value of {columns} stands in several rows of the combined table and does not add up there.",
            ko="{columns} 값은 합친 표의 여러 행에 반복되므로 더해서 합계를 내지 않습니다.",
            columns=", ".join(repeated),
        )


def combination_kpis(report: dict[str, Any], language: Language) -> list[Kpi]:
    """Rows of the one table, and columns that came in."""
    rows, added = report["rows"]["after"], len(report["columns_added"])
    return [
        Kpi(label=say(language, en="Rows", ko="행"), value=rows, text=f"{rows:,}"),
        Kpi(label=say(language, en="Columns added", ko="추가된 열"), value=added, text=f"{added:,}"),
    ]
