"""What totals, distributions, correlations and associations say, in sentences."""

from typing import Any

from mesh.language import Language
from mesh.results import Finding

from .identity import linked
from .wording import p_part, tell

ALPHA = 0.05
MIN_CORRELATION = 0.1
MIN_ASSOCIATION = 0.1
MAX_TOLD = 3
SKEWED = 1.0


def total_findings(
    columns: list[dict[str, Any]], measures: tuple[str, ...], time: dict[str, Any] | None, language: Language
) -> list[Finding]:
    """The sum of each additive measure in focus, or the mean of one that does not add up."""
    found = []
    for position, name in enumerate(measures):
        record = _column(columns, name)
        if record is None or not record.get("n"):
            continue
        additive = record["semantic"] in {"measure", "count"}
        span = {"start": time["start"], "end": time["end"]} if time is not None else {}
        english = " from {start} to {end}" if span else ""
        korean = "{start}부터 {end}까지 " if span else ""
        values: dict[str, Any] = {
            "name": name,
            "n": record["n"],
            "mean": record["mean"],
            "median": record["median"],
        }
        if additive:
            en = "{name} adds up to {total}" + english + " over {n:,} rows."
            ko = korean + "{name} 합계는 {total}입니다({n:,}행)."
            values = {"name": name, "n": record["n"], "total": record["sum"]}
        else:
            en = "{name} averages {mean} (median {median}) over {n:,} rows" + english + "."
            ko = korean + "{name} 평균은 {mean}, 중앙값은 {median}입니다({n:,}행)."
        importance = (0.95 if additive else 0.6) - 0.2 * position
        found.append(tell(language, en=en, ko=ko, importance=importance, kind="total", **values, **span))
    return found


def skew_findings(
    columns: list[dict[str, Any]], measures: tuple[str, ...], language: Language
) -> list[Finding]:
    """Where the mean of a measure misleads because its values are lopsided."""
    found = []
    for name in measures:
        record = _column(columns, name)
        if record is None or record.get("skew") is None or abs(record["skew"]) < SKEWED:
            continue
        right = record["skew"] > 0
        found.append(
            tell(
                language,
                en="{name} is skewed to the "
                + ("right" if right else "left")
                + " (skew {skew:.2f}): the typical row has"
                " {median}, the mean is {mean}.",
                ko="{name}의 분포는 "
                + ("오른쪽" if right else "왼쪽")
                + "으로 치우쳐 있습니다(왜도 {skew:.2f}). 중앙값은 {median}, "
                "평균은 {mean}입니다.",
                importance=0.35 + min(0.15, abs(record["skew"]) / 20),
                kind="distribution",
                name=name,
                skew=record["skew"],
                median=record["median"],
                mean=record["mean"],
            )
        )
    return found


def correlation_findings(
    correlations: list[dict[str, Any]], identities: list[dict[str, str]], numeric: int, language: Language
) -> list[Finding]:
    """The strongest correlations that are not arithmetic, or that there are none."""
    free = [c for c in correlations if c["method"] == "spearman" and not linked(identities, c["a"], c["b"])]
    clear = [c for c in free if abs(c["value"]) >= MIN_CORRELATION and c["p_adjusted"] < ALPHA]
    found = [_correlation(record, language) for record in clear[:MAX_TOLD]]
    found += [_identity(identity, language) for identity in identities[:2]]
    if free and not clear:
        strongest = abs(free[0]["value"])
        found.append(
            tell(
                language,
                en="No correlation worth naming among {numeric} numeric columns (strongest Spearman "
                "{strongest:.2f}).",
                ko="숫자 열 {numeric}개 사이에 눈에 띄는 상관관계는 없습니다(가장 큰 스피어만 상관 "
                "{strongest:.2f}).",
                importance=0.4,
                kind="correlation",
                numeric=numeric,
                strongest=strongest,
            )
        )
    return found


def _correlation(record: dict[str, Any], language: Language) -> Finding:
    chance, p_values = p_part(record["p_adjusted"])
    up = record["value"] > 0
    return tell(
        language,
        en="{a} and {b} move "
        + ("together" if up else "in opposite directions")
        + " (Spearman {value:.2f}, "
        + chance
        + ").",
        ko="{a}(과/와) {b}(은/는) "
        + ("같은 방향으로" if up else "반대 방향으로")
        + " 움직입니다(스피어만 {value:.2f}, "
        + chance
        + ").",
        importance=0.3 + 0.35 * abs(record["value"]),
        kind="correlation",
        a=record["a"],
        b=record["b"],
        value=record["value"],
        **p_values,
    )


def _identity(identity: dict[str, str], language: Language) -> Finding:
    sign = {"*": "×", "+": "+"}[identity["operator"]]
    return tell(
        language,
        en=f"{{result}} equals {{left}} {sign} {{right}} in every row, so its correlation with them is "
        f"arithmetic, not a"
        " discovery.",
        ko=f"{{result}}(은/는) 모든 행에서 {{left}} {sign} {{right}}(과/와) 같으므로, 이들과의 상관관계는 "
        f"발견이 아니라 계산의 결과입니다.",
        importance=0.42,
        kind="identity",
        result=identity["result"],
        left=identity["left"],
        right=identity["right"],
    )


def association_findings(associations: list[dict[str, Any]], language: Language) -> list[Finding]:
    """The strongest links between categories."""
    between = [a for a in associations if a["method"] == "cramers_v"]
    clear = [a for a in between if a["value"] >= MIN_ASSOCIATION and a["p_adjusted"] < ALPHA]
    if between and not clear:
        return [_no_association(between, language)]
    return [
        tell(
            language,
            en="{a} and {b} go together (Cramér's V {value:.2f}).",
            ko="{a}(과/와) {b}(은/는) 서로 관련이 있습니다(크라메르 V {value:.2f}).",
            importance=0.25 + 0.3 * record["value"],
            kind="correlation",
            a=record["a"],
            b=record["b"],
            value=record["value"],
        )
        for record in clear[:MAX_TOLD]
    ]


def _no_association(between: list[dict[str, Any]], language: Language) -> Finding:
    """Of pairs of categories none goes together more than weakly; between the strongest there may be a weak link for certain."""
    top = between[0]
    weak = top["p_adjusted"] < ALPHA
    chance, p_values = p_part(top["p_adjusted"])
    return tell(
        language,
        en=("Only weak links" if weak else "No clear link")
        + " between the categories: the strongest is {a} with {b} (Cramér's V {value:.2f}, "
        + chance
        + ").",
        ko="범주 열 사이에 "
        + ("약한 관련만 있습니다" if weak else "뚜렷한 관련이 없습니다")
        + ". 가장 강한 것은 {a}(과/와) {b}입니다(크라메르 V {value:.2f}, "
        + chance
        + ").",
        importance=0.35,
        kind="correlation",
        a=top["a"],
        b=top["b"],
        value=top["value"],
        **p_values,
    )


def _column(columns: list[dict[str, Any]], name: str) -> dict[str, Any] | None:
    return next((record for record in columns if record["name"] == name), None)
