"""What a forecast says, in sentences of the language of the question."""

from typing import Any

from mesh.language import Language, finding
from mesh.results import Finding

from .candidate_names import display_name
from .forecast import Forecast
from .harmonic import Harmonic


def headline(language: Language, made: Forecast, facts: dict[str, Any]) -> Finding:
    """What is forecast for the periods asked about, with its interval."""
    digits = ",.0f" if abs(facts["value"]) >= 100 else ",.2f"
    summed = made.series.aggregation == "sum"
    how_en, how_ko = ("in total", "합계") if summed else ("on average", "평균")
    value, lower, upper = (f"{{{name}:{digits}}}" for name in ("value", "lower", "upper"))
    single = facts["steps"] == 1
    span_en = "{first}" if single else "{first} to {last}"
    span_ko = "{first}" if single else "{first}~{last}"
    when_en = f"for {span_en}" if made.outlook.lead else f"over the next {{steps}} {{unit}} ({span_en})"
    when_ko = f"{span_ko}의" if made.outlook.lead else f"앞으로 {{steps}}{{unit}}간({span_ko})"
    return finding(
        language,
        en=f"'{{target}}' is forecast at {value} {how_en} {when_en}, {{confidence:.0%}} interval {lower} to {upper}.",
        ko=f"{when_ko} '{{target}}' {how_ko}(은/는) {value}(으로/로) 예측됩니다({{confidence:.0%}} 구간 {lower}~{upper}).",
        importance=0.95,
        kind="forecast",
        **{k: v for k, v in facts.items() if k not in {"before", "change", "ends"}},
    )


def reading(language: Language, made: Forecast, facts: dict[str, Any]) -> Finding | None:
    """How the words for a span of the calendar were read; None when the question named none."""
    if not made.outlook.said:
        return None
    return finding(
        language,
        en="'{said}' was read from the end of the data ({ends}): {first} to {last}.",
        ko="'{said}'(은/는) 자료의 마지막 날({ends})을 기준으로 {first}~{last}(으로/로) 해석했습니다.",
        importance=0.75,
        kind="forecast",
        said=made.outlook.said,
        **{k: facts[k] for k in ("ends", "first", "last")},
    )


def verdict(language: Language, made: Forecast) -> Finding:
    """Whether a model beats the naive methods, and what the forecast is made with."""
    contest = made.contest
    facts: dict[str, Any] = {
        "model": display_name(contest.winner.name, language),
        "baseline": display_name(contest.baseline.name, language),
        "mase": contest.winner.mase,
        "baseline_mase": contest.baseline.mase,
        "folds": len(contest.origins.lengths),
    }
    if contest.beats_baseline:
        return finding(
            language,
            en="In a backtest of {folds} folds, {model} had an error (MASE {mase:.3f}) {gain:.1%} smaller than the "
            "best naive method, {baseline} ({baseline_mase:.3f}).",
            ko="{folds}회 백테스트에서 {model}의 오차(MASE {mase:.3f})는 가장 나은 단순 방법인 "
            "{baseline}({baseline_mase:.3f})보다 {gain:.1%} 작았습니다.",
            importance=0.8,
            kind="model",
            gain=contest.lead.share,
            **facts,
        )
    if contest.winner is contest.leader:
        return finding(
            language,
            en="No model beats the naive baseline by more than chance in a backtest of {folds} folds (MASE {mase:.3f} against "
            "{baseline_mase:.3f} of {baseline}). The forecast is {model}, which is the safer choice.",
            ko="{folds}회 백테스트에서 단순 기준선보다 확실히 나은 모델이 없었습니다(MASE {mase:.3f}, 기준선 {baseline} "
            "{baseline_mase:.3f}). 예측에는 더 안전한 선택인 {model}(을/를) 사용했습니다.",
            importance=0.9,
            kind="model",
            **facts,
        )
    leader = contest.leader
    if leader is not None:
        facts |= {"leader": display_name(leader.name, language), "leader_mase": leader.mase}
    best_en = " ({leader}: MASE {leader_mase:.3f})" if leader is not None else ""
    best_ko = "({leader}: MASE {leader_mase:.3f})" if leader is not None else ""
    return finding(
        language,
        en="No model beats the naive baseline"
        + best_en
        + " by more than chance in a backtest of {folds} folds, so the "
        "forecast is the simple one: {baseline} (MASE {baseline_mase:.3f}).",
        ko="{folds}회 백테스트에서 단순 기준선보다 확실히 나은 모델이 없었습니다"
        + best_ko
        + ". 따라서 단순한 방법인 "
        "{baseline}(MASE {baseline_mase:.3f})(을/를) 예측에 사용했습니다.",
        importance=0.9,
        kind="model",
        **facts,
    )


def forecast_findings(language: Language, made: Forecast, facts: dict[str, Any]) -> list[Finding]:
    """Every sentence of a forecast, the headline first."""
    read = reading(language, made, facts)
    found = [headline(language, made, facts), verdict(language, made), *([read] if read is not None else [])]
    if "before" in facts:
        rising = facts["change"] >= 0
        found.append(
            finding(
                language,
                en="That is {size:.1%} "
                + ("more" if rising else "less")
                + " than in the same period a year earlier "
                "({before:,.0f}).",
                ko="이는 1년 전 같은 기간({before:,.0f})보다 {size:.1%} "
                + ("많습니다." if rising else "적습니다."),
                importance=0.85,
                kind="forecast",
                before=facts["before"],
                size=abs(facts["change"]),
                years=1,
            )
        )
    if made.coverage:
        found.append(
            finding(
                language,
                en="In the backtest {held:.1%} of the actual values fell inside the {level:.0%} interval.",
                ko="백테스트에서 실제값의 {held:.1%}가 {level:.0%} 구간 안에 들어왔습니다.",
                importance=0.5,
                kind="model",
                held=made.coverage[0.95],
                level=0.95,
            )
        )
    shares = importance(made)
    if shares:
        top = shares[0]
        found.append(
            finding(
                language,
                en="Most of the pattern that the model found comes from {part} ({share:.1%}).",
                ko="모델이 찾은 변동의 대부분은 {part}에서 나옵니다({share:.1%}).",
                importance=0.6,
                kind="driver",
                part=_part(top["feature"], language),
                share=top["importance"],
            )
        )
    return found


def _part(name: str, language: Language) -> str:
    english, korean = {
        "trend": ("the trend", "추세"),
        "year": ("the season of the year", "연간 계절성"),
        "weekday": ("the day of the week", "요일"),
        "season": ("the season", "계절성"),
    }[name]
    return korean if language == "ko" else english


def importance(made: Forecast) -> list[dict[str, Any]]:
    """Share of the modelled variance per part of the calendar, when a calendar regression takes part in the forecast."""
    contest = made.contest
    for name in contest.used():
        candidate = contest.candidates[name]
        if isinstance(candidate, Harmonic):
            ranked = sorted(candidate.shares.items(), key=lambda item: -item[1])
            return [{"feature": part, "importance": share} for part, share in ranked]
    return []
