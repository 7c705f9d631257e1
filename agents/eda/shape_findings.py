"""What curved relations, patterns of missing values and fitted distributions say, in sentences."""

from typing import Any

from mesh.language import Language
from mesh.results import Finding

from .wording import p_part, tell

ALPHA = 0.05
MAX_TOLD = 2


def curve_findings(curves: list[dict[str, Any]], language: Language) -> list[Finding]:
    """Pairs that go together, but not in one direction."""
    return [
        tell(
            language,
            en="{a} and {b} go together, but not in one direction: what one tells of the other is as much as at a "
            "correlation of {correlation:.2f}, while their rank correlation is {rank:.2f}.",
            ko="{a}(과/와) {b}(은/는) 관련이 있지만 한 방향의 관계는 아닙니다. 서로에 대한 정보량은 "
            "상관 {correlation:.2f}에 해당하지만 순위 상관은 {rank:.2f}입니다.",
            importance=0.45 + 0.3 * record["correlation"],
            kind="correlation",
            a=record["a"],
            b=record["b"],
            correlation=record["correlation"],
            rank=record["rank_correlation"],
        )
        for record in curves[:MAX_TOLD]
    ]


def missing_findings(patterns: list[dict[str, Any]], language: Language) -> list[Finding]:
    """Columns that are missing together, and where a column is missing most."""
    together = [_together(record, language) for record in patterns if record["kind"] == "together"]
    by = [_by(record, language) for record in patterns if record["kind"] == "by"]
    return [*together[:MAX_TOLD], *by[:MAX_TOLD]]


def _together(record: dict[str, Any], language: Language) -> Finding:
    return tell(
        language,
        en="{a} and {b} are missing in the same rows: both in {both:,} of {either:,} rows in which either is.",
        ko="{a}(과/와) {b}(은/는) 같은 행에서 비어 있습니다. 하나라도 빈 {either:,}행 중 {both:,}행에서 둘 다 비어 있습니다.",
        importance=0.35 + 0.1 * record["value"],
        kind="missing",
        a=record["a"],
        b=record["b"],
        both=record["both"],
        either=record["either"],
    )


def _by(record: dict[str, Any], language: Language) -> Finding:
    return tell(
        language,
        en="{a} is not missing at random: in {rate:.1%} of the rows with {b} = {level}, against {overall:.1%} overall.",
        ko="{a}(은/는) 무작위로 빠진 것이 아닙니다. {b} = {level}인 행에서는 {rate:.1%}, 전체에서는 {overall:.1%}가 "
        "비어 있습니다.",
        importance=0.4 + 0.2 * record["value"],
        kind="missing",
        a=record["a"],
        b=record["b"],
        level=record["level"],
        rate=record["rate"],
        overall=record["overall"],
    )


FAMILIES: dict[str, str] = {
    "normal": "정규",
    "lognormal": "로그정규",
    "exponential": "지수",
    "gamma": "감마",
    "weibull": "와이블",
    "uniform": "균등",
    "poisson": "포아송",
    "geometric": "기하",
    "negative binomial": "음이항",
}


def fit_findings(columns: list[dict[str, Any]], language: Language) -> list[Finding]:
    """Which distribution each fitted column is closest to, and whether it follows it."""
    found = []
    for record in columns:
        fit = record.get("fit")
        if not fit:
            continue
        chance, p_values = p_part(fit["p"])
        follows = fit["p"] >= ALPHA
        found.append(
            tell(
                language,
                en="Of {tried} distributions {name} is closest to the {best} one (AIC)"
                + (", and the data are compatible with it" if follows else ", but does not follow it exactly")
                + " (largest distance of the distribution functions {ks:.3f}, "
                + chance
                + ").",
                ko="{name}의 분포는 {tried}개 분포 가운데 {best} 분포에 가장 가깝"
                + ("고 데이터와도 모순되지 않습니다" if follows else "지만 정확히 따르지는 않습니다")
                + "(AIC 기준, 분포함수의 최대 거리 {ks:.3f}, "
                + chance
                + ").",
                importance=0.36,
                kind="distribution",
                name=record["name"],
                tried=len(fit["fits"]),
                best=FAMILIES[fit["best"]] if language == "ko" else fit["best"],
                ks=fit["ks"],
                **p_values,
            )
        )
    return found
